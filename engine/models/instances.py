"""Running and ended instances, and what happened in them."""

from django.conf import settings
from django.db import models


class ProcessInstance(models.Model):
    """One run of a process. Its row is the lock of everything that happens in it."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        COMPLETED = "completed"
        CANCELLED = "cancelled"

    definition = models.ForeignKey(
        "engine.ProcessDefinition", models.PROTECT, related_name="instances"
    )
    # What the definition is by content, so that a process can keep definitions it has read.
    definition_digest = models.CharField(max_length=16)
    # The instance whose message started this one.
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    business_key = models.CharField(max_length=100)
    scope = models.CharField(max_length=200)
    # Candidate group -> scope, where that differs from `scope`.
    group_scopes = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    state = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["business_key"], name="instance_by_business_key"),
            models.Index(
                fields=["definition"],
                condition=models.Q(status__in=["active", "suspended"]),
                name="instance_running_by_definition",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended"], ended_at=None)
                | models.Q(status__in=["completed", "cancelled"], ended_at__isnull=False),
                name="instance_ended_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.business_key} ({self.status})"


class HistoryEvent(models.Model):
    """One thing that happened; rows are only ever added.

    `seq` 0 of a revision is the act itself (kind `task_completed`, `timer_fired` …); the others
    are what the tokens did. The first row of each operation of the kernel says in `data` what was
    asked (`op`), delivered (`given`) and written (`set`). No personal data: variables hold none.
    """

    instance = models.ForeignKey(
        "engine.ProcessInstance", models.PROTECT, related_name="history", db_index=False
    )
    revision = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    element_id = models.CharField(max_length=100, blank=True)
    token = models.BigIntegerField(null=True)
    task = models.ForeignKey(
        "engine.UserTask", models.PROTECT, null=True, related_name="history", db_index=False
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["task"],
                condition=models.Q(task__isnull=False),
                name="history_of_task",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "revision", "seq"], name="history_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.element_id}"
