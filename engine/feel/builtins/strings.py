"""Text, counted by code points."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.frame import Frame
from engine.feel.patterns import BadPattern, compile_pattern
from engine.feel.values import MAX_TEXT, FeelValue

_REFERENCE = re.compile(r"\\(.)|\$(\d)|([$\\])|([^$\\]+)", re.DOTALL)


@builtin(
    "substring(string: string, start position: number, length?: number)",
    group="string",
    en="The characters from a position on, counted from 1, or from the end when negative.",
    zh="从某一位置起的子串；位置从 1 起，负数从末尾数。",
)
def substring(
    _frame: Frame, text: str, position: Decimal, length: Decimal | None = None
) -> FeelValue:
    if not 1 <= abs(position) <= max(len(text), 1) or (length is not None and length < 1):
        return None
    start = int(position)
    begin = start - 1 if start > 0 else len(text) + start
    return (
        text[begin:]
        if length is None
        else text[begin : begin + int(min(length, Decimal(MAX_TEXT)))]
    )


@builtin(
    "string length(string: string)",
    group="string",
    en="How many characters a text has.",
    zh="文本的字符数。",
)
def string_length(_frame: Frame, text: str) -> FeelValue:
    return Decimal(len(text))


@builtin("upper case(string: string)", group="string", en="In capitals.", zh="转为大写。")
def upper_case(_frame: Frame, text: str) -> FeelValue:
    return _limited(text.upper())


@builtin("lower case(string: string)", group="string", en="In small letters.", zh="转为小写。")
def lower_case(_frame: Frame, text: str) -> FeelValue:
    return _limited(text.lower())


@builtin(
    "substring before(string: string, match: string)",
    group="string",
    en="What stands before the first match; empty without one.",
    zh="首次匹配之前的部分；无匹配则为空文本。",
)
def substring_before(_frame: Frame, text: str, match: str) -> FeelValue:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin(
    "substring after(string: string, match: string)",
    group="string",
    en="What stands after the first match; empty without one.",
    zh="首次匹配之后的部分；无匹配则为空文本。",
)
def substring_after(_frame: Frame, text: str, match: str) -> FeelValue:
    return text.partition(match)[2] if match else text


@builtin(
    "contains(string: string, match: string)",
    group="string",
    en="Does the text contain the other?",
    zh="文本是否包含另一段文本。",
)
def text_contains(_frame: Frame, text: str, match: str) -> FeelValue:
    return match in text


@builtin(
    "starts with(string: string, match: string)",
    group="string",
    en="Does the text begin with the other?",
    zh="文本是否以另一段文本开头。",
)
def starts_with(_frame: Frame, text: str, match: str) -> FeelValue:
    return text.startswith(match)


@builtin(
    "ends with(string: string, match: string)",
    group="string",
    en="Does the text end with the other?",
    zh="文本是否以另一段文本结尾。",
)
def ends_with(_frame: Frame, text: str, match: str) -> FeelValue:
    return text.endswith(match)


def _limited(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FeelBudgetExceeded("text")
    return text


def _regex(frame: Frame, pattern: str, flags: FeelValue, text: str) -> re.Pattern[str] | None:
    if flags is not None and not isinstance(flags, str):
        return None
    frame.spend(1 + len(text) // 16)
    try:
        return compile_pattern(pattern, flags or "").check(text)
    except BadPattern:
        frame.warn("pattern")
        return None


@builtin(
    "matches(input: string, pattern: string, flags?: any)",
    group="string",
    en="Does a regular expression match within the text?",
    zh="正则表达式是否匹配文本。",
)
def matches(frame: Frame, text: str, pattern: str, flags: FeelValue = None) -> FeelValue:
    regex = _regex(frame, pattern, flags, text)
    return None if regex is None else regex.search(text) is not None


@builtin(
    "replace(input: string, pattern: string, replacement: string, flags?: any)",
    group="string",
    en="The text with every match replaced; $1 is the first group.",
    zh="替换所有匹配；$1 表示第一个分组。",
)
def replace(
    frame: Frame, text: str, pattern: str, replacement: str, flags: FeelValue = None
) -> FeelValue:
    regex = _regex(frame, pattern, flags, text)
    if regex is None or regex.match("") is not None:
        return None
    literal = isinstance(flags, str) and "q" in flags
    fill = (lambda _match: replacement) if literal else _replacement(replacement, regex.groups)
    if fill is None:
        frame.warn("pattern")
        return None
    parts: list[str] = []
    length = position = 0
    for match in regex.finditer(text):
        parts += (text[position : match.start()], fill(match))
        length += len(parts[-1]) + len(parts[-2])
        if length > MAX_TEXT:
            raise FeelBudgetExceeded("text")
        position = match.end()
    return _limited("".join(parts) + text[position:])


def _replacement(text: str, groups: int) -> Callable[[re.Match[str]], str] | None:
    """What stands for a match: `$n` is a group, a backslash takes the sense from $ and itself."""
    parts: list[str | int] = []
    for match in _REFERENCE.finditer(text):
        escaped, group, lone, plain = match.groups()
        if lone or (escaped and escaped not in "$\\"):
            return None
        if group is None:
            parts.append(escaped or plain)
        elif int(group) <= groups:
            parts.append(int(group))
    return lambda found: "".join(
        part if isinstance(part, str) else found[part] or "" for part in parts
    )


@builtin(
    "split(string: string, delimiter: string)",
    group="string",
    en="The parts between the matches of a regular expression.",
    zh="按正则表达式拆分文本。",
)
def split(frame: Frame, text: str, delimiter: str) -> FeelValue:
    regex = _regex(frame, delimiter, None, text)
    if regex is None:
        return None
    parts: list[FeelValue] = []
    position = 0
    for match in regex.finditer(text):
        if match.end() == match.start():
            continue
        parts.append(text[position : match.start()])
        position = match.end()
    return [*parts, text[position:]]


@builtin(
    "extract(string: string, pattern: string)",
    group="own",
    en="All matches of a regular expression, a list. Not in the standard.",
    zh="正则表达式的所有匹配（列表）。标准之外。",
)
def extract(frame: Frame, text: str, pattern: str) -> FeelValue:
    regex = _regex(frame, pattern, None, text)
    return None if regex is None else [match[0] for match in regex.finditer(text)]


@builtin(
    "string join(list: list, delimiter?: any)",
    group="string",
    en="The texts of a list in one, null left out.",
    zh="把列表中的文本连接起来，忽略 null。",
)
def string_join(frame: Frame, members: list[FeelValue], delimiter: FeelValue = None) -> FeelValue:
    if delimiter is not None and not isinstance(delimiter, str):
        return None
    frame.spend(len(members))
    texts = [member for member in members if isinstance(member, str)]
    if len(texts) != sum(member is not None for member in members):
        frame.warn("argument-kind", "string join: list")
        return None
    separator = delimiter or ""
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_TEXT + len(separator):
        raise FeelBudgetExceeded("text")
    return separator.join(texts)
