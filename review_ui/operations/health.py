"""For machines: is it alive, is it sound, and figures for Prometheus."""

import json
import os
from hmac import compare_digest
from io import StringIO
from typing import Final

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from engine import api, clock
from review_ui.pages.office import roles_required

SECONDS: Final = 60


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; for load balancers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def deep(request: HttpRequest) -> HttpResponse:
    """200 while every invariant holds; for operators, and for machines that know the token."""
    return _deep(request) if _knows_token(request) else _deep_for_operators(request)


def _deep(_request: HttpRequest) -> HttpResponse:
    # The statements read whole tables: whoever asks again within a minute gets the same answer.
    broken = cache.get_or_set("health.deep", _violated, SECONDS)
    if broken:
        return JsonResponse({"status": "broken", "violated": broken}, status=500)
    return JsonResponse({"status": "ok"})


_deep_for_operators = roles_required("operator")(_deep)


def _violated() -> dict[str, int]:
    """Invariants that do not hold, with how many rows say so."""
    out = StringIO()
    try:
        call_command("check_invariants", json=True, stdout=out, stderr=out)
    except CommandError:
        found = json.loads(out.getvalue())["violations"]
        return {one["number"]: len(one["rows"]) for one in found}
    return {}


def _knows_token(request: HttpRequest) -> bool:
    token = os.environ.get("HEALTH_TOKEN", "")
    given = request.headers.get("Authorization", "")
    return bool(token) and compare_digest(given.encode(), f"Bearer {token}".encode())


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges read from the tables at this moment; no personal data."""
    registry = CollectorRegistry()
    for name, value in api.figures(clock.now()).items():
        Gauge(f"shenling_{name}", name.replace("_", " "), registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
