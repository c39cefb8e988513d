"""Forms that conclude something carry a key, and show an action's codes beside their fields."""

import uuid
from collections.abc import Mapping

from django import forms

from review_ui.pages import words


def new_key() -> str:
    """An idempotency key made with the page."""
    return str(uuid.uuid4())


class KeyInput(forms.HiddenInput):
    """A key that is new each time the page is drawn.

    A page is drawn again after a refusal, and a refused request has used its key up: the corrected
    form is another request. A second click or "back" sends the key of the first drawing again.
    """

    def format_value(self, value: object) -> str:
        return new_key()


class Keyed(forms.Form):
    """A form that concludes something: the same key gives the same answer."""

    key = forms.CharField(widget=KeyInput, max_length=64)

    def refuse(self, fields: Mapping[str, str], names: Mapping[str, str] | None = None) -> None:
        """Put an action's codes beside the fields they speak of."""
        for field, code in fields.items():
            target = (names or {}).get(field, field)
            self.add_error(target if target in self.fields else None, words.field(code))
