"""What is applied for, under which rules, and where: programmes, versions, offices, notices."""

import uuid

from django.conf import settings
from django.db import models

from workflows.models.rules import Rules


class Programme(models.Model):
    """A subsidy that people claim."""

    code = models.CharField(max_length=8, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    # Nobody draws two programmes of one group for the same month.
    exclusivity_group = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.code


class ProgrammeVersion(models.Model):
    """The rules of a programme for a window of submission dates; immutable once published."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    is_sample = models.BooleanField(default=True)
    content_hash = models.CharField(max_length=64)
    # What the programme's package says, read through `rules`.
    document = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    publisher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number", "content_hash"],
                name="programme_version_once_per_content",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to__gte=models.F("effective_from")),
                name="programme_version_window_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(publisher=None) | ~models.Q(publisher=models.F("author")),
                name="programme_version_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} v{self.number}"

    @property
    def rules(self) -> Rules:
        """The package's contents, typed; read once per row object."""
        found = self.__dict__.get("_rules")
        if not isinstance(found, Rules):
            found = self.__dict__["_rules"] = Rules.read(self.document)
        return found


class PolicyParameter(models.Model):
    """A figure of the policy for an insured place (`tier`, empty = everywhere), from a date."""

    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="parameters")
    key = models.CharField(max_length=50)
    tier = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=5)
    source = models.CharField(max_length=200, blank=True)
    is_sample = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key", "tier", "valid_from"], name="parameter_once_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.tier}"


class Office(models.Model):
    """An office that handles claims of the people last insured in its area."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150, blank=True)
    region = models.CharField(max_length=50)
    region_en = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=50)
    division_code = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    def __str__(self) -> str:
        return self.code


class Notice(models.Model):
    """One version of what applicants must have read, in one language."""

    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="notices")
    code = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code", "language"], name="notice_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.language}"


class DefinitionDraft(models.Model):
    """A diagram or table that an author is working on; `revision` is its ETag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bundle_key = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    # The definition whose bundle the draft started from.
    base_definition_id = models.BigIntegerField(null=True)
    # File name -> text, only the files that differ from the base bundle.
    files = models.JSONField(default=dict)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    deployment_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_by=None) | ~models.Q(published_by=models.F("author")),
                name="draft_published_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bundle_key} {self.title}"
