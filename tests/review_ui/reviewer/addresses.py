"""The officers' work alone, beside empty pages for every other address that the frame names."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(_request: HttpRequest, **_parts: object) -> HttpResponse:
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
    "payer-batches",
    "studio-home",
    "operations-incidents",
    "operations-work",
)
urlpatterns = [
    path("", include("review_ui.reviewer.urls")),
    path("payments/<str:number>/", empty, name="payer-batch"),
    path("payments/accounts/<int:task_id>/", empty, name="payer-account"),
    *(path(f"elsewhere/{name}/", empty, name=name) for name in NAMES),
]
handler404 = "review_ui.errors.page_not_found"
