"""What a claim rests on: files, register answers, checks, duplicates."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from workflows.models.fields import EncryptedTextField


class Attachment(models.Model):
    """A picture that belongs to a claim; the file itself lies encrypted in the storage."""

    class Scan(models.TextChoices):
        QUEUED = "queued"
        CLEAN = "clean"
        INFECTED = "infected"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey("workflows.Claim", models.CASCADE, related_name="attachments")
    spec = models.CharField(max_length=40)
    stored_name = models.CharField(max_length=100, unique=True)
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    flags = models.JSONField(default=list)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.QUEUED)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    # Replaced by another, or taken away, before it was submitted or in a correction.
    removed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "spec"],
                condition=Q(removed_at=None),
                name="attachment_one_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.spec} {self.pk}"


class RegisterMatch(models.Model):
    """One fact as a register gave it, beside what the applicant claimed."""

    class Verdict(models.TextChoices):
        MATCH = "match"
        MISMATCH = "mismatch"
        NO_DATA = "no_data"
        UNAVAILABLE = "unavailable"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="matches")
    submission = models.ForeignKey("workflows.Submission", models.PROTECT, related_name="matches")
    connector = models.CharField(max_length=40)
    fact = models.CharField(max_length=40)
    claimed = EncryptedTextField(blank=True)
    register = EncryptedTextField(blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict)
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "fact", "fetched_at"], name="fact_fetched_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.verdict}"


class CheckItem(models.Model):
    """One evaluated decision of the diagram: what went in, which rules fired, what came out.

    No personal data: inputs are those that the programme declares.
    """

    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="checks")
    submission = models.ForeignKey("workflows.Submission", models.PROTECT, related_name="checks")
    element_id = models.CharField(max_length=100)
    decision_id = models.CharField(max_length=100)
    inputs = models.JSONField(default=dict)
    fired = models.JSONField(default=list)
    value = models.JSONField(null=True)
    # Codes among the value that are reasons of the programme.
    reasons = models.JSONField(default=list)
    # Place in the instance's history.
    revision = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "revision", "seq"], name="check_taken_over_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.at:%F}"


class Answer(models.Model):
    """An officer answered a standing reason with evidence, or a supervisor overrode it."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence"
        OVERRIDE = "override"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey("workflows.Submission", models.PROTECT, related_name="answers")
    reason = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=Kind)
    note = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "reason"], name="reason_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.kind}"


class Duplicate(models.Model):
    """Something of this claim is also in another one: person, account or phone."""

    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="duplicates")
    other = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="duplicate_found_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.claim_id}"
