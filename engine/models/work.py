"""What instances wait for apart from people: jobs, timers, messages, repair."""

from django.conf import settings
from django.db import models


class Job(models.Model):
    """Service work of one token. The row is the truth; Celery only rings."""

    class Status(models.TextChoices):
        READY = "ready"
        LEASED = "leased"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    instance = models.ForeignKey("engine.ProcessInstance", models.PROTECT, related_name="jobs")
    token = models.BigIntegerField()
    element_id = models.CharField(max_length=100)
    # Stable over attempts: the idempotency key for the outside system.
    key = models.CharField(max_length=80)
    type = models.CharField(max_length=100)
    headers = models.JSONField(default=dict)
    inputs = models.BinaryField()
    status = models.CharField(max_length=10, choices=Status, default=Status.READY)
    attempts = models.PositiveIntegerField(default=0)
    retries_left = models.PositiveIntegerField()
    # How many workers died with this job in hand.
    workers_lost = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    # Database time, as every lease; all other times are those of the act.
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    # Code of the last failed attempt.
    error = models.CharField(max_length=200, blank=True)
    # What the handler answered while the instance could not take it.
    answer = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_at"], condition=models.Q(status="ready"), name="job_ready_by_time"
            ),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(status="leased"),
                name="job_leased_by_end",
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["key"], name="job_key_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.key} ({self.status})"


class Timer(models.Model):
    """An armed timer; each firing of a repeated timer is a row of its own."""

    class Status(models.TextChoices):
        PENDING = "pending"
        FIRED = "fired"
        CANCELLED = "cancelled"

    instance = models.ForeignKey("engine.ProcessInstance", models.PROTECT, related_name="timers")
    token = models.BigIntegerField()
    element_id = models.CharField(max_length=100)
    # The token of the activity that a boundary timer is attached to.
    host = models.BigIntegerField(null=True)
    cycle_left = models.IntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(status="pending"),
                name="timer_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "token", "element_id", "due_at"],
                condition=models.Q(status="pending"),
                name="timer_armed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.due_at:%Y-%m-%d %H:%M} ({self.status})"


class Subscription(models.Model):
    """A message or signal that an instance waits for."""

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    instance = models.ForeignKey(
        "engine.ProcessInstance", models.PROTECT, related_name="subscriptions"
    )
    token = models.BigIntegerField()
    element_id = models.CharField(max_length=100)
    host = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=[("message", "message"), ("signal", "signal")])
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "name", "key"],
                condition=models.Q(status="open"),
                name="subscription_receivers",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.status})"


class InboundMessage(models.Model):
    """A message or signal on its way to an instance, or the trace of one that arrived.

    `pending` is to be delivered, `waiting` found no receiver and may still find one until
    `expires_at`. `message_id` is unique for ever: the second copy of a message does nothing.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        WAITING = "waiting"
        DELIVERED = "delivered"
        EXPIRED = "expired"

    message_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[("message", "message"), ("signal", "signal")])
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, blank=True)
    variables = models.BinaryField()
    # Who threw it, and (one copy of a signal) who is to get it.
    source = models.ForeignKey(
        "engine.ProcessInstance", models.PROTECT, null=True, related_name="thrown"
    )
    target = models.ForeignKey(
        "engine.ProcessInstance", models.PROTECT, null=True, related_name="inbound"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "name", "key"],
                condition=models.Q(status="waiting"),
                name="message_waiting_by_key",
            ),
            models.Index(
                fields=["id"], condition=models.Q(status="pending"), name="message_to_deliver"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["message_id"], name="message_id_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.status})"


class Incident(models.Model):
    """Something that stopped a token until somebody repairs it."""

    instance = models.ForeignKey(
        "engine.ProcessInstance", models.PROTECT, related_name="incidents"
    )
    token = models.BigIntegerField()
    element_id = models.CharField(max_length=100, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="incidents")
    code = models.CharField(max_length=100)
    detail = models.TextField(blank=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    resolution = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["last_at"],
                condition=models.Q(resolved_at=None),
                name="incident_unresolved",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "token", "element_id"],
                condition=models.Q(resolved_at=None),
                name="incident_one_per_token",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} at {self.element_id or self.instance_id}"
