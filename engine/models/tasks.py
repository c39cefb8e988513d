"""User tasks and who may work on them."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import models

# Stands in the worklist for "no due date", so that one index sorts both kinds.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class UserTask(models.Model):
    """Work of a person that an instance waits on; once closed it never changes."""

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETED = "completed"
        CANCELLED = "cancelled"

    instance = models.ForeignKey("engine.ProcessInstance", models.PROTECT, related_name="tasks")
    business_key = models.CharField(max_length=100)
    token = models.BigIntegerField()
    element_id = models.CharField(max_length=100)
    # Loop counters from outside in.
    path = models.JSONField(default=list)
    process_id = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    groups = models.JSONField(default=list)
    scope = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    assigned_until = models.DateTimeField(null=True)
    priority = models.SmallIntegerField(default=50)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    form_id = models.CharField(max_length=100, blank=True)
    outcomes = models.JSONField(default=list)
    not_same_as = models.JSONField(default=list)
    draft = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["assignee"],
                condition=models.Q(status="open"),
                name="usertask_on_my_desk",
            ),
            models.Index(
                fields=["business_key", "closed_by"],
                condition=models.Q(status="completed"),
                name="usertask_four_eyes",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "token"],
                condition=models.Q(status="open"),
                name="usertask_one_open_per_token",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at=None)
                | (~models.Q(status="open") & models.Q(closed_at__isnull=False)),
                name="usertask_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.business_key} ({self.status})"


class UserTaskCandidate(models.Model):
    """An open user task in the queue of one group and scope; the row goes when the task closes.

    Everything the worklist filters and sorts by is copied here: a page is one indexed read.
    """

    task = models.ForeignKey(UserTask, models.CASCADE, related_name="candidates")
    group = models.CharField(max_length=100)
    scope = models.CharField(max_length=200)
    element_id = models.CharField(max_length=100)
    # Minus the priority, so that the queue's order is ascending in every column.
    rank = models.SmallIntegerField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["group", "scope", "rank", "due_at", "task"],
                name="candidate_queue_of_scope",
            ),
            models.Index(
                fields=["group", "rank", "due_at", "task"], name="candidate_queue_of_group"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task", "group"], name="candidate_group_once")
        ]

    def __str__(self) -> str:
        return f"{self.group} @ {self.scope}"
