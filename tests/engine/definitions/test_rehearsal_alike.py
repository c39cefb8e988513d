"""Whatever happened to an instance: on the definition it ran on, its rehearsal is the same."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine import api
from engine.api import Rehearsal
from engine.errors import HandlerError
from engine.models import HistoryEvent, ProcessInstance
from engine.types import Bundle, HandlerCall, Variable
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import GROUPS, Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _handlers(register: Register) -> None:
    register("pay")


@pytest.fixture
def officer(cast: Cast) -> int:
    return cast.person("officer", *GROUPS)


@pytest.fixture
def done(officer: int) -> Callable[..., None]:
    """Completes the open task of an element; `nth` chooses between several."""

    def complete(instance_id: int, element: str, at: datetime, nth: int = 0, **said: str) -> None:
        found = [task for task in api.open_tasks(instance_id) if task.element_id == element]
        outcome = said.get("outcome", "done")
        api.complete_task(found[nth].id, outcome=outcome, by=officer, at=at)

    return complete


Done = Callable[..., None]


def rehearse(found: Bundle, **more: object) -> Rehearsal:
    return api.rehearse(found, "claim", groups=GROUPS, **more)  # type: ignore[arg-type]


def same(found: Bundle) -> bool:
    result = rehearse(found)
    assert [one for one in result.instances if one.differs] == []
    return result.same == len(result.instances) == 1


def paying(*extra: str) -> Bundle:
    return d.bundle(
        "claim",
        d.start(),
        d.user("check"),
        d.service("pay", "pay"),
        *extra,
        d.end(),
        d.line("start", "check", "pay", "end"),
    )


def test_job_that_is_still_running(register: Register, done: Done, at: datetime) -> None:
    register("pay")
    deploy(paying(), at)
    done(begin("claim", at).instance_id, "check", at)

    assert same(paying())


def test_job_beside_people(register: Register, done: Done, at: datetime) -> None:
    register("look")
    found = d.bundle(
        "claim",
        d.start(),
        d.fork("fork"),
        d.user("check"),
        d.user("again"),
        d.service("look", "look"),
        d.user("judge"),
        d.fork("join"),
        d.end(),
        d.line("start", "fork", "check", "again", "join", "end"),
        d.line("fork", "look", "judge", "join"),
    )
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    done(instance_id, "check", at + HOUR)
    api.run_due(at + 2 * HOUR)
    done(instance_id, "judge", at + 3 * HOUR)

    assert same(found)


def test_deadline_that_passed_while_a_handler_worked(
    register: Register, done: Done, at: datetime
) -> None:
    register("pay")
    found = paying(
        d.timer("pay", "slow", "PT1H", interrupting=False), d.end("told"), d.line("slow", "told")
    )
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    done(instance_id, "check", at)
    (timer,) = api.timers(instance_id)
    api.fire_timers(timer.due_at)
    api.run_due(at + 3 * HOUR)

    assert api.instance(instance_id).status == "completed"
    assert same(found)


def test_job_that_was_interrupted(register: Register, done: Done, at: datetime) -> None:
    register("pay")
    found = paying(d.timer("pay", "slow", "PT1H"), d.end("told"), d.line("slow", "told"))
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    done(instance_id, "check", at)
    api.fire_timers(at + 2 * HOUR)

    assert api.instance(instance_id).status == "completed"
    assert same(found)


@pytest.mark.parametrize("ending", ["left", "repaired"])
def test_job_that_failed(
    register: Register, done: Done, officer: int, at: datetime, ending: str
) -> None:
    pay = register("pay", answer=HandlerError("closed"))
    found = d.bundle(
        "claim",
        d.start(),
        d.user("check"),
        d.service("pay", "pay", retries=1),
        d.end(),
        d.line("start", "check", "pay", "end"),
    )
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    done(instance_id, "check", at)
    api.run_due(at + HOUR)
    (incident,) = api.incidents(instance_id)
    if ending == "repaired":
        pay.answer = {}
        api.resolve_incident(incident.id, by=officer, at=at + 2 * HOUR)
        api.run_due(at + 3 * HOUR)

    assert same(found)


@pytest.mark.parametrize("action", ["retry", "skip"])
def test_incident_that_was_patched(done: Done, officer: int, at: datetime, action: str) -> None:
    found = d.bundle(
        "claim",
        d.start(),
        d.user("check"),
        d.user("review", "=to"),
        d.end(),
        d.line("start", "check", "review", "end"),
    )
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    done(instance_id, "check", at)
    (incident,) = api.incidents(instance_id)
    patch: dict[str, Variable] = {"to": "chiefs"}
    api.resolve_incident(incident.id, action=action, patch=patch, by=officer, at=at + HOUR)
    if action == "retry":
        done(instance_id, "review", at + 2 * HOUR)

    assert api.instance(instance_id).status == "completed"
    assert same(found)


def test_withdrawn_instance(officer: int, at: datetime) -> None:
    deploy(paying(), at)
    api.cancel_instance(begin("claim", at).instance_id, by=officer, at=at + HOUR)

    assert same(paying())


def votes(work: str) -> Bundle:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1,2,3]" inputElement="item" '
        'outputCollection="votes" outputElement="=vote"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    tag = work.partition(" ")[0].removeprefix("<")
    return d.bundle(
        "claim",
        d.start(),
        work.replace(f"</{tag}>", f"{loop}</{tag}>"),
        d.choice("first"),
        d.end("one"),
        d.end("other"),
        d.line("start", "ask", "first"),
        d.flow("first", "one", 'votes[1] = "1"'),
        d.flow("first", "other", 'votes[1] != "1"'),
    )


def test_people_answered_in_another_order(at: datetime, officer: int) -> None:
    io = '<zeebe:ioMapping><zeebe:output source="=outcome" target="vote"/></zeebe:ioMapping>'
    form = (
        b'{"id": "vote", "outcomes": [{"code": "1", "label": "1"}, {"code": "2", "label": "2"},'
        b' {"code": "3", "label": "3"}]}'
    )
    drawn = votes(d.user("ask", extra=io, form="vote"))
    found = Bundle(drawn.key, {**drawn.files, "forms/vote.json": form})
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    for nth, outcome in ((2, "3"), (0, "1"), (0, "2")):
        tasks = sorted(api.open_tasks(instance_id), key=lambda task: task.id)
        api.complete_task(tasks[nth].id, outcome=outcome, by=officer, at=at + HOUR)

    assert "one" in [row.element_id for row in api.history(instance_id)]
    assert same(found)


def test_handlers_answered_in_another_order(register: Register, at: datetime) -> None:
    def vote(call: HandlerCall) -> dict[str, Variable]:
        return {"vote": str(call.inputs["item"])}

    register("vote", recorder=vote)
    found = votes(d.service("ask", "vote"))
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    for job in sorted(api.jobs(instance_id), key=lambda job: -job.id):
        api.run_job(job.id, clock=lambda: at + HOUR)

    assert api.instance(instance_id).status == "completed"
    assert same(found)


def test_token_that_was_moved(done: Done, officer: int, at: datetime) -> None:
    found = d.bundle(
        "claim",
        d.start(),
        d.user("check"),
        d.user("review"),
        d.end(),
        d.line("start", "check", "review", "end"),
    )
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    token = api.tokens(instance_id)[0].token
    api.move_token(instance_id, token, "review", by=officer, at=at + HOUR, note="")
    done(instance_id, "review", at + 2 * HOUR)

    assert same(found)
    assert rehearse(found).instances[0].by_hand == ("token_moved",)


def test_timer_that_was_put_off(done: Done, officer: int, at: datetime) -> None:
    found = paying(d.timer("check", "late", "PT2H"), d.line("late", "end"))
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    (timer,) = api.timers(instance_id)
    api.reschedule_timer(timer.id, at + 9 * HOUR, by=officer, at=at + HOUR, note="")
    api.save_draft(only_task(instance_id).id, {}, by=officer, at=at)
    done(instance_id, "check", at + 8 * HOUR)

    assert same(found)
    assert rehearse(found).instances[0].by_hand == ("timer_rescheduled",)


def test_timer_that_was_put_off_and_fired(officer: int, at: datetime) -> None:
    found = paying(d.timer("check", "late", "PT2H"), d.line("late", "end"))
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    (timer,) = api.timers(instance_id)
    api.reschedule_timer(timer.id, at + 9 * HOUR, by=officer, at=at + HOUR, note="")
    api.run_due(at + 10 * HOUR)

    assert api.instance(instance_id).status == "completed"
    assert same(found)


def test_moved_instance_says_that_it_was(officer: int, at: datetime) -> None:
    first = deploy(paying(), at)
    instance_id = begin("claim", at).instance_id
    changed = paying(d.timer("check", "late", "P2D"), d.line("late", "end"))
    second = deploy(changed, at)
    api.start_migration(first.id, second.id, by=officer, at=at, note="")
    api.run_migrations(at)

    assert api.instance(instance_id).version == 2
    assert same(changed)
    assert rehearse(changed).instances[0].by_hand == ("migrated",)


def test_withdrawn_instance_would_have_met_the_added_step(at: datetime, officer: int) -> None:
    found = paying()
    deploy(found, at)
    instance_id = begin("claim", at).instance_id
    task = only_task(instance_id)
    api.complete_task(task.id, outcome="done", by=officer, at=at)
    longer = d.bundle(
        "claim",
        d.start(),
        d.user("check"),
        d.user("more"),
        d.service("pay", "pay"),
        d.end(),
        d.line("start", "check", "more", "pay", "end"),
    )
    api.cancel_instance(instance_id, by=officer, at=at)

    result = rehearse(longer)

    assert (result.path_changed, result.instances[0].parted) == (1, ("pay", "more"))


def test_start_that_is_gone_is_told(at: datetime) -> None:
    two = d.bundle(
        "claim",
        d.start(),
        d.user("check"),
        d.end(),
        d.line("start", "check", "end"),
        '<bpmn:startEvent id="heard"><bpmn:messageEventDefinition messageRef="m_payment"/>'
        "</bpmn:startEvent>",
        d.line("heard", "check"),
        around=d.message(key="=claim"),
    )
    deploy(two, at)
    api.correlate_message("payment", key="SL-1", by=None, at=at)
    assert same(two)

    result = rehearse(paying())

    assert result.instances[0].stopped != ""
    assert result.path_changed == 0


def test_step_that_the_new_version_lacks_makes_nobody_answer_early(
    done: Done, at: datetime
) -> None:
    def forked(*first: str) -> Bundle:
        return d.bundle(
            "claim",
            d.start(),
            d.fork("fork"),
            *(d.user(step) for step in first),
            d.user("other"),
            d.fork("join"),
            d.end(),
            d.line("start", "fork", *first, "join", "end"),
            d.line("fork", "other", "join"),
        )

    deploy(forked("check", "again"), at)
    instance_id = begin("claim", at).instance_id
    for hours, step in enumerate(("check", "again", "other")):
        done(instance_id, step, at + hours * HOUR)

    (one,) = rehearse(forked("check")).instances

    assert (one.stopped, one.signatures) == ("", (3, 2))


def test_answer_that_came_before_its_question_is_kept(done: Done, at: datetime) -> None:
    def ordered(*steps: str) -> Bundle:
        return d.bundle(
            "claim",
            d.start(),
            *(d.user(step) for step in steps),
            d.end(),
            d.line("start", *steps, "end"),
        )

    deploy(ordered("check", "review"), at)
    instance_id = begin("claim", at).instance_id
    done(instance_id, "check", at)
    done(instance_id, "review", at + HOUR)

    (one,) = rehearse(ordered("review", "check")).instances

    assert (one.stopped, one.signatures) == ("", (2, 2))
    assert one.parted == ("check", "review")


def test_damaged_instance_keeps_no_other_from_its_rehearsal(at: datetime) -> None:
    deploy(paying(), at)
    damaged, _ = begin("claim", at).instance_id, begin("claim", at).instance_id
    ProcessInstance.objects.filter(pk=damaged).update(state=b"no state")

    result = rehearse(paying())

    assert result.same == 2
    assert [len(one.queues[0]) for one in result.instances] == [0, 1]


def test_record_from_before_answers_were_kept(done: Done, at: datetime) -> None:
    """A record without the start says so, and is no other path, queue or number of signatures."""
    deploy(paying(), at)
    done(begin("claim", at).instance_id, "check", at)
    HistoryEvent.objects.filter(data__has_key="op").update(data=None)

    result = rehearse(paying())

    assert result.stopped == {("no_record", ""): 1}
    assert (result.path_changed, result.queue_changed, result.signatures_changed) == (0, 0, 0)
