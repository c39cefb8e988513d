"""What people do with a batch; each act finds the batch, does one thing and comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engine import clock
from review_ui.pages.office import roles_required
from review_ui.pages.proof import is_own_password, person
from review_ui.payer import stage, words
from review_ui.payer.forms import LARGEST_RESULT, ResultForm
from review_ui.payer.views import READERS, batch_page
from workflows import access
from workflows.accounts.models import User
from workflows.actions import bank, batches
from workflows.errors import NotFound
from workflows.queries.batches import bank_result, batch_view

if TYPE_CHECKING:
    from workflows.models import PaymentBatch


@dataclass(frozen=True, slots=True)
class Asked:
    """A button of a batch's page that somebody pressed."""

    request: HttpRequest
    batch: "PaymentBatch"
    by: User
    at: datetime

    @classmethod
    def of(cls, request: HttpRequest, number: str) -> Self:
        """The batch as this person may see it; 404 where they may not."""
        at, user = clock.now(), person(request)
        return cls(request, access.batch(user, number, at=at), user, at)

    @property
    def key(self) -> str:
        return self.request.POST.get("key", "")

    def done(self, code: str, act: Callable[[], object], said: str) -> HttpResponse:
        """Do it and go back to the page, or say there why nothing was done.

        What the page shows as closed is refused with the same reasons; a repeat of what was done
        passes, the action knows it by its key.
        """
        view = batch_view(self.batch)
        offered = stage.act_of(view, stage.sums(view), self.by, at=self.at)
        if offered is not None and offered.code == code and not offered.is_open:
            return self.refused(" ".join(offered.why), status=403)
        try:
            act()
        except words.Shown as error:
            return self.refused(words.sentence(error), status=words.status_of(error))
        messages.success(self.request, said)
        return redirect("payer-batch", number=self.batch.number)

    def refused(self, said: str, *, status: int = 422) -> HttpResponse:
        """The page again, with the reason first."""
        return batch_page(self.request, self.batch.number, error=said, status=status)


@roles_required(*READERS)
@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The second person says right or wrong."""
    asked = Asked.of(request, number)
    verdict = request.POST.get("verdict", "")
    if verdict not in {"right", "wrong"}:
        return asked.refused(_("Say whether the batch is right."))
    right = verdict == "right"
    note = request.POST.get("note", "")
    return asked.done(
        "check",
        lambda: batches.check_batch(
            asked.batch, right=right, note=note, by=asked.by, at=asked.at, key=asked.key
        ),
        _("Checked. The file for the bank is being written.")
        if right
        else _("The batch is dissolved; its months can be paid by another one."),
    )


@roles_required(*READERS)
@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """The third person lets the file go, with their password once more."""
    asked = Asked.of(request, number)
    if not is_own_password(request, request.POST.get("password", "")):
        return asked.refused(_("This is not your password. Nothing was released."))
    return asked.done(
        "release",
        lambda: batches.release_batch(asked.batch, by=asked.by, at=asked.at, key=asked.key),
        _("Released. The payer can now send the file to the bank."),
    )


@roles_required(*READERS)
@require_POST
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The payer says that the bank has the file."""
    asked = Asked.of(request, number)
    return asked.done(
        "sent",
        lambda: batches.mark_sent(asked.batch, by=asked.by, at=asked.at, key=asked.key),
        _("Noted. Load the bank's answer when it comes."),
    )


@roles_required(*READERS)
@require_POST
def results(request: HttpRequest, number: str) -> HttpResponse:
    """Take the bank's answer; a file that cannot be used changes nothing."""
    asked = Asked.of(request, number)
    form = ResultForm(request.POST, request.FILES)
    if not form.is_valid():
        return asked.refused(" ".join(str(error) for error in form.errors.get("file", [])))
    file = form.cleaned_data["file"]
    if file.size > LARGEST_RESULT:
        return asked.refused(words.word(words.FILES, "too_large"))
    return asked.done(
        "load",
        lambda: bank.load_results(
            asked.batch, file.read(), name=file.name or "", by=asked.by, at=asked.at
        ),
        _("The file is loaded. Lines that settle nothing are listed as anomalies."),
    )


@roles_required(*READERS)
@require_POST
def explain(request: HttpRequest, number: str, result_id: int) -> HttpResponse:
    """Say that an anomaly was looked into."""
    asked = Asked.of(request, number)
    result = bank_result(asked.batch, result_id)
    if result is None or not stage.may_explain(batch_view(asked.batch), asked.by, at=asked.at):
        raise NotFound
    return asked.done(
        "explain",
        lambda: bank.explain_anomaly(result, by=asked.by, at=asked.at),
        _("Noted as explained."),
    )


@roles_required(*READERS)
@require_POST
def reconcile(request: HttpRequest, number: str) -> HttpResponse:
    """Sign that the three totals agree and every line is settled."""
    asked = Asked.of(request, number)
    return asked.done(
        "reconcile",
        lambda: bank.reconcile(asked.batch, by=asked.by, at=asked.at, key=asked.key),
        _("Reconciled. The batch is closed."),
    )


@roles_required(*READERS)
@require_safe
def download(request: HttpRequest, file_id: int) -> HttpResponse:
    """The stored bytes, the same every time; the download is written down."""
    at = clock.now()
    user = person(request)
    file = access.bank_file(user, file_id, at=at)
    try:
        data = bank.download_file(file, by=user, at=at)
    except words.Shown as error:
        return batch_page(
            request,
            file.batch.number,
            error=words.sentence(error),
            status=words.status_of(error),
        )
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
