"""Every named address against every role: nobody sees a page of a role they do not hold."""

from datetime import timedelta

import pytest
from django.test import Client

from engine.models import HistoryEvent
from review_ui.urls import urlpatterns
from tests import make
from tests.review_ui import world
from tests.review_ui.payer.conftest import DUE, as_
from tests.review_ui.world import World
from workflows.models import AccessLog, AuditEntry, RequestKey

pytestmark = pytest.mark.django_db(transaction=True)
AT = DUE + timedelta(days=1)
FOUND, MISSING = 302, 404
REFUSALS = {403, 404, 405, 409, 422}

PUBLIC = {
    *("home", "offices", "privacy", "login", "logout", "register", "preferences"),
    *("health", "metrics"),
}
# An upload is only ever posted: whose claim it is, the post decides.
SIGNED_IN = {"my-claims", "my-start", "office-home", "claim-start", "claim-upload"}
OWNER = {"zhang"}
# At the office where the claim stands; Zhu works at another one.
HERE = {"qian", "lin", "zhou", "zheng", "wu", "sun"}
MONEY = {"feng", "chen", "chu"}
WORKERS = HERE | MONEY | {"zhu"}
AUDIT = {"han"}
STUDIO = {"wei", "shen"}
OPERATOR = {"ops"}
EVERYBODY = WORKERS | AUDIT | STUDIO | OPERATOR | {"wang", "zhang", "admin"}

MAY: dict[str, set[str]] = {
    "claim": OWNER,
    "claim-notice": OWNER,
    "claim-details": OWNER,
    "claim-files": OWNER,
    "claim-check": OWNER,
    "claim-slip": OWNER,
    "claim-correct": OWNER,
    "claim-withdraw": OWNER,
    "claim-delete": OWNER,
    "claim-appeal": OWNER,
    "claim-account": OWNER,
    "claim-picture": OWNER | HERE | AUDIT,
    "reviewer-mine": WORKERS,
    "reviewer-queue": WORKERS,
    "reviewer-overdue": WORKERS,
    "reviewer-done": WORKERS,
    "reviewer-next": WORKERS,
    "reviewer-take": WORKERS,
    "reviewer-release": WORKERS,
    "reviewer-answer": WORKERS,
    "reviewer-conclude": WORKERS,
    "reviewer-note": WORKERS,
    "reviewer-search": WORKERS | AUDIT,
    "reviewer-desk": {"qian"},
    "reviewer-claim": HERE | AUDIT,
    "reviewer-reveal": HERE | AUDIT,
    "reviewer-diagram": HERE | AUDIT,
    "reviewer-state": HERE | AUDIT,
    "reviewer-picture": HERE | AUDIT,
    "diagram-xml": WORKERS | AUDIT | OPERATOR | STUDIO,
    "payer-batches": MONEY | AUDIT,
    "payer-batch": MONEY | AUDIT,
    "payer-check": MONEY | AUDIT,
    "payer-release": MONEY | AUDIT,
    "payer-sent": MONEY | AUDIT,
    "payer-results": MONEY | AUDIT,
    "payer-explain": MONEY | AUDIT,
    "payer-reconcile": MONEY | AUDIT,
    "payer-file": MONEY | AUDIT,
    "payer-plan": {"feng"},
    "payer-create": {"feng"},
    "payer-account": {"feng"},
    "studio-home": STUDIO | AUDIT,
    "studio-version": STUDIO | AUDIT,
    "studio-diagram-xml": STUDIO | AUDIT,
    "studio-table": STUDIO | AUDIT,
    "studio-file": STUDIO | AUDIT,
    "studio-draft": STUDIO,
    "studio-design": STUDIO,
    "studio-drawing": STUDIO,
    "studio-publish": STUDIO | AUDIT,
    "studio-lint": STUDIO | AUDIT,
    "studio-begin": {"wei"},
    "studio-discard": {"wei"},
    "studio-upload": {"wei"},
    "studio-save": {"wei"},
    "health-deep": OPERATOR,
    "operations-incidents": OPERATOR,
    "operations-work": OPERATOR,
    "operations-incident": OPERATOR,
    "operations-retry": OPERATOR,
    "operations-skip": OPERATOR,
    "operations-instance": OPERATOR,
    "operations-repair": OPERATOR,
}
# What is seen and still not done: by those who stand next to it, and by those who only read.
ON_THE_DESK = {"reviewer-take", "reviewer-release", "reviewer-answer", "reviewer-conclude"}
ON_THE_BATCH = {
    "payer-check",
    "payer-release",
    "payer-sent",
    "payer-results",
    "payer-explain",
    "payer-reconcile",
}
MAY_NOT_DO = {
    **dict.fromkeys(WORKERS - {"qian"}, frozenset(ON_THE_DESK)),
    "zhu": ON_THE_DESK | {"reviewer-note"},
    "han": ON_THE_BATCH | {"studio-publish"},
}
PAGES = list(world.pages(urlpatterns))
# What somebody with every right would send; the keys of many forms at once do no harm.
EVERYTHING = {
    "key": "11111111-1111-1111-1111-111111111111",
    "outcome": "pass",
    "verdict": "right",
    "note": "越权",
    "text": "越权",
    "evidence": "越权",
    "purpose": "越权",
    "reason": "E09",
    "password": make.PASSWORD,
    "programme": "TEST",
    "office": "JL-CC-01",
    "cut_off": "2026-12-31",
    "read": "yes",
    "all": "yes",
    "title": "越权",
    "revision": "1",
    "phone": "13800001234",
    "account_kind": "debit_card",
    "account_number": world.OTHER_CARD,
}


@pytest.fixture
def everything(people: make.Cast) -> World:
    return world.build(people, AT)


def test_every_address_has_its_row() -> None:
    assert {page.name for page in PAGES} == set(MAY) | PUBLIC | SIGNED_IN


def test_nobody_comes_in_without_logging_in(everything: World) -> None:
    client = Client()
    for page in PAGES:
        answer = client.get(everything.url(page))
        if page.name in PUBLIC:
            assert answer.status_code in {200, 405}, page.name
        else:
            assert answer.status_code == FOUND, page.name
            assert answer.headers["Location"].startswith("/login/?next="), page.name


def written() -> tuple[int, ...]:
    """How much the tables of acts hold; the key of a refused request tells of no act."""
    acts = tuple(model._default_manager.count() for model in (AuditEntry, HistoryEvent, AccessLog))
    return (*acts, RequestKey.objects.filter(refusal=None).count())


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_nobody_sees_or_does_what_is_not_theirs(everything: World, who: str) -> None:
    client = as_(everything.people[who])
    given = {page.name: client.get(everything.url(page)).status_code for page in PAGES}

    assert max(given.values()) < 500
    assert {name for name, status in given.items() if status != MISSING} == {
        *PUBLIC,
        *SIGNED_IN,
        *(name for name, allowed in MAY.items() if who in allowed),
    }
    # A file of the bank is seen by all who see its batch and fetched by payer and releaser.
    refused = {name for name, status in given.items() if status == 403}
    assert refused == ({"payer-file"} if who in {"chen", "han"} else set())

    closed = {name for name, allowed in MAY.items() if who not in allowed}
    closed |= set(MAY_NOT_DO.get(who, ())) | (set() if who in OWNER else {"claim-upload"})
    before = written()
    for page in PAGES:
        if page.name in closed:
            answer = client.post(everything.url(page), EVERYTHING)
            assert answer.status_code in REFUSALS, (page.name, answer.status_code)
    assert written() == before
