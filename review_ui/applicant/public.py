"""Pages without a login: home, offices with their phones, privacy."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from engine import clock
from workflows.queries import home as home_query
from workflows.queries import offices as office_query
from workflows.queries import rulebook
from workflows.queries.offices import OfficeRow

NEAR = 6


@dataclass(frozen=True, slots=True)
class Region:
    """Offices of one region, in the order of the list."""

    name: str
    offices: tuple[OfficeRow, ...]


def by_region(rows: Iterable[OfficeRow]) -> list[Region]:
    """Group a list that comes in order."""
    grouped: dict[str, list[OfficeRow]] = {}
    for row in rows:
        grouped.setdefault(row.region, []).append(row)
    return [Region(name, tuple(group)) for name, group in grouped.items()]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What it is, for whom, what is needed, how it goes on."""
    today = rulebook.local_day(clock.now())
    rows = office_query.office_rows(on=today)
    return render(
        request,
        "public/home.html",
        {
            "home": home_query.home(get_language() or "zh-hans", today),
            "offices": rows[1 : 1 + NEAR],
            "region_names": [region.name for region in by_region(rows)],
        },
    )


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """All offices, searchable by region and by words."""
    region = request.GET.get("region", "")[:50]
    query = request.GET.get("q", "")[:50]
    today = rulebook.local_day(clock.now())
    rows = office_query.office_rows(on=today)
    found = [
        row
        for row in office_query.office_rows(on=today, search=query)
        if not region or row.region == region
    ]
    return render(
        request,
        "public/offices.html",
        {
            "region_names": [r.name for r in by_region(rows)],
            "regions": by_region(found),
            "region": region,
            "query": query,
            "found": len(found),
        },
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, how it is kept, how long, whom to ask."""
    return render(request, "public/privacy.html")
