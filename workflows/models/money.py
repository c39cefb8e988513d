"""Money: accounts, entitlements, months, batches, instructions, files, the ledger. All in fen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from workflows.models.fields import EncryptedTextField


class PayeeAccount(models.Model):
    """An account that a person gave; a change is another row."""

    class Kind(models.TextChoices):
        SOCIAL_CARD = "social_card"
        DEBIT_CARD = "debit_card"
        PASSBOOK = "passbook"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("workflows.Person", models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=20, choices=Kind)
    bank = models.CharField(max_length=40, blank=True)
    cnaps = models.CharField(max_length=12, blank=True)
    number = EncryptedTextField()
    number_index = models.CharField(max_length=66, db_index=True)
    tail = models.CharField(max_length=4)
    holder = EncryptedTextField()
    # The bank's last word on it; empty = not asked.
    verification = models.CharField(max_length=20, blank=True)
    verified_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="account_confirmed_by_another",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Entitlement(models.Model):
    """What an approved claim is worth: so much a month for so many months."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        STOPPED = "stopped"
        COMPLETED = "completed"
        VOID = "void"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey("workflows.Claim", models.PROTECT, related_name="entitlements")
    submission = models.ForeignKey("workflows.Submission", models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    months = models.PositiveSmallIntegerField()
    monthly_fen = models.BigIntegerField()
    total_fen = models.BigIntegerField()
    first_period = models.CharField(max_length=7)
    last_period = models.CharField(max_length=7)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    stop_reason = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    instance = models.OneToOneField(
        "engine.ProcessInstance", models.PROTECT, null=True, related_name="entitlement"
    )
    projected_revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=~Q(status="void"),
                name="entitlement_one_in_force_per_claim",
            ),
            models.CheckConstraint(
                condition=Q(monthly_fen__gt=0, months__gt=0)
                & Q(total_fen=F("monthly_fen") * F("months")),
                name="entitlement_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Instalment(models.Model):
    """One month of an entitlement; its row is the truth about that month's money."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        PAYABLE = "payable"
        BATCHED = "batched"
        RELEASED = "released"
        PAID = "paid"
        NEEDS_ACCOUNT = "needs_account"
        HELD = "held"
        CANCELLED = "cancelled"
        OVERPAID = "overpaid"
        VOID = "void"

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="instalments")
    person = models.ForeignKey("workflows.Person", models.PROTECT, related_name="instalments")
    exclusivity_group = models.CharField(max_length=50)
    period = models.CharField(max_length=7)
    amount_fen = models.BigIntegerField()
    status = models.CharField(max_length=15, choices=Status, default=Status.PLANNED)
    status_at = models.DateTimeField()
    pay_on = models.DateField()
    # Why it failed last, a code of the programme.
    reason = models.CharField(max_length=10, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["pay_on"], condition=Q(status="payable"), name="instalment_to_batch"
            ),
            models.Index(
                fields=["entitlement"],
                condition=Q(status="needs_account"),
                name="instalment_to_pay_again",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "exclusivity_group", "period"],
                condition=~Q(status__in=["void", "cancelled"]),
                name="instalment_one_per_person_group_and_month",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="instalment_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.entitlement_id}"


class PaymentBatch(models.Model):
    """Payments that go to the bank together: made, checked and released by three people."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        CHECKED = "checked"
        RELEASED = "released"
        SENT = "sent"
        PARTLY_CONFIRMED = "partly_confirmed"
        SETTLED = "settled"
        RECONCILED = "reconciled"
        VOID = "void"

    number = models.CharField(max_length=30, unique=True)
    programme = models.ForeignKey("workflows.Programme", models.PROTECT, related_name="batches")
    office = models.ForeignKey("workflows.Office", models.PROTECT, null=True)
    bank_format = models.CharField(max_length=30)
    cut_off = models.DateField()
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    line_count = models.PositiveIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField(null=True)
    # What the checker wrote; it may name a person, so it is sealed. The row has its key by then.
    check_note = EncryptedTextField(blank=True, default=b"")
    releaser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    released_at = models.DateTimeField(null=True)
    reconciled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    reconciled_at = models.DateTimeField(null=True)
    instance = models.OneToOneField(
        "engine.ProcessInstance", models.PROTECT, null=True, related_name="batch"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checker=None) | ~Q(checker=F("maker")),
                name="batch_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(releaser=None) | ~Q(releaser=F("maker")),
                name="batch_released_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentInstruction(models.Model):
    """One order to pay one month to one account; a re-issue is another row with another id."""

    class Status(models.TextChoices):
        INTENT = "intent"
        SENDING = "sending"
        SENT = "sent"
        UNKNOWN = "unknown"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        BOUNCED = "bounced"
        VOID = "void"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="instructions")
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="instructions")
    line = models.PositiveIntegerField()
    issue = models.PositiveSmallIntegerField()
    end_to_end_id = models.CharField(max_length=35, unique=True)
    amount_fen = models.BigIntegerField()
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="+")
    account_number = EncryptedTextField()
    holder = EncryptedTextField()
    # Of account, holder and amount, as they were when the line was made.
    snapshot_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.INTENT)
    status_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=10, blank=True)
    # Connector mode: fencing of attempts.
    attempts = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "status"], name="instruction_by_batch")]
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"],
                condition=~Q(status__in=["rejected", "bounced", "void"]),
                name="instruction_one_live_per_month",
            ),
            models.UniqueConstraint(fields=["batch", "line"], name="instruction_line_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="instruction_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id


class BankFile(models.Model):
    """A file to the bank or from it, stored once, byte for byte."""

    class Direction(models.TextChoices):
        OUT = "out"
        IN = "in"

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="files")
    direction = models.CharField(max_length=3, choices=Direction)
    name = models.CharField(max_length=100)
    stored_name = models.CharField(max_length=100, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    downloads = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["direction", "sha256"], name="bank_file_accepted_once"
            ),
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(direction="out"),
                name="bank_file_one_out_per_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BankResult(models.Model):
    """What the bank said about one line of a result file; an anomaly settles nothing."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="results")
    line = models.PositiveIntegerField()
    end_to_end_id = models.CharField(max_length=60, blank=True)
    instruction = models.ForeignKey(
        PaymentInstruction, models.PROTECT, null=True, related_name="results"
    )
    outcome = models.CharField(max_length=20, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    anomaly = models.CharField(max_length=20, blank=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "line", "end_to_end_id"], name="bank_result_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"


class LedgerEntry(models.Model):
    """One side of a posting; the sides of a posting are equal. Rows are only ever added."""

    class Side(models.TextChoices):
        DEBIT = "debit"
        CREDIT = "credit"

    posting = models.CharField(max_length=80)
    side = models.CharField(max_length=6, choices=Side)
    # subsidy_due (owed to people), bank_transit (ordered), bank (gone), subsidy (expense)
    account = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="ledger")
    instruction = models.ForeignKey(
        PaymentInstruction, models.PROTECT, null=True, related_name="ledger"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "side"], name="ledger_side_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="ledger_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.posting} {self.side}"


class Overpayment(models.Model):
    """Money that was paid and is not due; somebody has to look at it."""

    instalment = models.OneToOneField(Instalment, models.PROTECT, related_name="overpayment")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=10, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.instalment_id)
