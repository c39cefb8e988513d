"""Findings in words: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.kernel.lint import wording_drawing, wording_support, wording_values
from engine.kernel.lint.wording import Wording, say
from engine.types import Finding, Text

WORDING: Mapping[str, Wording] = MappingProxyType(
    {**wording_drawing.WORDING, **wording_values.WORDING, **wording_support.WORDING}
)
UNKNOWN = say("{code}", "{code}", "请查看参考文档。", "See the reference.")


class Arguments(dict[str, str]):
    """Arguments of a finding; one that an old record lacks is shown as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def explain(finding: Finding) -> tuple[Text, Text]:
    """The message and the remedy of a finding, in both languages."""
    wording = WORDING.get(finding.code, UNKNOWN)
    args = Arguments({"code": finding.code, **finding.args})
    return filled(wording.message, args), filled(wording.remedy, args)


def filled(text: Text, args: Arguments) -> Text:
    return Text(text.zh.format_map(args), text.en.format_map(args))
