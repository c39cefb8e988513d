"""Text into tokens. Names with spaces are put together by the parser, which knows the scope."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.feel.errors import FeelSyntaxError

# Name characters: letters of every script (the standard's ranges are wider than `\w`: emoji are
# names, too), digits and the underscore.
NAME_START = r"(?:[^\W\d]|[?\u2190-\u2bff\U00010000-\U000effff])"
NAME_PART = r"(?:\w|[\u00b7\u0300-\u036f\u203f\u2040\u2190-\u2bff\U00010000-\U000effff])"
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:\s|[\ufeff\u180e\u200b]|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)+)
  | (?P<number>(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<at>@\s*"(?:[^"\\]|\\.)*")
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<backtick>`[^`\n]+`)
  | (?P<name>{NAME_START}{NAME_PART}*)
  | (?P<symbol>\.\.|\*\*|!=|==|<=|>=|->|[-+*/=<>()\[\]{{}},:.'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_MAX_CODE_POINT = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a group name of the pattern, or "end"; `text` is the source as written."""

    kind: str
    text: str
    start: int
    end: int


def tokenise(source: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise error(source, position, *_what_is_wrong(source[position]))
        if match.lastgroup != "space":
            assert match.lastgroup is not None
            tokens.append(Token(match.lastgroup, match[0], position, match.end()))
        position = match.end()
    tokens.append(Token("end", "", position, position))
    return tokens


def _what_is_wrong(character: str) -> tuple[str, str]:
    if character in '"`@':
        return "open-quote", "the quote is not closed"
    return "character", f"unexpected {character!r}"


def error(source: str, position: int, code: str, message: str) -> FeelSyntaxError:
    return FeelSyntaxError(code, *line_and_column(source, position), message)


def line_and_column(source: str, position: int) -> tuple[int, int]:
    before = source[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def unquote(source: str, token: Token) -> str:
    """The text of a string literal, escapes resolved."""
    quoted = token.text[token.text.index('"') + 1 : -1]
    if "\\" not in quoted:
        return quoted
    text = _ESCAPE.sub(_unescape, quoted)
    text = _SURROGATES.sub(_join, text)
    if _LONE.search(text):
        raise error(source, token.start, "escape", "half of a surrogate pair")
    return text


def _unescape(match: re.Match[str]) -> str:
    if digits := match[1] or match[2]:
        number = int(digits, 16)
        return chr(number) if number <= _MAX_CODE_POINT else "\ufffd"
    # An unknown escape stands for itself: regular expressions are written "\d" as often as "\\d".
    return _SIMPLE.get(match[3], match[0])


def _join(match: re.Match[str]) -> str:
    high, low = match[0][0], match[0][1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))
