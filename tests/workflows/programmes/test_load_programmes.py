"""`manage.py load_programmes`: everything is there, and a second time nothing changes."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from engine import api
from engine.types import Bundle
from workflows.actions import audit, packages, programmes
from workflows.models import (
    AuditEntry,
    Notice,
    Office,
    PolicyParameter,
    Programme,
    ProgrammeVersion,
)
from workflows.programmes import load
from workflows.queries import rulebook

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def rows() -> Iterator[tuple[str, tuple[object, ...]]]:
    """Every row of the domain and the engine."""
    for label in ("workflows", "engine"):
        for model in apps.get_app_config(label).get_models():
            for values in model._default_manager.order_by("pk").values_list():
                yield model.__name__, tuple(values)


def load_all(root: Path | None = None, **options: object) -> str:
    out = io.StringIO()
    call_command(
        "load_programmes", *(["--root", str(root)] if root else []), stdout=out, **options
    )
    return out.getvalue()


def test_everything_is_there() -> None:
    said = load_all()

    assert said == "SYBZ: versions 1, 2; 52 offices; deployed\n"
    programme = Programme.objects.get()
    assert (programme.code, programme.exclusivity_group) == ("SYBZ", "unemployment")
    assert Office.objects.count() == 52
    assert Notice.objects.count() == 4
    version = rulebook.version_in_force(programme, on=date(2026, 11, 10))
    assert version.is_sample
    assert rulebook.version_in_force(programme, on=date(2020, 6, 1)).number == 1
    standard = rulebook.parameter(version, "ui_standard", tier="JL-CC-01", on=date(2026, 1, 1))
    assert standard == 1000
    assert version.rules.number("correction", "deadline_wd", 0) == 15
    assert rulebook.calendar(version).is_working_day(date(2020, 6, 28))
    processes = {view.process_id for view in api.definitions("SYBZ") if view.is_current}
    assert {"claim_review", "payout", "payment_batch"} <= processes


def test_twice_changes_nothing() -> None:
    load_all()
    before = list(rows())

    assert load_all() == "SYBZ: unchanged\n"
    assert list(rows()) == before


def test_silent_at_verbosity_zero() -> None:
    assert load_all(verbosity=0) == ""


def test_other_content_is_a_new_row_and_claims_keep_theirs(folder: Path) -> None:
    load_all(folder.parent)
    old = ProgrammeVersion.objects.get(number=2)
    path = folder / "policy.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("1000.00", "1100.00"), "utf-8")

    assert load_all(folder.parent) == "SYBZ: versions 1, 2\n"

    programme = Programme.objects.get()
    new = rulebook.version_in_force(programme, on=date(2026, 11, 10))
    assert new.pk != old.pk
    old.refresh_from_db()
    assert old.state == ProgrammeVersion.State.RETIRED
    assert PolicyParameter.objects.get(version=old, key="ui_standard").value == 1000
    assert PolicyParameter.objects.get(version=new, key="ui_standard").value == 1100


def test_going_back_publishes_the_old_row_again(folder: Path) -> None:
    path = folder / "policy.toml"
    text = path.read_text(encoding="utf-8")
    for written in (text, text.replace("1000.00", "1100.00"), text):
        path.write_text(written, encoding="utf-8")
        load_all(folder.parent)

    published = ProgrammeVersion.objects.filter(state=ProgrammeVersion.State.PUBLISHED)
    assert published.count() == 2
    figures = PolicyParameter.objects.filter(version__in=published, key="ui_standard")
    assert {row.value for row in figures} == {1000}


def test_version_that_is_gone_is_retired(folder: Path) -> None:
    load_all(folder.parent)
    path = folder / "programme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("number = 2", "number = 3"), encoding="utf-8")

    load_all(folder.parent)

    states = dict(ProgrammeVersion.objects.values_list("number", "state"))
    assert states == {1: "published", 2: "retired", 3: "published"}


def test_merged_office_stays_merged(folder: Path) -> None:
    load_all(folder.parent)
    successor = Office.objects.get(code="JL-CC-01")
    closed = date(2026, 6, 30)
    Office.objects.filter(code="JL-CC-02").update(successor=successor, valid_to=closed)
    path = folder / "offices.csv"
    text = path.read_text(encoding="utf-8").replace("0431-84222949", "0431-00000000")
    path.write_text(text, encoding="utf-8")

    assert load_all(folder.parent) == "SYBZ: 1 offices\n"

    row = Office.objects.get(code="JL-CC-02")
    assert (row.phone, row.valid_to, row.successor) == ("0431-00000000", closed, successor)


def test_loading_is_audited_once() -> None:
    load_all()
    load_all()
    assert [row.act for row in AuditEntry.objects.filter(chain=programmes.CHAIN)] == [
        "programme.loaded"
    ]
    assert audit.verify() is None


def test_published_draft_stays_current(folder: Path) -> None:
    """Loading the folder again must not undo what was published on top of it."""
    package = load(folder)
    packages.load_package(package, at=AT)
    files = dict(package.files) | {"note.json": b"{}"}
    later = api.deploy(
        Bundle(package.code, files),
        groups=programmes.GROUPS,
        milestones=package.milestones,
        by=None,
        at=AT + timedelta(days=1),
    )

    packages.load_package(package, at=AT + timedelta(days=2))

    current = {view.deployment_id for view in api.definitions("SYBZ") if view.is_current}
    assert current == {later[0].deployment_id}


def test_faulty_diagram_leaves_nothing_behind(folder: Path) -> None:
    path = folder / "claim_review.bpmn"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('formId="look_into"', 'formId="no_such"'), encoding="utf-8")

    with pytest.raises(CommandError, match=r"claim_review\.bpmn look_into"):
        load_all(folder.parent)

    assert not Programme.objects.exists()
    assert api.definitions() == ()


def test_faulty_package_is_named(folder: Path) -> None:
    (folder / "home.toml").unlink()
    with pytest.raises(CommandError, match=r"home\.toml file_missing"):
        load_all(folder.parent)


def test_empty_root_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no programme"):
        load_all(tmp_path)
