"""One instance: what is open in it, and the repairs; one that pays is only ever tried again."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from engine import api, clock
from engine.errors import EngineError, MoveRefused, NotWaiting
from engine.errors import NotFound as NoSuchThing
from review_ui.operations.named import names_of
from review_ui.pages.office import frame, roles_required
from review_ui.pages.proof import person
from workflows.actions import incidents as acts
from workflows.errors import InvalidInput, NotAllowed, NotFound

ROLE = "operator"
KINDS: dict[str, str | Promise] = {
    "user_task": gettext_lazy("Waits for a person"),
    "job": gettext_lazy("Works in the background"),
    "timer": gettext_lazy("Waits for a date"),
    "message": gettext_lazy("Waits for a message"),
    "signal": gettext_lazy("Waits for a signal"),
    "incident": gettext_lazy("Stands still"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """Something open, with its step's name; an event that only interrupts cannot be moved."""

    token: int
    name: str
    kind: str | Promise


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move would do, in names."""

    token: int
    target: str
    source_name: str
    target_name: str
    cancelled: tuple[str, ...]
    is_parallel: bool


@roles_required(ROLE)
@require_safe
def instance(request: HttpRequest, instance_id: int) -> HttpResponse:
    """What is open, where one of it could go, and what a chosen move would do."""
    view = _found(instance_id)
    names = names_of(view.definition_id)
    open_now = api.tokens(instance_id) if view.ended_at is None else ()
    chosen = request.GET.get("token", "")
    token = int(chosen) if chosen.isdecimal() else None
    targets = _targets(instance_id, token, names) if token is not None else []
    return render(
        request,
        "operations/instance.html",
        {
            "office": frame(request),
            "instance": view,
            "is_money": acts.is_about_money(instance_id),
            "tokens": [
                Token(one.token, names.get(one.element_id, one.element_id), KINDS[one.kind])
                for one in open_now
            ],
            "token": token,
            "targets": targets,
            "plan": _plan(instance_id, token, request.GET.get("target", ""), names),
            "incidents": api.incidents(instance_id),
            "state": api.diagram_state(instance_id),
        },
    )


def _found(instance_id: int) -> api.InstanceView:
    try:
        return api.instance(instance_id)
    except NoSuchThing:
        raise NotFound from None


def _targets(instance_id: int, token: int, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Steps that the token may go to; the engine knows which."""
    found = []
    for element_id, name in names.items():
        try:
            api.plan_move(instance_id, token, element_id)
        except (MoveRefused, NotWaiting):
            continue
        found.append((element_id, name))
    return sorted(found, key=lambda one: one[1])


def _plan(
    instance_id: int, token: int | None, target: str, names: Mapping[str, str]
) -> Plan | None:
    if token is None or not target:
        return None
    try:
        plan = api.plan_move(instance_id, token, target)
    except (MoveRefused, NotWaiting):
        return None
    return Plan(
        token,
        target,
        names.get(plan.source, plan.source),
        names.get(plan.target, plan.target),
        tuple(names.get(one, one) for one in plan.cancelled),
        "parallel" in plan.warnings,
    )


@roles_required(ROLE)
@require_POST
def repair(request: HttpRequest, instance_id: int) -> HttpResponse:
    """Move a token, suspend or resume; the reason goes into the audit record."""
    _found(instance_id)
    how = request.POST.get("how", "")
    note = request.POST.get("note", "")
    by, at = person(request), clock.now()
    try:
        if how == "move":
            token, target = request.POST.get("token", ""), request.POST.get("target", "")
            acts.move_token(
                instance_id,
                int(token) if token.isdecimal() else -1,
                target,
                note=note,
                by=by,
                at=at,
            )
        elif how == "suspend":
            acts.suspend(instance_id, note=note, by=by, at=at)
        elif how == "resume":
            acts.resume(instance_id, note=note, by=by, at=at)
        else:
            raise NotFound
    except InvalidInput:
        messages.error(request, _("Say why; it goes into the audit record."))
    except NotAllowed:
        messages.error(request, _("This one pays money: what failed is only tried again."))
    except EngineError:
        messages.error(request, _("It has moved on meanwhile. Look at it again."))
    else:
        messages.success(request, _("Done. The audit record says who did it and why."))
    return redirect("operations-instance", instance_id=instance_id)
