"""Drafts of diagrams and tables: one author, another publisher, nothing lost on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import api
from engine.errors import DeploymentRefused
from tests import make
from tests.workflows import small_bundle
from workflows.accounts.models import User
from workflows.actions import audit, programmes
from workflows.actions.programmes import BaseOutdated, DraftChanged
from workflows.errors import InvalidInput, NotAllowed
from workflows.models import AuditEntry, DefinitionDraft

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
CHANGED = {
    "amount.dmn": small_bundle.tables()["amount.dmn"].decode().replace("0.80", "0.70"),
}


@pytest.fixture
def author() -> User:
    make.programme()
    return make.officer("he", "process_author", place=None)


@pytest.fixture
def publisher() -> User:
    return make.officer("lv", "process_publisher", place=None)


def base() -> int:
    """The current version of the review."""
    views = api.definitions(small_bundle.KEY)
    return next(row.id for row in views if row.is_current and row.process_id == "claim_review")


def drawn(author: User) -> DefinitionDraft:
    return programmes.save_draft(None, CHANGED, "少发一点", base(), 0, by=author, at=AT)


def test_draft_is_kept_and_changes_nothing_live(author: User) -> None:
    before = api.definitions(small_bundle.KEY)

    row = drawn(author)

    assert (row.revision, row.bundle_key, row.author) == (1, "TEST", author)
    assert api.definitions(small_bundle.KEY) == before
    assert [entry.act for entry in AuditEntry.objects.filter(chain=programmes.CHAIN)] == [
        "draft.saved"
    ]


def test_only_the_changed_files_are_kept(author: User) -> None:
    row = drawn(author)
    files = programmes.draft_bundle(row).files
    assert row.files == CHANGED
    assert files.keys() == small_bundle.bundle().files.keys()
    assert b"0.70" in files["amount.dmn"]


def test_empty_text_takes_a_file_away(author: User) -> None:
    row = programmes.save_draft(None, {"amount.dmn": ""}, "无金额表", base(), 0, by=author, at=AT)
    assert "amount.dmn" not in programmes.draft_bundle(row).files
    assert "decision.unknown" in {finding.code for finding in programmes.check_draft(row)}


def test_second_save_with_an_old_revision_loses_nothing(author: User) -> None:
    row = drawn(author)
    programmes.save_draft(row, {}, "第二稿", base(), 1, by=author, at=LATER)

    with pytest.raises(DraftChanged) as refused:
        programmes.save_draft(row, CHANGED, "另一个窗口", base(), 1, by=author, at=LATER)

    assert refused.value.revision == 2
    assert DefinitionDraft.objects.get().title == "第二稿"


def test_another_author_may_not_write_or_discard(author: User) -> None:
    row = drawn(author)
    other = make.officer("yan", "process_author", place=None)
    with pytest.raises(NotAllowed, match="other_author"):
        programmes.save_draft(row, {}, "改了", base(), 1, by=other, at=LATER)
    with pytest.raises(NotAllowed, match="other_author"):
        programmes.discard_draft(row, revision=1, by=other, at=LATER)


@pytest.mark.usefixtures("author")
def test_who_is_no_author_may_not_draw() -> None:
    with pytest.raises(NotAllowed, match="role"):
        drawn(make.officer("lin", "reviewer"))


@pytest.mark.parametrize(
    ("files", "title", "key", "wrong"),
    [
        ({"../x.bpmn": "x"}, "t", "K", {"files": "name"}),
        ({"x.py": "x"}, "t", "K", {"files": "name"}),
        ({"a/b.dmn": "x"}, "t", "K", {"files": "name"}),
        ({f"x{n}.dmn": "x" for n in range(101)}, "t", "K", {"files": "name"}),
        ({"x.dmn": "申" * 700_000}, "t", "K", {"files": "too_large"}),
        ({}, " ", "K", {"title": "length"}),
        ({}, "t" * 201, "K", {"title": "length"}),
        ({}, "t", "", {"bundle_key": "format"}),
        ({}, "t", "a b", {"bundle_key": "format"}),
    ],
)
def test_bad_input_is_named(
    author: User, files: dict[str, str], title: str, key: str, wrong: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        programmes.save_draft(None, files, title, None, 0, by=author, at=AT, bundle_key=key)
    assert refused.value.fields == wrong


def test_discarded_draft_is_gone_and_remembered(author: User) -> None:
    row = drawn(author)
    programmes.discard_draft(row, revision=1, by=author, at=LATER)

    assert not DefinitionDraft.objects.exists()
    assert AuditEntry.objects.filter(act="draft.discarded").count() == 1
    with pytest.raises(DraftChanged):
        programmes.discard_draft(row, revision=1, by=author, at=LATER)


def test_another_person_publishes(author: User, publisher: User) -> None:
    row = drawn(author)

    views = programmes.publish_draft(row, "已核对", by=publisher, at=LATER)

    assert {view.deployed_by_id for view in views} == {publisher.pk}
    assert all(view.is_current for view in views)
    row.refresh_from_db()
    assert (row.published_by, row.published_at, row.note) == (publisher, LATER, "已核对")
    assert row.deployment_id == views[0].deployment_id
    assert b"0.70" in api.files(base())["amount.dmn"]
    assert audit.verify() is None


def test_author_may_not_publish_their_own(author: User) -> None:
    row = drawn(author)
    make.officer("he", "process_publisher", place=None)
    with pytest.raises(NotAllowed, match="own_draft"):
        programmes.publish_draft(row, "", by=author, at=LATER)
    assert DefinitionDraft.objects.get().published_at is None


def test_who_is_no_publisher_may_not_publish(author: User) -> None:
    with pytest.raises(NotAllowed, match="role"):
        programmes.publish_draft(drawn(author), "", by=make.officer("wu", "supervisor"), at=LATER)


def test_faulty_draft_is_refused_whole(author: User, publisher: User) -> None:
    row = programmes.save_draft(
        None, {"payout.bpmn": "<not-bpmn/>"}, "坏图", base(), 0, by=author, at=AT
    )
    before = api.definitions(small_bundle.KEY)

    with pytest.raises(DeploymentRefused) as refused:
        programmes.publish_draft(row, "", by=publisher, at=LATER)

    assert any(finding.file == "payout.bpmn" for finding in refused.value.findings)
    assert api.definitions(small_bundle.KEY) == before
    row.refresh_from_db()
    assert row.published_at is None


def test_what_changed_since_it_was_looked_at_is_not_published(
    author: User, publisher: User
) -> None:
    row = drawn(author)
    programmes.save_draft(row, {}, "又改了", base(), 1, by=author, at=LATER)
    with pytest.raises(DraftChanged):
        programmes.publish_draft(row, "", revision=1, by=publisher, at=LATER)


def test_publishing_twice_is_refused(author: User, publisher: User) -> None:
    row = drawn(author)
    programmes.publish_draft(row, "", by=publisher, at=LATER)
    row.refresh_from_db()
    with pytest.raises(DraftChanged):
        programmes.publish_draft(row, "", by=publisher, at=LATER)
    with pytest.raises(DraftChanged):
        programmes.save_draft(row, {}, "再改", None, 2, by=author, at=LATER, bundle_key="TEST")


def test_newer_publication_is_not_overwritten_by_accident(author: User, publisher: User) -> None:
    """Two authors start from one version; the second to be published would undo the first."""
    old = base()
    first, second = (
        drawn(author),
        programmes.save_draft(None, {}, "退回旧版", old, 0, by=author, at=AT),
    )
    programmes.publish_draft(first, "", by=publisher, at=LATER)

    with pytest.raises(BaseOutdated):
        programmes.publish_draft(second, "", by=publisher, at=LATER)


def test_going_back_publishes_the_old_files_as_new(author: User, publisher: User) -> None:
    old = base()
    programmes.publish_draft(drawn(author), "", by=publisher, at=LATER)
    back = programmes.save_draft(None, {}, "退回旧版", old, 0, by=author, at=LATER)

    programmes.publish_draft(back, "", over_newer=True, by=publisher, at=LATER)

    assert base() != old
    assert api.files(base())["amount.dmn"] == api.files(old)["amount.dmn"]
