"""The built-in functions, each declared once: `BUILTINS` feeds call, lint, editor and docs."""

from engine.feel.builtins import (
    contexts,
    conversion,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
    temporal,
)
from engine.feel.builtins.registry import BUILTINS, BuiltinInfo

# Importing the modules declares their functions.
_MODULES = (conversion, strings, lists, statistics, numbers, ranges, temporal, contexts)

__all__ = ["BUILTINS", "BuiltinInfo"]
