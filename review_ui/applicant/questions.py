"""The questions that a programme adds to its application, as fields of a page."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.queries.words import words as in_language

if TYPE_CHECKING:
    from workflows.models.rules import Question

PREFIX = "question_"
TEXT_LIMIT = 200
YES_NO = (("", "—"), ("yes", _("Yes")), ("no", _("No")))


def fields(asked: "Iterable[Question]", answers: Mapping[str, object]) -> dict[str, forms.Field]:
    """A field for each question, by its name on the page, with the answer so far."""
    return {PREFIX + row.name: _field(row, answers.get(row.name)) for row in asked}


def answers_of(asked: "Iterable[Question]", given: Mapping[str, object]) -> dict[str, object]:
    """What was answered, by the names of the programme."""
    return {row.name: _answer(row, given.get(PREFIX + row.name)) for row in asked}


def names(asked: "Iterable[Question]") -> dict[str, str]:
    """The programme's name of a question and its field on the page."""
    return {row.name: PREFIX + row.name for row in asked}


def _field(question: "Question", before: object) -> forms.Field:
    field = _blank(question)
    field.label, field.help_text = in_language(question.label), in_language(question.help)
    field.required = question.required
    field.initial = {True: "yes", False: "no"}[before] if isinstance(before, bool) else before
    return field


def _blank(question: "Question") -> forms.Field:
    match question.type:
        case "boolean":
            # Not a box to tick: an empty one would not tell "no" from "not answered".
            return forms.ChoiceField(choices=YES_NO)
        case "choice":
            named = [(code, in_language(name)) for code, name in question.choices]
            return forms.ChoiceField(choices=[("", "—"), *named])
        case "integer":
            return forms.IntegerField(min_value=-(10**9), max_value=10**9)
        case "number":
            return forms.DecimalField(max_digits=18, decimal_places=4)
        case "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
        case _:
            return forms.CharField(max_length=TEXT_LIMIT)


def _answer(question: "Question", given: object) -> object:
    """As it is stored: the answers of a claim are JSON."""
    if question.type == "boolean":
        return {"yes": True, "no": False}.get(str(given))
    if isinstance(given, date | Decimal):
        return str(given)
    return given or None if isinstance(given, str) else given
