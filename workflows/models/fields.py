"""Encrypted columns: text in Python, AES-GCM bound to table, row and column in the database.

The primary key must exist before the value is sealed, so models with such columns have uuid keys.
A value is unsealed when somebody reads the attribute, not when the row is loaded.
"""

from typing import TYPE_CHECKING, Any, Self, overload

from django.db import models

from workflows.models.keys import keyring
from workflows.values import cipher
from workflows.values.cipher import Place

if TYPE_CHECKING:
    Column = models.BinaryField[str, str]
else:
    Column = models.BinaryField


class _Unsealing:
    """The attribute: bytes in the instance are sealed, text is not."""

    def __init__(self, field: "EncryptedTextField") -> None:
        self.field = field

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> str: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Self | str:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        value = row.__dict__[name]
        if isinstance(value, bytes | memoryview):
            value = self.field.unsealed(row, bytes(value))
            row.__dict__[name] = value
        assert isinstance(value, str)
        return value

    def __set__(self, row: models.Model, value: object) -> None:
        row.__dict__[self.field.attname] = value


class EncryptedTextField(Column):
    """Text that only opens in its own row; it can be neither searched nor set by `update`."""

    def contribute_to_class(
        self,
        cls: type[models.Model],
        name: str,
        private_only: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Unsealing(self))

    def place(self, row: models.Model) -> Place:
        assert row.pk is not None
        return Place(row._meta.db_table, str(row.pk), self.attname)  # noqa: SLF001 - a public name in spite of its line

    def unsealed(self, row: models.Model, blob: bytes) -> str:
        return cipher.unseal_text(blob, ring=keyring(), place=self.place(row)) if blob else ""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ANN401, FBT001, ARG002 - Django's signature
        value = model_instance.__dict__.get(self.attname, "")
        if isinstance(value, bytes | memoryview):
            return bytes(value)
        sealed = value and cipher.seal_text(
            value, ring=keyring(), place=self.place(model_instance)
        )
        return sealed or b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's signature
        if isinstance(value, str):
            raise TypeError(f"{self.attname} is sealed on save and cannot be compared or updated")
        return super().get_db_prep_value(value, connection, prepared)


def blind_index(name: str, text: str) -> str:
    """What an equal value of the field `name` is found by; empty for an empty text."""
    return cipher.index_of(keyring(), name, text).hex() if text else ""


def blind_indexes(name: str, text: str) -> tuple[str, ...]:
    """The index under every key, for searches while keys are being rotated."""
    return tuple(index.hex() for index in cipher.all_indexes(keyring(), name, text))
