"""A world in which every page has something to show: people of every role, claims, money, work."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.urls import URLPattern, reverse
from django.urls.resolvers import URLResolver

from engine import api
from tests import make
from tests.review_ui.payer.conftest import as_
from workflows.accounts.models import User
from workflows.actions import accounts, reviews
from workflows.models import BankFile, BankResult, Claim, DefinitionDraft, PolicyParameter
from workflows.ports.bank import BankOutcome
from workflows.values import bank_card

CHECKER, OTHER_CARD = "qian", bank_card.complete("990000000000777")
Argument = str | int | UUID


@dataclass(frozen=True, slots=True)
class World:
    """Zhang's claim is on Qian's desk; Wang's first month failed and has a new account."""

    people: dict[str, User]
    claim: Claim
    arguments: dict[str, Argument]

    def url(self, pattern: URLPattern) -> str:
        """The address of a page with what this world holds."""
        wanted = {
            name: self.arguments.get(f"{pattern.name}:{name}", self.arguments.get(name))
            for name in pattern.pattern.converters
        }
        return reverse(str(pattern.name), kwargs=wanted)


def build(cast: make.Cast, at: datetime) -> World:
    """Everything that an address can name, through the acts that make it."""
    people = {field.name: getattr(cast, field.name) for field in fields(cast)}
    for name, role in (
        ("ops", "operator"),
        ("wei", "process_author"),
        ("shen", "process_publisher"),
        ("admin", "system_admin"),
    ):
        people[name] = make.officer(name, role, place=None)
    account_task = failed_payment(cast, at)
    claim = make.checked(cast.zhang, at=at)
    view = make.task(claim)
    reviews.take(view.id, by=cast.qian, at=at)
    incident = stopped(cast, at)
    definition = next(one for one in api.definitions() if one.process_id == "claim_review")
    as_(people["wei"]).post(f"/studio/versions/{definition.id}/draft/", {"title": "草稿"})
    result, picture = BankResult.objects.get(), claim.attachments.get(spec="id_front")
    return World(
        people,
        claim,
        {
            "programme": "TEST",
            "claim_id": claim.pk,
            "spec": "id_front",
            "attachment_id": picture.pk,
            "file_id": picture.pk,
            "payer-file:file_id": BankFile.objects.get(direction="out").pk,
            "task_id": view.id,
            "payer-account:task_id": account_task,
            "number": result.file.batch.number,
            "result_id": result.pk,
            "definition_id": definition.id,
            "decision_id": "amount",
            "name": "claim_review.bpmn",
            "draft_id": DefinitionDraft.objects.get().pk,
            "field": "phone",
            "incident_id": incident,
            "instance_id": api.incident(incident).instance_id,
        },
    )


def failed_payment(cast: make.Cast, at: datetime) -> int:
    """A closed account, another one, and the task that waits for a payer to confirm it."""
    claim = make.approved(cast)
    make.paid(cast, at=at, outcome=BankOutcome.ACCOUNT_CLOSED)
    claim = accounts.change_account(
        make.fresh(claim), account_kind="debit_card", account_text=OTHER_CARD, by=cast.wang, at=at
    )
    make.settle(at)
    return accounts.waiting_task(claim, accounts.CONFIRM).id


def stopped(cast: make.Cast, at: datetime, serial: int = 404) -> int:
    """An approval without a standard to count with; the incident it stands at."""
    user = make.applicant(
        f"stopped{serial}", id_text=make.id_number(serial), name="马七", phone=f"13911{serial:06}"
    )
    standard = PolicyParameter.objects.get(key="ui_standard")
    PolicyParameter.objects.filter(pk=standard.pk).delete()
    try:
        claim = make.conclude(make.checked(user, at=at), "pass", cast.qian, at=at)
        claim = make.conclude(claim, "recommend_approval", cast.lin, at=at)
        claim = make.conclude(claim, "approve", cast.zhou, at=at)
    finally:
        standard.save(force_insert=True)
    (incident,) = api.incidents(claim.instance_id)
    return incident.id


def pages(patterns: "list[URLPattern | URLResolver]") -> Iterator[URLPattern]:
    """Every named address, also the nested ones."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from pages(one.url_patterns)
        else:
            yield one
