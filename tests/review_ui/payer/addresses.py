"""Payments and studio alone, beside empty pages for every other address that the frame names."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


NAMES = (
    "office-home",
    "my-start",
    "my-claims",
    "offices",
    "register",
    "privacy",
    "home",
    "login",
    "logout",
    "preferences",
    "reviewer-mine",
    "reviewer-queue",
    "reviewer-overdue",
    "reviewer-done",
    "reviewer-search",
    "operations-incidents",
    "operations-work",
)
urlpatterns = [
    path("", include("review_ui.payer.urls")),
    path("", include("review_ui.studio.urls")),
    *(path(f"elsewhere/{name}/", empty, name=name) for name in NAMES),
]
handler404 = "review_ui.errors.page_not_found"
