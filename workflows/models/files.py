"""Where private files lie: pictures and bank files, encrypted."""

from pathlib import Path

from django.conf import settings

from workflows.models.keys import keyring
from workflows.ports.storage import PrivateStorage, Storage


def storage() -> Storage:
    """The storage of this installation."""
    return PrivateStorage(Path(settings.MEDIA_ROOT), keyring())
