"""The registry of job handlers: what service tasks call by type.

A transactional handler works on the database only and runs inside the step; an external one
talks to the outside and runs as a background job, at least once, with a stable key.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.errors import HandlerError
from engine.types import Catalogue, HandlerCall, HandlerInfo, Text, Variables

Function = Callable[[HandlerCall], Variables | None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered handler."""

    info: HandlerInfo
    function: Function


_registered: dict[str, Handler] = {}


def handler(
    name: str,
    *,
    transactional: bool,
    description: Text,
    max_seconds: int = 300,
    backoff: Sequence[int] = (),
) -> Callable[[Function], Function]:
    """Register a function as the handler of a job type.

    `backoff` are seconds to wait after the first, second … failed attempt, the last one for all
    that follow; without it the engine's own (10 s, 1 min, 10 min).
    """

    def register(function: Function) -> Function:
        known = _registered.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two handlers are called {name!r}")
        info = HandlerInfo(name, transactional, description, max_seconds, tuple(backoff))
        _registered[name] = Handler(info, function)
        return function

    return register


def handler_for(job_type: str) -> Handler:
    """The handler of a job type; HandlerError `unknown_handler` when there is none."""
    try:
        return _registered[job_type]
    except KeyError:
        raise HandlerError("unknown_handler", job_type) from None


def backoff_of(job_type: str) -> tuple[int, ...]:
    """Seconds to wait after each failed attempt; empty when the handler has no wish."""
    found = _registered.get(job_type)
    return () if found is None else found.info.backoff


def is_transactional(job_type: str) -> bool:
    """Whether jobs of this type run inside the step."""
    found = _registered.get(job_type)
    return found is not None and found.info.transactional


def catalogue(groups: Iterable[str], milestones: Iterable[str]) -> Catalogue:
    """What a diagram may refer to: these groups and milestones, and all registered handlers."""
    infos = {name: found.info for name, found in _registered.items()}
    return Catalogue(frozenset(groups), infos, frozenset(milestones))
