"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Somebody waits for a page: on PostgreSQL no statement of one takes longer. Workers go unlimited.
os.environ.setdefault("STATEMENT_TIMEOUT", "5s")
application = get_wsgi_application()
