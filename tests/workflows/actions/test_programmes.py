"""Publishing programmes and drafts: once per content, by two people, refused with findings."""

from datetime import datetime

import pytest

from engine import api
from engine.errors import DeploymentRefused
from tests import make
from workflows.accounts.models import User
from workflows.actions import drafts, programmes
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed
from workflows.models import AuditEntry, DefinitionDraft, ProgrammeVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    make.programme()
    return make.officer("wei", "process_author", place=None)


@pytest.fixture
def publisher(author: User) -> User:
    del author
    return make.officer("jiang", "process_publisher", place=None)


@pytest.fixture
def draft(author: User, at: datetime) -> DefinitionDraft:
    base = next(row for row in api.definitions() if row.process_id == "claim_review")
    return drafts.start_draft(base.id, title="改动", by=author, at=at)


def changed(draft: DefinitionDraft) -> str:
    """The diagram with another deadline."""
    raw = drafts.bundle_of(draft).files["claim_review.bpmn"].decode()
    return raw.replace('workingDays="3"', 'workingDays="4"')


class TestPublish:
    def test_same_content_changes_nothing(self) -> None:
        make.programme()
        rows = AuditEntry.objects.filter(act="programme.published").count()
        edition = make.edition()

        programmes.publish(edition, by=None, at=make.AT)

        assert ProgrammeVersion.objects.count() == 1
        assert AuditEntry.objects.filter(act="programme.published").count() == rows
        assert {row.version for row in api.definitions()} == {1}

    def test_other_content_of_a_number_retires_the_earlier_one(self) -> None:
        make.programme()

        version = programmes.publish(
            make.edition(correction={"deadline_wd": 10}), by=None, at=make.AT
        )

        assert version.rules.number("correction", "deadline_wd", 0) == 10
        states = ProgrammeVersion.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["retired", "published"]


class TestDrafts:
    def test_published_by_another_person(
        self, draft: DefinitionDraft, author: User, publisher: User, at: datetime
    ) -> None:
        row = drafts.save_file(
            draft, "claim_review.bpmn", changed(draft), revision=1, by=author, at=at
        )
        assert not [found for found in drafts.findings(row) if found.level == "error"]

        deployed = drafts.publish_draft(row, revision=2, by=publisher, at=at)

        assert {view.version for view in deployed} == {2}
        assert {view.process_id for view in deployed} == {
            "claim_review",
            "payout",
            "payment_batch",
        }

    def test_author_does_not_publish(
        self, draft: DefinitionDraft, author: User, at: datetime
    ) -> None:
        make.officer("wei", "process_publisher", place=None)

        with pytest.raises(NotAllowed) as refused:
            drafts.publish_draft(draft, revision=1, by=author, at=at)

        assert refused.value.reasons == ("author_publishes",)

    def test_two_authors_at_once(self, draft: DefinitionDraft, author: User, at: datetime) -> None:
        drafts.save_file(draft, "claim_review.bpmn", "<a/>", revision=1, by=author, at=at)

        with pytest.raises(ClaimChanged):
            drafts.save_file(draft, "claim_review.bpmn", "<b/>", revision=1, by=author, at=at)

    def test_broken_diagram_is_kept_but_not_published(
        self, draft: DefinitionDraft, author: User, publisher: User, at: datetime
    ) -> None:
        row = drafts.save_file(draft, "claim_review.bpmn", "<no", revision=1, by=author, at=at)

        with pytest.raises(DeploymentRefused):
            drafts.publish_draft(row, revision=2, by=publisher, at=at)
        row.refresh_from_db()
        assert row.published_at is None

    @pytest.mark.parametrize("name", ["../x.bpmn", "x.py", "forms/a/b.json", "calendar.json"])
    def test_other_files_are_refused(
        self, draft: DefinitionDraft, author: User, at: datetime, name: str
    ) -> None:
        with pytest.raises(InvalidInput):
            drafts.save_file(draft, name, "x", revision=1, by=author, at=at)

    def test_reviewer_is_refused(self, draft: DefinitionDraft, at: datetime) -> None:
        lin = make.officer("lin", "reviewer")

        with pytest.raises(NotAllowed):
            drafts.save_file(draft, "claim_review.bpmn", "<a/>", revision=1, by=lin, at=at)
