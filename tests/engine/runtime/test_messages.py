"""Messages and signals find their receivers once, early ones wait, thrown ones arrive."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.errors import NotWaiting
from engine.models import InboundMessage, Subscription
from engine.types import HandlerCall
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import OFFICE, Cast, Recorder, deploy, only_task

pytestmark = pytest.mark.django_db

SIGNAL = '<bpmn:signal id="s_stop" name="stop"/>'


@pytest.fixture
def waiting(at: datetime) -> None:
    """A process that waits for the message "payment" with the variable `claim` as key."""
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("submit"),
            d.receive("paid"),
            d.user("close"),
            d.end(),
            d.line("start", "submit", "paid", "close", "end"),
            around=d.message(),
        ),
        at,
    )


def start(at: datetime, key: str) -> int:
    return api.start_instance(
        "claim",
        business_key=key,
        scope=OFFICE,
        variables={"claim": key},
        by=None,
        at=at,
    ).instance_id


def start_and_submit(cast: Cast, at: datetime, key: str = "SL-1") -> int:
    officer = cast.person("officer", "officers")
    instance_id = start(at, key)
    api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)
    return instance_id


@pytest.mark.usefixtures("waiting")
class TestCorrelateMessage:
    def test_reaches_the_one_instance_with_its_key(self, cast: Cast, at: datetime) -> None:
        first, second = start_and_submit(cast, at, "SL-1"), start_and_submit(cast, at, "SL-2")

        advance = api.correlate_message(
            "payment", key="SL-2", variables={"amount": 100}, by=None, at=at
        )

        assert advance is not None
        assert advance.instance_id == second
        assert only_task(second).element_id == "close"
        assert api.open_tasks(first) == ()
        assert api.variables(second)["amount"] == 100

    def test_without_receiver_is_refused(self, at: datetime) -> None:
        with pytest.raises(NotWaiting):
            api.correlate_message("payment", key="SL-9", by=None, at=at)

        assert not InboundMessage.objects.exists()

    def test_for_two_receivers_is_refused(self, cast: Cast, at: datetime) -> None:
        start_and_submit(cast, at)
        start_and_submit(cast, at)

        with pytest.raises(NotWaiting):
            api.correlate_message("payment", key="SL-1", by=None, at=at)

        assert Subscription.objects.filter(status="open").count() == 2

    def test_same_message_id_does_nothing_the_second_time(self, cast: Cast, at: datetime) -> None:
        instance_id = start_and_submit(cast, at)
        once = api.correlate_message("payment", key="SL-1", by=None, at=at, message_id="bank-7")

        again = api.correlate_message("payment", key="SL-1", by=None, at=at, message_id="bank-7")

        assert once is not None
        assert again is None
        assert only_task(instance_id).element_id == "close"

    def test_early_message_waits_for_its_receiver(self, cast: Cast, at: datetime) -> None:
        api.correlate_message(
            "payment", key="SL-1", variables={"amount": 7}, by=None, at=at, ttl_s=3600
        )

        instance_id = start_and_submit(cast, at + timedelta(minutes=5))

        assert only_task(instance_id).element_id == "close"
        assert api.variables(instance_id)["amount"] == 7
        assert InboundMessage.objects.get().status == "delivered"

    def test_early_message_is_gone_after_its_time(self, cast: Cast, at: datetime) -> None:
        api.correlate_message("payment", key="SL-1", by=None, at=at, ttl_s=60)

        later = at + timedelta(minutes=5)
        instance_id = start_and_submit(cast, later)
        api.run_due(later)

        assert api.open_tasks(instance_id) == ()
        assert InboundMessage.objects.get().status == "expired"

    def test_message_that_met_nobody_while_its_receiver_came_is_found_by_the_sweep(
        self, cast: Cast, at: datetime
    ) -> None:
        instance_id = start_and_submit(cast, at)
        # What two transactions leave behind that did not see each other.
        InboundMessage.objects.create(
            message_id="late",
            kind="message",
            name="payment",
            key="SL-1",
            variables=b"{}",
            status="waiting",
            created_at=at,
            expires_at=at + timedelta(hours=1),
        )

        api.deliver_messages(at)

        assert only_task(instance_id).element_id == "close"


class TestMessageStart:
    @pytest.fixture(autouse=True)
    def _deployed(self, at: datetime) -> None:
        start = (
            '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m_ordered"/>'
            "</bpmn:startEvent>"
        )
        deploy(
            d.bundle(
                "payout",
                start,
                d.user("pay"),
                d.end(),
                d.line("start", "pay", "end"),
                around=d.message("ordered"),
            ),
            at,
        )

    def test_starts_one_instance_per_key(self, at: datetime) -> None:
        advance = api.correlate_message("ordered", key="SL-1", by=None, at=at)

        with pytest.raises(NotWaiting):
            api.correlate_message("ordered", key="SL-1", by=None, at=at)

        assert advance is not None
        assert api.instance(advance.instance_id).business_key == "SL-1"
        assert only_task(advance.instance_id).element_id == "pay"


class TestThrown:
    def test_message_of_one_instance_starts_the_other_after_the_commit(self, at: datetime) -> None:
        throw = (
            '<bpmn:endEvent id="end"><bpmn:messageEventDefinition messageRef="m_ordered"/>'
            "</bpmn:endEvent>"
        )
        catch = (
            '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m_ordered"/>'
            "</bpmn:startEvent>"
        )
        deploy(
            d.bundle(
                "claim", d.start(), throw, d.line("start", "end"), around=d.message("ordered")
            ),
            at,
        )
        deploy(
            d.bundle(
                "payout",
                catch,
                d.user("pay"),
                d.end(),
                d.line("start", "pay", "end"),
                key="other",
                around=d.message("ordered"),
            ),
            at,
        )

        thrower = start(at, "SL-1")
        before = InboundMessage.objects.get()
        api.run_due(at)

        assert (before.status, before.source_id) == ("pending", thrower)
        payout = api.instance(business_key="SL-1")
        assert payout.process_id == "payout"
        assert payout.scope == OFFICE
        assert InboundMessage.objects.get().status == "delivered"


@pytest.mark.usefixtures("waiting")
class TestMessageOfAHandler:
    def test_is_delivered_after_the_step_it_was_sent_in(
        self, cast: Cast, register: Register, at: datetime
    ) -> None:
        receiver = start_and_submit(cast, at, "SL-1")
        seen: list[object] = []

        class Sender(Recorder):
            def __call__(self, call: HandlerCall) -> None:
                key = str(call.inputs["to"])
                seen.append(api.correlate_message("payment", key=key, by=None, at=call.at))
                seen.append([task.element_id for task in api.open_tasks(receiver)])

        register("send", transactional=True, recorder=Sender())
        deploy(
            d.bundle(
                "sender",
                d.start(),
                d.service("send", "send"),
                d.end(),
                d.line("start", "send", "end"),
                key="sender",
            ),
            at,
        )

        api.start_instance(
            "sender",
            business_key="X",
            scope=OFFICE,
            variables={"to": "SL-1"},
            by=None,
            at=at,
        )
        api.deliver_messages(at)

        assert seen == [None, []]
        assert only_task(receiver).element_id == "close"


class TestBroadcastSignal:
    def test_reaches_everybody_who_waits_once(self, at: datetime) -> None:
        catch = (
            '<bpmn:intermediateCatchEvent id="stopped"><bpmn:signalEventDefinition '
            'signalRef="s_stop"/></bpmn:intermediateCatchEvent>'
        )
        deploy(
            d.bundle(
                "claim",
                d.start(),
                catch,
                d.user("close"),
                d.end(),
                d.line("start", "stopped", "close", "end"),
                around=SIGNAL,
            ),
            at,
        )
        instances = [start(at, key) for key in ("SL-1", "SL-2", "SL-3")]

        receivers = api.broadcast_signal("stop", by=None, at=at)
        arrived = api.deliver_messages(at)
        repeated = api.deliver_messages(at)

        assert (receivers, arrived, repeated) == (3, 3, 0)
        assert all(only_task(pk).element_id == "close" for pk in instances)
