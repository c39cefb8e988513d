"""Drafts and submissions: what is missing, what is refused, what is kept."""

from datetime import date, datetime

import pytest

from engine import api
from tests import make
from workflows.actions import attachments, claims, people, submitting
from workflows.errors import (
    IncompleteClaim,
    InvalidInput,
    NotAllowed,
    NoticeNotAccepted,
    UploadRefused,
)
from workflows.models import Attachment, Claim, Notice, PayeeAccount, Person, Status
from workflows.queries import rulebook

pytestmark = pytest.mark.django_db


class TestIdentify:
    def test_all_wrong_fields_are_named(self, at: datetime) -> None:
        user = people.register("wang", make.PASSWORD, at=at)

        with pytest.raises(InvalidInput) as refused:
            people.identify(user, name_text=" ", id_text="123", phone_text="1380000", at=at)

        assert refused.value.fields == {"name": "empty", "id_number": "length", "phone": "length"}

    def test_number_of_somebody_else_is_refused_without_a_word_about_them(
        self, at: datetime
    ) -> None:
        make.applicant("wang")
        other = people.register("other", make.PASSWORD, at=at)

        with pytest.raises(InvalidInput) as refused:
            people.identify(
                other,
                name_text="李四",
                id_text="229901199003071249",
                phone_text="13800000000",
                at=at,
            )

        assert refused.value.fields == {"id_number": "taken"}

    def test_number_is_fixed_once_it_was_said(self, at: datetime) -> None:
        user = make.applicant("wang")

        with pytest.raises(InvalidInput) as refused:
            people.identify(
                user, name_text="王五", id_text=make.id_number(5), phone_text="13800000000", at=at
            )

        assert refused.value.fields == {"id_number": "fixed"}


class TestStartClaim:
    def test_second_click_gives_the_same_draft(self, at: datetime) -> None:
        programme = make.programme()
        user = make.applicant("wang")
        person = make.person_of(user)

        first = claims.start_claim(person, programme, by=user, at=at)

        assert claims.start_claim(person, programme, by=user, at=at) == first

    def test_stranger_is_refused(self, at: datetime) -> None:
        cast = make.cast()

        for stranger in (cast.zhang, cast.lin):
            with pytest.raises(NotAllowed):
                claims.start_claim(make.person_of(cast.wang), make.programme(), by=stranger, at=at)

    def test_clerk_enters_for_somebody(self, at: datetime) -> None:
        cast = make.cast()
        person = people.enter_person(
            name_text="赵六",
            id_text=make.id_number(6),
            phone_text="13800000006",
            by=cast.sun,
            at=at,
        )

        claim = claims.start_claim(person, make.programme(), by=cast.sun, at=at)

        assert (claim.channel, claim.entered_by) == ("counter", cast.sun)


class TestSaveDetails:
    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("phone", {"phone_text": "123"}),
            ("account", {"account_text": "9900000000000011"}),
            ("account_kind", {"account_kind": "cash"}),
            ("holder", {"holder_text": "李四"}),
        ],
    )
    def test_field_that_cannot_be_read_is_named(
        self, at: datetime, field: str, changes: dict[str, str]
    ) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = make.draft(user, at=at)
        given = {
            "phone_text": "13800005678",
            "account_kind": "debit_card",
            "account_text": make.GOOD_CARD,
            "holder_text": "",
        } | changes

        with pytest.raises(InvalidInput) as refused:
            claims.save_details(claim, **given, by=user, at=at)  # type: ignore[arg-type]  # four texts

        assert list(refused.value.fields) == [field]

    def test_field_that_the_form_does_not_have_is_refused(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")

        with pytest.raises(InvalidInput) as refused:
            claims.save_details(
                make.draft(user, at=at),
                phone_text="13800005678",
                account_kind="debit_card",
                account_text="",
                answers={"status": "approved"},
                by=user,
                at=at,
            )

        assert refused.value.fields == {"status": "unknown"}

    def test_social_card_is_taken_from_its_register(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = claims.start_claim(make.person_of(user), make.programme(), by=user, at=at)

        claims.sync_social_card(claim, by=user, at=at)

        account = PayeeAccount.objects.get()
        assert (account.kind, account.verification, account.holder) == (
            "social_card",
            "ok",
            "王五",
        )


class TestAddAttachment:
    def test_same_picture_twice_is_refused(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = make.draft(user, at=at)

        with pytest.raises(InvalidInput) as refused:
            attachments.add_attachment(
                claim, "id_back", make.picture(100), declared_name="a.jpg", by=user, at=at
            )

        assert refused.value.fields == {"file": "same_as_another"}

    def test_replaced_picture_stays_behind_the_new_one(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = make.draft(user, at=at)

        row = attachments.add_attachment(
            claim, "id_front", make.picture(210), declared_name="a.jpg", by=user, at=at
        )

        assert row.supersedes is not None
        assert claim.attachments.filter(removed_at=None).count() == 3

    def test_what_is_no_picture_is_refused(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = claims.start_claim(make.person_of(user), make.programme(), by=user, at=at)

        with pytest.raises(UploadRefused):
            attachments.add_attachment(
                claim, "id_front", b"%PDF-1.7", declared_name="a.jpg", by=user, at=at
            )
        assert not Attachment.objects.exists()

    def test_stranger_is_refused(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.draft(cast.wang, at=at)

        with pytest.raises(NotAllowed):
            attachments.add_attachment(
                claim, "id_front", make.picture(211), declared_name="a.jpg", by=cast.zhang, at=at
            )


class TestSubmitClaim:
    def test_missing_parts_are_named_in_the_order_of_the_form(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = claims.start_claim(make.person_of(user), make.programme(), by=user, at=at)
        claims.accept_notice(claim, list(Notice.objects.all()), by=user, at=at)

        with pytest.raises(IncompleteClaim) as refused:
            submitting.submit_claim(claim, by=user, at=at)

        assert refused.value.missing == ("account", "office", "file:id_front", "file:id_back")
        assert make.fresh(claim).number is None

    def test_unread_notice_is_asked_for(self, at: datetime) -> None:
        make.programme()
        user = make.applicant("wang")
        claim = make.draft(user, at=at)
        claim.acceptances.all().delete()

        with pytest.raises(NoticeNotAccepted):
            submitting.submit_claim(claim, by=user, at=at)

    def test_number_is_given_once_and_the_process_runs(self, at: datetime) -> None:
        make.programme()
        claim = make.submitted(make.applicant("wang"), at=at)

        assert claim.number == "TEST-2026-000001-" + (claim.number or "")[-1]
        assert claim.original_submitted_at == at
        assert api.instance(business_key=claim.number).scope == "TEST/JL-CC-01"
        assert make.fresh(claim).status == Status.SUBMITTED

    def test_no_personal_data_in_variables(self, at: datetime) -> None:
        make.programme()
        claim = make.checked(make.applicant("wang"), at=at)
        assert claim.instance_id is not None
        person = Person.objects.get()

        text = str(api.variables(claim.instance_id))

        for value in (person.name, person.id_number, person.phone, make.GOOD_CARD):
            assert value not in text

    def test_outside_the_window_the_table_decides(self) -> None:
        make.programme()
        late = datetime.fromisoformat("2027-01-01T00:00:00+08:00")
        claim = make.submitted(make.applicant("wang"), at=late)
        make.settle(late)
        assert claim.instance_id is not None

        assert api.variables(claim.instance_id)["in_window"] is False
        assert Claim.objects.get().status == Status.ATTACHMENT_CHECK


class TestChooseOffice:
    def test_merged_office_leads_to_its_successor(self) -> None:
        make.programme()
        old, new = make.office("JL-CC-01"), make.office("JL-JL-01")
        old.valid_to, old.successor = date(2026, 6, 30), new
        old.save()

        assert rulebook.office("JL-CC-01", on=date(2026, 7, 1)) == new
        assert rulebook.office("JL-CC-01", on=date(2026, 6, 30)) == old
