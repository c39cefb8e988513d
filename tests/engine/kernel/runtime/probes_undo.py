"""Probes of compensation, cancelling, and of errors and escalations on their way outwards."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    CANCEL,
    TERMINATE,
    boundary,
    call,
    compensate,
    end,
    error,
    escalation,
    flow,
    gateway,
    handled,
    main_line,
    process,
    say,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    times,
    undoable,
    user,
)
from tests.engine.kernel.runtime.probes import PAIR, Probe, handler, inner

NO_WAIT = compensate().replace("/>", ' waitForCompletion="false"/>')
UNDO_USER = (
    boundary("bA", "A", compensate())
    + user("undo", attributes='isForCompensation="true"')
    + '<association id="as" sourceRef="bA" targetRef="undo"/>'
)
# A called process: A and B, which can be undone.
CALLED = process("q", start("qs"), PAIR, end("qe"), flow("qs", "A", "B", "qe"))

OUTWARDS = {
    "an error out of an event subprocess is caught beside it": Probe(
        main_line("u", "bad")
        + user("u")
        + say("bad")
        + handler(
            "E",
            signal(),
            "E_h",
            "x",
            interrupting=False,
            body=say("E_h", "h") + sub("x", inner(finish=error()).replace('"p', '"x')),
        )
        + handler("F", error(), body=say("F_h", "caught")),
        ["h", "caught"],
        ["!S1"],
    ),
    "an escalation out of an event subprocess is caught beside it": Probe(
        main_line("u", "z")
        + user("u")
        + say("z")
        + handler("E", signal(), "x", interrupting=False, body=throw("x", escalation()))
        + handler("F", escalation(), body=say("F_h", "caught"), interrupting=False),
        ["caught", "z"],
        ["!S1", "u"],
    ),
    "an escalation is not caught by the event subprocess that throws it": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("t"),
            throw("t", escalation()),
            handler(
                "E",
                escalation(),
                "k",
                "x",
                body=say("k") + throw("x", escalation()),
                interrupting=False,
            ),
        )
        + handled("b", "P", escalation(), interrupting=False, text="out")
        + say("z"),
        ["k", "out", "z"],
        ordered=False,
    ),
    "an escalation out of a called process does not stop it": Probe(
        main_line("c", "z")
        + call("c", "q", child=False)
        + handled("b", "c", escalation(), interrupting=False, text="h")
        + say("z"),
        ["h", "more", "z"],
        ordered=False,
        more=process(
            "q",
            start("qs") + throw("qt", escalation()) + say("more") + end("qe"),
            flow("qs", "qt", "more", "qe"),
        ),
    ),
    "an escalation that nobody catches is passed": Probe(
        main_line("t", "z") + throw("t", escalation()) + say("z"), ["z"]
    ),
    "an escalation end event in one branch, the other goes on": Probe(
        main_line("P", "z")
        + sub(
            "P",
            start("ps")
            + gateway("parallel", "g")
            + user("u")
            + end("pe")
            + end("px", escalation()),
            flow("ps", "g") + flow("g", "u", "pe") + flow("g", "px"),
        )
        + handled("b", "P", escalation(), interrupting=False, text="h")
        + say("z"),
        ["h", "z"],
        ["u"],
    ),
    "two levels out, past handlers of other codes": Probe(
        main_line("P")
        + sub(
            "P",
            start("ps")
            + sub("Q", start("qs") + end("qe", error()) + flow("qs", "qe"))
            + end("pe")
            + flow("ps", "Q", "pe")
            + handled("bq", "Q", error("E2"), text="no"),
        )
        + handled("bp", "P", error("E1"), text="yes"),
        ["yes"],
    ),
    "the nearest handler catches": Probe(
        main_line("P", "z")
        + sub(
            "P",
            start("ps")
            + sub("Q", start("qs") + end("qe", error()) + flow("qs", "qe"))
            + end("pe")
            + flow("ps", "Q", "pe")
            + handled("bq", "Q", error(), text="near"),
        )
        + handled("bp", "P", error(), text="far")
        + say("z"),
        ["near", "z"],
    ),
    "an error through two called processes": Probe(
        main_line("c") + call("c", "q", child=False) + handled("b", "c", error(), text="h"),
        ["h"],
        more=process("q", start("qs") + call("qc", "r") + end("qe") + flow("qs", "qc", "qe"))
        + process("r", start("rs") + end("re", error()) + flow("rs", "re")),
    ),
    "an event subprocess of a called process goes before the caller": Probe(
        main_line("c", "z")
        + call("c", "q", child=False)
        + handled("b", "c", error(), text="caller")
        + say("z"),
        ["called", "z"],
        more=process(
            "q",
            start("qs") + end("qe", error()) + flow("qs", "qe"),
            handler("E", error(), body=say("E_h", "called")),
        ),
    ),
    "terminate in a called process ends only that": Probe(
        main_line("c", "z") + call("c", "q", child=False) + say("z"),
        ["z"],
        more=process(
            "q",
            start("qs")
            + gateway("parallel", "qg")
            + user("qu")
            + end("qe")
            + end("qt", TERMINATE),
            flow("qs", "qg") + flow("qg", "qu", "qe") + flow("qg", "qt"),
        ),
    ),
}

UNDOING = {
    "a throw that does not wait goes on": Probe(
        main_line("A", "t", "Z") + say("A") + UNDO_USER + throw("t", NO_WAIT) + say("Z"),
        ["A", "Z"],
        ["undo"],
    ),
    "an end event that does not wait": Probe(
        start() + say("A") + UNDO_USER + end("t", NO_WAIT) + flow("s", "A", "t"), ["A"], ["undo"]
    ),
    "the scope waits for handlers that nobody waits for": Probe(
        main_line("P", "Z")
        + sub("P", inner("A", "t"), say("A"), UNDO_USER, throw("t", NO_WAIT))
        + say("Z"),
        ["A"],
        status="active",
    ),
    "a called process is undone from inside": Probe(
        main_line("c", "t", "Z")
        + call("c", "q", child=False)
        + throw("t", compensate())
        + say("Z"),
        ["A", "B", "undo_B", "undo_A", "Z"],
        more=CALLED,
    ),
    "a called process is undone once": Probe(
        main_line("c", "t", "t2")
        + call("c", "q", child=False)
        + throw("t", compensate("c"))
        + throw("t2", compensate()),
        ["A", "B", "undo_B", "undo_A"],
        more=CALLED,
    ),
    "a called process undoes itself with its event subprocess": Probe(
        main_line("c", "t", "Z")
        + call("c", "q", child=False)
        + throw("t", compensate())
        + say("Z"),
        ["A", "B", "k", "undo_B", "undo_A", "Z"],
        more=CALLED.replace(
            "</process>",
            handler("E", compensate(), "k", "ct", body=say("k") + throw("ct", compensate()))
            + "</process>",
        ),
    ),
    "undoing a called process leaves the caller's variables alone": Probe(
        main_line("w", "c", "t", "Z")
        + script("w", '"kept"', "v")
        + call("c", "q", child=False)
        + throw("t", compensate())
        + script("Z", "v"),
        ["undone inside", "kept"],
        more=process(
            "q",
            start("qs")
            + script("A", '"inside"', "v")
            + boundary("bA", "A", compensate())
            + script("u1", '"undone " + v', "log", attributes='isForCompensation="true"')
            + '<association id="as" sourceRef="bA" targetRef="u1"/>'
            + end("qe")
            + flow("qs", "A", "qe"),
        ),
    ),
    "each call of a loop is undone": Probe(
        main_line("c", "t")
        + call("c", "q", child=False, loop=times("=2", sequential=True))
        + throw("t", compensate()),
        ["A", "B", "A", "B", "undo_B", "undo_A", "undo_B", "undo_A"],
        more=CALLED,
    ),
    "a call inside a finished subprocess is undone": Probe(
        main_line("P", "t")
        + sub("P", inner("c", "C"), call("c", "q", child=False), undoable("C"))
        + throw("t", compensate()),
        ["A", "B", "C", "undo_C", "undo_B", "undo_A"],
        more=CALLED,
    ),
    "a user task undoes a called process": Probe(
        main_line("c", "t", "Z")
        + call("c", "q", child=False)
        + throw("t", compensate())
        + say("Z"),
        ["A", "Z"],
        ["undo"],
        more=process("q", start("qs") + say("A") + UNDO_USER + end("qe") + flow("qs", "A", "qe")),
    ),
    "only what has completed is undone": Probe(
        main_line("g")
        .replace('sourceRef="g" targetRef="e"', 'sourceRef="g" targetRef="A"')
        .replace('id="g_e"', 'id="g_A"')
        + gateway("parallel", "g")
        + PAIR
        + user("u")
        + throw("t", compensate())
        + end("e2")
        + flow("A", "t", "e2")
        + flow("g", "u", "B", "e"),
        ["A", "undo_A", "B"],
        ["u"],
    ),
    "an error handler undoes what the subprocess did": Probe(
        main_line("P", "bad")
        + sub(
            "P",
            inner("A", "B", finish=error()),
            PAIR,
            handler("E", error(), "k", "ct", body=say("k") + throw("ct", compensate())),
        )
        + say("bad"),
        ["A", "B", "k", "undo_B", "undo_A", "bad"],
    ),
    "a boundary event does not undo a subprocess that did not complete": Probe(
        main_line("P")
        + sub("P", inner("A", finish=error()), undoable("A"))
        + boundary("b", "P", error())
        + throw("ct", compensate())
        + say("h")
        + end("e2")
        + flow("b", "ct", "h", "e2"),
        ["A", "h"],
    ),
    "a cancelled transaction ends what still runs": Probe(
        main_line("T", "bad")
        + sub(
            "T",
            start("ts")
            + gateway("parallel", "g")
            + undoable("A")
            + user("u")
            + end("te")
            + end("tc", CANCEL),
            flow("ts", "g") + flow("g", "A", "tc") + flow("g", "u", "te"),
            tag="transaction",
        )
        + handled("b", "T", CANCEL, text="h")
        + say("bad"),
        ["A", "undo_A", "h"],
    ),
    "an error in a transaction is no cancelling": Probe(
        main_line("T")
        + sub("T", inner("A", finish=error()), undoable("A"), tag="transaction")
        + handled("bc", "T", CANCEL, text="cancelled")
        + handled("be", "T", error(), text="error"),
        ["A", "error"],
    ),
    "a transaction that completed is undone later": Probe(
        main_line("T", "t")
        + sub("T", inner("A", "B"), PAIR, tag="transaction")
        + handled("bc", "T", CANCEL, text="cancelled")
        + throw("t", compensate()),
        ["A", "B", "undo_B", "undo_A"],
    ),
    "a transaction with instances cancels as a whole": Probe(
        main_line("T")
        + sub(
            "T",
            inner("u", "A", finish=CANCEL),
            user("u"),
            undoable("A"),
            tag="transaction",
            loop=times("=2"),
        )
        + handled("bc", "T", CANCEL, text="h"),
        ["A", "undo_A", "h"],
        ["u"],
    ),
    "an interrupting timer on a subprocess ends what is nested": Probe(
        main_line("P", "bad")
        + sub(
            "P", inner("Q"), sub("Q", start("qs") + user("u") + end("qe") + flow("qs", "u", "qe"))
        )
        + handled("b", "P", timer(), text="h")
        + say("bad"),
        ["h"],
        ["b"],
    ),
}

PROBES = OUTWARDS | UNDOING
