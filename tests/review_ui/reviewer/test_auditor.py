"""An auditor finds everything there is to read, and nothing to press."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from tests import make
from tests.review_ui.reviewer.conftest import as_

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ["reviewer-search", "payer-batches", "studio-home"]


@pytest.fixture(autouse=True)
def _whole_site(_addresses: None, settings: Settings) -> None:
    """The side leads out of the reviewer's pages."""
    settings.ROOT_URLCONF = "review_ui.urls"


def side(page: str) -> list[str]:
    """Where the side leads to, in its order."""
    listed = page.split('<div class="sl-side">')[1].split("</nav>", maxsplit=1)[0]
    return [part.split('"')[0] for part in listed.split('href="')[1:]]


def test_the_side_leads_to_every_list(people: make.Cast) -> None:
    client = as_(people.han)

    page = client.get(reverse("office-home"), follow=True).content.decode()

    assert side(page) == [reverse(name) for name in LISTS]
    for url in side(page):
        assert client.get(url).status_code == 200


@pytest.mark.usefixtures("people")
def test_a_list_that_another_role_brings_stands_once() -> None:
    both = make.officer("han", "reviewer")

    listed = side(as_(both).get(reverse("reviewer-search")).content.decode())

    assert len(listed) == len(set(listed))
    assert reverse("payer-batches") in listed


def test_a_claim_is_found_and_read_without_anything_to_press(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.han)
    found = client.get(reverse("reviewer-search"), {"q": claim.number or ""}).content.decode()
    path = reverse("reviewer-claim", args=[claim.pk])

    page = client.get(path).content.decode()

    assert path in found
    assert '<form method="post"' not in page.split("<main")[1]
    assert "<textarea" not in page
    assert "<textarea" in as_(people.qian).get(path).content.decode()
