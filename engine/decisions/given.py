"""The inputs of an evaluation, and which of them an element of the graph means."""

from __future__ import annotations

from collections.abc import Mapping

from engine.decisions.model import InputData, Library
from engine.feel import FeelValue


class Given:
    """Inputs by name; those of imported files by import, by namespace or by name."""

    def __init__(self, values: Mapping[str, FeelValue], library: Library) -> None:
        self._values = dict(values)
        self.free = {name: value for name, value in values.items() if name not in library.names}

    def value(self, name: str) -> FeelValue:
        return self._values.get(name)

    def replace(self, name: str, value: FeelValue) -> None:
        if name in self._values:
            self._values[name] = value

    def path(self, path: str, name: str) -> str:
        """The way through one more import, if anything is given for what lies behind it."""
        if not name:
            return path
        way = f"{path}.{name}" if path else name
        behind = any(key.startswith(f"{way}.") for key in self._values)
        return way if behind or isinstance(self._context(way), dict) else ""

    def find(self, data: InputData, path: str) -> tuple[FeelValue] | None:
        """The value given for an input, in a tuple; None if there is none."""
        keys = [f"{{{data.namespace}}}{data.name}", f"{data.namespace}#{data.name}", data.name]
        if path:
            keys.insert(0, f"{path}.{data.name}")
            context = self._context(path)
            if keys[0] not in self._values and isinstance(context, dict) and data.name in context:
                return (context[data.name],)
        return next(((self._values[key],) for key in keys if key in self._values), None)

    def _context(self, path: str) -> FeelValue:
        value: FeelValue = self._values
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value
