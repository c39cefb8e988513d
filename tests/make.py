"""Typed builders on real actions, and the cast that permission tests read as stories.

Wang applies. Qian checks papers, Lin reviews, Zhou approves, Zheng draws samples, Wu supervises,
Sun sits at the counter, all in Changchun. Feng makes batches, Chen checks them, Chu releases
them, for the whole province. Zhu reviews in Jilin city: the stranger.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image

from engine import api
from engine.types import TaskView
from tests.workflows import small_bundle
from workflows.accounts.models import User
from workflows.actions import (
    attachments,
    bank,
    batches,
    claims,
    milestones,
    packages,
    people,
    reviews,
    submitting,
)
from workflows.actions.reviews import Flag
from workflows.models import (
    Claim,
    Notice,
    Office,
    PaymentBatch,
    Person,
    PolicyParameter,
    Programme,
    ProgrammeVersion,
)
from workflows.ports.bank import BankAnswer, BankOutcome
from workflows.ports.bank_formats import CSV_UTF8
from workflows.ports.bank_simulator import result_file
from workflows.programmes import load
from workflows.values import bank_card
from workflows.values import id_number as id_numbers

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "a-long-enough-password"
GOOD_CARD = bank_card.complete("990000000000001")
CLOSED_CARD = next(
    card
    for card in (bank_card.complete(f"99000000000{n:04}") for n in range(10_000))
    if card.endswith("0001")
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody a story needs."""

    wang: User
    qian: User
    lin: User
    zhou: User
    zheng: User
    wu: User
    sun: User
    feng: User
    chen: User
    chu: User
    zhu: User
    zhang: User
    han: User


# --------------------------------------------------------------------------- the stage


def shipped(code: str = "unemployment_subsidy") -> Programme:
    """A programme as it is shipped, instead of the small one."""
    folder = Path(settings.BASE_DIR) / "bpmn" / code
    package = load(folder)
    packages.load_package(package, at=LONG_AGO)
    return Programme.objects.get(code=package.code)


def programme(**changes: object) -> Programme:
    """The programme of this test: the small one, deployed, unless another one was made before.

    `changes` replace tables of the small one's document.
    """
    row = Programme.objects.order_by("pk").first()
    if row is not None:
        return row
    row = Programme.objects.create(
        code="TEST", name_zh="测试补助", name_en="Test subsidy", exclusivity_group="unemployment"
    )
    version = ProgrammeVersion.objects.create(
        programme=row,
        number=1,
        effective_from=date(2026, 1, 1),
        effective_to=date(2026, 12, 31),
        content_hash="test",
        document=small_bundle.rules_document(**changes),
        published_at=LONG_AGO,
    )
    Notice.objects.create(
        version=version,
        code="notice",
        language="zh-hans",
        title="告知",
        text="请阅读。",
        sha256="0" * 64,
    )
    PolicyParameter.objects.create(
        version=version,
        key="ui_standard",
        valid_from=date(2020, 1, 1),
        value=Decimal("1000.00"),
    )
    for code, name in (("JL-CC-01", "长春市社会保险局"), ("JL-JL-01", "吉林市社会保险局")):
        Office.objects.create(
            code=code,
            name=name,
            region="吉林省",
            phone="0431-89323019",
            valid_from=date(2020, 1, 1),
        )
    api.deploy(
        small_bundle.bundle(),
        groups=small_bundle.GROUPS,
        milestones=small_bundle.STATUSES,
        by=None,
        at=LONG_AGO,
    )
    return row


def office(code: str = "JL-CC-01") -> Office:
    return Office.objects.get(code=code)


def officer(username: str, *roles: str, place: str | None = "JL-CC-01") -> User:
    """An officer with roles at an office, or everywhere."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = people.open_officer_account(username, username, PASSWORD, by=None, at=LONG_AGO)
    for role in roles:
        people.assign_role(
            user, role, office=office(place) if place else None, by=None, at=LONG_AGO
        )
    return user


def cast(**changes: object) -> Cast:
    """The whole cast on a deployed stage."""
    programme(**changes)
    return Cast(
        wang=applicant("wang"),
        qian=officer("qian", "attachment_checker"),
        lin=officer("lin", "reviewer"),
        zhou=officer("zhou", "approver"),
        zheng=officer("zheng", "quality_checker"),
        wu=officer("wu", "supervisor"),
        sun=officer("sun", "clerk"),
        feng=officer("feng", "payer", place=None),
        chen=officer("chen", "payment_checker", place=None),
        chu=officer("chu", "payment_releaser", place=None),
        zhu=officer("zhu", "attachment_checker", "reviewer", "approver", place="JL-JL-01"),
        zhang=applicant("zhang", id_text="229901198506150016", name="张四", phone="13800005679"),
        han=officer("han", "auditor", place=None),
    )


def applicant(
    username: str,
    *,
    id_text: str = "229901199003071249",
    name: str = "王五",
    phone: str = "13800005678",
) -> User:
    """Somebody who has registered and said who they are."""
    user = people.register(username, PASSWORD, at=LONG_AGO)
    people.identify(user, name_text=name, id_text=id_text, phone_text=phone, at=LONG_AGO)
    return user


def person_of(user: User) -> Person:
    return Person.objects.get(user=user)


def id_number(serial: int) -> str:
    """A test number of the area that does not exist."""
    return id_numbers.complete(f"22990119900307{serial:03}")


@cache
def picture(shade: int = 120) -> bytes:
    """A small picture that passes every check; shades differ, so that hashes do."""
    image = Image.new("RGB", (640, 400), (shade, 90, 60))
    for x in range(0, 640, 8):
        for y in range(0, 400, 8):
            image.putpixel((x, y), ((x * 7) % 255, (y * 5) % 255, shade))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


# --------------------------------------------------------------------------- claims


def draft(
    user: User, *, at: datetime = AT, place: str = "JL-CC-01", card: str = GOOD_CARD
) -> Claim:
    """A claim that lacks nothing but the click."""
    claim = claims.start_claim(person_of(user), programme(), by=user, at=at)
    notices = list(Notice.objects.filter(version=claim.version))
    claims.accept_notice(claim, notices, by=user, at=at)
    claims.save_details(
        claim,
        phone_text="13800005678",
        account_kind="debit_card",
        account_text=card,
        by=user,
        at=at,
    )
    claims.choose_office(claim, place, by=user, at=at)
    for shade, spec in enumerate(("id_front", "id_back", "card_picture")):
        attachments.add_attachment(
            claim,
            spec,
            picture(100 + shade),
            declared_name=f"{spec}.jpg",
            by=user,
            at=at,
        )
    return fresh(claim)


def fresh(claim: Claim) -> Claim:
    """The claim as it is stored."""
    related = ("programme", "version", "office", "person", "account", "instance")
    return Claim.objects.select_related(*related).get(pk=claim.pk)


def submitted(user: User, *, at: datetime = AT, **details: str) -> Claim:
    """Submitted, machines still at work."""
    return submitting.submit_claim(draft(user, at=at, **details), by=user, at=at)


def settle(at: datetime = AT) -> None:
    """Let timers, jobs and messages run, and claims catch up."""
    api.run_due(at)
    milestones.catch_up(at=at)


def task(claim: Claim) -> TaskView:
    """The one open user task of a claim's review."""
    assert claim.instance_id is not None
    views = api.open_tasks(claim.instance_id)
    assert len(views) == 1, [view.element_id for view in views]
    return views[0]


def checked(user: User, *, at: datetime = AT, **details: str) -> Claim:
    """Waits for the attachment check."""
    claim = submitted(user, at=at, **details)
    settle(at)
    return fresh(claim)


def conclude(
    claim: Claim,
    outcome: str,
    by: User,
    *,
    at: datetime = AT,
    reasons: Sequence[str] = (),
    items: Sequence[Flag] = (),
    note: str = "",
) -> Claim:
    """Take the open task and conclude it."""
    view = task(claim)
    reviews.take(view.id, by=by, at=at)
    reviews.complete_review(
        view.id, outcome=outcome, reasons=reasons, items=items, note=note, by=by, at=at
    )
    settle(at)
    return fresh(claim)


def reviewed(people_: Cast, *, at: datetime = AT) -> Claim:
    """Waits for approval."""
    claim = conclude(checked(people_.wang, at=at), "pass", people_.qian, at=at)
    return conclude(claim, "recommend_approval", people_.lin, at=at)


def returned(people_: Cast, *, at: datetime = AT) -> Claim:
    """Sent back because of the ID's front."""
    return conclude(
        checked(people_.wang, at=at),
        "return",
        people_.qian,
        items=[Flag("file:id_front", "A02", "左下角看不清")],
        at=at,
    )


def approved(people_: Cast, *, at: datetime = AT) -> Claim:
    """Approved, its payout waits for the first pay day."""
    return conclude(reviewed(people_, at=at), "approve", people_.zhou, at=at)


# --------------------------------------------------------------------------- money


def batch(people_: Cast, *, at: datetime) -> PaymentBatch:
    """A batch of everything that is due."""
    settle(at)
    day = at.date()
    return batches.create_batch(programme(), office=None, cut_off=day, by=people_.feng, at=at)


def released(people_: Cast, *, at: datetime) -> PaymentBatch:
    """Checked, released and with the bank."""
    row = batch(people_, at=at)
    settle(at)
    batches.check_batch(row, right=True, by=people_.chen, at=at)
    settle(at)
    batches.release_batch(row, by=people_.chu, at=at)
    batches.mark_sent(row, by=people_.feng, at=at)
    settle(at)
    return PaymentBatch.objects.get(pk=row.pk)


def answers(row: PaymentBatch, outcome: BankOutcome = BankOutcome.PAID) -> bytes:
    """A result file with one outcome for every line."""
    given = [
        BankAnswer(line.end_to_end_id, outcome, line.amount_fen)
        for line in row.instructions.exclude(status="void").order_by("line")
    ]
    return result_file(CSV_UTF8, given, batch=row.number, on=row.made_at.date())


def paid(people_: Cast, *, at: datetime, outcome: BankOutcome = BankOutcome.PAID) -> PaymentBatch:
    """One batch to its end, every line answered the same."""
    row = released(people_, at=at)
    bank.load_results(row, answers(row, outcome), by=people_.feng, at=at)
    settle(at)
    return PaymentBatch.objects.get(pk=row.pk)
