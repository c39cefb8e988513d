"""From typed errors to pages: the only place that knows HTTP.

Every refusal becomes a sentence that says what to do next, with a code; an unknown error stays an
error and reaches the log. Missing and foreign look the same: 404.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engine.errors import EngineError
from workflows.errors import WorkflowsError


@dataclass(frozen=True, slots=True)
class Answer:
    """How a code is shown: HTTP status, title and what to do next."""

    status: int
    title: str | Promise
    remedy: str | Promise


UNKNOWN = Answer(
    409,
    _("This cannot be done right now"),
    _("Nothing was changed. Go back, look at the current state and try again."),
)
ANSWERS: dict[str, Answer] = {
    "not_found": Answer(
        404,
        _("This page does not exist"),
        _("The address may be old, or the item is not yours to see. Start from your own list."),
    ),
    "task_not_open": Answer(
        409,
        _("Somebody was faster"),
        _("This step was already finished. Your note is kept below; take the next one."),
    ),
    "task_assigned_elsewhere": Answer(
        409,
        _("A colleague is working on this"),
        _("It is on another desk. Take the next one, or come back when it was released."),
    ),
    "not_permitted": Answer(
        403,
        _("You may not do this step"),
        _("Another person must do it: the rules keep these duties apart."),
    ),
    "being_processed": Answer(
        409,
        _("The claim is being processed at this moment"),
        _("Nothing was changed. Wait a few seconds and press the button again."),
    ),
    "instance_not_active": Answer(
        409,
        _("This claim has moved on"),
        _("It was closed or suspended meanwhile. Nothing was changed; look at its current state."),
    ),
    "request_in_flight": Answer(
        409,
        _("Your request is still being processed"),
        _("Wait a few seconds, then look at the list: it is done once, not twice."),
    ),
    "request_body_differs": Answer(
        422,
        _("This form was already sent with other content"),
        _("Nothing was changed. Open the page again and repeat your entry."),
    ),
    "not_waiting": Answer(
        409,
        _("The process does not wait for this"),
        _("It has moved on meanwhile. Nothing was changed; look at the current state."),
    ),
}


def answer_for(error: EngineError | WorkflowsError) -> Answer:
    """The page for a refusal, by its code."""
    return ANSWERS.get(error.code, UNKNOWN)


def refusal(
    request: HttpRequest, error: EngineError | WorkflowsError, *, note: str = ""
) -> HttpResponse:
    """Render a refusal; `note` is what the person typed, shown so that it is not lost."""
    answer = answer_for(error)
    typed = note or (request.POST.get("note", "") if request.method == "POST" else "")
    return render(
        request,
        "errors/refusal.html",
        {"answer": answer, "code": error.code, "error": error, "note": typed},
        status=answer.status,
    )


class RefusalMiddleware:
    """Turns typed errors that a view let pass into their page; everything else stays an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, EngineError | WorkflowsError):
            return refusal(request, exception)
        return None


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for missing and foreign."""
    return render(
        request,
        "errors/refusal.html",
        {"answer": ANSWERS["not_found"], "code": "not_found"},
        status=404,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old tab or another site."""
    answer = Answer(
        403,
        _("This form is too old"),
        _("Nothing was changed. Go back, reload the page and send the form again."),
    )
    return render(request, "errors/refusal.html", {"answer": answer, "code": "csrf"}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an error of ours; the log has it."""
    return render(request, "errors/server.html", status=500)
