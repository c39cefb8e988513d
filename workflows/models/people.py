"""People who claim, and who works where: persons, role assignments, conflicts of interest."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from workflows.models.fields import EncryptedTextField


class Role(models.TextChoices):
    """Candidate groups of the diagrams, and roles that only pages and actions ask for."""

    CLERK = "clerk"
    ATTACHMENT_CHECKER = "attachment_checker"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    QUALITY_CHECKER = "quality_checker"
    SUPERVISOR = "supervisor"
    PAYER = "payer"
    PAYMENT_CHECKER = "payment_checker"
    PAYMENT_RELEASER = "payment_releaser"
    PROCESS_AUTHOR = "process_author"
    PROCESS_PUBLISHER = "process_publisher"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    OPERATOR = "operator"


APPLICANT = "applicant"


class Person(models.Model):
    """Somebody who claims, or is claimed for. Not the login: a clerk may enter for a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="person"
    )
    id_type = models.CharField(max_length=20, default="resident_id")
    id_number = EncryptedTextField()
    id_index = models.CharField(max_length=66, unique=True)
    name = EncryptedTextField()
    name_index = models.CharField(max_length=66, db_index=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=66, blank=True, db_index=True)
    birth_date = EncryptedTextField(blank=True)
    sex = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def scope(self) -> str:
        """The scope of the tasks that are the person's own."""
        return f"person:{self.pk}"


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Assignments by their dates."""

    def valid(self, at: datetime) -> "RoleAssignmentQuerySet":
        """Those in force at this moment."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


class RoleAssignment(models.Model):
    """Somebody holds a role at an office for a programme; null means all of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30, choices=Role)
    office = models.ForeignKey("workflows.Office", models.PROTECT, null=True)
    programme = models.ForeignKey("workflows.Programme", models.PROTECT, null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("user"),
                models.F("role"),
                # Two nulls are not equal to a unique index.
                Coalesce("office", 0),
                Coalesce("programme", 0),
                models.F("valid_from"),
                name="role_assigned_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="role_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ConflictDeclaration(models.Model):
    """An officer who must not work on a person's claims, by own word or as found out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=30)
    declared_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "person"],
                condition=Q(lifted_at=None),
                name="conflict_open_once",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | ~Q(lifted_by=models.F("user")),
                name="conflict_lifted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
