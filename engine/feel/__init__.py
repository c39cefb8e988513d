"""FEEL, the expression language of DMN: compiled to closures, total, without a clock."""

from engine.feel.builtins import BUILTINS
from engine.feel.builtins.registry import BuiltinInfo
from engine.feel.compiling import Problem
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.plain import from_feel
from engine.feel.signatures import Type
from engine.feel.text import format_value
from engine.feel.values import (
    Calendar,
    FeelValue,
    Function,
    Range,
    YearsMonthsDuration,
    kind,
    to_feel,
)

__all__ = [
    "BUILTINS",
    "BuiltinInfo",
    "Calendar",
    "Expression",
    "FeelBudgetExceeded",
    "FeelSyntaxError",
    "FeelValue",
    "Function",
    "Problem",
    "Range",
    "Type",
    "UnaryTests",
    "YearsMonthsDuration",
    "compile_expression",
    "compile_unary_tests",
    "format_value",
    "from_feel",
    "kind",
    "to_feel",
]
