"""The public home page reads the stored document: no folder, no programme's name in a page."""

from datetime import date

import pytest
from django.core.management import call_command

from workflows.errors import NotFound
from workflows.models import Notice, ProgrammeVersion
from workflows.queries import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def _loaded() -> None:
    call_command("load_programmes", verbosity=0)


@pytest.mark.usefixtures("_loaded")
def test_home_in_both_languages() -> None:
    zh = home.home("zh-hans", date(2026, 11, 10))
    en = home.home("en", date(2026, 11, 10))

    assert (zh.programme, zh.name, en.name) == ("SYBZ", "失业补助金", "Unemployment subsidy")
    assert zh.title == "失业补助金，在手机上就能申领"
    assert en.needs[0] == "ID card, portrait side"
    assert len(zh.needs) == len(zh.cases) == len(en.cases) == 3
    assert en.steps[1] == home.StepView("We check documents", "within 3 working days")
    assert zh.is_open
    assert zh.is_sample


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize(
    ("on", "window_from", "is_open"),
    [
        (date(2020, 3, 1), date(2020, 3, 1), True),
        (date(2021, 1, 1), date(2026, 1, 1), False),
        (date(2028, 1, 1), date(2026, 1, 1), False),
    ],
)
def test_window_of_the_day(on: date, window_from: date, *, is_open: bool) -> None:
    view = home.home("en", on)
    assert (view.window_from, view.is_open) == (window_from, is_open)


def test_without_a_programme_there_is_no_home() -> None:
    with pytest.raises(NotFound):
        home.home("en", date(2026, 11, 10))


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_notice_falls_into_rules_and_uses(language: str) -> None:
    notice = Notice.objects.filter(language=language, version__number=2).get()

    rules, uses = home.notice_rules(notice.text), home.notice_uses(notice.text)

    assert len(rules) == len(uses) == 5
    assert all(rule.title and rule.text and "\n" not in rule.text for rule in rules)
    assert all(use.what and use.why for use in uses)


def test_notice_without_headlines_has_no_rules() -> None:
    assert home.notice_rules("请阅读。") == ()
    assert home.notice_uses("请阅读。") == ()


@pytest.mark.usefixtures("_loaded")
def test_offices_have_english_names() -> None:
    names = home.office_names(ProgrammeVersion.objects.get(number=2), "en")
    assert len(names) == 52
    assert names["JL-CC-02"] == (
        "Changchun City Social Insurance Bureau, Shuangyang Branch",
        "Changchun area",
    )
