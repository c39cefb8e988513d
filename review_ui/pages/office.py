"""The office frame: who may come in, what the side lists, how refusals of strangers look."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engine import api, clock
from workflows import access
from workflows.errors import NotFound
from workflows.queries import offices

View = Callable[..., HttpResponse]

WORKERS = frozenset(
    {
        "clerk",
        "attachment_checker",
        "reviewer",
        "approver",
        "quality_checker",
        "supervisor",
        "payer",
        "payment_checker",
        "payment_releaser",
    }
)
MONEY = frozenset({"payer", "payment_checker", "payment_releaser"})
STUDIO = frozenset({"process_author", "process_publisher"})
AUDIT = frozenset({"auditor"})


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the side."""

    title: str | Promise
    url: str
    icon: str
    count: int | None = None
    alarm: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A headed part of the side. The field is not `items`: templates read that as a method."""

    title: str | Promise
    entries: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the office shell needs around a page."""

    roles: frozenset[str]
    where: str
    navigation: tuple[Group, ...]

    @property
    def may_search(self) -> bool:
        return bool(self.roles & (WORKERS | AUDIT))

    @property
    def may_write(self) -> bool:
        """Whether a claim may be worked on; an auditor only reads."""
        return bool(self.roles & WORKERS)


def roles_required(*roles: str) -> Callable[[View], View]:
    """Only for people who hold one of these roles today; for others the page does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not access.roles_of(request.user, at=clock.now()) & set(roles):
                raise NotFound
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def frame(request: HttpRequest) -> Frame:
    """The side and the ribbon for this person; three reads."""
    at = clock.now()
    roles = access.roles_of(request.user, at=at)
    groups = [
        group
        for group in (
            _work(request, roles),
            _money(roles, request.path),
            _studio(roles, request.path),
            _audit(roles, request.path),
            _operations(roles, request.path),
        )
        if group is not None
    ]
    where = " · ".join(offices.places_of(request.user, at=at))
    return Frame(frozenset(roles), where, tuple(groups))


def _entry(
    title: str | Promise,
    name: str,
    icon: str,
    path: str,
    *,
    count: int | None = None,
    alarm: bool = False,
) -> Item:
    url = reverse(name)
    return Item(title, url, icon, count, alarm, path == url)


def _work(request: HttpRequest, roles: Collection[str]) -> Group | None:
    if not WORKERS & set(roles):
        return None
    assert request.user.pk is not None
    counts = api.counts(by=request.user.pk, at=clock.now()).values()
    mine = sum(c.mine for c in counts)
    open_now = sum(c.open for c in counts)
    overdue = sum(c.overdue for c in counts)
    path = request.path
    entries = (
        _entry(_("My work"), "reviewer-mine", "user", path, count=mine),
        _entry(_("My queue"), "reviewer-queue", "list", path, count=open_now),
        _entry(_("Overdue"), "reviewer-overdue", "alert", path, count=overdue, alarm=True),
        _entry(_("Done by me"), "reviewer-done", "clock", path),
        _entry(_("All claims"), "reviewer-search", "search", path),
    )
    return Group(gettext("Work"), entries)


def _money(roles: Collection[str], path: str) -> Group | None:
    if not MONEY & set(roles):
        return None
    return Group(gettext("Payments"), (_entry(_("Batches"), "payer-batches", "yuan", path),))


def _studio(roles: Collection[str], path: str) -> Group | None:
    if not STUDIO & set(roles):
        return None
    return Group(
        gettext("Processes"), (_entry(_("Processes and tables"), "studio-home", "diagram", path),)
    )


def _audit(roles: Collection[str], path: str) -> Group | None:
    """What an auditor reads; a list that another role brings along stands once."""
    if not AUDIT & set(roles):
        return None
    lists = (
        (WORKERS, _entry(_("All claims"), "reviewer-search", "search", path)),
        (MONEY, _entry(_("Batches"), "payer-batches", "yuan", path)),
        (STUDIO, _entry(_("Processes and tables"), "studio-home", "diagram", path)),
    )
    entries = tuple(entry for others, entry in lists if not others & set(roles))
    return Group(gettext("To read"), entries) if entries else None


def _operations(roles: Collection[str], path: str) -> Group | None:
    if "operator" not in roles:
        return None
    return Group(
        gettext("Operations"),
        (
            _entry(_("Incidents"), "operations-incidents", "alert", path),
            _entry(_("Jobs and timers"), "operations-work", "clock", path),
        ),
    )
