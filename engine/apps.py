"""Django application `engine`."""

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class EngineConfig(AppConfig):
    name = "engine"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engine import checks  # noqa: F401, PLC0415 - registers when the apps are ready

        connection_created.connect(limit_waiting, dispatch_uid="engine.limit_waiting")


def limit_waiting(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """People wait two seconds for a lock at most; once per connection, not once per step."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
