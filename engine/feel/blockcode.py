"""Code for iteration, quantification and filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from engine.feel import syntax
from engine.feel.compiling import Code, Compiling, Slots
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.frame import Frame
from engine.feel.syntax import Node
from engine.feel.values import MAX_LIST, FeelValue, Range, kind

# How many members of `partial` are copied for one unit of fuel.
_COPIED_PER_FUEL = 16


def for_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.For)
    sources, slots = _bind_iterators(c, node.iterators)
    (partial,) = c.bind("partial")
    uses_partial = _mentions_partial(c, node.body)
    body, price = c.priced(node.body)
    for _ in range(len(slots) + 1):
        c.release()

    def run(frame: Frame, values: Slots) -> FeelValue:
        results: list[FeelValue] = []
        for known in _rounds(frame, values, sources, slots):
            if not known:
                return None
            frame.spend(price)
            if uses_partial:
                frame.spend(len(results) // _COPIED_PER_FUEL)
                values[partial] = results[:]
            if len(results) >= MAX_LIST:
                raise FeelBudgetExceeded("list")
            results.append(body(frame, values))
        return results

    return run


def _mentions_partial(c: Compiling, _body: Node) -> bool:
    return "partial" in c.source


def quantified_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Quantified)
    sources, slots = _bind_iterators(c, node.iterators)
    body, price = c.priced(node.body)
    for _ in slots:
        c.release()
    decisive = node.some

    def run(frame: Frame, values: Slots) -> FeelValue:
        answer: bool | None = not decisive
        for known in _rounds(frame, values, sources, slots):
            if not known:
                return None
            frame.spend(price)
            value = body(frame, values)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        return answer

    return run


def _bind_iterators(
    c: Compiling, iterators: tuple[syntax.Iterator, ...]
) -> tuple[list[Code], list[int]]:
    sources: list[Code] = []
    slots: list[int] = []
    for iterator in iterators:
        sources.append(_source(c, iterator))
        slots += c.bind(iterator.name)
    return sources, slots


def _source(c: Compiling, iterator: syntax.Iterator) -> Code:
    source = c.code(iterator.source)
    if iterator.end is None:
        return source
    end = c.code(iterator.end)

    def run(frame: Frame, values: Slots) -> FeelValue:
        first, last = source(frame, values), end(frame, values)
        steps = count_between(first, last)
        if steps is None:
            frame.warn("iteration-kinds", f"{kind(first)}..{kind(last)}")
        return steps

    return run


def count_between(first: FeelValue, last: FeelValue) -> list[FeelValue] | None:
    """All whole numbers or days from first to last, downwards if last is the smaller one."""
    if isinstance(first, Decimal) and isinstance(last, Decimal):
        if first != first.to_integral_value() or last != last.to_integral_value():
            return None
        start, end = _index(first), _index(last)
        step = 1 if start <= end else -1
        _check_length(abs(end - start) + 1)
        return [Decimal(number) for number in range(start, end + step, step)]
    if type(first) is date and type(last) is date:
        days = (last - first).days
        step = 1 if days >= 0 else -1
        _check_length(abs(days) + 1)
        return [first + timedelta(days=count) for count in range(0, days + step, step)]
    return None


def _index(number: Decimal) -> int:
    # Beyond this a list of that length is refused anyway, and 10**6000 takes long to become int.
    if number.adjusted() > 12:  # noqa: PLR2004  # see above
        raise FeelBudgetExceeded("list")
    return int(number)


def _check_length(length: int) -> None:
    if length > MAX_LIST:
        raise FeelBudgetExceeded("list")


def _rounds(frame: Frame, values: Slots, sources: list[Code], slots: list[int]) -> Iterator[bool]:
    """Set the slots to every combination, the last iterator fastest; False if one has no list."""
    if not sources:
        yield True
        return
    members = _members(sources[0](frame, values))
    if members is None:
        frame.warn("iteration-kinds")
        yield False
        return
    for member in members:
        frame.spend(1)
        values[slots[0]] = member
        if len(sources) == 1:
            yield True
        else:
            yield from _rounds(frame, values, sources[1:], slots[1:])


def _members(value: FeelValue) -> list[FeelValue] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _range_members(value)
    return None if value is None else [value]


def _range_members(value: Range) -> list[FeelValue] | None:
    members = None if value.sign == "!=" else count_between(value.low, value.high)
    if members is None:
        return None
    first = 0 if value.low_closed else 1
    return members[first : len(members) - (0 if value.high_closed else 1)]


# -- filters -----------------------------------------------------------------------------------


def filter_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Filter)
    target = c.code(node.target)
    if isinstance(node.predicate, syntax.Literal) and isinstance(node.predicate.value, Decimal):
        position = node.predicate.value
        return lambda frame, values: _pick(frame, target(frame, values), position)
    slot = c.bind_item()
    predicate, price = c.priced(node.predicate)
    c.release()
    return _filter(target, predicate, slot, price)


def _filter(target: Code, predicate: Code, slot: int, price: int) -> Code:
    def run(frame: Frame, values: Slots) -> FeelValue:
        source = target(frame, values)
        if source is None:
            return None
        members = source if isinstance(source, list) else [source]
        kept: list[FeelValue] = []
        for member in members or [None]:
            frame.spend(price)
            values[slot] = member
            answer = predicate(frame, values)
            if isinstance(answer, Decimal):
                return _pick(frame, members, answer)
            if answer is True and members:
                kept.append(member)
        return kept

    return run


def _pick(frame: Frame, source: FeelValue, position: Decimal) -> FeelValue:
    """The member at a position counted from 1, or from the end when negative."""
    if source is None:
        return None
    members = source if isinstance(source, list) else [source]
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(members):
        frame.warn("index")
        return None
    index = int(position)
    return members[index - 1 if index > 0 else index]
