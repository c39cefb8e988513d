"""Lists: searching, taking apart and putting together. Positions count from 1."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from engine.feel.builtins.registry import builtin
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.frame import Frame
from engine.feel.operators import compare, same
from engine.feel.values import MAX_LIST, MAX_NESTING, FeelValue, Function

Members = list[FeelValue]


def _limited(members: Members) -> Members:
    if len(members) > MAX_LIST:
        raise FeelBudgetExceeded("list")
    return members


def _index(position: Decimal, length: int) -> int | None:
    """Python's index of a position counted from 1 or, when negative, from the end."""
    if not 1 <= abs(position) <= length:
        return None
    number = int(position)
    return number - 1 if number > 0 else length + number


@builtin(
    "list contains(list: list, element: any)",
    group="list",
    en="Is the value in the list?",
    zh="列表是否包含该值。",
)
def list_contains(frame: Frame, members: Members, element: FeelValue) -> FeelValue:
    frame.spend(len(members))
    return any(same(frame, member, element) for member in members)


@builtin("count(list: list)", group="list", en="How many members.", zh="成员个数。")
def count(_frame: Frame, members: Members) -> FeelValue:
    return Decimal(len(members))


@builtin(
    "sublist(list: list, start position: number, length?: number)",
    group="list",
    en="The members from a position on.",
    zh="从某一位置起的成员。",
)
def sublist(
    frame: Frame, members: Members, position: Decimal, length: Decimal | None = None
) -> FeelValue:
    start = _index(position, len(members))
    if start is None or (length is not None and not 0 <= length <= len(members) - start):
        frame.warn("index", "sublist")
        return None
    return members[start:] if length is None else members[start : start + int(length)]


@builtin(
    "append(list: list, ...item: any)",
    group="list",
    en="The list with further members at its end.",
    zh="在末尾添加成员。",
)
def append(frame: Frame, members: Members, *items: FeelValue) -> FeelValue:
    frame.spend(len(members) // 16)
    return _limited([*members, *items])


@builtin("concatenate(...lists: list)", group="list", en="All lists in one.", zh="连接多个列表。")
def concatenate(frame: Frame, *lists: Members) -> FeelValue:
    total: Members = []
    for members in lists:
        frame.spend(len(members) // 16)
        total += members
        _limited(total)
    return total


@builtin(
    "insert before(list: list, position: number, newItem: any)",
    group="list",
    en="The list with a member inserted.",
    zh="在某一位置之前插入成员。",
)
def insert_before(frame: Frame, members: Members, position: Decimal, item: FeelValue) -> FeelValue:
    index = _index(position, len(members))
    if index is None:
        frame.warn("index", "insert before")
        return None
    return _limited([*members[:index], item, *members[index:]])


@builtin(
    "remove(list: list, position: number)",
    group="list",
    en="The list without the member at a position.",
    zh="去掉某一位置的成员。",
)
def remove(frame: Frame, members: Members, position: Decimal) -> FeelValue:
    index = _index(position, len(members))
    if index is None:
        frame.warn("index", "remove")
        return None
    return members[:index] + members[index + 1 :]


@builtin("list replace(list: list, match: number|function, newItem: any)")
@builtin(
    "list replace(list: list, position: number|function, newItem: any)",
    group="list",
    en="The list with the member at a position, or those a function picks, replaced.",
    zh="替换某一位置（或函数选中）的成员。",
)
def list_replace(
    frame: Frame, members: Members, where: Decimal | Function, item: FeelValue
) -> FeelValue:
    if isinstance(where, Function):
        picked = [call(frame, where, (member, item)) for member in members]
        if any(not isinstance(answer, bool) for answer in picked):
            return None
        return [item if hit else member for hit, member in zip(picked, members, strict=True)]
    index = _index(where, len(members))
    if index is None:
        frame.warn("index", "list replace")
        return None
    return [*members[:index], item, *members[index + 1 :]]


def call(frame: Frame, function: Function, arguments: Sequence[FeelValue]) -> FeelValue:
    if len(function.parameters) != len(arguments) and not function.variadic:
        frame.warn("arguments", function.name)
        return None
    frame.enter()
    value = function.call(frame, arguments)
    frame.leave()
    return value


@builtin("reverse(list: list)", group="list", en="Last member first.", zh="倒序。")
def reverse(_frame: Frame, members: Members) -> FeelValue:
    return members[::-1]


@builtin(
    "index of(list: list, match: any)",
    group="list",
    en="All positions at which the value stands.",
    zh="该值出现的所有位置。",
)
def index_of(frame: Frame, members: Members, match: FeelValue) -> FeelValue:
    frame.spend(len(members))
    return [Decimal(i) for i, member in enumerate(members, 1) if same(frame, member, match)]


@builtin(
    "union(...lists: list)",
    group="list",
    en="All lists in one, each value once.",
    zh="合并多个列表并去重。",
)
def union(frame: Frame, *lists: Members) -> FeelValue:
    total: Members = []
    for members in lists:
        total += members
        _limited(total)
    return distinct_values(frame, total)


@builtin(
    "distinct values(list: list)",
    group="list",
    en="Each value once, in the order of its first appearance.",
    zh="去重，保持首次出现的顺序。",
)
def distinct_values(frame: Frame, members: Members) -> FeelValue:
    seen: set[tuple[type, FeelValue]] = set()
    others: Members = []
    kept: Members = []
    for member in members:
        if isinstance(member, (str, Decimal, bool)) or member is None:
            key = (type(member), member)
            if key in seen:
                continue
            seen.add(key)
        else:
            frame.spend(len(others))
            if any(same(frame, member, other) for other in others):
                continue
            others.append(member)
        kept.append(member)
    return kept


@builtin(
    "flatten(list: list)",
    group="list",
    en="One list without lists in it.",
    zh="展开嵌套列表。",
)
def flatten(frame: Frame, members: Members) -> FeelValue:
    flat: Members = []
    _flatten(frame, members, flat, 0)
    return flat


def _flatten(frame: Frame, members: Members, flat: Members, depth: int) -> None:
    if depth > MAX_NESTING:
        raise FeelBudgetExceeded("depth")
    frame.spend(len(members))
    for member in members:
        if isinstance(member, list):
            _flatten(frame, member, flat, depth + 1)
        else:
            flat.append(member)
    _limited(flat)


@builtin(
    "sort(list: list, precedes?: function)",
    group="list",
    en="The list in the order that a function of two members says, or in its own.",
    zh="排序；可给出比较函数。",
)
def sort(frame: Frame, members: Members, precedes: Function | None = None) -> FeelValue:
    frame.spend(len(members))
    failed = False

    def before(left: FeelValue, right: FeelValue) -> bool:
        nonlocal failed
        if precedes is None:
            answer: FeelValue = compare(frame, "<", left, right)
        else:
            answer = call(frame, precedes, (left, right))
        failed |= not isinstance(answer, bool)
        return answer is True

    def order(left: FeelValue, right: FeelValue) -> int:
        frame.spend(1)
        if before(left, right):
            return -1
        return 1 if before(right, left) else 0

    ordered = sorted(members, key=cmp_to_key(order))
    return None if failed else ordered
