"""What the files of a bundle hold: outlines, decisions, processes, the changes of a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHENLING = "{urn:shenling:bpmn:1}"
CONTAINERS = frozenset(
    BPMN + tag for tag in ("definitions", "process", "subProcess", "transaction", "collaboration")
)
# Places and references that follow from the flows.
SHADOWS = frozenset(BPMN + tag for tag in ("incoming", "outgoing", "flowNodeRef"))


@dataclass(frozen=True, slots=True)
class Part:
    """One element or decision with its name."""

    file: str
    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part that a draft adds, removes or changes."""

    part: Part
    change: str


def parse(raw: bytes) -> etree._Element:
    """A file that the engine could read; entities and the network stay out all the same."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    return etree.fromstring(raw, parser)


def outline(file: str, raw: bytes) -> list[Part]:
    """The elements of a diagram in the order of the file, without flows and lanes."""
    quiet = {"sequenceFlow", "messageFlow", "lane", "process", "collaboration", "participant"}
    return [
        part
        for part, element in parts_of(file, raw)
        if element.getparent() is not None and part.kind not in quiet and in_process(element)
    ]


def in_process(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in CONTAINERS - {BPMN + "definitions"}


def parts_of(file: str, raw: bytes) -> Iterator[tuple[Part, etree._Element]]:
    """Named elements of a diagram, or the decisions of a table file."""
    for element in parse(raw).iter():
        tag = etree.QName(element).localname
        if file.endswith(".dmn"):
            wanted = tag == "decision"
        else:
            parent = element.getparent()
            wanted = parent is not None and parent.tag in CONTAINERS
        code = element.get("id")
        if wanted and code and tag not in {"BPMNDiagram", "laneSet"}:
            name = spoken(element) or (from_to(element) if tag == "sequenceFlow" else "")
            yield Part(file, code, tag, name), element


def from_to(flow: etree._Element) -> str:
    """A flow without a name is called by its two ends."""
    process = flow.getparent()
    assert process is not None
    names = {one.get("id"): spoken(one) for one in process}
    ends = [flow.get("sourceRef") or "", flow.get("targetRef") or ""]
    return " → ".join(names.get(end) or end for end in ends)


def spoken(element: etree._Element) -> str:
    """The name in the reader's language: English stands in an extension, if it is there."""
    if (get_language() or "").startswith("en"):
        for text in element.iterfind(f"{BPMN}extensionElements/{SHENLING}text"):
            if text.get("lang") == "en" and (text.text or "").strip():
                return (text.text or "").strip()
    return element.get("name") or ""


def decisions(files: Mapping[str, bytes]) -> list[Part]:
    """The decisions of all table files."""
    return [
        part
        for file, raw in sorted(files.items())
        if file.endswith(".dmn")
        for part, _element in parts_of(file, raw)
    ]


def processes(files: Mapping[str, bytes]) -> list[Part]:
    """The processes of all diagrams."""
    return [
        part
        for file, raw in sorted(files.items())
        if file.endswith(".bpmn")
        for part, _element in parts_of(file, raw)
        if part.kind == "process"
    ]


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Change]:
    """What differs between two readable bundles, part by part."""
    found = []
    for file in sorted(before.keys() | after.keys()):
        if before.get(file) == after.get(file):
            continue
        old, new = described(file, before.get(file)), described(file, after.get(file))
        for code in sorted(old.keys() | new.keys()):
            was, is_ = old.get(code), new.get(code)
            if was is not None and is_ is not None:
                if was[1] != is_[1]:
                    found.append(Change(is_[0], "changed"))
            elif is_ is not None:
                found.append(Change(is_[0], "added"))
            elif was is not None:
                found.append(Change(was[0], "removed"))
    return found


def described(file: str, raw: bytes | None) -> dict[str, tuple[Part, str]]:
    """Parts with what they say; a form is one part."""
    if raw is None:
        return {}
    if not file.endswith((".bpmn", ".dmn")):
        return {file: (Part(file, file, "file", ""), raw.decode("utf-8", "replace"))}
    return {part.id: (part, said(element)) for part, element in parts_of(file, raw)}


def said(element: etree._Element) -> str:
    """Everything an element says itself, without the elements that it only contains."""
    inside = [
        said(child)
        for child in element
        if isinstance(child.tag, str)
        and child.tag not in SHADOWS
        and not (element.tag in CONTAINERS and child.get("id"))
    ]
    return repr(
        (element.tag, sorted(element.attrib.items()), (element.text or "").strip(), inside)
    )
