"""DMN text into a tree, without anything that reaches outside the file or blows up inside it."""

from __future__ import annotations

import re

from lxml import etree

from engine.decisions.errors import DecisionsInvalid, Problem

MAX_BYTES = 1_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100
_ENCODINGS = ("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII")
# All versions since 1.0; both spellings of the protocol occur in files of DMN 1.3 and later.
_MODEL = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}(/MODEL/?|/dmn\w*\.xsd|/?)")

Element = etree._Element  # noqa: SLF001  # lxml has no public name for the type


def parse(xml: bytes) -> Element:
    """The root of a DMN file.

    Raises:
        DecisionsInvalid: too large, not well-formed, with a DOCTYPE, or no DMN.
    """
    if len(xml) > MAX_BYTES:
        raise _refused("too-large", str(MAX_BYTES))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as problem:
        # libxml2 stops by itself at entities that grow; the reason is still the DOCTYPE.
        code = "doctype" if b"<!DOCTYPE" in xml else "not-xml"
        raise _refused(code, str(problem)[:200]) from None
    _check(root)
    return root


def _check(root: Element) -> None:
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise _refused("doctype")
    if info.encoding and info.encoding.upper() not in _ENCODINGS:
        raise _refused("encoding", info.encoding)
    _measure(root)
    if local_name(root) != "definitions" or not _is_dmn(root):
        raise _refused("not-dmn", str(root.tag)[:200])


def _is_dmn(root: Element) -> bool:
    """In a namespace of DMN, or in the model's own by mistake while one of DMN is declared."""
    spaces = {etree.QName(root).namespace or "", *root.nsmap.values()}
    return any(_MODEL.fullmatch(space) for space in spaces)


def _measure(root: Element) -> None:
    count = 0
    level = [root]
    for _ in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_ELEMENTS:
            raise _refused("too-many-elements", str(MAX_ELEMENTS))
        level = [child for parent in level for child in parent]
        if not level:
            return
    raise _refused("too-deep", str(MAX_DEPTH))


def _refused(code: str, *args: str) -> DecisionsInvalid:
    return DecisionsInvalid([Problem(code, "", args)])


def local_name(element: Element) -> str:
    return etree.QName(element).localname


def children(element: Element, *names: str) -> list[Element]:
    """The child elements of the DMN namespace with one of the names."""
    space = etree.QName(element).namespace
    return [
        child
        for child in element
        if isinstance(child.tag, str)
        and local_name(child) in names
        and etree.QName(child).namespace == space
    ]


def child(element: Element, name: str) -> Element | None:
    return next(iter(children(element, name)), None)


def text_of(element: Element | None) -> str:
    """The FEEL inside an element's `text` child."""
    inner = None if element is None else child(element, "text")
    return "" if inner is None else "".join(inner.itertext()).strip()


def attribute(element: Element, name: str) -> str:
    return (element.get(name) or "").strip()
