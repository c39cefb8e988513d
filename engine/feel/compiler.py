"""The tree into closures, node by node; what has a topic of its own stands in *code.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from engine.feel import syntax
from engine.feel.blockcode import filter_code, for_code, quantified_code
from engine.feel.builtins import BUILTINS
from engine.feel.callcode import builtin_value, call_code, lambda_code
from engine.feel.compiling import Code, Compiling, Handler, Slots
from engine.feel.frame import Frame
from engine.feel.operators import ORDER, arithmetic, compare, negative
from engine.feel.signatures import Type, expand
from engine.feel.syntax import Node
from engine.feel.temporal import PROPERTIES
from engine.feel.testcode import (
    INPUT,
    between_code,
    in_code,
    interval_code,
    operator_code,
)
from engine.feel.types import conforms, is_known
from engine.feel.values import FeelValue, kind

_MISSING = object()
# Read from a variable without conversion.
_SCALARS = frozenset([str, bool, type(None)])


def _literal(_c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Literal)
    value = node.value
    return lambda _frame, _values: value


# -- names and paths ---------------------------------------------------------------------------


def _name(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Name)
    name = node.name
    place = c.find(name)
    if place.slot is not None:
        slot = place.slot
        outer: Code = lambda _frame, values: values[slot]  # noqa: E731  # one of three forms
    else:
        outer = _variable(c, name, inside_filter=bool(place.items))
    return _item_key(name, place.items, outer) if place.items and name != INPUT else outer


def _variable(c: Compiling, name: str, *, inside_filter: bool) -> Code:
    builtin = BUILTINS.get(name)
    # Inside a filter an unknown name is most likely a key of the items, not a variable.
    if name in c.names or (builtin is None and not inside_filter):
        c.free.add(name)
    fallback = builtin_value(builtin) if builtin and name not in c.names else None

    def run(frame: Frame, _values: Slots) -> FeelValue:
        value = frame.variables.get(name, _MISSING)
        known = type(value)
        if known in _SCALARS:
            return value
        if known is int:
            return Decimal(value)  # type: ignore[arg-type]  # `known is int` does not narrow
        if value is _MISSING:
            if fallback is None:
                frame.warn("unknown-name", name)
            return fallback
        return frame.convert(name, value)

    return run


def _item_key(name: str, items: tuple[int, ...], outer: Code) -> Code:
    """Inside filters: a key of the innermost item that has it, else the outer meaning."""

    def run(frame: Frame, values: Slots) -> FeelValue:
        for slot in items:
            item = values[slot]
            if type(item) is dict and name in item:
                return item[name]
        return outer(frame, values)

    return run


def _path(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Path)
    whole = _dotted(node)
    if whole is not None and whole in c.names and c.find(whole).slot is None:
        return _variable(c, whole, inside_filter=False)
    target, name = c.code(node.target), node.name
    return lambda frame, values: part(frame, target(frame, values), name)


def _dotted(node: Node) -> str | None:
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Path):
        before = _dotted(node.target)
        return None if before is None else f"{before}.{node.name}"
    return None


def part(frame: Frame, value: FeelValue, name: str) -> FeelValue:
    """`value.name`: of a list, that of each member."""
    if isinstance(value, dict):
        if name not in value:
            frame.warn("unknown-key", name)
        return value.get(name)
    if isinstance(value, list):
        frame.spend(len(value))
        return [part(frame, member, name) for member in value]
    if value is None:
        return None
    read = PROPERTIES.get(type(value), {}).get(name)
    if read is None:
        frame.warn("unknown-key", f"{kind(value)}.{name}")
        return None
    return read(value)


# -- collections -------------------------------------------------------------------------------


def _list(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.ListOf)
    if all(isinstance(item, syntax.Literal) for item in node.items):
        constant = [item.value for item in node.items if isinstance(item, syntax.Literal)]
        return lambda _frame, _values: constant
    items = [c.code(item) for item in node.items]
    return lambda frame, values: [item(frame, values) for item in items]


def _context(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.ContextOf)
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys):
        c.problem(node.at, "duplicate-key", next(key for key in keys if keys.count(key) > 1))
        return lambda _frame, _values: None
    c.bind()
    entries: list[tuple[str, int, Code]] = []
    for key, value in node.entries:
        code = c.code(value)
        entries.append((key, c.bind_more(key), code))
    c.release()

    def run(frame: Frame, values: Slots) -> FeelValue:
        result: dict[str, FeelValue] = {}
        for key, slot, code in entries:
            result[key] = values[slot] = code(frame, values)
        return result

    return run


# -- conditions --------------------------------------------------------------------------------


def _if(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.If)
    condition, then, otherwise = c.code(node.condition), c.code(node.then), c.code(node.otherwise)

    def run(frame: Frame, values: Slots) -> FeelValue:
        return (then if condition(frame, values) is True else otherwise)(frame, values)

    return run


def _logic(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Logic)
    operands = [c.code(operand) for operand in node.operands]
    decisive = not node.conjunction
    if len(operands) == 2:  # noqa: PLR2004  # the usual case, without a loop
        return _pair(operands[0], operands[1], decisive=decisive)

    def run(frame: Frame, values: Slots) -> FeelValue:
        answer: bool | None = not decisive
        for operand in operands:
            value = operand(frame, values)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                answer = None
        return answer

    return run


def _pair(left: Code, right: Code, *, decisive: bool) -> Code:
    neutral = not decisive

    def run(frame: Frame, values: Slots) -> FeelValue:
        first = left(frame, values)
        if first is decisive:
            return decisive
        second = right(frame, values)
        if second is decisive:
            return decisive
        return neutral if first is neutral and second is neutral else None

    return run


def _comparison(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Comparison)
    left, right = c.code(node.left), c.code(node.right)
    sign = node.operator
    if sign in ("=", "!="):
        return _equality(left, right, sign)
    ordered = ORDER[sign]

    def run(frame: Frame, values: Slots) -> FeelValue:
        a, b = left(frame, values), right(frame, values)
        if type(a) is Decimal and type(b) is Decimal:
            return ordered(a, b)
        return compare(frame, sign, a, b)

    return run


_SIMPLE = frozenset([str, Decimal, bool])


def _equality(left: Code, right: Code, sign: str) -> Code:
    when_equal = sign == "="

    def run(frame: Frame, values: Slots) -> FeelValue:
        a, b = left(frame, values), right(frame, values)
        known = type(a)
        if known is type(b) and known in _SIMPLE:
            return (a == b) is when_equal
        return compare(frame, sign, a, b)

    return run


# -- arithmetic --------------------------------------------------------------------------------


def _arithmetic(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Arithmetic)
    first = c.code(node.first)
    rest = [(sign, c.code(operand)) for sign, operand in node.rest]

    def run(frame: Frame, values: Slots) -> FeelValue:
        result = first(frame, values)
        for sign, operand in rest:
            result = arithmetic(frame, sign, result, operand(frame, values))
        return result

    return run


def _negation(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Negation)
    operand = c.code(node.operand)
    return lambda frame, values: negative(frame, operand(frame, values))


def _instance_of(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.InstanceOf)
    value, wanted = c.code(node.value), expand(node.type, c.types)
    if not is_known(wanted):
        c.problem(node.at, "unknown-type", wanted.name)
        return lambda _frame, _values: None
    return lambda frame, values: conforms(value(frame, values), wanted)


HANDLERS: Mapping[type[Node], Handler] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Path: _path,
    syntax.Filter: filter_code,
    syntax.Call: call_code,
    syntax.If: _if,
    syntax.For: for_code,
    syntax.Quantified: quantified_code,
    syntax.Logic: _logic,
    syntax.Arithmetic: _arithmetic,
    syntax.Negation: _negation,
    syntax.Comparison: _comparison,
    syntax.Between: between_code,
    syntax.In: in_code,
    syntax.Operator: operator_code,
    syntax.Interval: interval_code,
    syntax.ListOf: _list,
    syntax.ContextOf: _context,
    syntax.InstanceOf: _instance_of,
    syntax.Lambda: lambda_code,
}


def compiling(source: str, names: Collection[str], types: Mapping[str, Type]) -> Compiling:
    return Compiling(source, names, types, HANDLERS)
