"""Findings in words: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.kernel.lint import (
    wording_drawing,
    wording_support,
    wording_tables,
    wording_values,
)
from engine.kernel.lint.wording import Wording, say
from engine.kernel.lint.wording_values import REASONS
from engine.types import Finding, Text

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        **wording_drawing.WORDING,
        **wording_values.WORDING,
        **wording_support.WORDING,
        **wording_tables.WORDING,
    }
)
FEEL = frozenset({"feel.syntax", "feel.problem", "dmn.feel"})
UNKNOWN = say("{code}", "{code}", "请查看参考文档。", "See the reference.")


class Arguments(dict[str, str]):
    """Arguments of a finding; one that an old record lacks is shown as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def explain(finding: Finding) -> tuple[Text, Text]:
    """The message and the remedy of a finding, in both languages."""
    wording = WORDING.get(finding.code, UNKNOWN)
    args = Arguments({"code": finding.code, **finding.args})
    reason = REASONS.get(args["reason"]) if finding.code in FEEL else None
    zh = en = args
    if reason is not None:
        zh = Arguments({**args, "reason": reason.zh.format_map(args)})
        en = Arguments({**args, "reason": reason.en.format_map(args)})
    message, remedy = (Text(t.zh.format_map(zh), t.en.format_map(en)) for t in wording)
    return message, remedy
