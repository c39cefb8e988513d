"""Code for `in` and for the unary tests of a decision table's cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

from engine.feel import syntax
from engine.feel.compiling import Code, Compiling, Slots
from engine.feel.frame import Frame
from engine.feel.operators import both, compare, matches_test
from engine.feel.syntax import Node
from engine.feel.values import FeelValue, Range

# A test of a value: true, false, or null where it cannot be told.
Test: TypeAlias = Callable[[Frame, Slots, FeelValue], bool | None]
INPUT = "?"


def in_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.In)
    value = c.code(node.value)
    (slot,) = c.bind(INPUT)
    test = _any_of([_test(c, test) for test in node.tests])
    c.release()

    def run(frame: Frame, values: Slots) -> FeelValue:
        tested = values[slot] = value(frame, values)
        return test(frame, values, tested)

    return run


def tests_code(c: Compiling, node: syntax.Tests) -> tuple[Test, int]:
    """The test of a cell, with the slot in which it expects the tested value."""
    (slot,) = c.bind(INPUT)
    tests = [_test(c, test) for test in node.tests]
    c.release()
    if not tests:
        return _anything, slot
    test = _any_of(tests)
    return (_negated(test) if node.negated else test), slot


def _anything(_frame: Frame, _values: Slots, _value: FeelValue) -> bool | None:
    return True


def _any_of(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def run(frame: Frame, values: Slots, value: FeelValue) -> bool | None:
        answer: bool | None = False
        for test in tests:
            result = test(frame, values, value)
            if result is True:
                return True
            if result is None:
                answer = None
        return answer

    return run


def _negated(test: Test) -> Test:
    def run(frame: Frame, values: Slots, value: FeelValue) -> bool | None:
        answer = test(frame, values, value)
        return None if answer is None else not answer

    return run


def _test(c: Compiling, node: Node) -> Test:
    if isinstance(node, syntax.Operator):
        return _operator_test(c, node)
    if isinstance(node, syntax.Interval):
        return _interval_test(c, node)
    return _expression_test(c, node)


def _operator_test(c: Compiling, node: syntax.Operator) -> Test:
    endpoint = c.code(node.endpoint)
    sign = node.operator

    def run(frame: Frame, values: Slots, value: FeelValue) -> bool | None:
        return compare(frame, sign, value, endpoint(frame, values))

    return run


def _interval_test(c: Compiling, node: syntax.Interval) -> Test:
    low, high = c.code(node.low), c.code(node.high)
    from_sign = ">=" if node.low_closed else ">"
    to_sign = "<=" if node.high_closed else "<"

    def run(frame: Frame, values: Slots, value: FeelValue) -> bool | None:
        return both(
            compare(frame, from_sign, value, low(frame, values)),
            compare(frame, to_sign, value, high(frame, values)),
        )

    return run


_PLAIN = frozenset([str, Decimal, bool])


def _literal_test(constant: FeelValue) -> Test:
    known = type(constant)

    def run(frame: Frame, _values: Slots, value: FeelValue) -> bool | None:
        return value == constant if type(value) is known else matches_test(frame, value, constant)

    return run


def _expression_test(c: Compiling, node: Node) -> Test:
    if isinstance(node, syntax.Literal) and type(node.value) in _PLAIN:
        return _literal_test(node.value)
    code = c.code(node)
    asks_input = _reads_input(node)

    def run(frame: Frame, values: Slots, value: FeelValue) -> bool | None:
        result = code(frame, values)
        if asks_input and (result is None or isinstance(result, bool)):
            return result
        return matches_test(frame, value, result)

    return run


def _reads_input(node: object) -> bool:
    """Does `?` occur in it? Then a boolean is the answer, not a value to compare with."""
    if isinstance(node, syntax.Name):
        return node.name == INPUT
    if isinstance(node, (tuple, list)):
        return any(map(_reads_input, node))
    if isinstance(node, (Node, syntax.Iterator)):
        fields = (getattr(node, name) for name in _fields(type(node)))
        return any(map(_reads_input, fields))
    return False


def _fields(known: type) -> list[str]:
    names: list[str] = []
    for base in known.__mro__:
        names += getattr(base, "__slots__", ())
    return names


def interval_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Interval)
    low, high = c.code(node.low), c.code(node.high)
    low_closed, high_closed = node.low_closed, node.high_closed

    def run(frame: Frame, values: Slots) -> FeelValue:
        return make_range(frame, low(frame, values), high(frame, values), low_closed, high_closed)

    return run


def make_range(
    frame: Frame,
    low: FeelValue,
    high: FeelValue,
    low_closed: bool,  # noqa: FBT001  # the two brackets of the interval
    high_closed: bool,  # noqa: FBT001  # the two brackets of the interval
) -> FeelValue:
    """The interval, or null if an end is null, of another kind, or the wrong way round."""
    if compare(frame, "<=", low, high) is not True:
        frame.warn("range-ends")
        return None
    return Range(low, high, low_closed, high_closed)


def operator_code(c: Compiling, node: Node) -> Code:
    """`(< 5)` as a value: a range that is unbounded on one side."""
    assert isinstance(node, syntax.Operator)
    endpoint = c.code(node.endpoint)
    sign = node.operator

    def run(frame: Frame, values: Slots) -> FeelValue:
        end = endpoint(frame, values)
        if end is None:
            frame.warn("range-ends")
            return None
        if sign in ("=", "!="):
            return Range(end, end, sign=sign)
        if sign in (">", ">="):
            return Range(end, None, sign == ">=", high_closed=False)
        return Range(None, end, low_closed=False, high_closed=sign == "<=")

    return run


def between_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Between)
    value, low, high = c.code(node.value), c.code(node.low), c.code(node.high)

    def run(frame: Frame, values: Slots) -> FeelValue:
        tested, start, end = value(frame, values), low(frame, values), high(frame, values)
        if type(tested) is Decimal and type(start) is Decimal and type(end) is Decimal:
            return start <= tested <= end
        return both(compare(frame, ">=", tested, start), compare(frame, "<=", tested, end))

    return run
