"""Bytes from outside: whatever they are, they become a tree or a finding."""

import codecs

import pytest

from engine.kernel.drawing.report import Report
from engine.kernel.drawing.source import MAX_BYTES, MAX_DEPTH, read_tree
from tests.engine.kernel.diagrams import bpmn, codes, main_line, read, user

DIAGRAM = bpmn(main_line("u"), user("u", attributes='name="审核"')).decode()
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


class TestEncoding:
    @pytest.mark.parametrize(
        "raw",
        [
            DIAGRAM.encode(),
            codecs.BOM_UTF8 + DIAGRAM.encode(),
            DIAGRAM.encode("utf-16"),
            DIAGRAM.encode("utf-16-le"),
            DIAGRAM.encode("utf-16-be"),
            codecs.BOM_UTF16_BE + DIAGRAM.encode("utf-16-be"),
            f'<?xml version="1.0" encoding="UTF-16"?>{DIAGRAM}'.encode("utf-16"),
            f'<?xml version="1.0" encoding="utf-8"?>\n{DIAGRAM}'.encode(),
        ],
    )
    def test_is_recognised(self, raw: bytes) -> None:
        model = read(raw).model

        assert model is not None
        assert model.containers["p"].nodes["u"].name.zh == "审核"

    @pytest.mark.parametrize("name", ["GBK", "gb2312", "GB18030"])
    def test_of_older_modellers_is_read_as_it_is_declared(self, name: str) -> None:
        declared = f"<?xml version='1.0' encoding='{name}' standalone='yes'?>\n{DIAGRAM}"

        model = read(declared.encode(name)).model

        assert model is not None
        assert model.containers["p"].nodes["u"].name.zh == "审核"

    @pytest.mark.parametrize(
        "raw",
        [
            b"\xff\xfe\x00",
            b"\xff\xff",
            DIAGRAM.encode("gb18030"),
            f'<?xml version="1.0" encoding="KOI8-R"?>{DIAGRAM}'.encode(),
            f'<?xml version="1.0" encoding="GBK"?>{DIAGRAM}'.encode("gbk")[:-30] + b"\xff",
            DIAGRAM.encode("utf-16")[:-1],
            "<a>\ud800</a>".encode("utf-8", "surrogatepass"),
        ],
    )
    def test_is_refused_when_it_is_another(self, raw: bytes) -> None:
        assert codes(read(raw)) == [("xml.encoding", "")]


class TestLimits:
    def test_of_size_hold_before_parsing(self) -> None:
        assert codes(read(b"<" * (MAX_BYTES + 1))) == [("xml.too_large", "")]

    def test_of_depth_allow_the_last_level(self) -> None:
        report = Report()

        read_tree(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH, report)

        assert [f.code for f in report.findings] == ["xml.not_bpmn"]

    def test_of_elements_hold_for_a_million(self) -> None:
        assert codes(read(b"<a>" + b"<b/>" * 200_000 + b"</a>")) == [("xml.too_many_elements", "")]

    @pytest.mark.parametrize(
        "raw",
        [
            f"{BOMB}{DIAGRAM.replace('审核', '&b;')}",
            f"<!DOCTYPE definitions>{DIAGRAM}",
            f'<!DOCTYPE a SYSTEM "file:///etc/passwd">{DIAGRAM}',
            f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{DIAGRAM}',
        ],
    )
    def test_no_document_type_whatever_it_says(self, raw: str) -> None:
        assert codes(read(raw.encode())) == [("xml.doctype", "")]

    def test_an_undeclared_entity_is_no_diagram(self) -> None:
        assert codes(read(DIAGRAM.replace("审核", "&x;").encode())) == [("xml.syntax", "")]


class TestGarbage:
    @pytest.mark.parametrize(
        "raw", [b"", b"\x00", b"PK\x03\x04", b"<", b"<a/><b/>", b"{}", b"\x1f\x8b\x08\x00", b"<a>"]
    )
    def test_is_one_finding(self, raw: bytes) -> None:
        result = read(raw)

        assert result.model is None
        assert [f.code for f in result.findings] in (["xml.syntax"], ["xml.encoding"])

    def test_comments_and_instructions_mean_nothing(self) -> None:
        drawn = DIAGRAM.replace("<userTask", "<!-- <userTask id='x'/> --><?php x ?><userTask")

        assert read(drawn.encode()).model is not None
