"""Forms of the accounts' pages."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from review_ui.pages.keyed import Keyed


class LogIn(AuthenticationForm):
    """The name is called here what it was called when it was chosen."""

    username = UsernameField(
        label=_("User name or phone"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    error_messages = {
        "invalid_login": _("Name and password do not belong together. Enter both again."),
    }


class Register(Keyed):
    """Who somebody is, and how they will log in."""

    username = forms.CharField(label=_("User name or phone"), min_length=3, max_length=64)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 8 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=128,
    )
    name = forms.CharField(label=_("Name"), max_length=70)
    id_number = forms.CharField(label=_("ID number"), max_length=24)
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_password(self) -> str:
        chosen = str(self.cleaned_data["password"])
        validate_password(chosen)
        return chosen
