"""Objects out of raw statements, as the ORM would make them."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class Reader(Generic[Row]):
    """Rows of a model out of a raw statement: its columns, and a row as an object."""

    def __init__(self, model: type[Row], alias: str) -> None:
        fields = model._meta.concrete_fields  # noqa: SLF001 - public by its documentation
        self.model = model
        self.names = [each.attname for each in fields]
        self.columns = ", ".join(f'{alias}."{each.column}"' for each in fields)
        self.width = len(fields)
        self._fields = fields
        self._converted: dict[str, list[tuple[int, list[Any], Any]]] = {}

    def converters(self) -> list[tuple[int, list[Any], Any]]:
        """Place, converters and expression of those columns that need one."""
        vendor = connection.vendor
        if vendor not in self._converted:
            found = []
            for place, each in enumerate(self._fields):
                column = each.cached_col
                converters = [
                    *connection.ops.get_db_converters(column),
                    *each.get_db_converters(connection),
                ]
                if converters:
                    found.append((place, converters, column))
            self._converted[vendor] = found
        return self._converted[vendor]

    def row(self, values: Sequence[Any]) -> Row:
        """The object that the ORM would make of these values."""
        converted = list(values)
        for place, converters, column in self.converters():
            for convert in converters:
                converted[place] = convert(converted[place], column, connection)
        return self.model.from_db(connection.alias, self.names, converted)
