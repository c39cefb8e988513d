"""Rounding and arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from engine.feel.builtins.registry import builtin
from engine.feel.frame import Frame
from engine.feel.temporal import negate
from engine.feel.values import DECIMAL, FeelValue, YearsMonthsDuration

_MIN_SCALE, _MAX_SCALE = -6111, 6176
_WIDE = Context(prec=68, Emin=-6143, Emax=6144)


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> FeelValue:
    if not _MIN_SCALE <= scale <= _MAX_SCALE:
        return None
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    places = int(scale)
    if exponent >= -places and places >= 0:
        return value
    if value.adjusted() < -places - 1:
        # All digits stand behind the last place: only the direction of rounding matters.
        value = Decimal((value.is_signed(), (1,), -places - 2)) if value else value
    return DECIMAL.plus(value.quantize(Decimal((0, (1,), -places)), rounding, _WIDE))


def _declare_rounding(name: str, rounding: str, en: str, zh: str) -> None:
    def run(_frame: Frame, value: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
        return _rounded(value, scale, rounding)

    optional = "?" if name in ("floor", "ceiling") else ""
    builtin(f"{name}(n: number, scale{optional}: number)", group="number", en=en, zh=zh)(run)


_declare_rounding(
    "decimal", ROUND_HALF_EVEN, "Rounded to places, half to even.", "四舍六入五成双。"
)
_declare_rounding("floor", ROUND_FLOOR, "The next lower number.", "向下取整。")
_declare_rounding("ceiling", ROUND_CEILING, "The next higher number.", "向上取整。")
_declare_rounding("round up", ROUND_UP, "Rounded away from zero.", "远离零舍入。")
_declare_rounding("round down", ROUND_DOWN, "Rounded towards zero.", "向零舍入。")
_declare_rounding("round half up", ROUND_HALF_UP, "Rounded, half away from zero.", "四舍五入。")
_declare_rounding("round half down", ROUND_HALF_DOWN, "Rounded, half to zero.", "五舍六入。")


@builtin("abs(n: number|duration)", group="number", en="Without its sign.", zh="绝对值。")
def absolute(_frame: Frame, value: Decimal | timedelta | YearsMonthsDuration) -> FeelValue:
    if isinstance(value, Decimal):
        return DECIMAL.abs(value)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(abs(value.months))
    return negate(value) if value < timedelta() else value


@builtin(
    "modulo(dividend: number, divisor: number)",
    group="number",
    en="The remainder, with the sign of the divisor.",
    zh="取模，符号与除数相同。",
)
def modulo(frame: Frame, dividend: Decimal, divisor: Decimal) -> FeelValue:
    if not divisor:
        frame.warn("division-by-zero", "modulo")
        return None
    quotient = DECIMAL.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return DECIMAL.subtract(dividend, DECIMAL.multiply(divisor, quotient))


def _declare_function(name: str, compute: Callable[[Decimal], Decimal], en: str, zh: str) -> None:
    def run(_frame: Frame, value: Decimal) -> FeelValue:
        return compute(value)

    builtin(f"{name}(number: number)", group="number", en=en, zh=zh)(run)


_declare_function("sqrt", DECIMAL.sqrt, "The square root.", "平方根。")
_declare_function("exp", DECIMAL.exp, "Euler's number to that power.", "自然指数。")


@builtin("log(number: number)", group="number", en="The natural logarithm.", zh="自然对数。")
def log(_frame: Frame, value: Decimal) -> FeelValue:
    return DECIMAL.ln(value) if value > 0 else None


@builtin("odd(number: number)", group="number", en="Is it odd?", zh="是否为奇数。")
def odd(_frame: Frame, value: Decimal) -> FeelValue:
    return DECIMAL.remainder(DECIMAL.abs(value), Decimal(2)) == 1


@builtin("even(number: number)", group="number", en="Is it even?", zh="是否为偶数。")
def even(_frame: Frame, value: Decimal) -> FeelValue:
    return DECIMAL.remainder(value, Decimal(2)) == 0
