"""Another account after a failed payment: given by the person, confirmed by the payer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from engine import api
from engine.types import TaskView
from workflows.accounts.models import User
from workflows.actions import milestones
from workflows.actions.claims import checked_account, new_account, verified
from workflows.actions.requests import once
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed
from workflows.models import Claim, PayeeAccount, Role
from workflows.ports.accounts import AccountOutcome
from workflows.queries import roles
from workflows.queries.coming import CHANGE_ACCOUNT

CONFIRM = "confirm_account"
# What the bank said of an account before any payment -> the reason of a payment that fails so.
UNUSABLE: Final[Mapping[str, str]] = {
    AccountOutcome.CLOSED: "P01",
    AccountOutcome.NAME_MISMATCH: "P02",
    AccountOutcome.FROZEN: "P03",
    AccountOutcome.NO_SUCH_ACCOUNT: "P04",
}


def is_usable(account: PayeeAccount | None) -> bool:
    """Whether money may be sent there: no bank's answer, or a limit, does not speak against it."""
    return account is not None and account.verification not in UNUSABLE


def why_unusable(account: PayeeAccount | None) -> str:
    """The reason code of an account that cannot take money; empty where there is no account."""
    return UNUSABLE.get(account.verification, "") if account is not None else ""


def change_account(
    claim: Claim, *, account_kind: str, account_text: str, by: User, at: datetime, key: str = ""
) -> Claim:
    """Give another account for the months whose payment failed.

    Raises:
        InvalidInput: the number cannot be read, is the one that failed, or takes no money.
        ClaimChanged: no payment waits for an account.
        NotAllowed: neither the person nor a clerk there.
    """
    number = checked_account(account_kind, account_text)
    verification = verified(claim.person, number, at=at)

    def act() -> Claim:
        row = milestones.lock(claim.pk)
        if row.person.user_id != by.pk and not roles.holds_for(by, [Role.CLERK], row, at=at):
            raise NotAllowed("not_own")
        view = waiting_task(row, CHANGE_ACCOUNT)
        if row.account is not None and row.account.number == number:
            raise InvalidInput({"account": "same_account"})
        if verification in UNUSABLE:
            raise InvalidInput({"account": "unusable"})
        row.account = new_account(
            row.person, account_kind, number, row.person.name, verification, by=by, at=at
        )
        row.save(update_fields=["account"])
        api.complete_task(view.id, outcome=view.outcomes[0].code, by=by.pk, at=at)
        milestones.close(row, "account.changed", by=by, at=at)
        return row

    return once(
        act,
        again=lambda pk: Claim.objects.get(pk=pk),
        by=by,
        route="account.change",
        key=key,
        body={"claim": claim.pk, "kind": account_kind, "account": account_text},
        at=at,
    )


def confirm_account(claim: Claim, *, right: bool, by: User, at: datetime, key: str = "") -> Claim:
    """A payer's look at a new account; another person than whoever gave it.

    Raises:
        ClaimChanged: no account waits to be confirmed.
        NotPermitted: from the engine.
    """

    def act() -> Claim:
        row = milestones.lock(claim.pk)
        view = waiting_task(row, CONFIRM)
        account = row.account
        if account is None or account.entered_by_id == by.pk:
            raise NotAllowed("changed_the_account")
        tone = "good" if right else "bad"
        codes = [choice.code for choice in view.outcomes if choice.tone == tone]
        fallback = view.outcomes[0 if right else -1].code
        if right:
            PayeeAccount.objects.filter(pk=account.pk).update(confirmed_by=by, confirmed_at=at)
        api.complete_task(view.id, outcome=(codes or [fallback])[0], by=by.pk, at=at)
        milestones.close(row, "account.confirmed" if right else "account.refused", by=by, at=at)
        return row

    return once(
        act,
        again=lambda pk: Claim.objects.get(pk=pk),
        by=by,
        route="account.confirm",
        key=key,
        body={"claim": claim.pk, "right": right},
        at=at,
    )


def waiting_task(claim: Claim, element_id: str) -> TaskView:
    """The open user task of a claim's payouts at an element.

    Raises:
        ClaimChanged: there is none.
    """
    for entitlement in claim.entitlements.exclude(instance=None).order_by("-created_at"):
        assert entitlement.instance_id is not None
        for view in api.open_tasks(entitlement.instance_id):
            if view.element_id == element_id:
                return view
    raise ClaimChanged(status=claim.status)
