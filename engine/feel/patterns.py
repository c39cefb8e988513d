"""Regular expressions of XPath on Python's engine, with a bound on how long a match may take.

Python's matcher backtracks: `(a+)+b` takes for ever on thirty letters. While translating, the
worst case is estimated as a function of the text's length; what would exceed the budget is
refused before it runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.feel.errors import FeelBudgetExceeded
from engine.feel.unicode_classes import class_ranges

MAX_PATTERN = 500
MAX_REPEAT = 1_000
_MAX_STEPS = 5_000_000
_MAX_GROUPS = 20
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": 0, "q": 0}
_CLASSES = {"d": r"\d", "D": r"\D", "w": r"\w", "W": r"\W", "s": r"[ \t\n\r]", "S": r"[^ \t\n\r]"}
_NAME_CLASSES = {"i": r"[^\W\d]|:", "c": r"[\w:.\-]"}
_MEMBER_CLASSES = {**_CLASSES, "s": r" \t\n\r", "S": r"\S"}
_ESCAPED = set("\\|.?*+(){}-[]^$/'\"#&~@%!,:;<>=_` ")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_REPEAT = re.compile(r"\{(\d{1,5})(?:(,)(\d{1,5})?)?\}")


class BadPattern(ValueError):
    """The text is no regular expression of XPath."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern with its worst case: factor × length ** degree, or 2 ** length."""

    regex: re.Pattern[str]
    degree: int
    factor: int
    explosive: bool

    def check(self, text: str) -> re.Pattern[str]:
        length = len(text) + 1
        steps = self.factor * length**self.degree
        if self.explosive:
            steps *= 2 ** min(length, 64)
        if steps > _MAX_STEPS:
            raise FeelBudgetExceeded("pattern")
        return self.regex


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str = "") -> Pattern:
    """Raises: BadPattern, FeelBudgetExceeded (too long)."""
    if len(pattern) > MAX_PATTERN:
        raise FeelBudgetExceeded("pattern")
    if any(flag not in _FLAGS for flag in flags):
        raise BadPattern(flags)
    options = 0
    for flag in flags:
        options |= _FLAGS[flag]
    if "q" in flags:
        return Pattern(re.compile(re.escape(pattern), options), 1, 1, explosive=False)
    text = _without_space(pattern) if "x" in flags else pattern
    translation = _Translation(text, dotall="s" in flags, multiline="m" in flags)
    try:
        regex = re.compile(translation.whole(), options)
    except (re.error, OverflowError, RecursionError):
        raise BadPattern(pattern) from None
    return Pattern(regex, 1 + translation.unbounded, translation.factor, translation.explosive)


def _without_space(pattern: str) -> str:
    """Flag x: white space means nothing, except within a class."""
    kept: list[str] = []
    depth, escaped = 0, False
    for character in pattern:
        if character in " \t\n\r" and not depth:
            continue
        kept.append(character)
        if not escaped:
            depth = max(0, depth + (character == "[") - (character == "]"))
        escaped = character == "\\" and not escaped
    return "".join(kept)


@dataclass(slots=True)
class _Piece:
    """Translated text; does its length vary, does it hold alternatives, its first letter."""

    text: str
    varies: bool = False
    first: str = ""


class _Translation:
    def __init__(self, pattern: str, *, dotall: bool, multiline: bool) -> None:
        self.pattern = pattern
        self.index = 0
        self.groups = 0
        self.depth = 0
        self.unbounded = 0
        self.factor = 1
        self.explosive = False
        self.dot = "." if dotall else r"[^\n\r]"
        self.end = "$" if multiline else r"\Z"

    def whole(self) -> str:
        piece = self._alternatives()
        if self.index < len(self.pattern):
            raise BadPattern(self.pattern)
        return piece.text

    def _peek(self) -> str:
        return self.pattern[self.index : self.index + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise BadPattern(self.pattern)
        self.index += 1
        return character

    def _alternatives(self) -> _Piece:
        branches = [self._branch()]
        while self._peek() == "|":
            self.index += 1
            branches.append(self._branch())
        if len(branches) == 1:
            return branches[0]
        firsts = [branch.first for branch in branches]
        apart = "" not in firsts and len(set(firsts)) == len(firsts)
        self.factor *= 1 if apart else len(branches)
        varies = not apart or any(branch.varies for branch in branches)
        return _Piece("|".join(branch.text for branch in branches), varies)

    def _branch(self) -> _Piece:
        pieces: list[_Piece] = []
        while self._peek() and self._peek() not in "|)":
            pieces.append(self._repeated(self._atom()))
        first = pieces[0].first if pieces else ""
        return _Piece("".join(p.text for p in pieces), any(p.varies for p in pieces), first)

    def _repeated(self, atom: _Piece) -> _Piece:
        sign = self._peek()
        if sign and sign in "*+?":
            self.index += 1
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
            text = sign
        elif sign == "{":
            low, high, text = self._counts()
        else:
            return atom
        if self._peek() == "?":
            text += self._take()
        self._price(atom, low, high)
        return _Piece(atom.text + text, varies=low != high, first=atom.first if low else "")

    def _counts(self) -> tuple[int, int | None, str]:
        match = _REPEAT.match(self.pattern, self.index)
        if match is None:
            raise BadPattern(self.pattern)
        self.index = match.end()
        low = int(match[1])
        high = int(match[3]) if match[3] else (None if match[2] else low)
        if max(low, high or 0) > MAX_REPEAT:
            raise FeelBudgetExceeded("pattern")
        return low, high, match[0]

    def _price(self, atom: _Piece, low: int, high: int | None) -> None:
        if high is None:
            self.unbounded += 1
            self.factor *= max(low, 1)
        else:
            self.factor = min(self.factor * max(high, 1), 10 * _MAX_STEPS)
        # A repeated part that can itself match in several ways multiplies them at every turn.
        self.explosive |= atom.varies and (high is None or high > 1)

    def _atom(self) -> _Piece:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return _Piece(self._class())
        if character == "\\":
            return self._escape()
        if character in "*+?{})]":
            raise BadPattern(self.pattern)
        special = {".": self.dot, "$": self.end, "^": "^"}.get(character)
        if special is not None:
            return _Piece(special)
        return _Piece(re.escape(character), first=character)

    def _group(self) -> _Piece:
        opening = "("
        if self._peek() == "?":
            if self.pattern[self.index : self.index + 2] != "?:":
                raise BadPattern(self.pattern)
            self.index += 2
            opening = "(?:"
        else:
            self.groups += 1
        self.depth += 1
        if self.depth > _MAX_GROUPS or self.groups > MAX_PATTERN:
            raise FeelBudgetExceeded("pattern")
        inner = self._alternatives()
        self.depth -= 1
        if self._take() != ")":
            raise BadPattern(self.pattern)
        return _Piece(f"{opening}{inner.text})", inner.varies, inner.first)

    def _escape(self) -> _Piece:
        character = self._take()
        if character in _CONTROL:
            return _Piece(re.escape(_CONTROL[character]), first=_CONTROL[character])
        if character in _ESCAPED:
            return _Piece(re.escape(character), first=character)
        if character.isdigit():
            if not 1 <= int(character) <= self.groups:
                raise BadPattern(self.pattern)
            self.unbounded += 1
            return _Piece(f"(?:\\{character})", varies=True)
        return _Piece(self._named_class(character))

    def _named_class(self, character: str) -> str:
        if character in _CLASSES:
            return _CLASSES[character]
        if character.lower() in _NAME_CLASSES:
            inside = f"(?:{_NAME_CLASSES[character.lower()]})"
            return f"(?!{inside})(?s:.)" if character.isupper() else inside
        if character in "pP":
            return f"[{'^' if character == 'P' else ''}{self._category()}]"
        raise BadPattern(self.pattern)

    def _category(self) -> str:
        if self._take() != "{":
            raise BadPattern(self.pattern)
        end = self.pattern.find("}", self.index)
        name = self.pattern[self.index : end] if end > 0 else ""
        ranges = class_ranges(name)
        if ranges is None:
            raise BadPattern(self.pattern)
        self.index = end + 1
        return ranges

    def _class(self) -> str:
        """`[…]`; a subtracted class becomes a look-ahead in front of it."""
        negated = self._peek() == "^"
        self.index += negated
        members: list[str] = []
        without = ""
        while self._peek() != "]" or not members:
            character = self._take()
            if character == "-" and self._peek() == "[":
                self.index += 1
                without = f"(?!{self._class()})"
                break
            # After the `-` of a range, a further one is a letter like any other.
            edge = not members or members[-1] == "-"
            members.append(self._member(character, first=edge))
        if self._take() != "]":
            raise BadPattern(self.pattern)
        text = f"[{'^' if negated else ''}{''.join(members)}]"
        return f"(?:{without}{text})" if without else text

    def _member(self, character: str, *, first: bool) -> str:
        if character == "[":
            raise BadPattern(self.pattern)
        if character == "-":
            edge = first or self._peek() in ("]", "")
            return r"\-" if edge else "-"
        if character != "\\":
            return re.escape(character)
        escaped = self._take()
        if escaped in "pP":
            if escaped == "P":
                raise BadPattern(self.pattern)
            return self._category()
        if escaped in _MEMBER_CLASSES:
            return _MEMBER_CLASSES[escaped]
        if escaped in _CONTROL:
            return re.escape(_CONTROL[escaped])
        if escaped not in _ESCAPED:
            raise BadPattern(self.pattern)
        return re.escape(escaped)
