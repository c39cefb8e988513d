"""Bytes from outside become a tree, or a finding. Nothing that arrives here can raise or hang.

Limits come before meaning: size, encoding, no document type, elements and depth while parsing.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml.etree import _Element as Element

from engine.kernel.drawing.names import kind
from engine.kernel.drawing.report import Report

MAX_BYTES = 1_048_576
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100
CHUNK = 65_536

DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*?\?>")
DECLARED = re.compile(rb"""\A\s*<\?xml\b[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
UNICODE = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
# What older modellers write; each reads bytes in one way only.
ENCODINGS = frozenset({
    "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252",
    "cp1252", "gbk", "gb2312", "gb18030", "big5", "shift_jis", "euc-kr",
})  # fmt: skip
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


class Refused(Exception):
    """Why these bytes are no diagram."""

    def __init__(self, code: str, **args: str) -> None:
        super().__init__(code)
        self.code = code
        self.args_of_code = args


def read_tree(raw: bytes, report: Report) -> Element | None:
    """The root element of a diagram; None when a finding says why there is none."""
    if len(raw) > MAX_BYTES:
        report.error("xml.too_large", limit=str(MAX_BYTES))
        return None
    try:
        root = parsed(decoded(raw).encode())
    except Refused as refusal:
        report.error(refusal.code, **refusal.args_of_code)
        return None
    if kind(root) != "definitions":
        report.error("xml.not_bpmn")
        return None
    return root


def decoded(raw: bytes) -> str:
    """The text without its XML declaration, whose encoding holds no longer."""
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), "")
    if not encoding:
        said = DECLARED.match(raw)
        name = "" if said is None else said[1].decode().lower()
        encoding = name if name in ENCODINGS else "utf-8"
    try:
        text = raw.decode("gb18030" if encoding in ("gbk", "gb2312") else encoding)
        text.encode()
    except UnicodeError as problem:
        raise Refused("xml.encoding", name=encoding) from problem
    declaration = DECLARATION.match(text)
    if declaration is None:
        return text
    declared = ENCODING.search(declaration[0])
    if declared is not None and declared[1].lower() not in UNICODE | {encoding}:
        raise Refused("xml.encoding", name=declared[1])
    return text[declaration.end() :]


def parsed(raw: bytes) -> Element:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    size = Size()
    try:
        for at in range(0, len(raw), CHUNK):
            parser.feed(raw[at : at + CHUNK])
            size.check(parser)
        root = parser.close()
        size.check(parser)
    except etree.XMLSyntaxError as problem:
        line, column = problem.position
        raise Refused("xml.syntax", line=str(line or 0), column=str(column or 0)) from problem
    # Entities are not expanded: one that is left over stands for text that nobody can see.
    if root.getroottree().docinfo.doctype or not all(isinstance(e.tag, str) for e in root.iter()):
        raise Refused("xml.doctype")
    return root


class Size:
    """Elements and depth, counted while the tree grows."""

    def __init__(self) -> None:
        self.elements = 0
        self.depth = 0

    def check(self, parser: etree.XMLPullParser) -> None:
        for event, _ in parser.read_events():
            self.depth += 1 if event == "start" else -1
            self.elements += event == "start"
            if self.depth > MAX_DEPTH:
                raise Refused("xml.too_deep", limit=str(MAX_DEPTH))
            if self.elements > MAX_ELEMENTS:
                raise Refused("xml.too_many_elements", limit=str(MAX_ELEMENTS))
