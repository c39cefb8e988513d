"""What many values come to. Each function takes a list or the values themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from engine.feel.builtins.registry import Implementation, builtin
from engine.feel.frame import Frame
from engine.feel.operators import compare
from engine.feel.values import DECIMAL, ZERO, FeelValue

Members = Sequence[FeelValue]
Statistic = Callable[[Frame, Members], FeelValue]


def _declare(name: str, statistic: Statistic, *, group: str, en: str, zh: str) -> None:
    def of_list(frame: Frame, members: list[FeelValue]) -> FeelValue:
        frame.spend(len(members))
        return statistic(frame, members)

    def of_values(frame: Frame, *members: FeelValue) -> FeelValue:
        return statistic(frame, members)

    declared: tuple[tuple[str, Implementation], ...] = (
        (f"{name}(list: list)", of_list),
        (f"{name}(...values: any)", of_values),
    )
    for signature, run in declared:
        builtin(signature, group=group, en=en, zh=zh)(run)


def _numbers(frame: Frame, members: Members) -> list[Decimal] | None:
    numbers = [member for member in members if isinstance(member, Decimal)]
    if len(numbers) != len(members):
        frame.warn("argument-kind", "numbers")
        return None
    return numbers


def _extreme(sign: str) -> Statistic:
    def run(frame: Frame, members: Members) -> FeelValue:
        if not members:
            return None
        best = members[0]
        for member in members:
            better = compare(frame, sign, member, best)
            if better is None:
                return None
            best = member if better else best
        return best

    return run


def _sum(frame: Frame, members: Members) -> Decimal | None:
    numbers = _numbers(frame, members)
    if not numbers:
        return None
    total = ZERO
    for number in numbers:
        total = DECIMAL.add(total, number)
    return total


def _mean(frame: Frame, members: Members) -> Decimal | None:
    total = _sum(frame, members)
    return None if total is None else DECIMAL.divide(total, Decimal(len(members)))


def _product(frame: Frame, members: Members) -> FeelValue:
    numbers = _numbers(frame, members)
    if not numbers:
        return None
    total = Decimal(1)
    for number in numbers:
        total = DECIMAL.multiply(total, number)
    return total


def _median(frame: Frame, members: Members) -> FeelValue:
    numbers = sorted(_numbers(frame, members) or [])
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return DECIMAL.divide(DECIMAL.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _stddev(frame: Frame, members: Members) -> FeelValue:
    """Of a sample: divided by one less than the count."""
    numbers = _numbers(frame, members)
    mean = _mean(frame, members)
    if numbers is None or mean is None or len(numbers) < 2:  # noqa: PLR2004  # see above
        return None
    total = ZERO
    for number in numbers:
        off = DECIMAL.subtract(number, mean)
        total = DECIMAL.add(total, DECIMAL.multiply(off, off))
    return DECIMAL.sqrt(DECIMAL.divide(total, Decimal(len(numbers) - 1)))


def _mode(frame: Frame, members: Members) -> FeelValue:
    """The most frequent numbers, ascending."""
    numbers = _numbers(frame, members)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


def _quantifier(*, decisive: bool) -> Statistic:
    def run(_frame: Frame, members: Members) -> FeelValue:
        if any(member is decisive for member in members):
            return decisive
        return None if any(not isinstance(m, bool) for m in members) else not decisive

    return run


_declare("min", _extreme("<"), group="list", en="The smallest value.", zh="最小值。")
_declare("max", _extreme(">"), group="list", en="The largest value.", zh="最大值。")
_declare("sum", _sum, group="list", en="The sum of numbers.", zh="求和。")
_declare("mean", _mean, group="list", en="The average of numbers.", zh="平均值。")
_declare("product", _product, group="list", en="The product of numbers.", zh="乘积。")
_declare("median", _median, group="list", en="The middle of numbers.", zh="中位数。")
_declare(
    "stddev", _stddev, group="list", en="The standard deviation of a sample.", zh="样本标准差。"
)
_declare("mode", _mode, group="list", en="The most frequent numbers, a list.", zh="众数（列表）。")
_declare(
    "all", _quantifier(decisive=False), group="boolean", en="Are all true?", zh="是否全部为真。"
)
_declare(
    "any", _quantifier(decisive=True), group="boolean", en="Is any true?", zh="是否至少一个为真。"
)
