"""How built-ins are declared: one signature text feeds the call, the lint, the editor and docs.

    @builtin("substring(string: string, start position: number, length?: number)", en=…, zh=…)

`?` marks an optional parameter, `...` one that takes all further arguments, `|` alternatives.
A further signature of the same name is a further declaration. The function gets the frame and the
arguments, already of their kinds; whatever does not fit is null and a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.feel.frame import Frame
from engine.feel.types import SIMPLE
from engine.feel.values import FeelValue

Implementation = Callable[..., FeelValue]
F = TypeVar("F", bound=Implementation)


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds` is None where every value goes, null included."""

    name: str
    kinds: frozenset[type] | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature with the function behind it."""

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    variadic: bool
    run: Implementation

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    def takes(self, count: int) -> bool:
        required = sum(not parameter.optional for parameter in self.parameters)
        return required <= count and (self.variadic or count <= len(self.parameters))

    def order(self, names: Sequence[str]) -> list[int] | None:
        """For each parameter the index of its argument (-1 for none); None if names do not fit."""
        if len(set(names)) != len(names):
            return None
        known = self.names
        if any(name not in known for name in names):
            return None
        if any(not p.optional and p.name not in names for p in self.parameters):
            return None
        order = [names.index(name) if name in names else -1 for name in known]
        while order and order[-1] < 0:
            order.pop()
        return order

    def call(self, frame: Frame, arguments: Sequence[FeelValue]) -> FeelValue:
        values: list[FeelValue] = []
        for index, argument in enumerate(arguments):
            parameter = self.parameters[min(index, len(self.parameters) - 1)]
            fits, value = _fit(argument, parameter.kinds)
            if not fits:
                if argument is not None:
                    frame.warn("argument-kind", f"{self.name}: {parameter.name}")
                return None
            values.append(value)
        frame.spend(1)
        try:
            return self.run(frame, *values)
        except (ArithmeticError, ValueError):
            frame.warn("no-result", self.name)
            return None


def _fit(value: FeelValue, kinds: frozenset[type] | None) -> tuple[bool, FeelValue]:
    """The value as that kind: a list of one counts as its member and the other way round."""
    if kinds is None or type(value) in kinds:
        return True, value
    if list in kinds and value is not None:
        return True, [value]
    if isinstance(value, list) and len(value) == 1 and type(value[0]) in kinds:
        return True, value[0]
    return False, None


@dataclass(frozen=True, slots=True)
class BuiltinInfo:
    """A built-in as editor, lint and documentation see it."""

    name: str
    group: str
    overloads: tuple[Overload, ...]
    zh: str
    en: str

    @property
    def signatures(self) -> tuple[str, ...]:
        return tuple(overload.text for overload in self.overloads)

    @property
    def signature(self) -> str:
        return self.signatures[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.overloads[0].names

    def for_count(self, count: int) -> Overload | None:
        return next((item for item in self.overloads if item.takes(count)), None)

    def for_names(self, names: Sequence[str]) -> tuple[Overload, list[int]] | None:
        # before(point, range) and before(range, point) differ in the order that is written.
        as_written = [item for item in self.overloads if item.names == tuple(names)]
        for overload in (*as_written, *self.overloads):
            order = overload.order(names)
            if order is not None:
                return overload, order
        return None


_DECLARED: dict[str, BuiltinInfo] = {}
BUILTINS: Mapping[str, BuiltinInfo] = _DECLARED


def builtin(signature: str, *, group: str = "", en: str = "", zh: str = "") -> Callable[[F], F]:
    def declare(function: F) -> F:
        overload = _overload(signature, function)
        known = _DECLARED.get(overload.name)
        if known is None:
            known = BuiltinInfo(overload.name, group, (), zh, en)
        _DECLARED[overload.name] = BuiltinInfo(
            known.name, known.group, (*known.overloads, overload), known.zh, known.en
        )
        return function

    return declare


def _overload(signature: str, run: Implementation) -> Overload:
    name, _, rest = signature.partition("(")
    inside = rest.rstrip(")")
    variadic = "..." in inside
    texts = [text for text in inside.replace("...", "").split(", ") if text]
    return Overload(name, signature, tuple(map(_parameter, texts)), variadic, run)


def _parameter(text: str) -> Parameter:
    name, _, types = text.partition(": ")
    kinds: frozenset[type] | None = None
    if types != "any":
        kinds = frozenset(known for part in types.split("|") for known in SIMPLE[part.strip()])
    return Parameter(name.removesuffix("?"), kinds, name.endswith("?"))
