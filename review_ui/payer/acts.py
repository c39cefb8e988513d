"""What people do with a batch; each act finds the batch, does one thing and comes back."""

from collections.abc import Callable

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
from workflows.actions import bank, batches
from workflows.errors import NotFound
from workflows.queries.batches import batch_view


def _done(
    request: HttpRequest, number: str, code: str, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do it and go back to the page, or say there why nothing was done.

    What the page shows as closed is refused with the same reasons; a repeat of what was done
    passes, the action knows it by its key.
    """
    at = clock.now()
    user = person(request)
    view = batch_view(access.batch(user, number, at=at))
    offered = stage.act_of(view, stage.sums(view), user, at=at)
    if offered is not None and offered.code == code and not offered.is_open:
        return batch_page(request, number, error=" ".join(offered.why), status=403)
    try:
        act()
    except words.Shown as error:
        return batch_page(
            request, number, error=words.sentence(error), status=words.status_of(error)
        )
    messages.success(request, said)
    return redirect("payer-batch", number=number)


@roles_required(*READERS)
@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The second person says right or wrong."""
    at = clock.now()
    user = person(request)
    batch = access.batch(user, number, at=at)
    verdict = request.POST.get("verdict", "")
    if verdict not in {"right", "wrong"}:
        return batch_page(request, number, error=_("Say whether the batch is right."), status=422)
    right = verdict == "right"
    note = request.POST.get("note", "")[:500]
    key = request.POST.get("key", "")
    return _done(
        request,
        number,
        "check",
        lambda: batches.check_batch(batch, right=right, note=note, by=user, at=at, key=key),
        _("Checked. The file for the bank is being written.")
        if right
        else _("The batch is dissolved; its months can be paid by another one."),
    )


@roles_required(*READERS)
@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """The third person lets the file go, with their password once more."""
    at = clock.now()
    user = person(request)
    batch = access.batch(user, number, at=at)
    if not is_own_password(request, request.POST.get("password", "")):
        said = _("This is not your password. Nothing was released.")
        return batch_page(request, number, error=said, status=422)
    key = request.POST.get("key", "")
    return _done(
        request,
        number,
        "release",
        lambda: batches.release_batch(batch, by=user, at=at, key=key),
        _("Released. The payer can now send the file to the bank."),
    )


@roles_required(*READERS)
@require_POST
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The payer says that the bank has the file."""
    at = clock.now()
    user = person(request)
    batch = access.batch(user, number, at=at)
    key = request.POST.get("key", "")
    return _done(
        request,
        number,
        "sent",
        lambda: batches.mark_sent(batch, by=user, at=at, key=key),
        _("Noted. Load the bank's answer when it comes."),
    )


@roles_required(*READERS)
@require_POST
def results(request: HttpRequest, number: str) -> HttpResponse:
    """Take the bank's answer; a file that cannot be used changes nothing."""
    at = clock.now()
    user = person(request)
    batch = access.batch(user, number, at=at)
    form = ResultForm(request.POST, request.FILES)
    if not form.is_valid():
        said = " ".join(str(error) for error in form.errors.get("file", []))
        return batch_page(request, number, error=said, status=422)
    file = form.cleaned_data["file"]
    if file.size > LARGEST_RESULT:
        said = words.word(words.FILES, "too_large")
        return batch_page(request, number, error=said, status=422)
    return _done(
        request,
        number,
        "load",
        lambda: bank.load_results(batch, file.read(), name=file.name or "", by=user, at=at),
        _("The file is loaded. Lines that settle nothing are listed as anomalies."),
    )


@roles_required(*READERS)
@require_POST
def explain(request: HttpRequest, number: str, result_id: int) -> HttpResponse:
    """Say that an anomaly was looked into."""
    at = clock.now()
    user = person(request)
    view = batch_view(access.batch(user, number, at=at))
    if not stage.may_explain(view, user, at=at):
        raise NotFound
    for file in view.batch.files.all():
        result = file.results.filter(pk=result_id).first()
        if result is not None:
            break
    else:
        raise NotFound
    return _done(
        request,
        number,
        "explain",
        lambda: bank.explain_anomaly(result, by=user, at=at),
        _("Noted as explained."),
    )


@roles_required(*READERS)
@require_POST
def reconcile(request: HttpRequest, number: str) -> HttpResponse:
    """Sign that the three totals agree and every line is settled."""
    at = clock.now()
    user = person(request)
    batch = access.batch(user, number, at=at)
    key = request.POST.get("key", "")
    return _done(
        request,
        number,
        "reconcile",
        lambda: bank.reconcile(batch, by=user, at=at, key=key),
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
