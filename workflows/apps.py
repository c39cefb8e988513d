"""Django application `workflows`."""

from datetime import datetime

from django.apps import AppConfig

from engine.types import Grant, TaskView


class WorkflowsConfig(AppConfig):
    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engine import api  # noqa: PLC0415 - models are loaded now
        from workflows import checks, handlers  # noqa: F401, PLC0415 - both register themselves

        api.register_people(People())


class People:
    """What the engine asks about people, inside the transaction of each act."""

    def grants(self, user_id: int, at: datetime) -> frozenset[Grant]:
        """What somebody may work on at this moment."""
        from workflows.queries import roles  # noqa: PLC0415 - models are loaded by now

        return roles.grants_of(user_id, at=at)

    def objection(self, user_id: int, task: TaskView, at: datetime) -> str | None:
        """Why somebody must not work on this task: own case, conflict, other duties on it."""
        from workflows.queries import conflicts  # noqa: PLC0415 - models are loaded by now

        return conflicts.objection(user_id, task, at=at)
