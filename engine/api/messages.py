"""Messages and signals."""

from datetime import datetime

from engine.runtime import (
    messages,
)
from engine.runtime.transaction import step_transaction
from engine.types import (
    Advance,
    Variables,
)


def correlate_message(
    name: str,
    *,
    key: str,
    variables: Variables | None = None,
    by: int | None,
    at: datetime,
    message_id: str | None = None,
    ttl_s: int = 0,
) -> Advance | None:
    """Give a message to the one instance that waits for its name and key, or start one by it.

    With `message_id` a repeat does nothing and returns None. With `ttl_s` a message without a
    receiver waits so long for one and None is returned. Called by a transactional handler, it is
    delivered after the commit and None is returned.

    Raises:
        NotWaiting: no receiver (and no `ttl_s`), or more than one.
    """
    with step_transaction():
        return messages.correlate(
            name,
            key=key,
            variables=variables or {},
            by=by,
            at=at,
            message_id=message_id,
            ttl_s=ttl_s,
        )


def broadcast_signal(
    name: str, *, variables: Variables | None = None, by: int | None, at: datetime
) -> int:
    """Post a signal to every instance that waits for it, a step each; how many there are."""
    del by
    with step_transaction():
        return messages.post_signal(name, variables=variables or {}, at=at)


def deliver_messages(at: datetime) -> int:
    """Deliver posted messages and signals; how many arrived."""
    return messages.deliver_pending(at)
