"""Messages and signals that leave an instance: rows, never another lock inside the step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from engine.models import InboundMessage, ProcessInstance
from engine.runtime import values
from engine.runtime.ring import ring_on_commit
from engine.types import StepResult

# The receiver may still be on its way to its catch event.
THROWN_LIVES = timedelta(hours=1)
# The instance whose transactional handler is running, if any.
_inside: ContextVar[int | None] = ContextVar("instance of the running handler", default=None)


@contextmanager
def handler_of(instance_id: int) -> Iterator[None]:
    """Mark what a transactional handler does as done inside the step of this instance."""
    token = _inside.set(instance_id)
    try:
        yield
    finally:
        _inside.reset(token)


def sender() -> int | None:
    """The instance inside whose step the caller runs; its lock is held, so no other may be."""
    return _inside.get()


def post_thrown(instance: ProcessInstance, results: Sequence[StepResult], *, at: datetime) -> None:
    """Post what a step threw; it is delivered after the commit, one step per receiver."""
    thrown = [item for result in results for item in result.thrown]
    if not thrown:
        return
    InboundMessage.objects.bulk_create(
        [
            InboundMessage(
                message_id=f"{instance.pk}:{instance.revision}:{number}",
                kind=item.kind,
                name=item.name,
                key=item.key,
                variables=values.dumps(item.variables),
                source=instance,
                created_at=at,
                expires_at=at + THROWN_LIVES,
            )
            for number, item in enumerate(thrown)
        ]
    )
    ring_on_commit("engine.deliver_messages")
