"""Activities, loops, gateways, flows and data: construct -> the case that shows it."""

from __future__ import annotations

from tests.engine.kernel.conformance import Case
from tests.engine.kernel.diagrams import (
    CANCEL,
    ad_hoc,
    call,
    catch,
    compensate,
    each,
    element,
    end,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    message,
    over_data,
    process,
    receive,
    repeat,
    rule,
    say,
    script,
    send,
    service,
    signal,
    start,
    sub,
    throw,
    times,
    undoable,
    user,
)

AFTER = say("z", "done")
CALLED = process("q", start("qs") + end("qe") + flow("qs", "i", "qe") + say("i", "done"))
TABLE = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t"'
    b' namespace="urn:t"><decision id="d" name="d"><variable name="d"/>'
    b"<literalExpression><text>1</text></literalExpression></decision></definitions>"
)


def activity(drawn: str, *acts: str, name: str = "a", more: str = "", **files: bytes) -> Case:
    """The activity, then a script that says so."""
    return Case(main_line(name, "z") + drawn + AFTER, acts, more=more, files=files)


def inside(tag: str, *body: str, attributes: str = "") -> Case:
    steps = start("os") + end("oe") + flow("os", "i", "oe") + say("i", "done")
    return Case(main_line("o") + sub("o", steps, *body, tag=tag, attributes=attributes))


def choosing(kind: str, **conditions: str) -> str:
    """A gateway `g` with a flow to a script for each condition; the last is the default."""
    last = list(conditions)[-1]
    body = main_line("g").replace(flow("g", "e"), "") + gateway(kind, "g", f"to_{last}")
    for name, when in conditions.items():
        drawn = "" if name == last else when
        body += flow("g", name, when=drawn, id=f"to_{name}") + say(name) + flow(name, "e")
    return body


def joined(kind: str, *more: str) -> str:
    """A parallel split of two scripts that meet in this gateway."""
    body = start() + end() + gateway("parallel", "g") + gateway(kind, "j", "", *more) + AFTER
    return body + flow("s", "g", "a", "j") + flow("g", "b", "j", "z", "e") + say("a") + say("b")


def racing(*, attributes: str = "") -> str:
    drawn = f'<eventBasedGateway id="g" {attributes}/>'
    body = drawn + catch("c", message()) + catch("d", message("M2")) + AFTER + end()
    return body + flow("g", "c", "z", "e") + flow("g", "d", "z")


STARTING = 'instantiate="true"'
PARTS: dict[str, Case] = {
    "task": activity('<task id="a"/>'),
    "user task": activity(user("a"), "a"),
    "manual task": activity(user("a", tag="manualTask"), "a"),
    "service task": activity(service("a"), "a"),
    "send task": activity(send("a", "M0")),
    "receive task": activity(receive("a"), "a"),
    "receive task that starts the process": Case(
        receive("a", "M0", attributes=STARTING) + AFTER + end() + flow("a", "z", "e"),
        start_event="a",
    ),
    "script task with FEEL": activity(script("a", "1", "n")),
    "script task with other code": activity(element("scriptTask", "a", "", "<script>x</script>")),
    "business rule task": activity(rule("a", "d"), tables_dmn=TABLE),
    "call activity": Case(main_line("a") + call("a", "q", child=False), more=CALLED),
    "global task": activity(
        element("callActivity", "a", 'calledElement="q"'), more='<globalTask id="q"/>'
    ),
    "embedded subprocess": inside("subProcess"),
    "event subprocess": Case(
        main_line("u")
        + user("u")
        + event_sub("X", signal(), end("xe"), flow("X_start", "h", "xe"), say("h", "done")),
        ("!S1",),
    ),
    "transaction, cancelled": Case(
        main_line("o")
        + sub(
            "o",
            start("os") + end("oe", CANCEL) + flow("os", "i", "oe") + undoable("i"),
            tag="transaction",
        )
        + handled("b", "o", CANCEL, text="done"),
        want=("i", "undo_i", "done"),
    ),
    "ad hoc subprocess": activity(ad_hoc("a", user("x"), user("y")), "y", "x"),
    "ad hoc subprocess, sequential": activity(
        ad_hoc("a", user("x"), user("y"), sequential=True), "x", "y"
    ),
    "standard loop": Case(
        main_line("a") + say("a", loop=repeat(3, "=loopCounter < 2")), want=("a", "a")
    ),
    "multi-instance, parallel": Case(
        main_line("a") + user("a", loop=times("2")) + handled("b", "a", signal(), text="done"),
        ("a 2", "!S1"),
    ),
    "multi-instance, sequential": Case(
        main_line("a") + script("a", "n", loop=each("=[1, 2]", "n", sequential=True)), want=(1, 2)
    ),
    "multi-instance over data": Case(
        '<dataObject id="ns" name="ns"/>'
        + main_line("a")
        + script("a", "n", loop=over_data("ns", "n")),
        want=(1, 2),
        variables={"ns": [1, 2]},
    ),
    "multi-instance without a number": activity(
        say("a", loop="<multiInstanceLoopCharacteristics/>")
    ),
    "compensation activity": Case(
        main_line("a", "t") + undoable("a") + throw("t", compensate()), want=("a", "undo_a")
    ),
    "event subprocess with a loop": Case(
        main_line("u")
        + user("u")
        + sub(
            "X",
            start("xs", signal()) + end("xe") + flow("xs", "xe"),
            attributes='triggeredByEvent="true"',
            loop=times("2"),
        )
    ),
    "choreography task": Case(main_line("a") + '<choreographyTask id="a"/>'),
    "exclusive gateway": Case(choosing("exclusive", a="false", b="true", c=""), want=("b",)),
    "exclusive gateway, merging": Case(joined("exclusive"), want=("a", "done", "b", "done")),
    "inclusive gateway": Case(choosing("inclusive", a="true", b="true", c=""), want=("a", "b")),
    "inclusive gateway, joining": Case(joined("inclusive"), want=("a", "b", "done")),
    "parallel gateway": Case(joined("parallel"), want=("a", "b", "done")),
    "complex gateway": Case(
        joined("complex", "<activationCondition>=activationCount = 1</activationCondition>"),
        want=("a", "done", "b"),
    ),
    "event-based gateway": Case(start() + flow("s", "g") + racing(), ("d",)),
    "event-based gateway that starts the process": Case(
        racing(attributes=STARTING), start_event="d"
    ),
    "event-based gateway that waits for all": Case(
        racing(attributes=f'{STARTING} eventGatewayType="Parallel"'),
        ("d",),
        want=("done", "done"),
        start_event="c",
    ),
    "several flows out of an activity": Case(
        start() + say("a") + say("b") + say("c") + end() + flow("s", "a", "b", "e")
        + flow("a", "c", "e"),
        want=("a", "b", "c"),
    ),
    "conditional and default flow of an activity": Case(
        start() + say("a", attributes='default="d"') + say("b") + say("c") + end()
        + flow("s", "a") + flow("a", "b", when="false") + flow("a", "c", id="d")
        + flow("b", "e") + flow("c", "e"),
        want=("a", "c"),
    ),
    "condition on a flow out of a parallel gateway": Case(
        start() + end() + gateway("parallel", "g") + flow("s", "g") + flow("g", "e", when="true")
    ),
    "process without start and end events": Case(say("a", "done")),
    "data object, data store, annotation, group, lane": activity(
        '<dataObject id="o"/><dataStoreReference id="st"/><group id="gr"/>'
        '<textAnnotation id="ta"><text>x</text></textAnnotation>'
        '<laneSet id="ls"><lane id="l"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        + user("a"),
        "a",
    ),
    "data association with an assignment": Case(
        main_line("a")
        + script("a", "n").replace(
            "</scriptTask>",
            "<dataInputAssociation><assignment><from>=2</from><to>n</to></assignment>"
            "</dataInputAssociation></scriptTask>",
        ),
        want=(2,),
    ),
    "pool and message flow": activity(
        user("a"),
        "a",
        more='<collaboration id="co"><participant id="pa" processRef="p"/><participant id="pb"/>'
        '<messageFlow id="mf" sourceRef="a" targetRef="pb"/></collaboration>',
    ),
    "choreography": Case(main_line(), more='<choreography id="ch"/>'),
    "conversation": activity(
        user("a"), "a", more='<collaboration id="co"><conversation id="cv"/></collaboration>'
    ),
    "assignment by resources": activity(
        user("a").replace("</userTask>", '<potentialOwner id="po"/></userTask>')
    ),
    "expression in another language": Case(
        start() + end() + say("a", attributes='default="d"') + flow("s", "a")
        + flow("a", "e", id="d")
        + flow("a", "e", when="true", id="f").replace(
            "<conditionExpression", '<conditionExpression language="xpath"'
        )
    ),
}  # fmt: skip
