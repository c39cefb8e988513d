"""Names in both languages, texts for the applicant, free properties."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml.etree import _Element as Element

from engine.kernel.drawing.names import NS, body
from engine.kernel.drawing.report import Report
from engine.types import Text

LANGUAGES = ("zh", "en")
# The columns that hold names.
LONGEST = 200
TEXTS = "bpmn:extensionElements/shenling:text"
PROPERTIES = "bpmn:extensionElements/zeebe:properties/zeebe:property"


def name_of(element: Element) -> Text:
    """The drawn name is Chinese; its English stands in `shenling:text lang="en"`."""
    names = (element.get("name") or "").strip(), texts_of(element).get("en", "")
    return Text(*(n if len(n) <= LONGEST else f"{n[: LONGEST - 1]}…" for n in names))


def texts_of(element: Element) -> Mapping[str, str]:
    found = {part.get("lang") or "": body(part) or "" for part in element.iterfind(TEXTS, NS)}
    return MappingProxyType({k: v for k, v in sorted(found.items()) if k in LANGUAGES})


def properties_of(element: Element) -> Mapping[str, str]:
    found = {p.get("name") or "": p.get("value") or "" for p in element.iterfind(PROPERTIES, NS)}
    return MappingProxyType({k: v for k, v in sorted(found.items()) if k})


def check_languages(root: Element, report: Report) -> None:
    for part in root.iterfind(f".//{TEXTS}", NS):
        if part.get("lang") not in LANGUAGES:
            report.error("text.language", part, language=(part.get("lang") or "")[:20])
