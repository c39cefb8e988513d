"""Probes of called processes: chosen by an expression, by a version, and global tasks."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    call,
    each,
    end,
    extensions,
    flow,
    main_line,
    message,
    process,
    say,
    start,
)
from tests.engine.kernel.runtime.probes import Probe

CHOSEN = call("c", "x", child=False).replace('processId="x"', 'processIdExpression="=which"')
TWO = "".join(
    process(
        name,
        start(f"{name}s"),
        say(f"{name}t", name),
        end(f"{name}e"),
        flow(f"{name}s", f"{name}t", f"{name}e"),
    )
    for name in ("one", "two")
)
STAFF = extensions('<zeebe:assignmentDefinition candidateGroups="staff"/>')
TAGGED = 'bindingType="versionTag" versionTag="2" processId'

PROBES = {
    "an expression chooses the called process": Probe(
        main_line("c", "z") + CHOSEN + say("z"), ["two", "z"], more=TWO, variables={"which": "two"}
    ),
    "each instance calls its own": Probe(
        main_line("c", "z")
        + CHOSEN.replace("</callActivity>", each("=list", "which") + "</callActivity>")
        + say("z"),
        ["two", "one", "z"],
        more=TWO,
        variables={"list": ["two", "one"]},
    ),
    "a process that the bundle does not have": Probe(
        main_line("c") + CHOSEN,
        [],
        status="active",
        incidents=(("c", "unknown-process"),),
        more=TWO,
        variables={"which": "three"},
    ),
    "a process that only a message starts": Probe(
        main_line("c") + CHOSEN,
        [],
        status="active",
        incidents=(("c", "unknown-process"),),
        more=process("m", start("ms", message("M0")), end("me"), flow("ms", "me")),
        variables={"which": "m"},
    ),
    "a version that is the bundle's": Probe(
        main_line("c", "z") + call("c", "q").replace("processId", TAGGED) + say("z"),
        ["z"],
        more=process(
            "q",
            extensions('<zeebe:versionTag value="2"/>'),
            start("qs"),
            end("qe"),
            flow("qs", "qe"),
        ),
    ),
    "a global user task": Probe(
        main_line("c", "z") + call("c", "g") + say("z"),
        ["z"],
        ["g.task"],
        more=f'<globalUserTask id="g" name="任务">{STAFF}</globalUserTask>',
    ),
    "a global script task": Probe(
        main_line("c", "z") + call("c", "g", child=False) + say("z"),
        [4, "z"],
        more='<globalScriptTask id="g" scriptLanguage="FEEL">'
        + extensions('<zeebe:script expression="=n * 2" resultVariable="log"/>')
        + "</globalScriptTask>",
        variables={"n": 2},
    ),
}
