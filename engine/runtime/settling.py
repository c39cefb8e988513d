"""What follows from an act inside its own step: transactional handlers, waiting messages."""

import logging

from django.db import InterfaceError, OperationalError, transaction

from engine.errors import BpmnError, BudgetExceeded, HandlerError, StateError
from engine.kernel import operations
from engine.models import InboundMessage
from engine.runtime import values
from engine.runtime.handlers import handler_for, is_transactional
from engine.runtime.step import Operation, Step
from engine.runtime.throwing import handler_of
from engine.types import HandlerCall, OpenJob, OpenSubscription, StepResult

log = logging.getLogger(__name__)
# Handlers that one step may call; more is a loop that no person waits for.
MAX_CALLS = 200


def settle(step: Step) -> None:
    """Run transactional handlers and deliver waiting messages until nothing moves."""
    calls = 0
    asked: set[tuple[str, str]] = set()
    while step.last.status == "active":
        job = next((job for job in step.last.jobs if is_transactional(job.type)), None)
        if job is not None:
            calls += 1
            step.apply(*(over_budget(step, job) if calls > MAX_CALLS else run_inside(step, job)))
        elif not deliver_waiting(step, asked):
            return


def over_budget(step: Step, job: OpenJob) -> tuple[Operation, StepResult]:
    return Operation("failure", job.element_id), operations.fail_job(
        step.loaded.model, step.state, job.token, "automatic-loop", job.type, at=step.at
    )


def call_of(step: Step, job: OpenJob) -> HandlerCall:
    return HandlerCall(
        instance_id=step.instance.pk,
        business_key=step.instance.business_key,
        process_id=step.instance.definition.process_id,
        scope=step.instance.scope,
        element_id=job.element_id,
        type=job.type,
        key=f"{step.instance.pk}:{job.token}",
        attempt=1,
        at=step.at,
        inputs=job.inputs,
        headers=job.headers,
    )


def run_inside(step: Step, job: OpenJob) -> tuple[Operation, StepResult]:
    """Call a transactional handler in a savepoint; its failure is an incident of its element."""
    model, state, token, at = step.loaded.model, step.state, job.token, step.at
    failure = Operation("failure", job.element_id)
    try:
        with transaction.atomic(), handler_of(step.instance.pk):
            answer = values.checked(handler_for(job.type).function(call_of(step, job)) or {})
    except BpmnError as error:
        given = values.checked(error.variables)
        thrown = Operation("error", job.element_id, {**given, "error_code": error.error_code})
        return thrown, operations.throw_error(model, state, token, error.error_code, given, at=at)
    except HandlerError as error:
        return failure, operations.fail_job(model, state, token, error.code, error.detail, at=at)
    except (StateError, BudgetExceeded) as error:
        return failure, operations.fail_job(model, state, token, error.code, str(error), at=at)
    except (OperationalError, InterfaceError):
        # The database, not the handler: the whole step is to be tried again.
        raise
    except (Exception, SystemExit) as error:
        log.exception("handler %s failed in instance %s", job.type, step.instance.pk)
        return failure, operations.fail_job(
            model, state, token, "handler_failed", type(error).__name__, at=at
        )
    completed = Operation("job", job.element_id, answer)
    return completed, operations.complete_job(model, state, token, answer, at=at)


def deliver_waiting(step: Step, asked: set[tuple[str, str]]) -> bool:
    """Give a message that arrived early to a subscription this step opened."""
    new = [
        item
        for item in step.last.subscriptions
        if item.kind == "message"
        and (item.token, item.element_id, item.kind, item.name, item.key)
        not in step.before.subscriptions
        and (item.name, item.key) not in asked
    ]
    for item in new:
        asked.add((item.name, item.key))
        message = waiting_for(item, step)
        if message is not None:
            asked.discard((item.name, item.key))
            deliver(step, item, message)
            return True
    return False


def waiting_for(item: OpenSubscription, step: Step) -> InboundMessage | None:
    return (
        InboundMessage.objects.select_for_update(skip_locked=True)
        .filter(
            kind="message",
            name=item.name,
            key=item.key,
            status=InboundMessage.Status.WAITING,
            expires_at__gt=step.at,
        )
        .order_by("pk")
        .first()
    )


def deliver(step: Step, item: OpenSubscription, message: InboundMessage) -> None:
    given = values.loads(message.variables)
    step.apply(
        Operation("message", item.element_id, given),
        operations.deliver_message(
            step.loaded.model,
            step.state,
            item.token,
            item.name,
            given,
            at=step.at,
            element_id=item.element_id,
        ),
    )
    message.status = InboundMessage.Status.DELIVERED
    message.target = step.instance
    message.delivered_at = step.at
    message.save(update_fields=["status", "target", "delivered_at"])
