import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workflows.ports import catalogue
from workflows.ports.register_csv import CsvRegisters
from workflows.ports.register_simulator import RegisterScenario, SimulatedRegisters
from workflows.ports.registers import (
    FACTS,
    NO_DATA,
    UNAVAILABLE,
    FactAnswer,
    PersonQuery,
    RegisterConnector,
    Verdict,
    read_fact,
)

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
ANNA = PersonQuery("index-1", "229901199003071249", "张三")
OTHER = PersonQuery("index-2", "229901198506150016", "李四")


def asked(connector: RegisterConnector, person: PersonQuery, *facts: str) -> list[FactAnswer]:
    answer = connector.query(facts, person, at=AT, key="k")
    assert answer.fetched_at == AT
    return [answer.facts[fact] for fact in facts]


def value(known: bool | int | str) -> FactAnswer:  # noqa: FBT001 - a flag is a value here
    return FactAnswer(Verdict.VALUE, known)


class TestSimulator:
    def test_knows_an_ordinary_person(self) -> None:
        facts = asked(SimulatedRegisters(), ANNA, "ui_history", "employed", "register_name")

        assert facts == [value("exhausted"), value(known=False), value("张三")]

    @pytest.mark.parametrize("person", [ANNA.id_index, ANNA.id_number])
    def test_follows_the_scenario_of_one_person(self, person: str) -> None:
        connector = SimulatedRegisters(
            RegisterScenario({person: {"employed": True, "pension": "unavailable"}})
        )

        assert asked(connector, ANNA, "employed", "pension") == [value(known=True), UNAVAILABLE]
        assert asked(connector, OTHER, "employed") == [value(known=False)]

    def test_can_be_down_in_part_or_whole(self) -> None:
        part = SimulatedRegisters(RegisterScenario(unavailable=frozenset({"employed"})))
        whole = SimulatedRegisters(RegisterScenario(down=True))

        assert asked(part, ANNA, "employed", "insured") == [UNAVAILABLE, value(known=True)]
        assert whole.query(FACTS, ANNA, at=AT, key="k").unavailable == FACTS.keys()

    def test_says_no_data_where_nothing_is_on_record(self) -> None:
        assert asked(SimulatedRegisters(), ANNA, "phone") == [NO_DATA]

    def test_reads_its_scenario_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "scenario.toml"
        path.write_text(
            'unavailable = ["pension"]\n[otherwise]\ninsured = false\n'
            '[people."229901199003071249"]\ncontribution_months = 8\nui_history = "never"\n'
        )

        connector = catalogue.get("register", "simulator", {"scenario": str(path)})

        assert asked(connector, ANNA, "contribution_months", "ui_history", "pension") == [
            value(8),
            value("never"),
            UNAVAILABLE,
        ]
        assert asked(connector, OTHER, "insured") == [value(known=False)]

    def test_refuses_a_fact_nobody_keeps(self) -> None:
        with pytest.raises(ValueError, match="shoe_size"):
            SimulatedRegisters().query(["shoe_size"], ANNA, at=AT, key="k")
        with pytest.raises(ValueError, match="shoe_size"):
            RegisterScenario({"x": {"shoe_size": 43}})

    def test_does_not_show_whom_it_was_asked_about(self) -> None:
        answer = SimulatedRegisters().query(["register_name"], ANNA, at=AT, key="k")

        assert "张三" not in repr(answer)
        assert "张三" not in repr(ANNA)
        assert ANNA.id_number not in repr(ANNA)


class TestReadFact:
    @pytest.mark.parametrize(
        ("name", "text", "answer"),
        [
            ("employed", "是", value(known=True)),
            ("employed", " N ", value(known=False)),
            ("employed", "maybe", UNAVAILABLE),
            ("employed", "", NO_DATA),
            ("contribution_months", "30", value(30)),
            ("contribution_months", "-1", UNAVAILABLE),
            ("contribution_months", "9999", UNAVAILABLE),
            ("ui_history", "drawing", value("drawing")),
            ("ui_history", "perhaps", UNAVAILABLE),
            ("register_name", "王五", value("王五")),
            ("register_name", "王\x00五", UNAVAILABLE),
        ],
    )
    def test_takes_only_what_means_something(
        self, name: str, text: str, answer: FactAnswer
    ) -> None:
        assert read_fact(name, text) == answer


class TestFactAnswer:
    def test_has_a_value_exactly_with_that_verdict(self) -> None:
        with pytest.raises(ValueError, match="value"):
            FactAnswer(Verdict.VALUE)
        with pytest.raises(ValueError, match="no_data"):
            FactAnswer(Verdict.NO_DATA, value=True)


class TestCsv:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "insured.csv").write_text(
            "id_number,insured,contribution_months,colour\n"
            "229901199003071249,1,30,red\n229901198506150016,,x,\n",
            encoding="utf-8-sig",
        )
        (tmp_path / "names.csv").write_text(
            "id_number,register_name\n229901199003071249,张三\n", encoding="gb18030"
        )
        return tmp_path

    def test_reads_every_file_of_the_folder(self, folder: Path) -> None:
        connector = catalogue.get("register", "csv", {"folder": str(folder)})

        assert asked(connector, ANNA, "insured", "contribution_months", "register_name") == [
            value(known=True),
            value(30),
            value("张三"),
        ]

    def test_tells_no_data_from_unavailable(self, folder: Path) -> None:
        facts = ("insured", "contribution_months", "register_name", "pension")

        assert asked(CsvRegisters(folder), OTHER, *facts) == [
            NO_DATA,
            UNAVAILABLE,
            NO_DATA,
            UNAVAILABLE,
        ]

    def test_reads_a_file_again_that_was_replaced(self, folder: Path) -> None:
        connector = CsvRegisters(folder)
        asked(connector, ANNA, "insured")

        (folder / "insured.csv").write_text("id_number,insured\n229901199003071249,否\n")

        assert asked(connector, ANNA, "insured") == [value(known=False)]

    def test_does_not_choose_between_two_rows_that_differ(self, folder: Path) -> None:
        rows = "229901199003071249,1\n229901199003071249,0\n229901198506150016,1\n"
        (folder / "insured.csv").write_text(f"id_number,insured\n{rows}")

        assert asked(CsvRegisters(folder), ANNA, "insured") == [UNAVAILABLE]
        assert asked(CsvRegisters(folder), OTHER, "insured") == [value(known=True)]

    def test_does_not_trust_a_file_that_is_too_old(self, folder: Path) -> None:
        written = AT - timedelta(days=3)
        for path in folder.glob("*.csv"):
            os.utime(path, (written.timestamp(), written.timestamp()))
        options = {"folder": str(folder), "max_age_days": "2"}

        assert asked(catalogue.get("register", "csv", options), ANNA, "insured") == [UNAVAILABLE]
        options["max_age_days"] = "4"
        assert asked(catalogue.get("register", "csv", options), ANNA, "insured") == [
            value(known=True)
        ]

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"insured\n1\n", id="no_id"),
            pytest.param(b"\xff\xff\xff", id="no_text"),
            pytest.param(b'id_number,insured\n"1,2', id="open_quote"),
            pytest.param(b"id_number,colour\n1,red\n", id="no_fact"),
        ],
    )
    def test_answers_unavailable_for_a_file_that_is_no_table(
        self, tmp_path: Path, content: bytes
    ) -> None:
        (tmp_path / "x.csv").write_bytes(content)

        assert asked(CsvRegisters(tmp_path), ANNA, "insured") == [UNAVAILABLE]

    def test_takes_a_short_row_for_empty_cells(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text("id_number,insured\n229901199003071249")

        assert asked(CsvRegisters(tmp_path), ANNA, "insured") == [NO_DATA]

    def test_answers_unavailable_without_a_folder(self, tmp_path: Path) -> None:
        assert asked(CsvRegisters(tmp_path / "none"), ANNA, "insured") == [UNAVAILABLE]
