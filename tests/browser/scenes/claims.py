"""Claims in the states that applicants and officers see."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from review_ui.demo import invented, payday
from review_ui.demo.cast import PASSWORD
from review_ui.demo.stories import Claimant
from tests.browser.scenes.people import Company
from workflows.actions import corrections, people, reviews
from workflows.actions.reviews import Flag

# Past the pauses between the attempts of a job: 10 s, 1 min, 10 min.
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 3, 20))


def set_up(company: Company) -> None:
    """One claim for each state that has a page of its own."""
    without_claim(company)
    company.remember("empty", company.newcomer())
    company.remember("draft", company.applicant())
    company.remember("submitted", company.checked())
    returned(company)
    withdrawn(company)
    suspected(company)
    refused = [employed(company) for _case in range(3)]
    company.remember("doubtful", refused[0])
    for somebody in refused[1:]:
        company.conclude(somebody, "deny", reasons=somebody.standing("block"))
    company.remember("denied", refused[1])
    appeal(company, refused[2])
    company.remember("appealed", refused[2])
    stuck(company)


def without_claim(company: Company) -> None:
    """Somebody who has registered only, and an officer without a role."""
    who = invented.person(company.next_serial())
    people.enrol(
        "newcomer",
        PASSWORD,
        name_text=who.name,
        id_text=who.id_number,
        phone_text=who.phone,
        at=company.at,
    )
    people.open_officer_account("nobody", "吕新来", PASSWORD, by=None, at=company.at)


def returned(company: Company) -> None:
    """Sent back because of a picture and the account."""
    somebody = company.checked()
    items = (Flag("file:id_front", "A02", "左下角看不清"), Flag("account", "F04", ""))
    company.conclude(somebody, "return", items=items)
    company.remember("returned", somebody)


def withdrawn(company: Company) -> None:
    """Taken back by the applicant."""
    somebody = company.checked()
    assert somebody.user is not None
    corrections.withdraw_claim(somebody.claim, by=somebody.user, at=company.at)
    company.settle()
    company.remember("withdrawn", somebody)


def suspected(company: Company) -> None:
    """Papers that the supervisor looks into."""
    somebody = company.checked()
    company.conclude(somebody, "suspect", note="照片与本人不符")
    company.remember("suspected", somebody)


def employed(company: Company) -> Claimant:
    """Somebody with work, as the register says: a denial waits for its second person."""
    somebody = company.applicant()
    with registers().open("a", encoding="utf-8") as known:
        known.write(f'\n[people."{somebody.who.id_number}"]\nemployed = true\n')
    somebody.submit()
    company.settle()
    company.conclude(somebody, "pass")
    company.conclude(somebody, "recommend_denial", reasons=somebody.standing("block"))
    return somebody


def appeal(company: Company, somebody: Claimant) -> None:
    """The denial is looked at by another approver."""
    assert somebody.user is not None
    reviews.appeal_claim(
        somebody.refreshed(), text="我已于三月离职。", by=somebody.user, at=company.at
    )
    company.settle()


def stuck(company: Company) -> None:
    """The register's file was unreadable for a day: the check has given up."""
    somebody = company.applicant()
    somebody.submit()
    known = registers().read_text(encoding="utf-8")
    registers().write_text("[people", encoding="utf-8")
    for minutes in RETRIES:
        payday.settle(company.at + minutes)
    registers().write_text(known, encoding="utf-8")
    company.remember("stuck", somebody)


def registers() -> Path:
    """What the simulated registers know."""
    return Path(settings.DEMO_SCENARIO)
