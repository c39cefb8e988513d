"""Codes of refusals in words that say how to go on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, str | Promise] = {
    "required": _("Fill in this field."),
    "length": _("The number of characters is not right. Compare with your card."),
    "characters": _("There is a character that does not belong here."),
    "check_digit": _("The number does not add up. Enter it again as printed on the card."),
    "impossible_date": _("The birth date in the number does not exist. Enter it again."),
    "future_date": _("The birth date in the number lies in the future. Enter it again."),
    "old_number": _("This is an old number. Enter the 18-character one of your present card."),
    "not_mobile": _("Enter a mobile phone number of 11 digits."),
    "taken": _("This cannot be used. If it is yours, the counter of your office can help."),
    "fixed": _("This cannot be changed here. The counter of your office can help."),
    "not_own": _("The account must be your own."),
    "no_card": _("No social security card was found. Enter a Class-I debit card."),
    "not_activated": _(
        "Your card is not activated for banking. Activate it at the bank, or enter a debit card."
    ),
    "not_open": _("This part was checked and is closed. Change only what is named."),
    "same_as_another": _("This is the same picture as another one. Take the right one."),
    "same_as_before": _("This is still the picture that was returned. Take a new one."),
    "same_account": _("This is the account that did not work. Give another one."),
    "unusable": _("The bank cannot pay to this account. Check the number or give another one."),
    "unknown": _("Choose one of the options."),
    "choice": _("Choose one of the options."),
    "type": _("This answer has the wrong form."),
}
UPLOADS: dict[str, str | Promise] = {
    "too_large": _("The file is too large. Send a picture under 10 MB."),
    "empty": _("The file is empty. Choose the picture again."),
    "not_an_image": _("This is not a picture. Take a photo and send it as JPEG or PNG."),
    "heic": _("This phone saves HEIC. Choose 'most compatible' in the camera settings."),
    "pdf": _("This is a PDF. Take a photo of the document instead."),
    "too_many_pixels": _("The picture has too many pixels. Take it with a lower resolution."),
    "too_small": _("The picture is too small to read. Take it from closer."),
    "odd_shape": _("The picture is too long and thin. Take the whole card in one picture."),
    "broken": _("The file is damaged. Take the picture again."),
    "bomb": _("The file cannot be opened safely. Take the picture again."),
    "infected": _("The file failed the safety check. Take a new photo."),
    "busy": _("Many people are uploading right now. Try again in a minute."),
    "slow": _("The server is too slow right now. Nothing was stored. Try again in a minute."),
    "quota": _("You have uploaded very many files. Call your office."),
}
VERDICTS: dict[str, str | Promise] = {
    "blurry": _("Perhaps too blurry. Check that you can read it."),
    "dark": _("Perhaps too dark. Check that you can read it."),
    "glare": _("Perhaps with glare. Check that you can read it."),
}
GENERAL = _("Please check this entry.")


def field(code: str) -> str:
    """The sentence for a code of InvalidInput."""
    return str(FIELDS.get(code, GENERAL))


def upload(reason: str) -> str:
    """The sentence for a reason of UploadRefused."""
    return str(UPLOADS.get(reason, UPLOADS["broken"]))
