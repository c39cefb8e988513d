"""Small pieces of markup that every page uses: icons, badges, due pills, money, dates."""

import re
from datetime import date, datetime
from decimal import Decimal

from django import forms, template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()
DATE = re.compile(
    r"((?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]{2,8} \d{4}"
    r"|(?<![\d-])\d{4}-\d{2}(?:-\d{2})?(?![\d-]))"
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the word beside it carries the meaning."""
    return format_html('<span class="i i-{}" aria-hidden="true"></span>', name)


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as "1,234.50"; an empty text for None."""
    if fen is None:
        return ""
    return f"{Decimal(fen) / 100:,.2f}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in the reader's words: "12月1日" or "1 December"; the year when it is another one."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    chinese = (get_language() or "").startswith("zh")
    this_year = timezone.localdate().year
    if chinese:
        return formats.date_format(local, "n月j日" if local.year == this_year else "Y年n月j日")
    return formats.date_format(local, "j F" if local.year == this_year else "j F Y")


@register.filter
def unbroken(text: str) -> SafeString:
    """A sentence whose dates and months are never broken over two lines."""
    kept = '<span class="sl-nowrap">{}</span>'
    # What the pattern found stands at every second place.
    parts = enumerate(DATE.split(text))
    return format_html_join(
        "", "{}", ((format_html(kept, part) if place % 2 else part,) for place, part in parts)
    )


@register.filter
def weekday(value: date | datetime | None) -> str:
    """A day with its weekday, as deadlines show it."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    name = formats.date_format(local, "l")
    return (
        f"{day(local)} {name}"
        if (get_language() or "").startswith("zh")
        else f"{name} {day(local)}"
    )


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time, 24 hours: "11月16日 10:31" or "16 Nov, 10:31"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    if (get_language() or "").startswith("zh"):
        return f"{day(value)} {local:%H:%M}"
    other_year = "" if local.year == timezone.localdate().year else f" {local.year}"
    return f"{local.day} {formats.date_format(local, 'M')}{other_year}, {local:%H:%M}"


@register.filter
def short_moment(value: datetime | None) -> str:
    """For office tables: "11-16 10:31"."""
    return "" if value is None else f"{timezone.localtime(value):%m-%d %H:%M}"


@register.inclusion_tag("parts/due.html")
def due_pill(state: str, working_days: int, due: datetime | None) -> dict[str, object]:
    """How near a deadline is: `state` is over, today, soon, ok, pause or none."""
    words = {
        "over": ngettext("%(n)d day overdue", "%(n)d days overdue", abs(working_days))
        % {"n": abs(working_days)},
        "today": gettext("Today"),
        "soon": gettext("Tomorrow"),
        "pause": gettext("Paused"),
    }
    return {"state": state, "word": words.get(state, day(due)), "due": due}


@register.filter
def lookup(mapping: dict[str, object], key: str) -> object:
    """The value of a key, for templates that walk over names."""
    return mapping.get(key, "")


@register.filter
def control(field: forms.BoundField) -> SafeString:
    """A field in the look of its kind: a box to write in, a list, something to tick or choose."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxInput):
        return field.as_widget()
    look = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return field.as_widget(attrs={"class": f"{look} is-invalid" if field.errors else look})
