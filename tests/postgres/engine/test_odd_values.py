"""Values that one database takes and the other does not."""

from datetime import datetime

import pytest

from engine import api
from engine.errors import StateError
from engine.models import Subscription
from tests.engine import diagrams as d
from tests.engine.worlds import Cast, begin, deploy

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres", "bells")]


def test_text_with_a_zero_byte_is_refused_by_name(at: datetime) -> None:
    deploy(
        d.bundle("claim", d.start(), d.user("check"), d.end(), d.line("start", "check", "end")), at
    )

    with pytest.raises(StateError):
        begin("claim", at, word="a\x00b")


def test_six_hundred_tasks_of_one_step(cast: Cast, at: datetime) -> None:
    officer = cast.person("officer", "officers")
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality "
        'xsi:type="bpmn:tFormalExpression">600</bpmn:loopCardinality><bpmn:completionCondition '
        'xsi:type="bpmn:tFormalExpression">=numberOfCompletedInstances &gt;= 2'
        "</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
    )
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("check").replace("</bpmn:userTask>", f"{loop}</bpmn:userTask>"),
            d.user("after"),
            d.end(),
            d.line("start", "check", "after", "end"),
        ),
        at,
    )
    instance_id = begin("claim", at).instance_id
    first, *rest = api.open_tasks(instance_id)
    assert len(rest) == 599
    assert [row.token for row in api.history(instance_id) if row.task_id == first.id]

    api.complete_task(first.id, outcome="done", by=officer, at=at)
    advance = api.complete_task(rest[-1].id, outcome="done", by=officer, at=at)

    assert len(advance.ended) == 599
    assert [task.element_id for task in api.open_tasks(instance_id)] == ["after"]


def test_message_with_a_bar_in_its_name_stays_subscribed(cast: Cast, at: datetime) -> None:
    officer = cast.person("officer", "officers")
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.fork("fork"),
            d.receive("wait"),
            d.user("check"),
            d.end(),
            d.line("start", "fork", "wait", "end"),
            d.line("fork", "check", "end"),
            around=d.message(key="=claim").replace('name="payment"', 'name="pay|in"'),
        ),
        at,
    )
    instance_id = begin("claim", at, claim="SL|1").instance_id
    before = list(Subscription.objects.values())
    (task,) = api.open_tasks(instance_id)

    api.complete_task(task.id, outcome="done", by=officer, at=at)

    assert list(Subscription.objects.values()) == before
