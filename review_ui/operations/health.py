"""For machines: is it alive, is it sound, and figures for Prometheus."""

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from engine import api, clock


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
def deep(request: HttpRequest) -> JsonResponse:
    """200 while every invariant holds; costs some seconds on a large database."""
    try:
        call_command("check_invariants", verbosity=0)
    except CommandError as broken:
        return JsonResponse({"status": "broken", "detail": str(broken)[:2000]}, status=500)
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges read from the tables at this moment; no personal data."""
    registry = CollectorRegistry()
    for name, value in api.figures(clock.now()).items():
        Gauge(f"shenling_{name}", name.replace("_", " "), registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
