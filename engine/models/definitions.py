"""What was deployed: immutable bundles and the versions of their processes."""

from django.conf import settings
from django.db import models


class Deployment(models.Model):
    """One immutable bundle: diagrams, tables, forms and calendar under one content hash."""

    key = models.CharField(max_length=100)
    content_hash = models.CharField(max_length=64)
    files = models.BinaryField()
    # The names that existed when the bundle was accepted, so that it stays readable for ever.
    catalogue = models.JSONField(default=dict)
    kernel_version = models.PositiveIntegerField()
    label = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    deployed_at = models.DateTimeField()
    deployed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "content_hash"], name="deployment_once_per_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.content_hash[:8]}"


class ProcessDefinition(models.Model):
    """One immutable version of a deployed BPMN process."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="definitions")
    key = models.CharField(max_length=100)
    process_id = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    file = models.CharField(max_length=200)
    is_current = models.BooleanField(default=False)
    is_executable = models.BooleanField(default=True)
    # Message start events: message name -> element id. Signal start events: name -> element ids.
    start_messages = models.JSONField(default=dict)
    start_signals = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "process_id", "version"], name="definition_version_once"
            ),
            models.UniqueConstraint(
                fields=["key", "process_id"],
                condition=models.Q(is_current=True),
                name="definition_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} v{self.version}"


class StartTimer(models.Model):
    """The next moment at which a current definition begins an instance by itself."""

    definition = models.ForeignKey(ProcessDefinition, models.PROTECT, related_name="start_timers")
    element_id = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    # Firings left, -1 for ever, and the time between them.
    left = models.IntegerField(default=1)
    every = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"], name="start_timer_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "element_id", "due_at"], name="start_timer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.due_at:%Y-%m-%d %H:%M}"
