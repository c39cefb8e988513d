"""System checks: what must not be armed in production, and a broker that cannot be shared."""

import os
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


@checks.register()
def faults_are_for_tests(
    app_configs: Sequence[AppConfig] | None, **_options: object
) -> list[checks.CheckMessage]:
    """Fault points may be armed in tests and on developers' machines only."""
    del app_configs
    if settings.DEBUG or getattr(settings, "TESTING", False):
        return []
    found: list[checks.CheckMessage] = []
    if settings.FAULT_INJECTION:
        found.append(checks.Error("FAULT_INJECTION is on in production", id="engine.E001"))
    if os.environ.get("FAULTS") or os.environ.get("FAULTS_KILL_AT"):
        found.append(checks.Error("FAULTS is set in production", id="engine.E002"))
    return found


@checks.register()
def memory_broker_has_one_process(
    app_configs: Sequence[AppConfig] | None, **_options: object
) -> list[checks.CheckMessage]:
    """A memory broker belongs to one process; several only meet through the sweeper."""
    del app_configs
    processes = int(os.environ.get("WEB_CONCURRENCY", "1"))
    if not settings.CELERY_BROKER_URL.startswith("memory:") or processes <= 1:
        return []
    return [
        checks.Warning(
            f"CELERY_BROKER_URL is memory:// but WEB_CONCURRENCY is {processes}",
            hint="Bells reach only the process that rang; jobs wait for the sweeper.",
            id="engine.W001",
        )
    ]
