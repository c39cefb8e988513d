"""What a background handler answered becomes a step, fenced by lease owner and attempt."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import NotWaiting
from engine.kernel import operations
from engine.models import Job, ProcessInstance
from engine.runtime import values
from engine.runtime.open_rows import open_rows
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step, lock_instance, step_on
from engine.types import StepResult, Variable


@dataclass(frozen=True, slots=True)
class Answer:
    """`kind` is completed, error (a BPMN error with `code`) or failed (no attempt is left)."""

    kind: str
    variables: dict[str, Variable] = field(default_factory=dict)
    code: str = ""
    detail: str = ""

    def dumps(self) -> bytes:
        head = json.dumps([self.kind, self.code, self.detail]).encode()
        return head + b"\n" + values.dumps(self.variables)

    @staticmethod
    def loads(raw: bytes | memoryview) -> "Answer":
        head, _, body = bytes(raw).partition(b"\n")
        kind, code, detail = json.loads(head)
        return Answer(kind, values.loads(body), code, detail)


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt at one job. Only its holder may answer."""

    job_id: int
    instance_id: int
    owner: str
    attempt: int


def is_ours(lease: Lease) -> bool:
    """Whether the job is still this attempt's; asked behind the lock of the instance."""
    return Job.objects.filter(
        pk=lease.job_id,
        lease_owner=lease.owner,
        attempts=lease.attempt,
        status=Job.Status.LEASED,
    ).exists()


def apply_answer(lease: Lease, answer: Answer, *, at: datetime) -> bool:
    """Apply an answer in a step, inside the caller's transaction; False when it came too late.

    A suspended instance takes it when it goes on: the answer waits in the job's row.
    """
    instance = lock_instance(lease.instance_id)
    if instance is None or not is_ours(lease):
        return False
    if instance.status == ProcessInstance.Status.SUSPENDED:
        park(lease, answer)
        return True
    rows = open_rows(instance.pk)
    if lease.job_id not in rows.jobs.values():
        return False
    job = Job.objects.get(pk=lease.job_id)
    step = step_on(instance, rows, at=at, by=None)
    step.apply(operation_of(job, answer), result_of(step, job, answer))
    step.closing.job_id = job.pk
    step.closing.job_status = Job.Status.FAILED if answer.kind == "failed" else Job.Status.DONE
    if answer.kind == "failed":
        Job.objects.filter(pk=job.pk).update(retries_left=0, error=answer.code[:200])
    settle(step)
    step.save(Act(f"job_{answer.kind}", job.element_id, job.token, data={"type": job.type}))
    return True


def park(lease: Lease, answer: Answer) -> None:
    """Keep an answer that cannot be taken yet; it uses no attempt."""
    Job.objects.filter(
        pk=lease.job_id, lease_owner=lease.owner, attempts=lease.attempt, status=Job.Status.LEASED
    ).update(
        status=Job.Status.READY,
        answer=answer.dumps(),
        lease_owner="",
        lease_until=None,
        rung_at=None,
    )


def operation_of(job: Job, answer: Answer) -> Operation:
    kind = {"completed": "job", "error": "error"}.get(answer.kind, "failure")
    given = {"error_code": answer.code} if kind == "error" else {}
    return Operation(kind, job.element_id, {**answer.variables, **given})


def result_of(step: Step, job: Job, answer: Answer) -> StepResult:
    model, state, token, at = step.loaded.model, step.state, job.token, step.at
    match answer.kind:
        case "completed":
            return operations.complete_job(model, state, token, answer.variables, at=at)
        case "error":
            return operations.throw_error(
                model, state, token, answer.code, answer.variables, at=at
            )
        case "failed":
            return operations.fail_job(model, state, token, answer.code, answer.detail, at=at)
    raise NotWaiting(f"unknown answer {answer.kind!r}")
