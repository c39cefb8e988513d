"""Probes of multi-instance activities and loops that reach beyond the common case."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    announcing,
    element,
    escalation,
    handled,
    main_line,
    on,
    over_data,
    say,
    script,
    signal,
    sub,
    times,
    user,
)
from tests.engine.kernel.runtime.probes import Probe, inner

SIGNALS = '<signalEventDefinition id="ev" signalRef="S1"/>'
ESCALATES = '<escalationEventDefinition id="ev" escalationRef="X1"/>'
NOT_ENDING = handled("b", "u", signal(), interrupting=False, text="h")

DATA = {
    "a collection and its item are data of the diagram": Probe(
        main_line("t", "z") + '<dataObject id="do"/><dataObjectReference id="list_ref" name="list"'
        ' dataObjectRef="do"/><dataObject id="do2"/>'
        '<dataObjectReference id="all_ref" name="all" dataObjectRef="do2"/>'
        + script(
            "t",
            "item * 2",
            "twice",
            loop=over_data("list_ref", "item", into="all_ref", result="twice"),
        )
        + script("z", "all"),
        [[2, 4]],
        variables={"list": [1, 2]},
    ),
    "an input of the activity stands for the data tied to it": Probe(
        main_line("t")
        + '<dataObjectReference id="ref" name="list" dataObjectRef="do"/><dataObject id="do"/>'
        + element(
            "scriptTask",
            "t",
            "",
            '<extensionElements><zeebe:script expression="=item" resultVariable="log"/>'
            "</extensionElements>",
            '<ioSpecification><dataInput id="din" name="inside"/><inputSet>'
            "<dataInputRefs>din</dataInputRefs></inputSet><outputSet/></ioSpecification>"
            "<dataInputAssociation><sourceRef>ref</sourceRef><targetRef>din</targetRef>"
            "</dataInputAssociation>",
            over_data("din", "item"),
        ),
        ["a", "b"],
        variables={"list": ["a", "b"]},
    ),
    "a collection that is null is an incident": Probe(
        main_line("u") + user("u", loop=over_data("list", "item")),
        [],
        status="active",
        incidents=(("u", "bad-collection"),),
    ),
    "a negative number of instances is an incident": Probe(
        main_line("u") + user("u", loop=times("=n")),
        [],
        status="active",
        incidents=(("u", "bad-collection"),),
        variables={"n": -1},
    ),
}

BEHAVIOR = {
    "an event for each completion": Probe(
        main_line("u", "z") + user("u", loop=announcing("None", "ev")) + NOT_ENDING + say("z"),
        ["h", "h", "h", "z"],
        ["u 2", "u 1", "u 3"],
        ordered=False,
        more=SIGNALS,
    ),
    "an event for the first completion": Probe(
        main_line("u", "z") + user("u", loop=announcing("One", "ev")) + NOT_ENDING + say("z"),
        ["h", "z"],
        ["u 2", "u 1", "u 3"],
        more=SIGNALS,
    ),
    "an event of the first completion ends the rest": Probe(
        main_line("u", "z")
        + user("u", loop=announcing("One", "ev"))
        + handled("b", "u", escalation(), text="h")
        + say("z"),
        ["h"],
        ["u 2"],
        more=ESCALATES,
    ),
    "no event when all is said to matter": Probe(
        main_line("u", "z")
        + user("u", loop=announcing("All", "").replace("All", 'All" noneBehaviorEventRef="ev'))
        + NOT_ENDING
        + say("z"),
        ["z"],
        ["u 1", "u 2", "u 3"],
        more=SIGNALS,
    ),
    "events on conditions": Probe(
        main_line("u", "z")
        + user(
            "u",
            loop=announcing(
                "Complex",
                "",
                on("numberOfCompletedInstances = 2", signal("S2")),
                on("loopCounter = 3", signal("S1")),
            ),
        )
        + handled("b2", "u", signal("S2"), interrupting=False, text="two")
        + handled("b1", "u", signal("S1"), interrupting=False, text="third")
        + say("z"),
        ["third", "two", "z"],
        ["u 3", "u 1", "u 2"],
    ),
    "an event on a condition ends the rest": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("u"),
            user("u"),
            loop=announcing("Complex", "", on("numberOfCompletedInstances = 2", escalation())),
        )
        + handled("b", "P", escalation(), text="h")
        + say("z"),
        ["h"],
        ["u", "u"],
    ),
}

PROBES = DATA | BEHAVIOR
