"""What pages read, and that a longer list costs no more statements."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import make
from workflows import access
from workflows.actions import attachments, corrections
from workflows.models import Claim
from workflows.queries import applicant, batches, claims, desk, offices, processes, trail, worklist
from workflows.values import bank_card

pytestmark = pytest.mark.django_db


def cost(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def several(count: int, at: datetime) -> list[Claim]:
    """Claims of other people."""
    found = []
    for serial in range(count):
        user = make.applicant(
            f"person{serial}", id_text=make.id_number(300 + serial), name=f"李{serial}"
        )
        card = bank_card.complete(f"99000000001{serial:04}")
        found.append(make.checked(user, at=at, card=card))
    return found


class TestWorklist:
    def test_rows_name_claim_and_masked_person(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)

        [row] = worklist.work_page(by=cast.qian, at=at).rows

        assert (row.number, row.subject, row.office) == (claim.number, "王*", "长春市社会保险局")
        assert not worklist.work_page(by=cast.zhu, at=at).rows

    def test_longer_queue_costs_no_more(self, at: datetime) -> None:
        cast = make.cast()
        make.checked(cast.wang, at=at)
        few = cost(lambda: worklist.work_page(by=cast.qian, at=at))
        several(4, at)

        assert cost(lambda: worklist.work_page(by=cast.qian, at=at)) == few

    def test_own_conclusions_are_listed(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.reviewed(cast, at=at)

        [row] = worklist.done_by(cast.lin)

        assert (row.number, row.outcome) == (claim.number, "recommend_approval")


class TestClaimsPage:
    @pytest.mark.parametrize("search", ["number", "229901199003071249", "13800005678", "王五"])
    def test_finds_by_number_person_phone_and_name(self, at: datetime, search: str) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        several(1, at)
        text = claim.number if search == "number" else search
        visible = access.claims_visible_to(cast.lin, at=at)

        page = claims.page(visible, search=(text or "").lower())

        assert claim.number in [row.number for row in page.rows]
        assert [row.id_number for row in page.rows if row.number == claim.number] == [
            "229901********1249"
        ]

    def test_foreign_claim_is_not_found_by_its_number(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        visible = access.claims_visible_to(cast.zhu, at=at)

        assert not claims.page(visible, search=claim.number or "").rows

    def test_pages_go_on_without_gaps(self, at: datetime) -> None:
        cast = make.cast()
        numbers = {claim.number for claim in several(5, at)}
        visible = access.claims_visible_to(cast.lin, at=at)
        seen: list[str] = []
        after = ""
        while True:
            page = claims.page(visible, after=after, limit=2)
            seen += [row.number for row in page.rows]
            after = page.next_cursor
            if not after:
                break

        assert len(seen) == 5
        assert set(seen) == numbers

    def test_longer_page_costs_no_more(self, at: datetime) -> None:
        cast = make.cast()
        make.checked(cast.wang, at=at)
        visible = access.claims_visible_to(cast.lin, at=at)
        few = cost(lambda: claims.page(visible))
        several(3, at)

        assert cost(lambda: claims.page(visible)) == few


class TestDesk:
    def test_shows_what_differs_first_and_masks_the_person(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)

        view = desk.desk(claim)

        assert view.person["id_number"] == "229901********1249"
        assert [row.spec for row in view.evidence] == ["id_front", "id_back", "card_picture"]
        assert {row.decision_id for row in view.rules} == {
            "precheck_reasons",
            "eligibility_reasons",
        }
        assert view.blocking == ()
        assert view.history[0].by == "qian"
        assert "E19" in {chip.code for chip in view.chips}

    @pytest.mark.parametrize(
        ("language", "column"), [("zh-hans", "已重新就业"), ("en", "Employed again")]
    )
    def test_facts_of_a_decision_are_called_as_the_reader_speaks(
        self, at: datetime, language: str, column: str
    ) -> None:
        make.shipped()
        cast = make.cast()
        claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)

        with translation.override(language):
            view = desk.desk(claim)

        (rule,) = (row for row in view.rules if row.decision_id == "eligibility_reasons")
        assert rule.inputs[column] is False

    def test_says_what_changed_since_the_return(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.returned(cast, at=at)
        attachments.add_attachment(
            claim, "id_front", make.picture(220), declared_name="a.jpg", by=cast.wang, at=at
        )
        corrections.resubmit_claim(claim, by=cast.wang, at=at)
        make.settle(at)

        view = desk.desk(make.fresh(claim))

        assert view.changed == ("file:id_front",)
        assert [row.spec for row in view.evidence if row.changed] == ["id_front"]
        assert [row.flagged for row in view.evidence if row.flagged] == [("A02",)]


class TestApplicantStatus:
    def test_tells_the_story_in_the_citizens_words(self, at: datetime) -> None:
        claim = make.returned(make.cast(), at=at)

        view = applicant.status(claim)

        assert view.sentence == "有1处需要您补正，请在2026年12月1日前修改并重新上报。"
        assert view.due_at == claim.correction_due_at
        assert view.row.acts == ("correct", "withdraw", "delete")
        assert [step.milestone for step in view.timeline] == ["submitted", "checking", "returned"]
        assert applicant.mark_read(claim, at=at) == 3

    def test_shows_the_money_month_by_month(self, at: datetime) -> None:
        claim = make.approved(make.cast(), at=at)

        view = applicant.status(claim)

        assert [(row.period, row.amount) for row in view.months] == [
            ("2026-11", "800.00"),
            ("2026-12", "800.00"),
            ("2027-01", "800.00"),
        ]
        assert view.sentence == "审核通过：每月800.00元，共3个月。"


class TestBatches:
    def test_batch_names_its_lines_and_counts(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.approved(cast, at=at)
        later = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
        row = make.paid(cast, at=later)

        [listed] = batches.batch_rows(access.batches_visible_to(cast.chen, at=later))
        view = batches.batch_view(row)
        [line] = batches.line_rows(row)

        assert (listed.lines, listed.total, listed.confirmed) == (1, "800.00", 1)
        assert [file.direction for file in view.files] == ["out", "in"]
        assert (line.claim_number, line.name, line.status) == (claim.number, "王*", "confirmed")
        assert not batches.batch_rows(access.batches_visible_to(cast.lin, at=later))


class TestLists:
    def test_processes_with_running_counts(self, at: datetime) -> None:
        make.checked(make.cast().wang, at=at)

        rows = {row.process_id: row.running for row in processes.process_rows()}

        assert rows == {"claim_review": 1, "payment_batch": 0, "payout": 0}

    def test_offices_and_places(self, at: datetime) -> None:
        cast = make.cast()

        assert [row.code for row in offices.office_rows(on=at.date(), search="吉林市")] == [
            "JL-JL-01"
        ]
        assert offices.places_of(cast.lin, at=at) == ["长春市社会保险局"]


class TestTrail:
    def test_tells_who_did_what(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.reviewed(cast, at=at)
        access.reveal(cast.lin, claim.pk, "phone", purpose="call", at=at)

        rows = trail.trail(access.audit_visible_to(cast.lin, at=at), claim)

        acts = [(row.act, row.by) for row in rows if row.act.startswith("review")]
        assert acts == [("review.completed", "qian"), ("review.completed", "lin")]
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert not trail.trail(access.audit_visible_to(cast.zhu, at=at), claim)
        assert [(look.target, look.by) for look in trail.looks(claim)] == [("phone", "lin")]
