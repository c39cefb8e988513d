"""Deep checks of the domain: audit chains, stored files, encrypted columns."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from engine.management.invariants import Violation
from workflows.actions import audit
from workflows.errors import StoredFileDamaged
from workflows.models import Attachment, BankFile
from workflows.models.fields import EncryptedTextField
from workflows.models.files import storage
from workflows.values.cipher import CipherError


def problems() -> Iterator[Violation]:
    """What the deep checks find, one violation per kind."""
    if fault := audit.verify():
        yield Violation(
            "D2", "R11", "audit chains are whole", ((fault.chain, str(fault.seq), fault.kind),)
        )
    if damaged := tuple(_damaged_files()):
        yield Violation("D3", "R1", "stored files are there and unchanged", damaged)
    if closed := tuple(_unreadable_columns()):
        yield Violation("D4", "R9", "encrypted columns open in their row", closed)


def _damaged_files() -> Iterator[tuple[str, ...]]:
    files = storage()
    rows = [
        *Attachment.objects.filter(erased_at=None).values_list("stored_name", "sha256"),
        *BankFile.objects.values_list("stored_name", "sha256"),
    ]
    for name, digest in rows:
        try:
            files.open(name, sha256=digest)
        except StoredFileDamaged as error:
            yield name, error.reason


def _unreadable_columns() -> Iterator[tuple[str, ...]]:
    for model in apps.get_app_config("workflows").get_models():
        names = [
            field.attname
            for field in model._meta.get_fields()  # noqa: SLF001 - documented, in spite of its line
            if isinstance(field, EncryptedTextField)
        ]
        if names:
            yield from _unreadable(model, names)


def _unreadable(model: type[Model], names: list[str]) -> Iterator[tuple[str, ...]]:
    rows = model._default_manager.order_by("pk")  # noqa: SLF001 - documented, in spite of its line
    for row in rows.iterator():
        for name in names:
            try:
                getattr(row, name)
            except CipherError as error:
                yield model.__name__, str(row.pk), name, error.code
