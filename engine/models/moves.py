"""Running instances that go over to another version of their process."""

from django.conf import settings
from django.db import models


class MigrationPlan(models.Model):
    """Moves every running instance of one version to another one, in resumable portions."""

    class Status(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    source = models.ForeignKey("engine.ProcessDefinition", models.PROTECT, related_name="+")
    target = models.ForeignKey("engine.ProcessDefinition", models.PROTECT, related_name="+")
    # "container/element" of the source -> the same of the target, where ids differ.
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(status__in=["running", "paused", "undoing"]),
                name="migration_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} -> {self.target_id} ({self.status})"


class MigratedInstance(models.Model):
    """What a plan did with one instance; written in the transaction that moved it."""

    class Status(models.TextChoices):
        MOVED = "moved"
        REFUSED = "refused"
        UNDONE = "undone"

    plan = models.ForeignKey(MigrationPlan, models.PROTECT, related_name="instances")
    instance = models.ForeignKey("engine.ProcessInstance", models.PROTECT, related_name="moves")
    status = models.CharField(max_length=10, choices=Status)
    # Why it was refused, and at which element.
    reason = models.CharField(max_length=30, blank=True)
    element_id = models.CharField(max_length=100, blank=True)
    # The state before, and the revision that moving made: undone while nobody has acted since.
    before = models.BinaryField(null=True)
    revision = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "instance"], name="migrated_once_per_plan")
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.status} {self.reason}"
