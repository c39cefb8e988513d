"""Named fault points for tests that kill, delay or break a step at an exact place.

    FAULTS="job.after_call:kill9@2,task.locked:sleep=3,job.leased:raise,task.locked:gate=task.locked"
    FAULTS_COUNT=file     append the name of every point passed
    FAULTS_KILL_AT=k      kill -9 this process at the k-th point it passes

Nothing is armed unless settings.FAULT_INJECTION is true, which a system check forbids in
production. An idle point costs one look-up.
"""

import os
import signal
import time
import zlib
from pathlib import Path

from django.conf import settings
from django.db import connection


class InjectedFault(Exception):
    """Raised by a point that was armed with `raise`."""


class _Plan:
    """What is armed, read from the environment once per process."""

    def __init__(self, environment: "os._Environ[str] | dict[str, str]") -> None:
        self.rules: dict[str, tuple[str, int]] = {}
        for item in filter(None, environment.get("FAULTS", "").split(",")):
            name, _, action = item.partition(":")
            action, _, nth = action.partition("@")
            self.rules[name.strip()] = (action, int(nth or 1))
        self.count_file = environment.get("FAULTS_COUNT", "")
        self.kill_at = int(environment.get("FAULTS_KILL_AT", "0"))
        self.hits: dict[str, int] = {}
        self.passed = 0

    @property
    def idle(self) -> bool:
        return not (self.rules or self.count_file or self.kill_at)

    def meet(self, name: str) -> None:
        self.passed += 1
        if self.count_file:
            with Path(self.count_file).open("a") as lines:
                lines.write(f"{name}\n")
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if name not in self.rules:
            return
        action, nth = self.rules[name]
        self.hits[name] = self.hits.get(name, 0) + 1
        if action.startswith("gate"):
            pass_gate(action.partition("=")[2] or name)
        elif self.hits[name] == nth:
            perform(name, action)


def perform(name: str, action: str) -> None:
    """Do what a rule says once."""
    if action == "kill9":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise InjectedFault(name)
    elif action.startswith("sleep="):
        time.sleep(float(action[6:]))
    else:
        raise ValueError(f"unknown fault action {action!r}")


def gate_key(name: str) -> int:
    """The advisory lock that stands for a gate."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def pass_gate(name: str) -> None:
    """Wait until no test holds this gate. A second connection leaves the transaction alone."""
    gate = connection.copy()
    try:
        with gate.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [gate_key(name)])
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [gate_key(name)])
    finally:
        gate.close()


_plan: _Plan | None = None


def arm(environment: dict[str, str]) -> None:
    """Replace what is armed; for tests in the same process."""
    global _plan  # noqa: PLW0603 - one plan per process is the point of the module
    _plan = _Plan(environment)


def point(name: str) -> None:
    """A place where a test may interfere."""
    global _plan  # noqa: PLW0603 - read lazily, because settings are not ready at import
    if _plan is None:
        _plan = _Plan(os.environ if settings.FAULT_INJECTION else {})
    if not _plan.idle:
        _plan.meet(name)
