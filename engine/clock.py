"""The one place where the time of day is read.

Views, commands and background jobs call `now()` and pass the result on as `at`. In the demo a
stored shift moves the clock of every process of the installation, so that deadlines can be shown.
"""

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

CACHED_SECONDS = 1.0
_cached: tuple[float, timedelta] | None = None


def now() -> datetime:
    """The current instant, aware."""
    return timezone.now() + shift() if settings.DEMO else timezone.now()


def shift() -> timedelta:
    """How far the demo's clock is from the real one."""
    global _cached  # noqa: PLW0603 - one cache per process; a file is read at most once a second
    if _cached is None or time.monotonic() - _cached[0] > CACHED_SECONDS:
        _cached = (time.monotonic(), _stored())
    return _cached[1]


def shift_to(instant: datetime) -> None:
    """Set the demo's clock to this instant; it goes on from there.

    Raises:
        RuntimeError: this installation is no demo.
    """
    global _cached  # noqa: PLW0603 - see shift()
    if not settings.DEMO:
        raise RuntimeError("the clock moves in demo mode only")
    ahead = instant - timezone.now()
    part = _file().with_suffix(".part")
    part.write_text(str(ahead.total_seconds()))
    part.replace(_file())
    _cached = (time.monotonic(), ahead)


def _file() -> Path:
    return Path(settings.DATA_DIR) / "clock_shift"


def _stored() -> timedelta:
    try:
        return timedelta(seconds=float(_file().read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta(0)
