"""From registering to the money, by nothing but pages."""

from datetime import timedelta

import pytest

from tests import make
from tests.journeys.health import assert_healthy
from tests.journeys.http import site as pages
from tests.journeys.http.site import Site
from workflows.models import Instalment

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_registers_applies_and_is_paid(site: Site) -> None:
    zhao = pages.register(site, "zhao", 321)
    claim = pages.apply(site, zhao)
    assert claim.status == "attachment_check"
    assert claim.number
    assert claim.number in site.read(zhao, f"/claims/{claim.pk}/slip/")

    assert pages.approve(site, claim).status == "approved"
    site.move_to(make.AT + timedelta(days=15))
    assert ("2026-11", "已发放") not in pages.months(site, zhao, claim)
    pages.pay(site)

    assert pages.months(site, zhao, claim)[0] == ("2026-11", "已发放")
    assert Instalment.objects.get(period="2026-11").status == "paid"
    assert_healthy(site.at)


def test_shipped_programme_pays_its_first_month(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make.shipped()
    site = Site(make.cast(), monkeypatch)
    wang = site.cast.wang
    claim = pages.apply(site, wang, programme=programme.code)
    assert pages.approve(site, claim).status == "approved"
    first = Instalment.objects.filter(person=claim.person).earliest("period")
    site.move_to(make.AT + timedelta(days=45))
    pages.pay(site)

    assert pages.months(site, wang, claim)[0] == (first.period, "已发放")
    assert_healthy(site.at)
