"""The banner's two acts: become somebody else, and let a pay day come."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engine import clock
from review_ui.demo import payday, seed
from review_ui.demo.cast import OFFICERS
from review_ui.templatetags.shenling import day, yuan
from workflows.queries import processes

APPLICANTS_SHOWN = 12
BACKEND = "django.contrib.auth.backends.ModelBackend"


def context(request: HttpRequest) -> dict[str, object]:
    """The banner's choices: all officers, some applicants, and whoever looks at the page."""
    language = get_language() or "zh-hans"
    people = get_user_model().objects.filter(username__startswith="demo").order_by("pk")
    names = people.values_list("username", flat=True)[:APPLICANTS_SHOWN]
    cast = [
        {"username": m.username, "label": f"{m.word.in_language(language)} {m.name}"}
        for m in OFFICERS
    ]
    cast += [{"username": n, "label": f"{_('Applicant')} {n}"} for n in names]
    me = request.user.get_username() if hasattr(request, "user") else ""
    if me not in {member["username"] for member in cast}:
        cast.insert(0, {"username": me, "label": me or "–"})
    return {"demo_cast": cast, "demo_today": day(clock.now())}


@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Log in as one of the demo's accounts."""
    known = {member.username for member in OFFICERS}
    username = request.POST.get("username", "")
    if username not in known and not username.startswith("demo"):
        return redirect("home")
    user = get_object_or_404(get_user_model(), username=username, is_active=True)
    login(request, user, backend=BACKEND)
    return redirect("my-start")


@require_POST
def pay_day(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock behind the next pay day and pay what is due."""
    target = seed.next_pay_day(clock.now()) + timedelta(days=3)
    clock.shift_to(target)
    moved = payday.run(next(iter(processes.programme_names())), target)
    today = day(timezone.localtime(target))
    if moved is None:
        messages.info(request, _("It is %(day)s now. No month was due.") % {"day": today})
    else:
        messages.success(
            request,
            _("It is %(day)s now. %(lines)d payments, %(sum)s yuan, batch %(number)s.")
            % {
                "day": today,
                "lines": moved.lines,
                "sum": yuan(moved.total_fen),
                "number": moved.number,
            },
        )
    return redirect(request.META.get("HTTP_REFERER") or "home")
