"""Decision tables of a bundle: found by business rule tasks, refused and advised upon."""

import pytest

from engine.kernel.lint import explain
from engine.kernel.model import DecisionWork
from tests.engine.kernel.diagrams import bpmn, codes, main_line, model, read, rule


def dmn(*rules: tuple[str, str], policy: str = "UNIQUE", more: str = "") -> bytes:
    """A table `grade` from the number `months`."""
    rows = "".join(
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{test}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{value}</text></outputEntry></rule>'
        for number, (test, value) in enumerate(rules, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        f' namespace="urn:test"><decision id="grade" name="等级"><decisionTable id="t"'
        f' hitPolicy="{policy}"><input id="in" label="months"><inputExpression id="ie"'
        ' typeRef="number"><text>months</text></inputExpression></input>'
        f'<output id="out" name="grade" typeRef="string"/>{rows}</decisionTable></decision>'
        f"{more}</definitions>"
    ).encode()


DIAGRAM = bpmn(main_line("t"), rule("t", "grade", "grade"))
USES = (
    '<import name="s" namespace="urn:shared" importType="x"/>'
    '<decision id="u" name="u"><informationRequirement>'
    '<requiredDecision href="urn:shared#word"/></informationRequirement>'
    "<literalExpression><text>s.word</text></literalExpression></decision>"
)
SHARED = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:shared">'
    '<decision id="word" name="word"><literalExpression><text>VALUE</text></literalExpression>'
    "</decision></definitions>"
)
GOOD = dmn(("&lt; 12", '"low"'), ("&gt;= 12", '"high"'))


class TestReadTables:
    def test_gives_the_decision_to_its_task(self) -> None:
        found = model(DIAGRAM, grade_dmn=GOOD)

        assert found.containers["p"].nodes["t"].work == DecisionWork("grade", "grade")
        assert set(found.decisions) == {"grade"}

    def test_no_match_may_be_null(self) -> None:
        drawn = bpmn(main_line("t"), rule("t", "grade", "g", attributes='shenling:noMatch="null"'))

        work = model(drawn, grade_dmn=GOOD).containers["p"].nodes["t"].work

        assert work == DecisionWork("grade", "g", no_match_null=True)

    def test_goes_by_id_not_by_name(self) -> None:
        drawn = bpmn(main_line("t"), rule("t", "等级"))

        assert codes(read(drawn, grade_dmn=GOOD)) == [("decision.unknown", "t")]

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "dmn.not-xml"),
            (b"<a/>", "dmn.not-dmn"),
            (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "dmn.doctype"),
            (dmn(("&lt; &lt;", '"x"')), "dmn.feel"),
            (dmn(("-", '"x"'), policy="SOME"), "dmn.hit-policy"),
            (dmn(("-", '"x"'), more='<import namespace="urn:x" importType="y"/>'), "dmn.import"),
        ],
    )
    def test_reports_what_is_wrong_with_a_file(self, raw: bytes, code: str) -> None:
        result = read(DIAGRAM, grade_dmn=raw)

        finding = next(f for f in result.findings if f.code == code)
        assert (finding.level, finding.file) == ("error", "grade.dmn")
        assert all("{" not in text.zh + text.en for text in explain(finding))

    def test_files_may_import_each_other(self) -> None:
        shared = SHARED.replace("VALUE", '"x"')
        result = read(DIAGRAM, grade_dmn=dmn(("-", '"x"'), more=USES), shared_dmn=shared.encode())

        assert result.model is not None
        assert set(result.model.decisions) == {"grade", "u", "word"}

    def test_says_once_and_where_what_an_imported_file_has_wrong(self) -> None:
        shared = SHARED.replace("VALUE", "1 +")
        result = read(DIAGRAM, grade_dmn=dmn(("-", '"x"'), more=USES), shared_dmn=shared.encode())

        assert [(f.code, f.file) for f in result.findings if f.code == "dmn.feel"] == [
            ("dmn.feel", "shared.dmn")
        ]

    def test_warns_of_a_decision_without_logic(self) -> None:
        result = read(DIAGRAM, grade_dmn=dmn(("-", '"x"'), more='<decision id="e" name="e"/>'))

        assert result.model is not None
        assert ("dmn.no-logic", "e") in codes(result, "warning")

    @pytest.mark.parametrize(
        ("rules", "code"),
        [
            ((("&lt; 12", '"a"'), ("&gt;= 6", '"b"')), "dmn.overlap"),
            ((("&lt; 12", '"a"'), ("&gt; 12", '"b"')), "dmn.gap"),
        ],
    )
    def test_advises_on_unique_tables(self, rules: tuple[tuple[str, str], ...], code: str) -> None:
        result = read(DIAGRAM, grade_dmn=dmn(*rules))

        assert result.model is not None
        assert (code, "grade") in codes(result, "warning")

    def test_has_nothing_to_say_of_a_good_table(self) -> None:
        found = codes(read(DIAGRAM, grade_dmn=GOOD), "warning")

        assert [code for code, _ in found if code.startswith("dmn.")] == []
