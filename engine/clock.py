"""The one place where the time of day is read.

Views, commands and background jobs call `now()` and pass the result on as `at`.
"""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The current instant, aware."""
    return timezone.now()
