"""What a batch's page offers to whom: each act open, or closed with the reason beside it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from engine import api
from workflows.accounts.models import User
from workflows.actions import bank
from workflows.errors import StoredFileDamaged
from workflows.queries import roles
from workflows.queries.batches import BatchView

LOADABLE = ("sent", "partly_confirmed", "settled")
GIVEN_OUT = ("released", *LOADABLE, "reconciled")


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the page; `why` says why it is closed, in the order to clear it."""

    code: str
    why: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class Sums:
    """The three totals as the page shows them; None where there is nothing to count yet."""

    lines_fen: int
    ledger_fen: int | None
    file_fen: int | None
    is_damaged: bool = False

    @property
    def known(self) -> tuple[int, ...]:
        found = (self.lines_fen, self.ledger_fen, self.file_fen)
        return tuple(fen for fen in found if fen is not None)

    @property
    def agree(self) -> bool:
        return not self.is_damaged and len(set(self.known)) == 1

    @property
    def difference_fen(self) -> int:
        return max(self.known) - min(self.known)


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the batch's line."""

    title: str
    detail: str
    state: str


def sums(view: BatchView) -> Sums:
    """Lines, ledger and file, counted at this moment; the ledger begins at the release."""
    has_file = any(file.direction == "out" for file in view.files)
    booked = view.row.status in GIVEN_OUT
    try:
        found = bank.totals(view.batch)
    except StoredFileDamaged:
        return Sums(view.row.total_fen, None, None, is_damaged=True)
    return Sums(
        found.lines_fen,
        found.ledger_fen if booked else None,
        found.file_fen if has_file else None,
    )


def act_of(view: BatchView, totals: Sums, user: User, *, at: datetime) -> Act | None:
    """The act that the batch waits for, None when it waits for nobody."""
    batch = view.batch
    place = _standing(view)
    status = view.row.status
    if status in LOADABLE and place != "reconcile":
        return _load(view, user, at=at)
    if status == "draft" and place == "check_batch":
        why = _person(view, user, "payment_checker", at=at, others=[batch.maker_id])
        return Act("check", why)
    if status == "checked" and place == "release_batch":
        others = [batch.maker_id, batch.checker_id]
        why = _person(view, user, "payment_releaser", at=at, others=others)
        return Act("release", (*why, *_unequal(totals)))
    if status == "released" and place == "send_file":
        return Act("sent", _person(view, user, "payer", at=at))
    if place == "reconcile":
        return _reconcile(view, totals, user, at=at)
    return None if status in {"reconciled", "void"} else Act("wait", (_waiting(status),))


def may_load(view: BatchView, user: User, *, at: datetime) -> bool:
    """A late line (money that came back) may still arrive when all is settled."""
    return view.row.status == "settled" and _load(view, user, at=at).is_open


def may_download(view: BatchView, user: User, *, at: datetime) -> bool:
    if view.row.status not in GIVEN_OUT:
        return False
    return _holds(view, user, "payer", at=at) or _holds(view, user, "payment_releaser", at=at)


def may_explain(view: BatchView, user: User, *, at: datetime) -> bool:
    return _holds(view, user, "payer", at=at)


def steps(view: BatchView) -> list[Step]:
    """The line of the batch: what is done, where it stands, what comes."""
    order = ("draft", "checked", "released", "sent", "settled", "reconciled")
    status = "sent" if view.row.status == "partly_confirmed" else view.row.status
    reached = order.index(status) if status in order else -1
    titles = (
        _("Check"),
        _("Release"),
        _("Send to the bank"),
        _("The bank's answer"),
        _("Reconcile"),
    )
    answered = view.row.lines - view.row.open_lines if reached >= order.index("sent") else 0
    details = (
        view.checker,
        view.releaser,
        "",
        f"{answered}/{view.row.lines}" if answered else "",
        "",
    )
    found = [Step(_("Made"), view.row.maker, "is-done")]
    for place, (title, detail) in enumerate(zip(titles, details, strict=True)):
        state = "is-done" if place < reached else "is-now" if place == reached else ""
        found.append(Step(title, detail, state))
    return found


def _standing(view: BatchView) -> str:
    """The element whose user task is open, an empty text between two of them."""
    if view.batch.instance_id is None:
        return ""
    found = api.open_tasks(view.batch.instance_id)
    return found[0].element_id if found else ""


def _waiting(status: str) -> str:
    if status == "checked":
        return _("The file for the bank is being written. Reload the page in a moment.")
    return _("The batch is being worked on. Reload the page in a moment.")


def _load(view: BatchView, user: User, *, at: datetime) -> Act:
    return Act("load", _person(view, user, "payer", at=at))


def _reconcile(view: BatchView, totals: Sums, user: User, *, at: datetime) -> Act:
    why = [*_person(view, user, "payer", at=at), *_unequal(totals)]
    if view.row.open_lines:
        why.append(_("The bank has not answered every line."))
    if any(not row.is_explained for row in view.anomalies):
        why.append(_("Anomalies are not explained yet."))
    return Act("reconcile", tuple(why))


def _unequal(totals: Sums) -> tuple[str, ...]:
    if totals.is_damaged:
        return (_("The stored file is missing or damaged. Call operations."),)
    return () if totals.agree else (_("The three totals differ."),)


def _person(
    view: BatchView, user: User, role: str, *, at: datetime, others: list[int | None] | None = None
) -> tuple[str, ...]:
    needed = {
        "payer": _("A payer of this programme and office does this."),
        "payment_checker": _("A payment checker of this programme and office does this."),
        "payment_releaser": _("A payment releaser of this programme and office does this."),
    }
    if not _holds(view, user, role, at=at):
        return (needed[role],)
    if user.pk in (others or ()):
        return (_("You made or checked this batch. Another person does this."),)
    return ()


def _holds(view: BatchView, user: User, role: str, *, at: datetime) -> bool:
    batch = view.batch
    return roles.holds(user, [role], at=at, programme=batch.programme, office=batch.office)
