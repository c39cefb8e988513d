"""Where a claim stands: the receipt's date, what comes next, by when and whom to call."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.clock.now", lambda: make.AT)


class TestSlip:
    @pytest.mark.parametrize(("days", "shown"), [(1, "11月11日"), (4, "11月16日")])
    def test_answer_is_expected_when_the_programme_says(
        self, client: Client, days: int, shown: str
    ) -> None:
        people = make.cast(service={"expected_wd": days})
        claim = make.submitted(people.wang)
        client.force_login(people.wang)

        page = client.get(reverse("claim-slip", args=[claim.pk])).content.decode()

        assert shown in page
