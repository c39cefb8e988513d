"""Claims, what was submitted, and what has to be corrected."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from workflows.models.fields import EncryptedTextField


class Status(models.TextChoices):
    """Where a claim stands: a projection of the milestones that its diagram declares."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PRECHECKING = "prechecking"
    ATTACHMENT_CHECK = "attachment_check"
    ELIGIBILITY_REVIEW = "eligibility_review"
    SECOND_REVIEW = "second_review"
    QUALITY_CHECK = "quality_check"
    RETURNED = "returned"
    EXPIRED = "expired"
    APPROVED = "approved"
    PAYING = "paying"
    COMPLETED = "completed"
    STOPPED = "stopped"
    DENIED = "denied"
    APPEALED = "appealed"
    DENIED_FINAL = "denied_final"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


FINAL = frozenset(
    {
        Status.EXPIRED,
        Status.COMPLETED,
        Status.STOPPED,
        Status.DENIED_FINAL,
        Status.WITHDRAWN,
        Status.DELETED,
    }
)
UNDER_REVIEW = frozenset(
    {
        Status.SUBMITTED,
        Status.PRECHECKING,
        Status.ATTACHMENT_CHECK,
        Status.ELIGIBILITY_REVIEW,
        Status.SECOND_REVIEW,
        Status.QUALITY_CHECK,
    }
)


class NumberSeries(models.Model):
    """The last serial given out, per programme and year. Serials are never given out again."""

    programme = models.ForeignKey("workflows.Programme", models.PROTECT)
    kind = models.CharField(max_length=10, default="claim")
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "year"], name="number_series_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.kind} {self.year}"


class Claim(models.Model):
    """One person's request under one version of a programme."""

    class Channel(models.TextChoices):
        WEB = "web"
        COUNTER = "counter"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30, unique=True, null=True)  # noqa: DJ001 - NULL is not equal to NULL
    programme = models.ForeignKey("workflows.Programme", models.PROTECT, related_name="claims")
    version = models.ForeignKey("workflows.ProgrammeVersion", models.PROTECT)
    person = models.ForeignKey("workflows.Person", models.PROTECT, related_name="claims")
    exclusivity_group = models.CharField(max_length=50)
    office = models.ForeignKey("workflows.Office", models.PROTECT, null=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    # The clerk who entered it at the counter.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    # Answers being edited, JSON; what was submitted stands in Submission.
    draft = EncryptedTextField(blank=True)
    account = models.ForeignKey(
        "workflows.PayeeAccount", models.PROTECT, null=True, related_name="claims"
    )
    submission_no = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    # The day that windows are tested against; corrections keep it.
    original_submitted_at = models.DateTimeField(null=True)
    correction_due_at = models.DateTimeField(null=True)
    appeal_due_at = models.DateTimeField(null=True)
    status_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    hold_reason = models.CharField(max_length=40, blank=True)
    instance = models.OneToOneField(
        "engine.ProcessInstance", models.PROTECT, null=True, related_name="claim"
    )
    # Up to which revision of the instance milestones and decisions are taken over.
    projected_revision = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["office", "status", "status_at"], name="claim_by_office_status"),
            models.Index(fields=["person", "programme"], name="claim_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=Q(status="draft"),
                name="claim_one_draft_per_programme",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(number__isnull=False, instance__isnull=False),
                name="claim_submitted_has_number_and_instance",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def answers(self) -> dict[str, Any]:
        """What the applicant has filled in so far."""
        return dict(json.loads(self.draft)) if self.draft else {}

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def scope(self) -> str:
        """The scope of its tasks in the engine."""
        assert self.office is not None
        return f"{self.programme.code}/{self.office.code}"


class Submission(models.Model):
    """What was submitted, once; immutable. Reviews speak about its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    # Canonical JSON of answers, account and files.
    data = EncryptedTextField()
    schema_version = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    account = models.ForeignKey("workflows.PayeeAccount", models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="submission_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} #{self.number}"

    @property
    def document(self) -> dict[str, Any]:
        """What was submitted."""
        return dict(json.loads(self.data))


class CorrectionItem(models.Model):
    """One field or file that was sent back, and the submission that mended it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="corrections")
    # A field of the form, or `file:<spec code>`.
    target = models.CharField(max_length=60)
    reason = models.CharField(max_length=10)
    note = EncryptedTextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    # Set when the claim is returned with it.
    opened_at = models.DateTimeField(null=True)
    resolved_in = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="resolved_corrections"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "target", "reason"], name="correction_named_once"
            ),
            models.CheckConstraint(
                condition=Q(resolved_in=None) | ~Q(resolved_in=F("submission")),
                name="correction_resolved_by_a_later_submission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.reason}"


class NoticeAcceptance(models.Model):
    """Somebody read a notice and ticked it for a claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="acceptances")
    notice = models.ForeignKey("workflows.Notice", models.PROTECT)
    sha256 = models.CharField(max_length=64)
    channel = models.CharField(max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "notice"], name="notice_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.notice_id}"
