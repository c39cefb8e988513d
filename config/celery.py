"""The Celery application. Messages carry the id of a row; `engine.background` does the work."""

import os

from celery import Celery

from config import redis_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
redis_broker.register()
app = Celery("shenling")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["engine", "workflows"], related_name="background")
