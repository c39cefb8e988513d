"""Which rules are in force: versions, notices, offices, policy figures, calendars."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from workflows.errors import NotFound
from workflows.models import Claim, Notice, Office, PolicyParameter, Programme, ProgrammeVersion
from workflows.values.period import SHANGHAI
from workflows.values.working_days import WorkingCalendar

# For a programme that says nothing else.
EXPECTED_DAYS = 11


def version_in_force(programme: Programme, *, on: date) -> ProgrammeVersion:
    """The published version whose window holds this day, else the next one, else the last one.

    Outside a window people may still submit; the eligibility table says what becomes of it.

    Raises:
        NotFound: nothing was published.
    """
    published = programme.versions.filter(state=ProgrammeVersion.State.PUBLISHED)
    within = published.filter(effective_from__lte=on, effective_to__gte=on)
    found = (
        within.order_by("-number", "-pk").first()
        or published.filter(effective_from__gt=on).order_by("effective_from", "-pk").first()
        or published.order_by("-effective_to", "-pk").first()
    )
    if found is None:
        raise NotFound
    return found


def programme(code: str) -> Programme:
    """A programme by its code.

    Raises:
        NotFound: there is none.
    """
    found = Programme.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def notices(version: ProgrammeVersion, language: str) -> list[Notice]:
    """What must be read before submitting, in a language, Chinese where that is missing."""
    rows = list(Notice.objects.filter(version=version).order_by("code", "language"))
    chosen: dict[str, Notice] = {}
    for row in rows:
        short = row.language.split("-")[0]
        if language.startswith(short) or row.code not in chosen:
            chosen[row.code] = row
    return [chosen[code] for code in sorted(chosen)]


def offices(*, on: date) -> list[Office]:
    """Offices that are open on a day, in the order of the guide."""
    rows = Office.objects.filter(valid_from__lte=on).exclude(valid_to__lt=on)
    return list(rows.order_by("pk"))


def office(code: str, *, on: date) -> Office:
    """An open office, or the one that took over its work.

    Raises:
        NotFound: there is none.
    """
    found = Office.objects.filter(code=code).select_related("successor").first()
    while found is not None and found.valid_to is not None and found.valid_to < on:
        found = found.successor
    if found is None:
        raise NotFound
    return found


def parameter(version: ProgrammeVersion, key: str, *, tier: str, on: date) -> Decimal | None:
    """A figure for a place, else for everywhere, in force on a day; None where there is none."""
    rows = PolicyParameter.objects.filter(version=version, key=key, valid_from__lte=on)
    found = (
        rows.filter(tier=tier).order_by("-valid_from").first()
        or rows.filter(tier="").order_by("-valid_from").first()
    )
    return found.value if found else None


def calendar(version: ProgrammeVersion) -> WorkingCalendar:
    """The working calendar of a version; Monday to Friday where it has none."""
    plain: Mapping[str, object] = version.rules.calendar
    if not plain:
        return WorkingCalendar("weekdays", date.min)
    return WorkingCalendar.from_mapping(plain)


def answer_expected(claim: Claim) -> datetime:
    """Until when somebody who submits is told to expect an answer; a return does not move it."""
    days = claim.version.rules.number("service", "expected_wd", EXPECTED_DAYS)
    return due(claim, days, at=claim.original_submitted_at or claim.created_at)


def due(claim: Claim, working_days: int, *, at: datetime) -> datetime:
    """The end of the last of so many working days."""
    return calendar(claim.version).due_at(at, working_days)


def local_day(at: datetime) -> date:
    """The date that the clock in Shanghai shows."""
    return at.astimezone(SHANGHAI).date()
