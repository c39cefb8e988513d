"""Monitors and proxies ask with HEAD: every address answers it as it answers GET."""

from datetime import timedelta

import pytest
from django.test import Client

from review_ui.urls import urlpatterns
from tests import make
from tests.review_ui import world
from tests.review_ui.payer.conftest import DUE, as_
from tests.review_ui.world import World

pytestmark = pytest.mark.django_db(transaction=True)
AT = DUE + timedelta(days=1)
PAGES = list(world.pages(urlpatterns))
WHO = ["zhang", "qian", "feng", "wei", "ops"]


@pytest.fixture
def everything(people: make.Cast) -> World:
    return world.build(people, AT)


def test_head_is_answered_like_get(everything: World) -> None:
    clients = [Client(), *(as_(everything.people[who]) for who in WHO)]
    shown = set()
    for client in clients:
        for page in PAGES:
            address = everything.url(page)
            got, head = client.get(address), client.head(address)
            assert (head.status_code, head.content) == (got.status_code, b""), address
            shown |= {page.name} if got.status_code == 200 else set()

    # So many that areas of every role are among them.
    assert {"health", "metrics", "my-claims", "studio-home", "operations-incidents"} <= shown
    assert {"reviewer-reveal", "payer-account", "studio-design"} <= shown
