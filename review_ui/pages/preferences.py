"""Language, large print and dark theme: cookies, so that they work without an account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

LARGE_PRINT, THEME = "sl_large_print", "sl_theme"
YEAR_S = 365 * 24 * 3600


def context(request: HttpRequest) -> dict[str, object]:
    """For every template: `preferences.large_print`, `preferences.theme` and `demo`."""
    return {
        "preferences": {
            "large_print": request.COOKIES.get(LARGE_PRINT) == "on",
            "theme": "dark" if request.COOKIES.get(THEME) == "dark" else "light",
        },
        "demo": settings.DEMO,
    }


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Store what was asked for and go back to the page that asked."""
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_S, samesite="Lax"
        )
    for name, field, allowed in (
        (LARGE_PRINT, "large_print", {"on", "off"}),
        (THEME, "theme", {"light", "dark"}),
    ):
        if request.POST.get(field, "") in allowed:
            response.set_cookie(name, request.POST[field], max_age=YEAR_S, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
