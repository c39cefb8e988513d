"""Messages and signals: finding their receivers, waiting for one, delivering once.

A message goes to the one subscription with its name and key; without one to the process whose
start event asks for it; without that it waits as long as it may. A signal goes to everybody who
waits for it at that moment, one step each. `message_id` makes repeats harmless.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction

from engine.errors import BeingProcessed, InstanceNotActive, NotWaiting
from engine.kernel import operations
from engine.models import InboundMessage, ProcessDefinition, ProcessInstance, Subscription
from engine.runtime import values
from engine.runtime.loaded import definitions
from engine.runtime.ring import ring_on_commit
from engine.runtime.scheduled import start_by_signal
from engine.runtime.settling import settle
from engine.runtime.starting import start
from engine.runtime.step import Act, Operation, begin, refuse_unless_active
from engine.runtime.throwing import THROWN_LIVES, sender
from engine.runtime.transaction import step_transaction
from engine.types import Advance, Variables

log = logging.getLogger(__name__)
Status = InboundMessage.Status


def correlate(
    name: str,
    *,
    key: str,
    variables: Variables,
    by: int | None,
    at: datetime,
    message_id: str | None,
    ttl_s: int,
) -> Advance | None:
    """Deliver a message, inside the caller's transaction; None when it waits or came before.

    A handler that runs inside another instance's step only posts it: two instances are never
    locked at once.
    """
    if sender() is not None:
        lives = max(ttl_s, int(THROWN_LIVES.total_seconds()))
        post(message_id, name, key, variables, at=at, ttl_s=lives)
        ring_on_commit("engine.deliver_messages")
        return None
    with transaction.atomic():
        row = (
            post(message_id, name, key, variables, at=at, ttl_s=ttl_s)
            if message_id or ttl_s
            else None
        )
        if (message_id or ttl_s) and row is None:
            return None
        advance = hand_over(name, key, variables, by=by, at=at, row=row)
        if advance is not None:
            return advance
        if row is None or ttl_s <= 0:
            raise NotWaiting(f"nobody waits for message {name!r}")
        InboundMessage.objects.filter(pk=row.pk).update(status=Status.WAITING)
        return None


def post(
    message_id: str | None,
    name: str,
    key: str,
    variables: Variables,
    *,
    at: datetime,
    ttl_s: int,
) -> InboundMessage | None:
    """The row of a message; None when one with this id exists."""
    row = InboundMessage(
        message_id=message_id or f"anonymous:{values.unique()}",
        kind="message",
        name=name,
        key=key,
        variables=values.dumps(variables),
        source_id=sender(),
        created_at=at,
        expires_at=at + timedelta(seconds=ttl_s),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


def hand_over(
    name: str,
    key: str,
    variables: Variables,
    *,
    by: int | None,
    at: datetime,
    row: InboundMessage | None,
) -> Advance | None:
    """Deliver to the one receiver, or start the process that asks for it; None without either."""
    receivers = list(
        Subscription.objects.filter(
            kind="message", name=name, key=key, status=Subscription.Status.OPEN
        ).order_by("pk")[:2]
    )
    if len(receivers) > 1:
        raise NotWaiting(f"more than one receiver waits for message {name!r}")
    if receivers:
        advance: Advance | None = receive(receivers[0], variables, by=by, at=at)
    else:
        advance = start_by_message(name, key, variables, by=by, at=at, row=row)
    if advance is not None and row is not None:
        delivered(row, advance.instance_id, at=at)
    return advance


def receive(
    receiver: Subscription, variables: Variables, *, by: int | None, at: datetime
) -> Advance:
    """The step in which an instance gets a message or signal."""
    step = begin(receiver.instance_id, at=at, by=by)
    # As it is called behind the lock: the instance may just have come to another version.
    found = step.before.subscription(receiver.pk)
    if found is None:
        raise NotWaiting(f"{receiver.name!r} was received by something else first")
    token, element, _, name, _ = found
    model, state = step.loaded.model, step.state
    step.apply(
        Operation("message", element, variables),
        # Behind an event-based gateway two of one name may differ in their keys.
        operations.deliver_message(
            model, state, token, name, variables, at=at, element_id=element
        ),
    )
    settle(step)
    return step.save(Act("message_received", element, token, data={"name": name}))


def start_by_message(
    name: str,
    key: str,
    variables: Variables,
    *,
    by: int | None,
    at: datetime,
    row: InboundMessage | None,
) -> Advance | None:
    """Start the process whose message start event has this name; one per definition and key."""
    for definition in definitions().filter(is_current=True).exclude(start_messages={}):
        element = definition.start_messages.get(name)
        if element is None:
            continue
        if is_running(definition, key):
            raise NotWaiting(f"message {name!r} has started an instance for this key already")
        source = row.source if row is not None else None
        return start(
            definition,
            business_key=key,
            scope=source.scope if source is not None else "",
            group_scopes=source.group_scopes if source is not None else {},
            variables=variables,
            by=by,
            at=at,
            start_event=element,
            parent_id=source.pk if source is not None else None,
        )
    return None


def is_running(definition: ProcessDefinition, key: str) -> bool:
    return ProcessInstance.objects.filter(
        definition__key=definition.key,
        definition__process_id=definition.process_id,
        business_key=key,
        status__in=["active", "suspended"],
    ).exists()


def delivered(row: InboundMessage, instance_id: int, *, at: datetime) -> None:
    InboundMessage.objects.filter(pk=row.pk).update(
        status=Status.DELIVERED, target=instance_id, delivered_at=at
    )


def broadcast(name: str, *, variables: Variables, at: datetime, source: int | None) -> list[int]:
    """One row per receiver of a signal, in the caller's transaction; their ids."""
    receivers = (
        Subscription.objects.filter(kind="signal", name=name, status=Subscription.Status.OPEN)
        .exclude(instance_id=source)
        .order_by("instance_id")
        .values_list("instance_id", flat=True)
        .distinct()
    )
    raw, batch = values.dumps(variables), values.unique()
    rows = InboundMessage.objects.bulk_create(
        [
            InboundMessage(
                message_id=f"signal:{batch}:{instance_id}",
                kind="signal",
                name=name,
                variables=raw,
                source_id=source,
                target_id=instance_id,
                created_at=at,
                expires_at=at + timedelta(days=1),
            )
            for instance_id in receivers
        ]
    )
    return [row.pk for row in rows]


def post_signal(name: str, *, variables: Variables, at: datetime) -> int:
    """Post a signal and ring for its delivery, start what it starts; how many receivers it has."""
    receivers = broadcast(name, variables=variables, at=at, source=None)
    ring_on_commit("engine.deliver_messages")
    return len(receivers) + start_by_signal(name, variables=variables, at=at, source=None)


def deliver_pending(at: datetime, limit: int = 100) -> int:
    """Deliver what was posted, retry what waits, drop what is too late; how many arrived."""
    InboundMessage.objects.filter(status=Status.WAITING, expires_at__lte=at).update(
        status=Status.EXPIRED
    )
    pending = InboundMessage.objects.filter(status=Status.PENDING).order_by("pk")
    done = sum(deliver_one(pk, at=at) for pk in pending.values_list("pk", flat=True)[:limit])
    return done + sum(deliver_one(pk, at=at) for pk in found_later(limit))


def found_later(limit: int) -> list[int]:
    """Waiting messages whose receiver came while they were being stored."""
    open_now = Subscription.objects.filter(kind="message", status=Subscription.Status.OPEN)
    waiting = InboundMessage.objects.filter(status=Status.WAITING).order_by("pk")[:limit]
    return [
        row.pk
        for row in waiting.only("pk", "name", "key")
        if open_now.filter(name=row.name, key=row.key).exists()
    ]


def deliver_one(message_id: int, *, at: datetime) -> bool:
    """One row in one transaction; somebody else's row, or a busy receiver, is left for later."""
    try:
        with step_transaction():
            row = (
                InboundMessage.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("source")
                .filter(pk=message_id, status__in=[Status.PENDING, Status.WAITING])
                .first()
            )
            return row is not None and deliver_row(row, at=at)
    except (BeingProcessed, InstanceNotActive):
        return False
    except DatabaseError:
        raise
    except Exception:
        log.exception("message %s cannot be delivered", message_id)
        InboundMessage.objects.filter(pk=message_id).update(status=Status.EXPIRED)
        return False


def deliver_row(row: InboundMessage, *, at: datetime) -> bool:
    variables = values.loads(row.variables)
    if row.kind == "message":
        if hand_over(row.name, row.key, variables, by=None, at=at, row=row) is not None:
            return True
        late = row.expires_at <= at
        row.status = Status.EXPIRED if late else Status.WAITING
        row.save(update_fields=["status"])
        return False
    if row.target_id is None:
        broadcast(row.name, variables=variables, at=at, source=row.source_id)
        start_by_signal(row.name, variables=variables, at=at, source=row.source)
        row.status, row.delivered_at = Status.DELIVERED, at
        row.save(update_fields=["status", "delivered_at"])
        return True
    signal(row.target_id, row.name, variables, at=at)
    delivered(row, row.target_id, at=at)
    return True


def signal(instance_id: int, name: str, variables: Variables, *, at: datetime) -> None:
    """The step in which one instance gets a signal; nothing waiting any more is no error."""
    step = begin(instance_id, at=at, by=None, running=False)
    if step.instance.ended_at is not None:
        return
    refuse_unless_active(step.instance)
    step.apply(
        Operation("signal", name, variables),
        operations.deliver_signal(step.loaded.model, step.state, name, variables, at=at),
    )
    settle(step)
    step.save(Act("signal_received", data={"name": name}))
