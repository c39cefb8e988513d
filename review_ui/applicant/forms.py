"""Forms of the applicant's pages: shape only, meaning is checked by the actions."""

from collections.abc import Container, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from review_ui.pages.keyed import Keyed

# What the domain calls the field, and what the page calls it.
ACCOUNT_NAMES = {"account": "account_number", "number": "account_number"}


class Details(Keyed):
    """Phone, account and office."""

    phone = forms.CharField(
        label=_("Mobile phone"),
        help_text=_("A family member's phone is fine too."),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    account_kind = forms.ChoiceField(
        label=_("Account"),
        choices=[("social_card", ""), ("debit_card", "")],
        error_messages={"required": _("Choose where the money should go.")},
    )
    account_number = forms.CharField(
        label=_("Card number"),
        help_text=_("The 16 to 19 digits on the front. It must be your own card."),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    office = forms.CharField(
        label=_("Office of your last insured place"),
        max_length=20,
        error_messages={"required": _("Choose an office.")},
    )


class Account(Keyed):
    """Another account, after a return or a failed payment."""

    account_kind = forms.ChoiceField(
        label=_("Kind of card"),
        choices=[
            ("debit_card", _("Class-I debit card")),
            ("social_card", _("Social security card")),
        ],
    )
    account_number = forms.CharField(label=_("New card number"), max_length=32)


class Phone(Keyed):
    """Another phone, after a return."""

    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


class Correction(Phone, Account):
    """What was sent back and can be entered again: `named` fields and the programme's own."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        named: Container[str],
        asked: Mapping[str, forms.Field],
    ) -> None:
        super().__init__(data)
        for name in {*self.fields} - {"key"}:
            if name not in named:
                del self.fields[name]
        self.fields.update(asked)


class Appeal(Keyed):
    """Why somebody thinks the denial is wrong."""

    text = forms.CharField(
        label=_("Why do you think this is wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
