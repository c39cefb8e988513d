"""Settings, addresses and the two applications (WSGI, Celery). Imports everybody."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
