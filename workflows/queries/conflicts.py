"""Why somebody must not work on a claim: separation of duties and conflicts of interest.

The engine asks on assignment and again on completion; nobody is above it. Each rule is a code.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from engine.types import TaskView
from workflows.models import (
    Claim,
    ConflictDeclaration,
    Entitlement,
    PayeeAccount,
    PaymentBatch,
    Person,
    Review,
    Role,
)

OWN_CLAIM = "own_claim"
DECLARED = "conflict_declared"
SHARED = "conflict_shared"
ENTERED = "entered_by_you"
FOUR_EYES = "four_eyes"
ACCOUNT = "changed_the_account"

REVIEWING = frozenset(
    {
        Role.ATTACHMENT_CHECKER,
        Role.REVIEWER,
        Role.APPROVER,
        Role.QUALITY_CHECKER,
        Role.SUPERVISOR,
    }
)
# Who did the row may not also do the column on one claim, in any round and any instance of it.
# Attachment check and review exclude each other unless the programme says otherwise.
EXCLUDES: dict[str, frozenset[str]] = {
    Role.ATTACHMENT_CHECKER: frozenset({Role.REVIEWER, Role.APPROVER, Role.QUALITY_CHECKER}),
    Role.REVIEWER: frozenset({Role.ATTACHMENT_CHECKER, Role.APPROVER, Role.QUALITY_CHECKER}),
    Role.APPROVER: frozenset({Role.ATTACHMENT_CHECKER, Role.REVIEWER, Role.QUALITY_CHECKER}),
    Role.QUALITY_CHECKER: frozenset({Role.ATTACHMENT_CHECKER, Role.REVIEWER, Role.APPROVER}),
    Role.SUPERVISOR: frozenset({Role.APPROVER, Role.QUALITY_CHECKER}),
}
MAY_SHARE = frozenset({Role.ATTACHMENT_CHECKER, Role.REVIEWER})


def claim_of_instance(instance_id: int) -> Claim | None:
    """The claim whose review or payout this instance is."""
    found = Q(instance=instance_id) | Q(entitlements__instance=instance_id)
    return Claim.objects.filter(found).select_related("person", "version", "account").first()


def objection_to_claim(  # noqa: PLR0911 - one return per rule
    user_id: int, claim: Claim, groups: Collection[str], *, at: datetime
) -> str | None:
    """Why this person must not work on this claim in these groups, or None."""
    person = claim.person
    if person.user_id == user_id:
        return None if groups == ("applicant",) else OWN_CLAIM
    own = Person.objects.filter(user=user_id).first()
    if own is not None and shares(own, claim):
        return SHARED
    if ConflictDeclaration.objects.filter(
        user=user_id, person=person, declared_at__lte=at, lifted_at=None
    ).exists():
        return DECLARED
    working = frozenset(groups) & REVIEWING
    if not working:
        return None
    if claim.entered_by_id == user_id:
        return ENTERED
    if claim.account is not None and claim.account.entered_by_id == user_id:
        return ACCOUNT
    return duty_objection(user_id, claim, working)


def duty_objection(user_id: int, claim: Claim, groups: Collection[str]) -> str | None:
    """Whether an earlier act of this person on the claim keeps them from these groups.

    Undone conclusions count as well: a reopened round keeps the exclusions of earlier rounds.
    """
    shared = bool(claim.version.rules.duties.get("attachment_check_may_review", False))
    done = set(
        Review.objects.filter(claim=claim, by=user_id).values_list("stage", flat=True).distinct()
    )
    for group in groups:
        for stage in done - {group}:
            if shared and {stage, group} == MAY_SHARE:
                continue
            if group in EXCLUDES.get(stage, frozenset()):
                return FOUR_EYES
    return None


def shares(own: Person, claim: Claim) -> bool:
    """Whether an officer's own data meet the applicant's: same account or same phone."""
    person = claim.person
    if own.phone_index and own.phone_index == person.phone_index:
        return True
    numbers = PayeeAccount.objects.filter(person=person).values("number_index")
    return PayeeAccount.objects.filter(person=own, number_index__in=numbers).exists()


def objection_to_batch(user_id: int, batch: PaymentBatch, groups: Collection[str]) -> str | None:
    """Why this person must not work on this batch: other hands made it, and own money."""
    working = frozenset(groups)
    if working & {Role.PAYMENT_CHECKER, Role.PAYMENT_RELEASER} and batch.maker_id == user_id:
        return FOUR_EYES
    if Role.PAYMENT_RELEASER in working and batch.checker_id == user_id:
        return FOUR_EYES
    if not working & {Role.PAYMENT_CHECKER, Role.PAYMENT_RELEASER}:
        return None
    lines = batch.instructions
    if lines.filter(instalment__person__user=user_id).exists():
        return OWN_CLAIM
    if lines.filter(account__entered_by=user_id).exists():
        return ACCOUNT
    return None


def excluded_claims(user_id: int) -> Q:
    """Claims that must stay invisible to an officer, without exception: the own ones."""
    return Q(person__user=user_id)


def payout_of(instance_id: int) -> Entitlement | None:
    """The entitlement whose payout this instance is."""
    return Entitlement.objects.filter(instance=instance_id).select_related("claim").first()


def objection(user_id: int, task: TaskView, *, at: datetime) -> str | None:
    """Why this person must not work on this user task, whatever it is about."""
    claim = claim_of_instance(task.instance_id)
    if claim is not None:
        return objection_to_claim(user_id, claim, task.groups, at=at)
    batch = PaymentBatch.objects.filter(instance=task.instance_id).first()
    return None if batch is None else objection_to_batch(user_id, batch, task.groups)
