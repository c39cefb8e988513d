"""The golden cases of the package: facts in, category, reasons, months and amount out.

What tables alone can answer stands in `golden/*.toml`; what takes the diagrams is told in
`test_golden_journeys.py`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.types import Variable
from tests.bpmn import tables
from workflows.programmes import ProgrammePackage, load
from workflows.queries.rulebook import local_day

PATHS = sorted((tables.FOLDER / "golden").glob("*.toml"))
FACTS = (
    tables.PLAIN.keys()
    - {"submitted_on", "window_from", "window_to", "in_window"}
    - {
        "duplicate",
        "files",
        "scan",
        "account_check",
    }
)


@dataclass(frozen=True, slots=True)
class Golden:
    """One case as its file says."""

    id: str
    title_zh: str
    title_en: str
    on: date
    submitted_at: datetime
    facts: Mapping[str, Variable]
    parameters: Mapping[str, str]
    stop: Mapping[str, str]
    expect: Mapping[str, object]


def read(path: Path) -> Golden:
    plain = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    case, given = plain["case"], dict(plain["input"])
    submitted_at = given.pop("submitted_at")
    assert given.keys() <= FACTS, given.keys() - FACTS
    return Golden(
        **case,
        submitted_at=submitted_at,
        facts=dict.fromkeys(FACTS) | given,
        parameters=plain.get("parameters", {}),
        stop=plain.get("stop", {}),
        expect=plain["expect"],
    )


def figures(package: ProgrammePackage, golden: Golden) -> dict[str, Variable]:
    """The package's figures in force on the day, with what the case says instead."""
    found: dict[str, Variable] = {}
    for row in sorted(package.parameters, key=lambda row: row.valid_from):
        if row.valid_from <= golden.on and not row.tier:
            found[row.key] = row.value
    for key, written in golden.parameters.items():
        assert key in found
        found[key] = Decimal(written) if written else None
    return found


@pytest.fixture(scope="module")
def package() -> ProgrammePackage:
    return load(tables.FOLDER)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_golden(path: Path, package: ProgrammePackage) -> None:
    golden = read(path)
    assert golden.id == path.stem
    assert golden.title_zh
    assert golden.title_en
    on = local_day(golden.submitted_at)
    assert on == golden.on
    window = package.version(1)
    in_window = window.effective_from <= on <= window.effective_to
    facts = {**golden.facts, "in_window": in_window}

    assert tables.category(facts) == golden.expect["category"]
    reasons = tables.reasons(facts)
    assert reasons == golden.expect["reasons"]
    assert set(reasons) <= package.reasons.keys()
    known = {"category", "reasons", "months", "amount", "no_rule", "last_period"}
    assert golden.expect.keys() <= known
    if not reasons:
        amount = tables.ask("amount", {**facts, **figures(package, golden)})
        if golden.expect.get("no_rule"):
            assert (amount.fired, amount.value) == ((), None)
        else:
            assert amount.value == {
                "monthly": Decimal(str(golden.expect["amount"])),
                "months": golden.expect["months"],
            }
    if golden.stop:
        assert tables.ask("stop", golden.stop).value == golden.expect["last_period"]


def test_every_numbered_case_of_the_tables_is_there() -> None:
    numbers = {int(path.stem[:2]) for path in PATHS}
    assert numbers == set(range(1, 21))
