"""Forms of the payments."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workflows.queries import offices, processes

LARGEST_RESULT = 10 * 1024 * 1024


class PlanForm(forms.Form):
    """What a batch would hold: programme, office, last day."""

    programme = forms.ChoiceField(label=_("Programme"))
    office = forms.ChoiceField(label=_("Office"), required=False)
    cut_off = forms.DateField(
        label=_("Due until"),
        help_text=_("Months whose pay day is this day or earlier."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day, for example 2026-12-25.")},
    )

    def __init__(self, data: QueryDict | None = None, *, on: date) -> None:
        super().__init__(data, initial={"cut_off": on})
        names = processes.programme_names()
        places = [(row.code, row.name) for row in offices.office_rows(on=on)]
        self.fields["programme"] = forms.ChoiceField(
            label=_("Programme"), choices=list(names.items())
        )
        self.fields["office"] = forms.ChoiceField(
            label=_("Office"), required=False, choices=[("", _("All offices")), *places]
        )
        for name in ("programme", "office"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["cut_off"].widget.attrs["class"] = "form-control"


class ResultForm(forms.Form):
    """The bank's answer."""

    file = forms.FileField(
        label=_("Result file of the bank"),
        error_messages={
            "required": _("Choose the bank's file first."),
            "missing": _("Choose the bank's file first."),
            "empty": _("The file is empty."),
        },
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.txt,.xml"}),
    )
