"""The payout of an entitlement: ordered once, and taken up again when paid money comes back.

The bank may send money back days after it was paid, when the payout stands at another month or has
ended. The month's row says so; the payout is brought to it from outside any other instance's step,
and whatever cannot be reached now is looked for again.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from engine import api
from engine.errors import BeingProcessed, InstanceNotActive, NotFound, NotWaiting
from engine.types import Variable
from workflows.models import Claim, Entitlement, Instalment

log = logging.getLogger(__name__)
# What a payout that waits for its pay day listens to, and where one that has ended begins again.
CAME_BACK: Final = "instalment_bounced"
RESUMED: Final = "resumed"


def begin(
    entitlement: Entitlement,
    variables: Mapping[str, Variable],
    *,
    at: datetime,
    start_event: str | None = None,
) -> None:
    """Start a payout instance for an entitlement; its key is the entitlement's id."""
    claim = entitlement.claim
    rules = claim.version.rules
    advance = api.start_instance(
        rules.processes["payout"],
        business_key=str(entitlement.pk),
        scope=claim.scope,
        group_scopes={"applicant": claim.person.scope},
        variables={
            **variables,
            "entitlement": str(entitlement.pk),
            "claim_number": claim.number,
        },
        by=None,
        at=at,
        key=rules.bundle_key,
        start_event=start_event,
    )
    entitlement.instance_id = advance.instance_id
    entitlement.projected_revision = 0
    entitlement.save(update_fields=["instance", "projected_revision"])


def came_back() -> QuerySet[Entitlement]:
    """Entitlements with a month to be paid again, whose payout can be brought to it now."""
    asked = Entitlement.objects.filter(instalments__status=Instalment.Status.NEEDS_ACCOUNT)
    listens = Q(instance__subscriptions__name=CAME_BACK, instance__subscriptions__status="open")
    return asked.filter(listens | Q(instance__status="completed")).distinct()


def pay_again(claim: Claim, *, at: datetime) -> bool:
    """Bring the payout of a locked claim to a month that came back; whether anything moved.

    A payout that is at another month finds this one by itself, once it is through.
    """
    return sum(_resume(row, at=at) for row in came_back().filter(claim=claim)) > 0


def _resume(entitlement: Entitlement, *, at: datetime) -> bool:
    month = entitlement.instalments.filter(status=Instalment.Status.NEEDS_ACCOUNT)
    row = month.order_by("period").first()
    assert row is not None
    assert entitlement.instance is not None
    try:
        if entitlement.instance.status == "completed":
            stopped = entitlement.status == Entitlement.Status.STOPPED
            begin(entitlement, {"stopped": stopped}, at=at, start_event=RESUMED)
            return True
        advance = api.correlate_message(
            CAME_BACK,
            key=str(entitlement.pk),
            by=None,
            at=at,
            message_id=f"{CAME_BACK}:{row.pk}:{row.revision}",
        )
    except (NotWaiting, InstanceNotActive, BeingProcessed):
        return False
    except NotFound:
        # Another programme's payout may end for good; then a payer has to see to the month.
        log.warning("payout of entitlement %s has no way back", entitlement.pk)
        return False
    return advance is not None
