"""Objects out of raw statements, as the ORM would make them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

import orjson
from django.db import connection
from django.db.models import Field, JSONField, Model

Row = TypeVar("Row", bound=Model)
Converters = list[tuple[int, Callable[[Any], Any]]]


class Reader(Generic[Row]):
    """Rows of a model out of a raw statement: its columns, and a row as an object."""

    def __init__(self, model: type[Row], alias: str) -> None:
        self.model = model
        self.fields = model._meta.concrete_fields  # noqa: SLF001 - public by its documentation
        self.names = [each.attname for each in self.fields]
        self.columns = ", ".join(f'{alias}."{each.column}"' for each in self.fields)
        self.width = len(self.fields)
        self._converters: dict[str, Converters] = {}

    def converters(self) -> Converters:
        """Places of the columns that need one, and what makes a value of what the driver says."""
        vendor = connection.vendor
        if vendor not in self._converters:
            self._converters[vendor] = [
                (place, convert)
                for place, each in enumerate(self.fields)
                for convert in converters_of(each)
            ]
        return self._converters[vendor]

    def row(self, values: Sequence[Any]) -> Row:
        """The object that the ORM would make of these values."""
        converted = list(values)
        for place, convert in self.converters():
            if converted[place] is not None:
                converted[place] = convert(converted[place])
        return self.model.from_db("default", self.names, converted)


def converters_of(column: "Field[Any, Any]") -> list[Callable[[Any], Any]]:
    if isinstance(column, JSONField):
        return [orjson.loads]
    expression = column.cached_col
    found = [
        *connection.ops.get_db_converters(expression),
        *column.get_db_converters(connection),
    ]
    return [partial(call, each, expression) for each in found]


def call(convert: Callable[[Any, Any, Any], Any], expression: object, value: object) -> Any:  # noqa: ANN401 - whatever the column holds
    return convert(value, expression, connection)
