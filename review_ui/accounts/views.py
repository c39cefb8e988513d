"""Register, and find the first page of a person."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from engine import clock
from review_ui.accounts.forms import Register
from review_ui.pages.office import AUDIT, MONEY, STUDIO, WORKERS, frame
from workflows import access
from workflows.accounts.models import User
from workflows.actions import people
from workflows.errors import InvalidInput

BACKEND = "django.contrib.auth.backends.ModelBackend"
NAMES = {"name_text": "name", "id_text": "id_number", "phone_text": "phone"}


@sensitive_post_parameters()
def register(request: HttpRequest) -> HttpResponse:
    """Open an account and say who one is, in one form."""
    form = Register(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, clock.now()
        try:
            user = people.enrol(
                given["username"],
                given["password"],
                name_text=given["name"],
                id_text=given["id_number"],
                phone_text=given["phone"],
                at=at,
            )
        except InvalidInput as wrong:
            form.refuse(wrong.fields, NAMES)
        else:
            login(request, user, backend=BACKEND)
            return redirect("my-claims")
    return render(request, "accounts/register.html", {"form": form})


@login_required
@require_safe
def my_start(request: HttpRequest) -> HttpResponse:
    """Applicants to their claims, officers to their work."""
    assert isinstance(request.user, User)
    return redirect("office-home" if request.user.is_officer else "my-claims")


@login_required
@require_safe
def office_home(request: HttpRequest) -> HttpResponse:
    """The first page of an officer, by role."""
    roles = access.roles_of(request.user, at=clock.now())
    for wanted, name in (
        (MONEY, "payer-batches"),
        (WORKERS, "reviewer-mine"),
        (STUDIO, "studio-home"),
        (AUDIT, "reviewer-search"),
        (frozenset({"operator"}), "operations-incidents"),
    ):
        if roles & wanted:
            return redirect(name)
    return render(request, "accounts/no_work.html", {"office": frame(request)})
