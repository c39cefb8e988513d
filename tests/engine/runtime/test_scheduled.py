"""Processes that begin by a signal, by a timer, or by a message to a receive task."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.models import ProcessInstance, StartTimer
from engine.types import Bundle
from tests.engine import diagrams as d
from tests.engine.worlds import OFFICE, begin, deploy

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SIGNAL = '<bpmn:signal id="s_stop" name="stop"/>'
BY_SIGNAL = (
    '<bpmn:startEvent id="start"><bpmn:signalEventDefinition signalRef="s_stop"/>'
    "</bpmn:startEvent>"
)


def by_timer(part: str, text: str) -> str:
    return (
        f'<bpmn:startEvent id="start"><bpmn:timerEventDefinition><bpmn:{part}>{text}</bpmn:{part}>'
        "</bpmn:timerEventDefinition></bpmn:startEvent>"
    )


def deployed(name: str, start: str, at: datetime, *, around: str = "") -> None:
    task = d.user("check")
    deploy(
        d.bundle(
            name, start, task, d.end(), d.line("start", "check", "end"), key=name, around=around
        ),
        at,
    )


def keys() -> list[str]:
    return sorted(ProcessInstance.objects.values_list("business_key", flat=True))


class TestSignal:
    def test_starts_every_process_that_asks_for_it(self, at: datetime) -> None:
        deployed("one", BY_SIGNAL, at, around=SIGNAL)
        deployed("two", BY_SIGNAL, at, around=SIGNAL)

        count = api.broadcast_signal("stop", variables={"n": 1}, by=None, at=at)

        assert count == 2
        found = ProcessInstance.objects.order_by("definition__process_id")
        assert [i.definition.process_id for i in found] == ["one", "two"]
        assert [api.variables(i.pk)["n"] for i in found] == [1, 1]

    def test_starts_the_latest_version_only(self, at: datetime) -> None:
        deployed("one", BY_SIGNAL, at, around=SIGNAL)
        deployed("one", d.start(), at)

        assert api.broadcast_signal("stop", by=None, at=at) == 0

    def test_thrown_by_another_instance(self, at: datetime) -> None:
        deployed("one", BY_SIGNAL, at, around=SIGNAL)
        thrower = (
            '<bpmn:endEvent id="end"><bpmn:signalEventDefinition signalRef="s_stop"/>'
            "</bpmn:endEvent>"
        )
        deploy(
            d.bundle("two", d.start(), thrower, d.line("start", "end"), key="two", around=SIGNAL),
            at,
        )

        api.start_instance("two", business_key="SL-7", scope=OFFICE, variables={}, by=None, at=at)
        api.deliver_messages(at)

        child = ProcessInstance.objects.get(definition__process_id="one")
        assert (child.business_key, child.scope) == ("SL-7", OFFICE)


class TestTimer:
    def test_starts_when_it_is_due_and_once(self, at: datetime) -> None:
        deployed("one", by_timer("timeDuration", "P1D"), at)

        assert api.fire_timers(at + DAY - timedelta(seconds=1)) == 0
        assert api.fire_timers(at + DAY) == 1
        assert api.fire_timers(at + 2 * DAY) == 0

        assert keys() == [f"one:{(at + DAY).isoformat()}"]
        assert not StartTimer.objects.exists()

    def test_repeats_as_often_as_it_says(self, at: datetime) -> None:
        deployed("one", by_timer("timeCycle", "R2/P1D"), at)

        fired = [api.fire_timers(at + days * DAY) for days in (1, 2, 3)]

        assert fired == [1, 1, 0]

    def test_catches_up_after_a_pause(self, at: datetime) -> None:
        deployed("one", by_timer("timeCycle", "R/P1D"), at)

        assert api.run_due(at + 3 * DAY) == 3
        assert len(set(keys())) == 3

    def test_a_date_that_has_passed_starts_nothing(self, at: datetime) -> None:
        deployed("one", by_timer("timeDate", (at - DAY).isoformat()), at)

        assert api.fire_timers(at + DAY) == 0

    def test_a_cycle_that_began_earlier_keeps_its_rhythm(self, at: datetime) -> None:
        begin = (at - timedelta(hours=36)).isoformat()
        deployed("one", by_timer("timeCycle", f"R/{begin}/P1D"), at)

        assert StartTimer.objects.get().due_at == at + timedelta(hours=12)

    def test_the_next_deployment_replaces_it(self, at: datetime) -> None:
        deployed("one", by_timer("timeDuration", "P1D"), at)
        deployed("one", d.start(), at)

        assert api.fire_timers(at + DAY) == 0

    def test_the_same_content_again_changes_nothing(self, at: datetime) -> None:
        for moment in (at, at + DAY / 2):
            deployed("one", by_timer("timeDuration", "P1D"), moment)

        assert StartTimer.objects.get().due_at == at + DAY


def test_message_of_a_receive_task_starts_the_process(at: datetime) -> None:
    receive = '<bpmn:receiveTask id="start" messageRef="m_pay" instantiate="true"/>'
    deployed("one", receive, at, around='<bpmn:message id="m_pay" name="pay"/>')

    advance = api.correlate_message("pay", key="K", variables={"n": 2}, by=None, at=at)

    assert advance is not None
    assert (keys(), api.variables(advance.instance_id)["n"]) == (["K"], 2)


def test_two_pools_talk(at: datetime) -> None:
    """A throws to B's start; B answers A, which waits with a key."""
    around = '<bpmn:collaboration id="c"><bpmn:messageFlow id="order" sourceRef="send"'
    around += ' targetRef="got"/></bpmn:collaboration>' + d.message("answer", "=claim")
    send = '<bpmn:intermediateThrowEvent id="send"><bpmn:messageEventDefinition/>'
    carries = '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=claim"'
    carries += ' target="claim"/></zeebe:ioMapping></bpmn:extensionElements>'
    send = (
        send.replace("<bpmn:message", carries + "<bpmn:message") + "</bpmn:intermediateThrowEvent>"
    )
    first = d.document(
        "one",
        d.start(),
        send,
        d.receive("wait", "answer"),
        d.end(),
        d.line("start", "send", "wait", "end"),
        around=around,
    ).replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="two" isExecutable="true"><bpmn:startEvent id="got">'
        b'<bpmn:messageEventDefinition/></bpmn:startEvent><bpmn:endEvent id="reply">'
        b'<bpmn:messageEventDefinition messageRef="m_answer"/></bpmn:endEvent>'
        b'<bpmn:sequenceFlow id="f" sourceRef="got" targetRef="reply"/></bpmn:process>'
        b"</bpmn:definitions>",
    )
    deploy(Bundle("pools", {"pools.bpmn": first}), at)

    begin("one", at, claim="K")
    while api.deliver_messages(at):
        pass

    found = ProcessInstance.objects.order_by("pk")
    assert [(i.definition.process_id, i.status) for i in found] == [
        ("one", "completed"),
        ("two", "completed"),
    ]
