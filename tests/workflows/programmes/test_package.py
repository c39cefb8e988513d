"""The shipped packages are complete, and what is stored of them is what their folder says."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from engine import api
from tests.workflows.programmes.conftest import SHIPPED
from workflows.actions.programmes import GROUPS
from workflows.models.rules import Rules
from workflows.programmes import ProgrammePackage, load, load_all
from workflows.programmes.contents import SEVERITIES
from workflows.programmes.reading import placeholders

HEADLINE = 60


@pytest.fixture(scope="module", params=[package.code for package in load_all(SHIPPED)])
def package(request: pytest.FixtureRequest) -> ProgrammePackage:
    return {found.code: found for found in load_all(SHIPPED)}[request.param]


def test_bundle_has_no_error(package: ProgrammePackage) -> None:
    findings = api.check_bundle(
        package.bundle(package.versions[0]), groups=GROUPS, milestones=package.milestones
    )
    assert [finding for finding in findings if finding.level == "error"] == []


def test_document_is_json_that_the_rules_read(package: ProgrammePackage) -> None:
    for version in package.versions:
        document = package.document(version)
        assert json.loads(json.dumps(document)) == document
        rules = Rules.read(document)
        assert rules.reasons == package.reasons
        assert rules.milestones == package.milestones
        assert rules.attachments == package.attachments
        assert rules.questions == package.questions
        assert rules.bundle_key == package.code


def test_every_process_and_decision_is_in_the_bundle(package: ProgrammePackage) -> None:
    diagrams = b"".join(raw for name, raw in package.files.items() if name.endswith(".bpmn"))
    tables = {name for name in package.files if name.endswith(".dmn")}
    for process in package.processes.values():
        assert f'<bpmn:process id="{process}"'.encode() in diagrams
    assert {f"{decision}.dmn" for decision in package.decisions.values()} <= tables


def test_texts_are_short_and_say_the_same_in_both_languages(package: ProgrammePackage) -> None:
    sentences = [row.citizen for row in package.reasons.values()]
    sentences += [row.text for row in package.milestones.values()]
    for sentence in sentences:
        assert len(sentence.zh) <= HEADLINE, sentence.zh
        assert sentence.en
        assert placeholders(sentence.zh) == placeholders(sentence.en)
    assert {row.severity for row in package.reasons.values()} <= set(SEVERITIES)


def test_every_form_of_a_diagram_is_there(package: ProgrammePackage) -> None:
    forms = {Path(name).stem for name in package.files if name.startswith("forms/")}
    drawn = b"".join(raw for name, raw in package.files.items() if name.endswith(".bpmn"))
    used = {part.split(b'"')[0].decode() for part in drawn.split(b'formId="')[1:]}
    assert used
    assert used <= forms


def test_unemployment_subsidy_has_what_the_guide_says() -> None:
    package = load(SHIPPED / "unemployment_subsidy")

    guide, sample = package.versions
    assert (guide.effective_from, guide.effective_to) == (date(2020, 3, 1), date(2020, 12, 31))
    assert (guide.is_sample, sample.is_sample) == (False, True)
    assert len(package.offices) == 52
    assert len({row.region.zh for row in package.offices}) == 13
    assert sum(not row.division_code for row in package.offices) == 1
    assert {"A01", "E09", "F07", "P07", "S90", "T01", "T07"} <= package.reasons.keys()
    assert all(row.is_sample for row in package.parameters)


def test_calendar_knows_make_up_days() -> None:
    calendar = load(SHIPPED / "unemployment_subsidy").calendar

    on = calendar["on"]
    assert isinstance(on, list)
    made_up = ["2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10"]
    assert [day for day in on if day.startswith("2020")] == made_up
    assert calendar["known_until"] == "2026-12-31"


def test_loading_twice_gives_the_same_bytes(folder: Path) -> None:
    def digest() -> str:
        package = load(folder)
        whole = json.dumps(package.document(package.versions[0]), sort_keys=True).encode()
        return hashlib.sha256(whole + b"".join(package.files.values())).hexdigest()

    assert digest() == digest()
