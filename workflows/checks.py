"""System checks of the domain: what must be set before anything starts."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from workflows.values.cipher import CipherError


@register()
def encryption_keys(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    **_options: object,
) -> list[CheckMessage]:
    """Outside demo and tests, fields are encrypted with keys of their own or not at all."""
    from workflows.models.keys import keyring  # noqa: PLC0415 - apps are ready by now

    try:
        keyring()
    except (ImproperlyConfigured, CipherError) as error:
        return [
            Error(
                f"Encrypted columns have no usable keys: {error}",
                hint="Set FIELD_KEYS and INDEX_KEYS to 'id:base64 of 32 bytes', newest first.",
                id="workflows.E001",
            )
        ]
    return []
