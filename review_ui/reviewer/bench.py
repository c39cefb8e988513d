"""What the desk shows: the domain's view with words, parts to send back, and the outcome bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language

from engine import api
from engine.types import OutcomeChoice, Variable
from review_ui.pages import status
from review_ui.pages.bundle_forms import TaskForm, task_form
from review_ui.pages.keyed import new_key
from review_ui.pages.office import frame
from review_ui.reviewer import deadlines, words
from workflows.access import TaskAtHand
from workflows.actions.reviews import APPROVING, RETURNING, Flag
from workflows.queries import rulebook
from workflows.queries.desk import Chip, Compared, DeskView
from workflows.queries.desk import desk as desk_of
from workflows.queries.people import display_name
from workflows.queries.words import words as in_language

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the claim that can be sent back, and what was chosen for it."""

    target: str
    label: str | Promise
    reasons: tuple[Chip, ...]
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome of the bar; a blocked one stays reachable and says why."""

    code: str
    label: str
    chosen: bool
    blocked: bool
    number: int


@dataclass(frozen=True, slots=True)
class Node:
    """One milestone of the strip."""

    word: str | Promise
    state: str


STRIP = (
    "submitted",
    "prechecking",
    "attachment_check",
    "eligibility_review",
    "second_review",
    "approved",
    "paying",
)
EARLY = {"returned": "submitted", "quality_check": "second_review", "completed": "paying"}


def bound_form(found: TaskAtHand, data: QueryDict | None = None) -> TaskForm:
    """The form of this task, empty or filled."""
    view = found.view
    document = api.form(view.definition_id, view.form_id) if view.form_id else None
    initial = {"outcome": str(view.draft.get("outcome", ""))}
    return task_form(document, view.outcomes, data, initial)


def variables_of(form: TaskForm) -> dict[str, Variable]:
    """The fields of a filled form as the engine takes them."""
    return {
        name: value
        for name, value in form.values().items()
        if value is None or isinstance(value, bool | int | str | Decimal | date)
    }


def flags_of(found: TaskAtHand, data: QueryDict) -> list[Flag]:
    """The parts that the form sends back; names that are no part of the claim are dropped."""
    if found.claim is None:
        return []
    rules = found.claim.version.rules
    return [
        Flag(target, reason, clean(data.get(f"note:{target}", ""))[:NOTE_LENGTH])
        for target in targets_of(
            (spec.code for spec in rules.attachments), (one.name for one in rules.questions)
        )
        if (reason := data.get(f"reason:{target}", ""))
    ]


def clean(text: str) -> str:
    """Typed text without the one character that no database column takes."""
    return text.replace("\0", "")


def key_of(data: QueryDict) -> str:
    """The key that was made with the page; anything that is none counts as missing."""
    try:
        return str(UUID(data.get("key", "")))
    except ValueError:
        return ""


def targets_of(files: Iterable[str], questions: Iterable[str]) -> list[str]:
    """The parts of a claim that can be sent back, in the order of the page."""
    return [
        *(f"file:{code}" for code in files),
        "account",
        "phone",
        *questions,
    ]


# Reasons an officer chooses from: those that stop a payment belong to the steps that stop one,
# those of the bank to nobody.
SAYABLE = frozenset({"block", "redirect", "fix", "look", "note"})
STOPPING = frozenset({"stop"})


def context(
    request: HttpRequest, found: TaskAtHand, form: TaskForm, *, at: datetime
) -> dict[str, object]:
    """Everything the template of the desk reads."""
    claim, view = found.claim, found.view
    assert claim is not None
    shown = desk_of(claim)
    data = request.POST if request.method == "POST" else QueryDict()
    calendar = rulebook.calendar(claim.version)
    chosen = data.get("outcome", "") or str(view.draft.get("outcome", ""))
    return {
        **claim_context(request, shown),
        "found": found,
        "task": view,
        "task_name": view.name.in_language(get_language() or "zh-hans"),
        "deadline": deadlines.deadline(view.due_at, calendar, at=at, held=bool(claim.hold_reason)),
        "is_mine": view.assignee_id == request.user.pk,
        "holder": display_name(view.assignee_id),
        "form": form,
        "choices": _choices(view.outcomes, shown, chosen),
        "returning": any(choice.code in RETURNING for choice in view.outcomes),
        "parts": _parts(shown, data),
        "picked": _picked(shown, data),
        "key": new_key(),
        "typed": data.get("note", ""),
        "severities": STOPPING if any(o.code == "stop" for o in view.outcomes) else SAYABLE,
    }


def claim_context(request: HttpRequest, shown: DeskView) -> dict[str, object]:
    """What the desk and the read-only page share."""
    labels = part_labels(shown)
    return {
        "office": frame(request),
        "desk": shown,
        "claim": shown.claim,
        "look": status.look(shown.claim.status),
        "strip": strip(shown.claim.status),
        "compared": [
            (row, labels.get(row.fact, row.fact), _verdict(row)) for row in shown.compared
        ],
        "answers": [(labels.get(key, key), value) for key, value in shown.answers.items()],
        "changed": [labels.get(key, key) for key in shown.changed],
        "fired": _fired(shown),
        "standing": [(item, words.severity(item.reason.severity)) for item in shown.blocking],
        "conclusions": _conclusions(shown),
    }


def _conclusions(shown: DeskView) -> list[dict[str, object]]:
    """Earlier conclusions with the names of step and outcome instead of their codes."""
    if not shown.history or shown.claim.instance_id is None:
        return []
    language = get_language() or "zh-hans"
    elements = api.element_words(api.instance(shown.claim.instance_id).definition_id)
    found = []
    for one in shown.history:
        called = elements.get(one.element_id)
        outcome = called.outcomes.get(one.outcome) if called else None
        found.append(
            {
                "at": one.at,
                "by": one.by,
                "name": called.name.in_language(language) if called else one.element_id,
                "outcome_name": outcome.in_language(language) if outcome else one.outcome,
                "reasons": one.reasons,
                "note": one.note,
                "is_undone": one.is_undone,
                "is_current": one.is_current,
            }
        )
    return found


def _verdict(row: Compared) -> words.Badge:
    """Equal is only what both sides say."""
    if row.verdict == "match" and row.claimed in ("", "None"):
        return words.REGISTER_ONLY
    return words.verdict(row.verdict)


def _fired(shown: DeskView) -> list[tuple[object, list[tuple[Chip, words.Badge]]]]:
    chips = {chip.code: chip for chip in shown.chips}
    return [
        (
            rule,
            [
                (chips[code], words.severity(chips[code].severity))
                for code in rule.reasons
                if code in chips
            ],
        )
        for rule in shown.rules
    ]


def part_labels(shown: DeskView) -> dict[str, str | Promise]:
    """Names of the parts and facts of a claim."""
    rules = shown.claim.version.rules
    return {
        **words.PARTS,
        **{question.name: in_language(question.label) for question in rules.questions},
        **{f"file:{spec.code}": in_language(spec.name) for spec in rules.attachments},
    }


def _parts(shown: DeskView, data: QueryDict) -> list[Part]:
    labels = part_labels(shown)
    rules = shown.claim.version.rules
    return [
        Part(
            target,
            labels[target],
            _fitting(shown, target),
            data.get(f"reason:{target}", ""),
            data.get(f"note:{target}", ""),
        )
        for target in targets_of(_files(shown), (one.name for one in rules.questions))
    ]


def _files(shown: DeskView) -> list[str]:
    """The files that this claim has or, with its kind of account, must have."""
    rules = shown.claim.version.rules
    wanted = {spec.code for spec in rules.required_files(shown.person["account_kind"])}
    there = {row.spec for row in shown.evidence}
    return [spec.code for spec in rules.attachments if spec.code in wanted | there]


def _fitting(shown: DeskView, target: str) -> tuple[Chip, ...]:
    """Reasons to send a part back: those about this part first, then those about no part."""
    mendable = [chip for chip in shown.chips if chip.severity == "fix"]
    own = [chip for chip in mendable if chip.field == target]
    return (*own, *(chip for chip in mendable if not chip.field))


def _choices(outcomes: tuple[OutcomeChoice, ...], shown: DeskView, chosen: str) -> list[Choice]:
    language = get_language() or "zh-hans"
    return [
        Choice(
            outcome.code,
            outcome.label.in_language(language),
            outcome.code == chosen,
            bool(shown.blocking) and outcome.code in APPROVING,
            number,
        )
        for number, outcome in enumerate(outcomes, 1)
    ]


def strip(code: str) -> list[Node]:
    """The milestones as one line; a status off the line ends it."""
    now = EARLY.get(code, code)
    off = now not in STRIP
    reached = STRIP.index(now) if not off else 1
    nodes = [
        Node(status.look(name).office, _node(place, reached, off=off))
        for place, name in enumerate(STRIP)
    ]
    return [*nodes[:1], Node(status.look(code).office, "is-now")] if off else nodes


def _node(place: int, reached: int, *, off: bool) -> str:
    if place == reached and not off:
        return "is-now"
    return "is-done" if place < reached else ""


def _picked(shown: DeskView, data: QueryDict) -> frozenset[str]:
    """What was chosen before; at first, what the rules gave and the applicant can mend."""
    if data:
        return frozenset(data.getlist("reasons"))
    return frozenset(item.reason.code for item in shown.blocking if item.reason.severity == "fix")
