"""What officers concluded, wrote down and told the applicant."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from workflows.models.fields import EncryptedTextField


class Review(models.Model):
    """An officer's conclusion on one submission; never edited, only undone by another person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="reviews")
    submission = models.ForeignKey("workflows.Submission", models.PROTECT, related_name="reviews")
    submission_sha256 = models.CharField(max_length=64)
    # The user task that it concluded.
    task_id = models.BigIntegerField(unique=True)
    element_id = models.CharField(max_length=100)
    # The candidate group of the task.
    stage = models.CharField(max_length=30)
    outcome = models.CharField(max_length=40)
    tone = models.CharField(max_length=10, blank=True)
    reasons = models.JSONField(default=list)
    note = EncryptedTextField(blank=True)
    # Content hash of the deployment whose tables spoke.
    definition_hash = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="review_by_officer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_by=None) | ~Q(undone_by=F("by")),
                name="review_undone_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.outcome}"


class Note(models.Model):
    """A remark of an officer on a claim, for colleagues only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="notes")
    text = EncryptedTextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Letter(models.Model):
    """A document as it was issued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    text = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    # Stable over attempts: a letter is issued once.
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "language"], name="letter_issued_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Message(models.Model):
    """What the applicant is told in the product when a milestone is reached; also the timeline."""

    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="messages")
    milestone = models.CharField(max_length=50)
    status = models.CharField(max_length=20, blank=True)
    # What fills the placeholders of the milestone's text.
    words = models.JSONField(default=dict)
    # Where it came from: instance, revision, place.
    source = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.milestone} {self.claim_id}"
