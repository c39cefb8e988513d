"""Which names are in scope while parsing, and the longest one that stands at a position.

A plain name is one identifier. What else a known name may hold (spaces, `+-*/.'`, a word of the
grammar) can only be recognised by knowing it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import chain

from engine.feel.tokens import NAME_PART, NAME_START

KEYWORDS = frozenset(
    [
        *("for", "in", "return", "if", "then", "else", "some", "every", "satisfies"),
        *("and", "or", "between", "function", "true", "false", "null"),
    ]
)
_PLAIN = re.compile(rf"{NAME_START}{NAME_PART}*")
_PART = re.compile(NAME_PART)


def normalise(name: str) -> str:
    return " ".join(name.split())


def is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None and name not in KEYWORDS


class Scope:
    """A stack of sets of names; only those that are not plain take part in the search."""

    def __init__(self, names: Iterable[str]) -> None:
        self._levels: list[tuple[str, ...]] = [_special(tuple(names))]
        self._pattern: re.Pattern[str] | None = None

    def push(self, names: Collection[str] | Iterable[str]) -> None:
        self._levels.append(_special(tuple(names)))
        if self._levels[-1]:
            self._pattern = None

    def pop(self) -> None:
        if self._levels.pop():
            self._pattern = None

    def add(self, name: str) -> None:
        """A further name of the innermost level."""
        if not is_plain(name):
            self._levels[-1] = (*self._levels[-1], name)
            self._pattern = None

    def remember(self, names: Iterable[str]) -> None:
        """Keys of a context that was read: a path may ask for them anywhere behind it."""
        further = _special(tuple(names))
        if further:
            self._levels[0] += further
            self._pattern = None

    def longest(self, source: str, position: int) -> tuple[str, int] | None:
        """The longest known name at the position, with where it ends."""
        if self._pattern is None:
            self._pattern = _any_of(frozenset(chain.from_iterable(self._levels)))
        match = self._pattern.match(source, position)
        return (normalise(match[0]), match.end()) if match else None


# Most texts are compiled with the same names around them: the built-in functions.
@lru_cache(maxsize=256)
def _special(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are no plain words."""
    return tuple(name for name in map(normalise, names) if name and not is_plain(name))


@lru_cache(maxsize=256)
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_name_pattern, longest_first)) or r"(?!)")


def _name_pattern(name: str) -> str:
    words = r"\s+".join(map(re.escape, name.split(" ")))
    return words + (rf"(?!{NAME_PART})" if _PART.fullmatch(name[-1]) else "")
