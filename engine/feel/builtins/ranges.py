"""How points and ranges lie to each other (Allen's relations, as the standard defines them)."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.builtins.registry import builtin
from engine.feel.frame import Frame
from engine.feel.operators import compare
from engine.feel.values import FeelValue, Range

Relation = Callable[[Frame, Range, Range], bool | None]


class _Unordered(ValueError):
    """Two ends of different kinds."""


def _less(frame: Frame, left: FeelValue, right: FeelValue) -> bool:
    answer = compare(frame, "<", left, right)
    if answer is None:
        raise _Unordered
    return answer


def _order(frame: Frame, left: FeelValue, right: FeelValue) -> int:
    if _less(frame, left, right):
        return -1
    return 1 if _less(frame, right, left) else 0


def _before(frame: Frame, a: Range, b: Range) -> bool:
    """A ends before b begins."""
    order = _order(frame, a.high, b.low)
    return order < 0 or (order == 0 and not (a.high_closed and b.low_closed))


def _meets(frame: Frame, a: Range, b: Range) -> bool:
    return a.high_closed and b.low_closed and _order(frame, a.high, b.low) == 0


def _lows(frame: Frame, a: Range, b: Range) -> int:
    """Which of the two begins earlier: -1 for a."""
    return _order(frame, a.low, b.low) or (b.low_closed - a.low_closed)


def _highs(frame: Frame, a: Range, b: Range) -> int:
    """Which of the two ends earlier: -1 for a."""
    return _order(frame, a.high, b.high) or (a.high_closed - b.high_closed)


def _overlaps(frame: Frame, a: Range, b: Range) -> bool:
    return not _before(frame, a, b) and not _before(frame, b, a)


def _overlaps_before(frame: Frame, a: Range, b: Range) -> bool:
    return _lows(frame, a, b) < 0 and not _before(frame, a, b) and _highs(frame, a, b) <= 0


def _includes(frame: Frame, a: Range, b: Range) -> bool:
    return _lows(frame, a, b) <= 0 and _highs(frame, a, b) >= 0


def _starts(frame: Frame, a: Range, b: Range) -> bool:
    return _lows(frame, a, b) == 0 and _highs(frame, a, b) <= 0


def _finishes(frame: Frame, a: Range, b: Range) -> bool:
    return _highs(frame, a, b) == 0 and _lows(frame, a, b) >= 0


def _coincides(frame: Frame, a: Range, b: Range) -> bool:
    return _lows(frame, a, b) == 0 and _highs(frame, a, b) == 0


def _swapped(relation: Relation) -> Relation:
    return lambda frame, a, b: relation(frame, b, a)


def _declare(name: str, relation: Relation, en: str, zh: str, *, points: str) -> None:
    """`points` names the sides ("a", "b", "ab" for both at once) on which a point is allowed."""

    def run(frame: Frame, left: FeelValue, right: FeelValue) -> FeelValue:
        sides = ("" if isinstance(left, Range) else "a") + (
            "" if isinstance(right, Range) else "b"
        )
        if left is None or right is None or (sides and sides not in points.split()):
            return None
        if "!=" in (_sign(left), _sign(right)):
            return None
        return relation(frame, _as_range(left), _as_range(right))

    for first, second in _SIDES:
        builtin(f"{name}({first}: any, {second}: any)", group="range", en=en, zh=zh)(run)


# The names that the standard gives to two ranges, two points, and one of each.
_SIDES = (("range1", "range2"), ("point1", "point2"), ("point", "range"), ("range", "point"))


def _sign(value: FeelValue) -> str:
    return value.sign if isinstance(value, Range) else ""


def _as_range(value: FeelValue) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


_declare("before", _before, "Ends before the other begins.", "在另一区间之前。", points="a b ab")
_declare(
    "after", _swapped(_before), "Begins after the other ends.", "在另一区间之后。", points="a b ab"
)
_declare("meets", _meets, "Ends where the other begins.", "终点即另一区间起点。", points="")
_declare(
    "met by", _swapped(_meets), "Begins where the other ends.", "起点即另一区间终点。", points=""
)
_declare("overlaps", _overlaps, "Shares at least one point.", "与另一区间重叠。", points="")
_declare(
    "overlaps before",
    _overlaps_before,
    "Begins before the other and ends within it.",
    "先开始并在另一区间内结束。",
    points="",
)
_declare(
    "overlaps after",
    _swapped(_overlaps_before),
    "Begins within the other and ends after it.",
    "在另一区间内开始并在其后结束。",
    points="",
)
_declare("finishes", _finishes, "Ends where the other ends.", "与另一区间同时结束。", points="a")
_declare(
    "finished by",
    _swapped(_finishes),
    "The other ends where this one ends.",
    "另一区间与其同时结束。",
    points="b",
)
_declare("includes", _includes, "Includes the other.", "包含另一区间或点。", points="b")
_declare("during", _swapped(_includes), "Lies within the other.", "位于另一区间之内。", points="a")
_declare("starts", _starts, "Begins where the other begins.", "与另一区间同时开始。", points="a")
_declare(
    "started by",
    _swapped(_starts),
    "The other begins where this one begins.",
    "另一区间与其同时开始。",
    points="b",
)
_declare("coincides", _coincides, "Is the same.", "与另一区间相同。", points="ab")
