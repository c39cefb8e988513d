"""Who sees what: for each thing also the stranger, to whom missing and foreign look the same."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from tests import make
from workflows import access
from workflows.actions import people
from workflows.errors import InvalidInput, NotFound
from workflows.models import AccessLog, Attachment, Claim, RoleAssignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def claim(cast: make.Cast, at: datetime) -> Claim:
    return make.checked(cast.wang, at=at)


class TestClaim:
    def test_applicant_sees_the_own_one(self, cast: make.Cast, claim: Claim, at: datetime) -> None:
        assert access.own_claim(cast.wang, claim.pk, at=at) == claim

    @pytest.mark.parametrize("who", ["qian", "lin", "zhou", "wu", "sun", "han"])
    def test_officer_of_its_office_sees_it(
        self, cast: make.Cast, claim: Claim, at: datetime, who: str
    ) -> None:
        assert access.claim(getattr(cast, who), str(claim.pk), at=at) == claim
        assert access.claim_by_number(getattr(cast, who), claim.number or "", at=at) == claim

    @pytest.mark.parametrize("who", ["zhu", "zhang", "feng", "chen"])
    def test_stranger_meets_not_found(
        self, cast: make.Cast, claim: Claim, at: datetime, who: str
    ) -> None:
        for reference in (claim.pk, uuid.uuid4(), "no-uuid"):
            with pytest.raises(NotFound):
                access.claim(getattr(cast, who), reference, at=at)

    @pytest.mark.usefixtures("claim")
    def test_anonymous_visitor_sees_nothing(self, at: datetime) -> None:
        assert not access.claims_visible_to(AnonymousUser(), at=at).exists()

    def test_ended_role_sees_nothing(self, cast: make.Cast, claim: Claim, at: datetime) -> None:
        assignment = RoleAssignment.objects.get(user=cast.lin)
        people.end_role(assignment, by=cast.wu, at=at)

        with pytest.raises(NotFound):
            access.claim(cast.lin, claim.pk, at=at + timedelta(seconds=1))

    @pytest.mark.usefixtures("claim")
    def test_disabled_account_sees_nothing(self, cast: make.Cast, at: datetime) -> None:
        cast.lin.is_active = False

        assert not access.claims_visible_to(cast.lin, at=at).exists()

    def test_officers_do_not_see_drafts(self, cast: make.Cast, at: datetime) -> None:
        draft = make.draft(cast.zhang, at=at)

        with pytest.raises(NotFound):
            access.claim(cast.lin, draft.pk, at=at)

    def test_own_claim_is_invisible_to_the_officer(self, cast: make.Cast, at: datetime) -> None:
        claim = make.checked(cast.wang, at=at)
        claim.person.user = cast.lin
        claim.person.save(update_fields=["user"])

        with pytest.raises(NotFound):
            access.claim(cast.lin, claim.pk, at=at)


class TestTask:
    def test_checker_of_the_office_reaches_it(
        self, cast: make.Cast, claim: Claim, at: datetime
    ) -> None:
        found = access.task(cast.qian, make.task(claim).id, at=at)

        assert found.claim == claim

    @pytest.mark.parametrize("who", ["lin", "zhu", "wang", "zhang", "feng"])
    def test_others_meet_not_found(
        self, cast: make.Cast, claim: Claim, at: datetime, who: str
    ) -> None:
        with pytest.raises(NotFound):
            access.task(getattr(cast, who), make.task(claim).id, at=at)

    def test_applicant_reaches_the_own_correction(self, cast: make.Cast, at: datetime) -> None:
        claim = make.returned(cast, at=at)

        assert access.task(cast.wang, make.task(claim).id, at=at).view.groups == ("applicant",)
        with pytest.raises(NotFound):
            access.task(cast.zhang, make.task(claim).id, at=at)

    def test_unknown_one_looks_the_same(self, cast: make.Cast, at: datetime) -> None:
        with pytest.raises(NotFound):
            access.task(cast.qian, 999_999, at=at)


class TestAttachment:
    def test_reading_officer_is_written_down(
        self, cast: make.Cast, claim: Claim, at: datetime
    ) -> None:
        row = claim.attachments.get(spec="id_front")

        found, data = access.attachment_bytes(cast.qian, row.pk, at=at)

        assert found == row
        assert data.startswith(b"\xff\xd8")
        log = AccessLog.objects.get()
        assert (log.user, log.target) == (cast.qian, str(row.pk))

    def test_picture_that_was_not_scanned_stays_closed(
        self, cast: make.Cast, claim: Claim, at: datetime
    ) -> None:
        row = claim.attachments.get(spec="id_front")
        Attachment.objects.filter(pk=row.pk).update(scan="queued")

        with pytest.raises(NotFound):
            access.attachment_bytes(cast.qian, row.pk, at=at)

    @pytest.mark.parametrize("who", ["zhu", "zhang", "feng"])
    def test_stranger_meets_not_found(
        self, cast: make.Cast, claim: Claim, at: datetime, who: str
    ) -> None:
        row = claim.attachments.get(spec="id_front")

        with pytest.raises(NotFound):
            access.attachment_bytes(getattr(cast, who), row.pk, at=at)


class TestReveal:
    def test_needs_a_purpose_and_is_written_down(
        self, cast: make.Cast, claim: Claim, at: datetime
    ) -> None:
        with pytest.raises(InvalidInput):
            access.reveal(cast.lin, claim.pk, "phone", purpose=" ", at=at)

        assert access.reveal(cast.lin, claim.pk, "phone", purpose="call", at=at) == "13800005678"
        assert AccessLog.objects.get().purpose == "call"

    def test_no_other_field_is_revealed(self, cast: make.Cast, claim: Claim, at: datetime) -> None:
        with pytest.raises(InvalidInput):
            access.reveal(cast.lin, claim.pk, "pk", purpose="call", at=at)
