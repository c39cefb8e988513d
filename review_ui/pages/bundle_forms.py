"""Forms that come with a diagram: from `forms/<id>.json` to a Django form.

So every user task of every diagram is workable the moment it is deployed. Outcomes come first,
then the fields in the order of the file; a field with `when` counts only for those outcomes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engine.types import OutcomeChoice

TEXT_LIMIT = 500


def words(texts: object) -> str:
    """The reader's language out of `{"zh-hans": …, "en": …}`."""
    if not isinstance(texts, Mapping):
        return str(texts or "")
    chinese = (get_language() or "zh").startswith("zh")
    first, second = ("zh-hans", "en") if chinese else ("en", "zh-hans")
    return str(texts.get(first) or texts.get(second) or "")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a form file."""

    name: str
    kind: str
    label: str
    help: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    when: frozenset[str]
    max_length: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "FieldSpec":
        choices = tuple((str(c["value"]), words(c.get("label"))) for c in raw.get("choices", ()))
        return cls(
            name=str(raw["name"]),
            kind=str(raw.get("type", "string")),
            label=words(raw.get("label")) or str(raw["name"]),
            help=words(raw.get("help")),
            required=bool(raw.get("required")),
            choices=choices,
            when=frozenset(raw.get("when", ())),
            max_length=int(raw.get("max_length", TEXT_LIMIT)),
        )


def _field(spec: FieldSpec) -> forms.Field:
    shared: dict[str, Any] = {"label": spec.label, "help_text": spec.help, "required": False}
    if spec.kind == "boolean":
        return forms.BooleanField(**shared)
    if spec.kind == "integer":
        return forms.IntegerField(**shared, min_value=-(10**9), max_value=10**9)
    if spec.kind == "number":
        return forms.DecimalField(**shared, max_digits=18, decimal_places=4)
    if spec.kind == "date":
        return forms.DateField(**shared, widget=forms.DateInput(attrs={"type": "date"}))
    if spec.kind == "choice":
        return forms.ChoiceField(**shared, choices=[("", "—"), *spec.choices])
    return forms.CharField(**shared, max_length=spec.max_length)


class TaskForm(forms.Form):
    """Outcome, the declared fields and a note. Build it with `task_form`."""

    outcome = forms.ChoiceField(
        label=_("Conclusion"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a conclusion.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        specs: Sequence[FieldSpec],
        outcomes: Sequence[OutcomeChoice],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.specs = specs
        language = get_language() or "zh-hans"
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(o.code, o.label.in_language(language)) for o in outcomes]
        for spec in specs:
            self.fields[spec.name] = _field(spec)
        self.order_fields(["outcome", *(s.name for s in specs), "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome", "")
        for spec in self.specs:
            counts = not spec.when or outcome in spec.when
            if spec.required and counts and cleaned.get(spec.name) in (None, "", False):
                self.add_error(spec.name, _("Fill in this field."))
        return cleaned

    def values(self) -> dict[str, object]:
        """The declared fields that count for the chosen outcome; empty ones are None."""
        outcome = self.cleaned_data["outcome"]
        return {
            s.name: None if self.cleaned_data[s.name] == "" else self.cleaned_data[s.name]
            for s in self.specs
            if not s.when or outcome in s.when
        }


def task_form(
    form: Mapping[str, Any] | None,
    outcomes: Sequence[OutcomeChoice],
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> TaskForm:
    """The form of a user task; without a form file it has only outcomes and a note."""
    specs = [FieldSpec.read(f) for f in (form or {}).get("fields", ())]
    return TaskForm(data, specs=specs, outcomes=outcomes, initial=initial)
