"""Everything the domain refuses, as one tree.

A class states the fact, carries the data and has a stable `code`.

    WorkflowsError
    ├── NotFound               no such claim, file, batch or programme, or it is somebody else's
    ├── NotAllowed             role, office, four-eyes or conflict of interest
    ├── TooLate                a window, deadline or appeal period is over
    ├── ClaimChanged           the claim moved on since the page was drawn
    ├── InvalidInput           one code per field
    ├── DuplicateClaim         the same person already claims in this group
    ├── RequestInFlight        the same request is being worked on right now
    ├── RequestBodyDiffers     the key of an earlier request came with another body
    ├── Refused                reasons stand against the act
    ├── AttemptsExhausted      the limit of corrections or tries is reached
    ├── NoticeNotAccepted      the current version of the notice was not accepted
    ├── IncompleteClaim        parts are missing
    ├── PayoutGateClosed       payments are locked until the books agree with the bank
    ├── BatchChanged           lines of a batch are not what was checked
    ├── ResultFileRejected     a bank's answer cannot be used as a whole
    ├── UploadRefused          a file cannot be taken
    ├── PortUnknown            no implementation of that name
    ├── PortUnavailable        an outside service does not answer
    └── StoredFileDamaged      a stored file is missing or is not what was stored

No class says how a page answers: the mapping to HTTP stands in review_ui. No message and no
attribute holds a name, an ID number, a phone or an account.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime


class WorkflowsError(Exception):
    """Base of everything the domain refuses."""

    code = "workflows_error"


class NotFound(WorkflowsError):
    """There is no such thing, or the caller may not know that there is."""

    code = "not_found"


class NotAllowed(WorkflowsError):
    """The person may not do this; `reasons` says by which rules, in the order to explain them."""

    code = "not_allowed"

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class TooLate(WorkflowsError):
    """The period for `what` ended at `ended_at`."""

    code = "too_late"

    def __init__(self, what: str, *, ended_at: datetime | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.ended_at = ended_at


class ClaimChanged(WorkflowsError):
    """The claim is not what the page showed: somebody acted on it first.

    `by_id` and `at` say who and when, if that may be told; `status` is where the claim stands.
    """

    code = "claim_changed"

    def __init__(
        self, *, by_id: int | None = None, at: datetime | None = None, status: str = ""
    ) -> None:
        super().__init__(status)
        self.by_id = by_id
        self.at = at
        self.status = status


class InvalidInput(WorkflowsError):
    """Fields hold what the act cannot use; `fields` maps each field to a code."""

    code = "invalid_input"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in fields.items()))
        self.fields = dict(fields)


class DuplicateClaim(WorkflowsError):
    """The person already has a claim in this group; `number` only if the caller owns it."""

    code = "duplicate_claim"

    def __init__(self, number: str | None = None) -> None:
        super().__init__(number or "")
        self.number = number


class RequestInFlight(WorkflowsError):
    """The same request is being worked on; ask again after `retry_after_s` seconds."""

    code = "request_in_flight"

    def __init__(self, *, retry_after_s: int = 2) -> None:
        super().__init__("")
        self.retry_after_s = retry_after_s


class RequestBodyDiffers(WorkflowsError):
    """The key belongs to an earlier request with another body; nothing was done."""

    code = "request_body_differs"


class Refused(WorkflowsError):
    """Reasons of the programme stand against the act; `reasons` lists their codes."""

    code = "refused"

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(self.reasons))


class AttemptsExhausted(WorkflowsError):
    """The limit of attempts is reached; a supervisor may allow another one."""

    code = "attempts_exhausted"

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class NoticeNotAccepted(WorkflowsError):
    """The notice in force, `version`, was not read and accepted for this claim."""

    code = "notice_not_accepted"

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


class IncompleteClaim(WorkflowsError):
    """Fields or files are missing; `missing` holds their codes in the order of the form."""

    code = "incomplete_claim"

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(self.missing))


class PayoutGateClosed(WorkflowsError):
    """Payments are locked until what the bank did is reconciled; `reason` is a code."""

    code = "payout_gate_closed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BatchChanged(WorkflowsError):
    """Lines changed since the batch was checked; `lines` maps instruction ids to codes."""

    code = "batch_changed"

    def __init__(self, lines: Mapping[int, str]) -> None:
        super().__init__(f"{len(lines)} lines")
        self.lines = dict(lines)


class ResultFileRejected(WorkflowsError):
    """A bank's answer cannot be used as a whole.

    `reason`: empty, too_large, encoding, not_a_table, columns_missing, totals_differ, not_xml,
    already_loaded, other_batch, format_unknown. `line` counts from 1, 0 = the file.
    """

    code = "result_file_rejected"

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(f"{reason}, line {line}" if line else reason)
        self.reason = reason
        self.line = line


class UploadRefused(WorkflowsError):
    """A file cannot be taken as a picture.

    `reason`: too_large, empty, not_an_image, heic, pdf, too_many_pixels, too_small, odd_shape,
    broken, bomb, busy, slow, infected, quota. `limit` is the number the file went past, 0 if none.
    """

    code = "upload_refused"

    def __init__(self, reason: str, *, limit: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


class PortUnknown(WorkflowsError):
    """No implementation of the port `kind` has this name."""

    code = "port_unknown"

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(f"{kind}: {name!r} is none of {', '.join(self.known)}")


class PortUnavailable(WorkflowsError):
    """An outside service does not answer or answers nonsense; `reason` is a code.

    `outcome_unknown` is true if the service may have acted although no answer came.
    """

    code = "port_unavailable"

    def __init__(self, kind: str, reason: str, *, outcome_unknown: bool = False) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.outcome_unknown = outcome_unknown


class StoredFileDamaged(WorkflowsError):
    """A stored file is missing or differs from what was stored; `name` is the stored name."""

    code = "stored_file_damaged"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
