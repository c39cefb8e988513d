"""Who did what, in hash chains; who saw what; which requests were answered."""

from django.conf import settings
from django.db import models


class AuditHead(models.Model):
    """The end of a chain: the lock under which it grows, and the witness of its tail."""

    chain = models.CharField(max_length=64, primary_key=True)
    seq = models.PositiveIntegerField(default=0)
    hash = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"


class AuditEntry(models.Model):
    """One act. `body` is the text that was hashed, free of personal data; never changed."""

    chain = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    body = models.TextField()
    prev = models.BinaryField()
    hash = models.BinaryField()
    act = models.CharField(max_length=50)
    # Not a foreign key: the trace outlives a deleted draft.
    claim_id = models.UUIDField(null=True)
    claim_revision = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["claim_id", "claim_revision"], name="audit_of_claim")]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_in_order")]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.act}"


class AccessLog(models.Model):
    """Somebody opened a file or revealed a masked value."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claim_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    # Id of the file, or name of the field.
    target = models.CharField(max_length=60)
    purpose = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["claim_id", "at"], name="access_of_claim")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class RequestKey(models.Model):
    """A request that was answered; the same key gives the same answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    route = models.CharField(max_length=50)
    key = models.CharField(max_length=80)
    body_sha256 = models.CharField(max_length=64)
    # NULL while the act is running.
    status = models.PositiveSmallIntegerField(null=True)
    # What the act made or changed, by its key.
    result = models.CharField(max_length=80, blank=True)
    claim_id = models.UUIDField(null=True)
    # Why nothing was done, as codes.
    refusal = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "route", "key"], name="request_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
