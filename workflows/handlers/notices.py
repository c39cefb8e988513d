"""Reminders and escalations. People see them in the product; a channel outside gets ids only."""

from functools import partial

from django.db import transaction

from engine import api
from engine.types import HandlerCall, Text, Variable
from workflows.actions import outside
from workflows.models import Claim, Message, RoleAssignment
from workflows.ports.notifier import Notification
from workflows.queries import conflicts
from workflows.queries.words import milestone_words

Variables = dict[str, Variable]
PRIORITY_UP = 80


def about(call: HandlerCall) -> Claim | None:
    """The claim that the calling instance is about, if any."""
    found = Claim.objects.filter(number=call.business_key).first()
    return found or conflicts.claim_of_instance(call.instance_id)


def tell_roles(call: HandlerCall, template: str, *roles: str) -> Variables:
    """Tell everybody who holds one of the roles where the instance stands."""
    programme, _, office = call.scope.partition("/")
    rows = RoleAssignment.objects.valid(call.at).filter(role__in=roles)
    told = 0
    for row in rows.select_related("office", "programme", "user").order_by("pk"):
        here = row.office is None or row.office.code == office
        if here and (row.programme is None or row.programme.code == programme):
            notification = Notification(f"{call.key}:{row.user_id}", template, row.user_id)
            outside.notifier().notify(notification)
            told += 1
    return {"told": told}


@api.handler(
    "notify.reminder",
    transactional=False,
    description=Text("提醒申请人", "Remind the applicant"),
)
def remind(call: HandlerCall) -> Variables:
    claim = about(call)
    if claim is None:
        return {}
    Message.objects.get_or_create(
        source=call.key[:60],
        defaults={
            "claim": claim,
            "milestone": "reminder",
            "words": milestone_words(claim, "returned"),
            "at": call.at,
        },
    )
    if claim.person.user_id is not None:
        notification = Notification(call.key, "reminder", claim.person.user_id, str(claim.pk))
        outside.notifier().notify(notification)
    return {}


@api.handler(
    "notify.deadline_near",
    transactional=False,
    description=Text("提示办理期限将至", "Say that a deadline is near"),
)
def deadline_near(call: HandlerCall) -> Variables:
    return tell_roles(call, "deadline_near", "supervisor")


@api.handler(
    "notify.payer",
    transactional=False,
    description=Text("提示支付人员", "Tell the payers"),
)
def tell_payer(call: HandlerCall) -> Variables:
    return tell_roles(call, "payer", "payer")


@api.handler(
    "worklist.escalate",
    transactional=True,
    description=Text("超期升级", "Put overdue work at the head of its queue"),
)
def escalate(call: HandlerCall) -> Variables:
    """After the step, which holds the instance: priority up for what is open by then."""
    transaction.on_commit(partial(_raise_priority, call), robust=True)
    return {}


def _raise_priority(call: HandlerCall) -> None:
    for view in api.open_tasks(call.instance_id):
        if view.due_at is not None and view.due_at <= call.at and view.priority < PRIORITY_UP:
            api.set_priority(view.id, PRIORITY_UP, by=None, at=call.at, note="escalated")
