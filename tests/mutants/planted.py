"""Bugs to plant in the domain: where, what stands there, what the bug is, which tests must see it.

Each replaces one place that is found exactly once; `test_planted` says when the code moved on.
"""

from dataclasses import dataclass

BATCHES = "tests/workflows/actions/test_batches.py"
CONFLICTS = "tests/workflows/queries/test_conflicts.py"
REVIEWS = "tests/workflows/actions/test_reviews.py"
CLAIMS = "tests/workflows/actions/test_claims.py"
REQUESTS = "tests/workflows/actions/test_requests.py"
AUDITED = "tests/workflows/actions/test_audited.py"
PAY_DAYS = "tests/workflows/actions/test_entitlements.py"
CHECKS = "tests/workflows/handlers/test_checks.py"
ACCESS = "tests/workflows/access/test_access.py"
RETURNED = "tests/journeys/test_returned_claim.py"
DENIED = "tests/journeys/test_denied_claim.py"
FAILED = "tests/journeys/test_failed_payment.py"
STOPPED = "tests/journeys/test_stopped_payment.py"
PAID = "tests/journeys/test_claim_is_paid.py"
SHIPPED = "tests/journeys/test_shipped_programme.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One bug; `file` without its folder `workflows/` and its suffix."""

    name: str
    file: str
    good: str
    bad: str
    tests: str


PEOPLE = (
    Mutant(
        "the maker checks the own batch",
        "queries/conflicts",
        "Role.PAYMENT_RELEASER} and batch.maker_id == user_id:",
        "Role.PAYMENT_RELEASER} and batch.maker_id == -1:",
        CONFLICTS,
    ),
    Mutant(
        "the checker releases",
        "queries/conflicts",
        "if Role.PAYMENT_RELEASER in working and batch.checker_id == user_id:",
        "if Role.PAYMENT_RELEASER in working and batch.checker_id == -1:",
        CONFLICTS,
    ),
    Mutant(
        "the reviewer approves",
        "queries/conflicts",
        "    Role.REVIEWER: frozenset({Role.ATTACHMENT_CHECKER, Role.APPROVER, ",
        "    Role.REVIEWER: frozenset({Role.ATTACHMENT_CHECKER, ",
        CONFLICTS,
    ),
    Mutant(
        "an undone approval frees its approver",
        "queries/conflicts",
        "Review.objects.filter(claim=claim, by=user_id).values_list",
        "Review.objects.filter(claim=claim, by=user_id, undone_at=None).values_list",
        REVIEWS,
    ),
    Mutant(
        "an officer works on the own claim",
        "queries/conflicts",
        'return None if groups == ("applicant",) else OWN_CLAIM',
        "return None",
        REVIEWS,
    ),
    Mutant(
        "whoever approved takes the approval back",
        "actions/reviews",
        "if standing.filter(by=by).exists():",
        "if standing.filter(by=None).exists():",
        REVIEWS,
    ),
    Mutant(
        "anybody sets a reason aside",
        "actions/reviews",
        "if not roles.holds_for(by, [Role.SUPERVISOR], row, at=at):\n"
        '            raise NotAllowed("not_supervisor")\n'
        "        if objection :=",
        "if objection :=",
        REVIEWS,
    ),
    Mutant(
        "a stranger hands a claim to another office",
        "actions/reviews",
        "if not roles.holds_for(by, working, row, at=at):",
        "if not by.is_officer:",
        REVIEWS,
    ),
    Mutant(
        "whoever gave the account confirms it",
        "actions/accounts",
        "if account is None or account.entered_by_id == by.pk:",
        "if account is None:",
        FAILED,
    ),
    Mutant(
        "anybody repairs incidents",
        "actions/incidents",
        'raise NotAllowed("not_operator")',
        "pass",
        AUDITED,
    ),
)
SIGHT = (
    Mutant(
        "officers see other offices",
        "access",
        "place &= Q(office=row.office_id)\n        if row.programme_id is not None:\n"
        "            place &= Q(programme=row.programme_id)\n        if row.role == Role.CLERK:",
        "pass\n        if row.role == Role.CLERK:",
        ACCESS,
    ),
    Mutant(
        "officers see drafts",
        "access",
        " & ~Q(status=Status.DRAFT)",
        "",
        ACCESS,
    ),
    Mutant(
        "officers see their own claim",
        "access",
        ".exclude(conflicts.excluded_claims(user.pk))",
        "",
        ACCESS,
    ),
    Mutant(
        "applicants reach each other",
        "access",
        "return Claim.objects.filter(person__user=user).exclude",
        "return Claim.objects.exclude",
        ACCESS,
    ),
    Mutant(
        "a task opens for every office",
        "access",
        'return scope.startswith(granted[:-1]) if granted.endswith("/*") else granted == scope',
        "return bool(granted or scope)",
        ACCESS,
    ),
    Mutant(
        "a picture opens before it was scanned",
        "access",
        "if user.is_officer and row.scan != Attachment.Scan.CLEAN:",
        "if user.is_officer and row.scan == Attachment.Scan.INFECTED:",
        ACCESS,
    ),
    Mutant(
        "nobody writes down who read a picture",
        "access",
        'log_access(user, row.claim_id, "file", str(row.pk), purpose=purpose, at=at)',
        "pass",
        ACCESS,
    ),
    Mutant(
        "a value is shown without a purpose",
        "access",
        'raise InvalidInput({"purpose": "required"})',
        "pass",
        ACCESS,
    ),
    Mutant(
        "the bank's file is open before the release",
        "actions/bank",
        'raise NotAllowed("not_released")',
        "pass",
        BATCHES,
    ),
)
STATES = (
    Mutant(
        "an approved claim can be withdrawn",
        "actions/corrections",
        "elif row.status in UNDER_REVIEW:",
        "elif row.status in {*UNDER_REVIEW, Status.APPROVED}:",
        RETURNED,
    ),
    Mutant(
        "a correction is taken after its deadline",
        "actions/corrections",
        'raise TooLate("correction", ended_at=row.correction_due_at)',
        "pass",
        RETURNED,
    ),
    Mutant(
        "a flagged part may stay as it was",
        "actions/corrections",
        "if unchanged := untouched(row, before, items):",
        "if unchanged := untouched(row, before, []):",
        RETURNED,
    ),
    Mutant(
        "what was not sent back can be changed",
        "actions/claims",
        "if closed := sorted(fields - open_targets(claim)):",
        "if closed := sorted(fields - fields):",
        RETURNED,
    ),
    Mutant(
        "a second claim while one is open",
        "actions/claims",
        "    if found is not None:\n        raise DuplicateClaim",
        "    if found is not None and False:\n        raise DuplicateClaim",
        RETURNED,
    ),
    Mutant(
        "submitted without having read the notice",
        "actions/submitting",
        "if missing := sorted(wanted - read):",
        "if missing := sorted(wanted - wanted):",
        CLAIMS,
    ),
    Mutant(
        "approved against a standing reason",
        "actions/reviews",
        "if outcome in APPROVING and (standing := blocking_reasons(claim)):",
        'if outcome == "reverse" and (standing := blocking_reasons(claim)):',
        REVIEWS,
    ),
    Mutant(
        "concluded while on hold",
        "actions/reviews",
        'raise ClaimChanged(status="held")',
        "pass",
        REVIEWS,
    ),
    Mutant(
        "concluded on an earlier submission",
        "actions/reviews",
        "if shown and shown != submission.sha256:",
        "if shown and not submission.sha256:",
        REVIEWS,
    ),
    Mutant(
        "a return or denial without a reason",
        "actions/reviews",
        'wrong["reasons"] = "required"',
        "pass",
        DENIED,
    ),
    Mutant(
        "an approval is undone while its money is on the way",
        "actions/entitlements",
        "return ordered.exclude(status=PaymentInstruction.Status.VOID).exists()",
        "return ordered.exclude(status=PaymentInstruction.Status.VOID) is None",
        REVIEWS,
    ),
    Mutant(
        "a key is ignored",
        "actions/requests",
        "    if not key:\n        with acting():",
        "    if key is not None:\n        with acting():",
        REQUESTS,
    ),
    Mutant(
        "a conclusion leaves no audit row",
        "actions/milestones",
        "    audit.record(claim, act, by=by, at=at, milestones=reached,",
        "    (lambda *_, **__: None)(claim, act, by=by, at=at, milestones=reached,",
        AUDITED,
    ),
    Mutant(
        "setting a reason aside leaves no audit row",
        "actions/reviews",
        'audit.record(claim, f"reason.{kind}", by=by, at=at, reason=reason)',
        "pass",
        AUDITED,
    ),
    Mutant(
        "holding a claim leaves no audit row",
        "actions/reviews",
        'audit.record(row, "claim.held", by=by,',
        "dict(act=row, by=by,",
        AUDITED,
    ),
    Mutant(
        "a release leaves no audit row",
        "actions/batches",
        'log(row, "batch.released", by=by, at=at, total=row.total_fen, lines=row.line_count)',
        "pass",
        AUDITED,
    ),
)
MONEY = (
    Mutant(
        "a month is drawn twice in its group",
        "actions/entitlements",
        "first.run(months + len(taken)) if str(month) not in taken]",
        "first.run(months + len(taken))]",
        CHECKS,
    ),
    Mutant(
        "a month is put into two batches",
        "actions/batches",
        "status__in=[Instalment.Status.PAYABLE, Instalment.Status.HELD],",
        "status__in=[Instalment.Status.PAYABLE, Instalment.Status.BATCHED],",
        BATCHES,
    ),
    Mutant(
        "the amount is a fen too much",
        "handlers/money",
        "fen = money.from_decimal(money.half_up(Decimal(monthly)))",
        "fen = 1 + money.from_decimal(money.half_up(Decimal(monthly)))",
        PAID,
    ),
    Mutant(
        "the pay day is a day late",
        "actions/entitlements",
        "return calendar.next_working_day(max(day, rulebook.local_day(at)))",
        "return calendar.next_working_day(max(day, rulebook.local_day(at)).replace(day=21))",
        PAY_DAYS,
    ),
    Mutant(
        "the correction's deadline is a day late",
        "handlers/outcomes",
        "claim.correction_due_at = rulebook.due(claim, days, at=call.at)",
        "claim.correction_due_at = rulebook.due(claim, days + 1, at=call.at)",
        REVIEWS,
    ),
    Mutant(
        "the appeal's period is a day short",
        "handlers/outcomes",
        "claim.appeal_due_at = call.at + timedelta(days=days)",
        "claim.appeal_due_at = call.at + timedelta(days=days - 1)",
        DENIED,
    ),
    Mutant(
        "a stop takes the last month too",
        "actions/entitlements",
        "filter(period__gt=last_period)",
        "filter(period__gte=last_period)",
        STOPPED,
    ),
    Mutant(
        "a changed account slips through the release",
        "actions/batches",
        "        if changed := changed_lines(row):\n            raise BatchChanged(changed)\n"
        '        view = open_task(row, "release_batch")',
        '        view = open_task(row, "release_batch")',
        BATCHES,
    ),
    Mutant(
        "another issue has the same end-to-end id",
        "actions/batches",
        "issue = 1 + (",
        "issue = 1 + 0 * (",
        BATCHES,
    ),
    Mutant(
        "money that was paid is not booked",
        "actions/bank",
        'ledger.post(instruction, "paid", at=at)',
        "pass",
        BATCHES,
    ),
    Mutant(
        "money that came back stays paid",
        "actions/bank",
        'ledger.post(instruction, "bounced", at=at)\n        _take_back(instalment, at=at)',
        'ledger.post(instruction, "bounced", at=at)',
        BATCHES,
    ),
    Mutant(
        "a result file is booked twice",
        "actions/bank",
        "digest = hashlib.sha256(data).hexdigest()",
        "digest = hashlib.sha256(data + stored_name.encode()).hexdigest()",
        FAILED,
    ),
    Mutant(
        "the books are closed over an open line",
        "actions/bank",
        'wrong["lines"] = "open"',
        "pass",
        BATCHES,
    ),
    Mutant(
        "an infected file passes for clean",
        "handlers/checks",
        'scan = "infected"',
        'scan = "clean"',
        CHECKS,
    ),
    Mutant(
        "a silent register says no",
        "handlers/checks",
        '"unavailable" if asked & answer.unavailable else "complete"',
        '"complete"',
        CHECKS,
    ),
    Mutant(
        "the sample is never drawn",
        "handlers/checks",
        "drawn = Decimal(place) < rate * 2**64",
        "drawn = Decimal(place) < 0",
        CHECKS,
    ),
    Mutant(
        "the first approval of an officer is not sampled",
        "handlers/checks",
        "drawn = drawn or _first_approval(claim)",
        "drawn = bool(drawn)",
        SHIPPED,
    ),
)
MUTANTS = (*PEOPLE, *SIGHT, *STATES, *MONEY)
