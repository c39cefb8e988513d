"""Rules about people, asked inside the transaction of the act. Nobody is above them.

A person works on a task by a grant for one of its groups within that group's scope, unless the
diagram names the person; never after having completed an element that the task must not share
with it; never against the domain's participation rule.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from engine.errors import NotPermitted
from engine.types import Grant, People, TaskView

_registered: list[People] = []


def register_people(people: People) -> None:
    """Tell the engine whom to ask; a later registration replaces the earlier one."""
    _registered[:] = [people]


def people() -> People:
    """Whom to ask about people."""
    if not _registered:
        raise RuntimeError("register_people was never called")
    return _registered[0]


def covers(granted: str, scope: str) -> bool:
    """Whether a grant's scope holds this scope: `SYBZ/*` holds everything below `SYBZ`."""
    if granted.endswith("/*"):
        return scope.startswith(granted[:-1])
    return granted == scope


def scope_of(group: str, scope: str, group_scopes: Mapping[str, str]) -> str:
    """In which scope tasks of this group stand."""
    return group_scopes.get(group, scope)


def refuse_strangers(
    grants: Iterable[Grant], groups: Collection[str], scope: str, group_scopes: Mapping[str, str]
) -> None:
    """Raise NotPermitted unless a grant fits a candidate group and its scope."""
    known = False
    for grant in grants:
        if grant.group in groups:
            known = True
            if covers(grant.scope, scope_of(grant.group, scope, group_scopes)):
                return
    raise NotPermitted("wrong_scope" if known else "not_candidate")


def check_person(
    view: TaskView,
    *,
    by: int,
    at: datetime,
    group_scopes: Mapping[str, str],
    instance_scope: str,
    seen: Collection[str],
    grants: Iterable[Grant] | None = None,
) -> None:
    """Whether this person may work on this task at this moment; raises NotPermitted if not.

    `seen` are those elements of the task's four-eyes rule that the person completed in this case.
    """
    if not (view.assignee_id == by and view.assigned_until is None):
        held = people().grants(by, at) if grants is None else grants
        refuse_strangers(held, view.groups, instance_scope, group_scopes)
    for element in view.not_same_as:
        if element in seen:
            raise NotPermitted("four_eyes", detail=element)
    objection = people().objection(by, view, at)
    if objection is not None:
        raise NotPermitted(objection)
