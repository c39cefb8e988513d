"""One diagram per rule: the smallest that breaks it, and nothing else if that can be helped."""

from __future__ import annotations

from collections.abc import Callable

from engine.kernel.read import ReadResult
from tests.engine.kernel import diagrams as d
from tests.engine.kernel.diagrams import (
    CANCEL,
    ROOT,
    SHARED,
    boundary,
    bpmn,
    call,
    catch,
    compensate,
    condition,
    each,
    element,
    end,
    error,
    event_sub,
    extensions,
    flow,
    four_eyes,
    gateway,
    link,
    main_line,
    message,
    read,
    repeat,
    rule,
    say,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    times,
    user,
)

# code -> (what makes it, the element it points to)
Case = tuple[Callable[[], ReadResult], str]
CASES: dict[str, Case] = {}


def case(code: str, where: str, *body: str, more: str = "", shared: str = SHARED) -> None:
    """A process `p` with this body."""
    CASES[code] = (lambda: read(bpmn(*body, more=more, shared=shared)), where)


def raw_case(code: str, where: str, *diagrams: bytes, **files: bytes) -> None:
    CASES[code] = (lambda: read(*diagrams, **files), where)


def task(*inside: str, attributes: str = "", tag: str = "serviceTask") -> str:
    """The task `t` with nothing but this inside, between start and end."""
    return main_line("t") + element(tag, "t", attributes, *inside)


def person(*extra: str, **more: str) -> str:
    return main_line("u") + user("u", *extra, **more)


SPLIT = flow("s", "g") + flow("g", "a", when="n = 1", id="fa") + flow("g", "b", id="fb")
ENDS = start() + end("a") + end("b")
PLAIN = main_line()

# --------------------------------------------------------------------------- files
raw_case("xml.too_large", "", b" " * 1_100_000)
raw_case("xml.encoding", "", b"<?xml version='1.0' encoding='KOI8-R'?><a/>")
raw_case("xml.syntax", "", b"<definitions>")
raw_case("xml.doctype", "", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
raw_case("xml.too_many_elements", "", b"<a>" + b"<b/>" * 20_001 + b"</a>")
raw_case("xml.too_deep", "", b"<a>" * 101 + b"</a>" * 101)
raw_case("xml.not_bpmn", "", b"<html/>")
raw_case("bundle.no_diagram", "")
raw_case("process.none", "", f"{ROOT}</definitions>".encode())
raw_case("process.executable_absent", "p", bpmn(PLAIN, attributes='name="x"'))
raw_case("process.not_executable", "p", bpmn(PLAIN, attributes='isExecutable="false"'))
case("process.left_out", "q", PLAIN, more=d.process("q", attributes='isExecutable="false"'))
chain = [f"n{number}" for number in range(301)]
case("process.too_many_nodes", "p", main_line(*chain), *(say(name) for name in chain))

# --------------------------------------------------------------------------- ids and references
case("id.duplicate", "t", main_line("t"), say("t"), say("t"))
case("id.missing", "p", start(), end(), '<sequenceFlow sourceRef="s" targetRef="e"/>')
raw_case(
    "process.no_id", "definitions", f"{ROOT}<process isExecutable='true'/></definitions>".encode()
)
case("id.malformed", "1 x", start(), end(), flow("s", "e", id="1 x"))
case("reference.missing", "t", main_line("t"), element("receiveTask", "t", 'messageRef="nothing"'))
raw_case("container.duplicate", "p", bpmn(PLAIN), bpmn(PLAIN))
case(
    "lane.unknown_member",
    "l",
    PLAIN,
    '<laneSet><lane id="l" name="x"><flowNodeRef>nobody</flowNodeRef></lane></laneSet>',
)
case(
    "lane.twice",
    "s",
    PLAIN,
    "<laneSet>",
    *(f'<lane id="{name}"><flowNodeRef>s</flowNodeRef></lane>' for name in "lm"),
    "</laneSet>",
)

# --------------------------------------------------------------------------- allow-lists
case("element.unknown", "p", PLAIN, "<bpmn:whatever/>")
case("element.misplaced", "t", task("<timeDate>2026-01-01</timeDate>"))
case("attribute.unknown", "t", task(attributes='loopMaxmum="3"'))
case("attribute.boolean", "t", task(attributes='isForCompensation="yes"'))
case("extension.unknown", "t", task(extensions("<zeebe:surprise/>")))
case("extension.misplaced", "t", task(extensions('<zeebe:script expression="=1"/>')))
case("extension.twice", "u", person(d.milestone("submitted"), d.milestone("approved")))
case(
    "foreign.engine",
    "t",
    task(attributes='xmlns:f="http://flowable.org/bpmn" f:async="true"', tag="task"),
)
case("camunda.ignored", "t", task(attributes='camunda:asyncBefore="true"', tag="task"))
case("camunda.element", "u", main_line("u"), user("u", attributes='camunda:assignee="x"'))

# --------------------------------------------------------------------------- flows and starts
case("flow.dangling", "x", PLAIN, '<sequenceFlow id="x" sourceRef="s" targetRef="nowhere"/>')
case(
    "flow.crosses_border",
    "s_in",
    main_line("p1"),
    sub("p1", start("ps"), end("pe"), say("in"), flow("ps", "in", "pe")),
    flow("s", "in"),
)
case(
    "flow.crosses_pool",
    "s_qe",
    PLAIN,
    flow("s", "qe"),
    more=d.process("q", start("qs"), end("qe"), flow("qs", "qe")),
)
case("flow.twice", "x", PLAIN, flow("s", "e", id="x"))
case("flow.not_into", "x", main_line("t"), say("t"), flow("t", "s", id="x"))
case("flow.not_out_of", "x", main_line("t"), say("t"), flow("e", "t", id="x"))
case("flow.condition_here", "x", start(), end(), flow("s", "e", id="x", when="true"))
case("flow.no_condition", "fb", ENDS, gateway("exclusive", "g"), SPLIT)
case(
    "flow.default_condition",
    "fa",
    ENDS,
    gateway("exclusive", "g", "fa"),
    flow("s", "g"),
    flow("g", "a", when="n = 1", id="fa"),
    flow("g", "b", when="n = 2"),
)
case("node.unreachable", "t", PLAIN, say("t"))
case("node.implicit_end", "t", start(), say("t"), flow("s", "t"))
case("start.missing", "p", end())
case(
    "start.parallel_multiple",
    "s",
    element("startEvent", "s", 'parallelMultiple="true"', message("M0"), signal()),
    end(),
    flow("s", "e"),
)
case("start.implicit", "p", say("t"))
case(
    "start.instantiate",
    "r",
    main_line("t"),
    say("t"),
    d.receive("r", "M0", attributes='instantiate="true"'),
    flow("t", "r"),
)
STARTING = element("eventBasedGateway", "g", 'instantiate="true"')
case(
    "start.instantiating_gateway",
    "g_c",
    end(),
    STARTING,
    catch("c", timer()),
    d.receive("r", "M0"),
    flow("g", "c", "e"),
    flow("g", "r", "e"),
)
case(
    "event_gateway.parallel",
    "g",
    start(),
    end(),
    STARTING.replace('instantiate="true"', 'eventGatewayType="Parallel"'),
    catch("c", signal()),
    catch("c2", signal("S2")),
    flow("s", "g", "c", "e"),
    flow("g", "c2", "e"),
)
case(
    "ad_hoc.start_or_end", "x", main_line("t"), d.ad_hoc("t", say("a"), start("x"), flow("x", "a"))
)
case(
    "ad_hoc.ordering",
    "t",
    main_line("t"),
    d.ad_hoc("t", say("a")).replace('"Parallel"', '"Random"'),
)
case(
    "start.several",
    "p1",
    main_line("p1"),
    sub("p1", start("a"), start("b"), end("c"), flow("a", "c"), flow("b", "c")),
)
case("start.several_blank", "p", PLAIN, start("s2"), flow("s2", "e"))
case("start.without_event", "x_start", PLAIN, event_sub("x", "", end("xe"), flow("x_start", "xe")))
case(
    "start.event_inside",
    "a",
    main_line("p1"),
    sub("p1", start("a", message()), end("c"), flow("a", "c")),
)

# --------------------------------------------------------------------------- events
case("event.misplaced", "t", main_line("t"), throw("t", timer()))
case("event.mixed", "e", start(), end("e", error() + signal()), flow("s", "e"))
case(
    "message.flow_differs",
    "mf",
    start(),
    end("e", message("M1")),
    flow("s", "e"),
    more=element("collaboration", "c", "", '<messageFlow id="mf" sourceRef="e" targetRef="qs"/>')
    + d.process("q", start("qs", message("M2")), end("qe"), flow("qs", "qe")),
)
case(
    "event.long_name",
    "c",
    main_line("c"),
    catch("c", signal()),
    shared=f'<signal id="S1" name="{"x" * 201}"/>',
)
case("event.no_name", "S1", main_line("c"), catch("c", signal()), shared='<signal id="S1"/>')
case(
    "event.must_interrupt",
    "b",
    person(),
    boundary("b", "u", error(), interrupting=False),
    end("be"),
    flow("b", "be"),
)
case("event.cancel_outside", "e", start(), end("e", CANCEL), flow("s", "e"))
case(
    "boundary.detached",
    "b",
    PLAIN,
    element("boundaryEvent", "b", "", timer()),
    end("be"),
    flow("b", "be"),
)
case("compensation.no_handler", "b", person(), boundary("b", "u", compensate()))
case("compensation.target", "t", main_line("u", "t"), user("u"), throw("t", compensate("u")))
case("compensation.unused_handler", "h", PLAIN, say("h", attributes='isForCompensation="true"'))
case(
    "compensation.boundary",
    "undo_A",
    main_line("A"),
    d.undoable("A"),
    boundary("b", "undo_A", timer()),
    end("be"),
    flow("b", "be"),
)
case("link.targets", "t", start(), throw("t", link("L")), flow("s", "t"))

# --------------------------------------------------------------------------- gateways, joins
case(
    "gateway.no_default",
    "g",
    ENDS,
    gateway("exclusive", "g"),
    flow("s", "g"),
    flow("g", "a", when="n = 1"),
    flow("g", "b", when="n = 2"),
)
case(
    "gateway.default_elsewhere",
    "g",
    ENDS,
    gateway("exclusive", "g", "s_g"),
    flow("s", "g"),
    flow("g", "a", when="n = 1"),
    flow("g", "b", when="n = 2"),
)
case(
    "gateway.joins_and_splits",
    "g",
    ENDS,
    user("u"),
    flow("s", "g"),
    gateway("exclusive", "g", "fb"),
    flow("g", "a", when="n = 1"),
    flow("g", "b", id="fb"),
    flow("g", "u", when="n = 2"),
    flow("u", "g"),
)
case("gateway.no_way_out", "g", start(), gateway("exclusive", "g"), flow("s", "g"))
case(
    "event_gateway.too_few",
    "g",
    start(),
    end(),
    gateway("eventBased", "g"),
    catch("c", signal()),
    flow("s", "g", "c", "e"),
)
case(
    "event_gateway.target",
    "g_u",
    start(),
    end(),
    gateway("eventBased", "g"),
    catch("c", signal()),
    user("u"),
    flow("s", "g", "c", "e"),
    flow("g", "u", "e"),
)
case(
    "event_gateway.mixed",
    "g",
    start(),
    end(),
    gateway("eventBased", "g"),
    catch("c", message()),
    d.receive("r", "M2"),
    flow("s", "g", "c", "e"),
    flow("g", "r", "e"),
)
FORK = start() + end() + flow("s", "g") + flow("j", "e") + say("x") + say("y")
case(
    "join.never",
    "j",
    FORK,
    gateway("exclusive", "g", "gy"),
    gateway("parallel", "j"),
    flow("g", "x", when="n = 1"),
    flow("x", "j"),
    flow("g", "y", id="gy"),
    flow("y", "j"),
)
case(
    "join.may_wait",
    "j",
    FORK,
    gateway("parallel", "g"),
    gateway("parallel", "j"),
    flow("g", "x", "j"),
    flow("g", "y", "k"),
    gateway("exclusive", "k", "kj"),
    flow("k", "j", id="kj"),
    end("stop"),
    flow("k", "stop", when="n = 1"),
)
wide = [f"w{number}" for number in range(14)]
case(
    "join.too_many_markings",
    "j",
    start(),
    end(),
    gateway("parallel", "g"),
    gateway("parallel", "j"),
    flow("s", "g"),
    flow("j", "e"),
    *(gateway("exclusive", w, f"{w}_j") for w in wide),
    *(flow("g", w, "j") for w in wide),
    *(flow(w, "j", when="n = 1", id=f"{w}_2") for w in wide),
)
case(
    "merge.doubles",
    "k",
    FORK.replace('"j"', '"k"'),
    gateway("parallel", "g"),
    gateway("exclusive", "k"),
    flow("g", "x", "k"),
    flow("g", "y", "k"),
)
case("task.abstract", "t", task(tag="task"))

# --------------------------------------------------------------------------- calls
case("call.unknown", "c", main_line("c"), call("c", "nobody"))
case(
    "call.no_blank_start",
    "c",
    main_line("c"),
    call("c", "q"),
    more=d.process("q", start("qs", message()), end("qe"), flow("qs", "qe")),
)
case(
    "call.other_version",
    "c",
    main_line("c"),
    call("c", "q").replace("processId", 'bindingType="versionTag" versionTag="2" processId'),
    more=d.process(
        "q", extensions('<zeebe:versionTag value="1"/>'), start("qs"), end("qe"), flow("qs", "qe")
    ),
)
case(
    "call.recursive",
    "c",
    start(),
    end(),
    gateway("exclusive", "g", "out"),
    call("c", "p"),
    flow("s", "g"),
    flow("g", "e", id="out"),
    flow("g", "c", "e", when="n > 0"),
)
case("call.endless", "c", main_line("c"), call("c", "p"))

# --------------------------------------------------------------------------- names
raw_case("name.missing", "p", bpmn(PLAIN, attributes='isExecutable="true"'))
case("name.no_english", "p", PLAIN)

# --------------------------------------------------------------------------- to be completed
case("todo.empty", "p1", main_line("p1"), sub("p1"))
case("todo.timer", "c", main_line("c"), catch("c", "<timerEventDefinition/>"))
case("todo.condition", "c", main_line("c"), catch("c", "<conditionalEventDefinition/>"))
case(
    "todo.activation",
    "k",
    start(),
    end(),
    gateway("parallel", "g"),
    gateway("complex", "k"),
    say("x"),
    say("y"),
    flow("s", "g", "x", "k", "e"),
    flow("g", "y", "k"),
)
case("todo.message", "t", task(tag="receiveTask"))
case("todo.signal", "c", main_line("c"), catch("c", "<signalEventDefinition/>"))
case("todo.error", "e", start(), end("e", error("")), flow("s", "e"))
case("todo.escalation", "t", main_line("t"), throw("t", "<escalationEventDefinition/>"))
case("todo.event", "c", main_line("c"), catch("c", ""))
case("todo.link", "t", start(), throw("t", "<linkEventDefinition/>"), flow("s", "t"))
case("todo.handler", "t", task())
case("todo.script", "t", task(tag="scriptTask"))
case("todo.decision", "t", task(tag="businessRuleTask"))
case(
    "todo.result_variable",
    "t",
    task(extensions('<zeebe:script expression="=1"/>'), tag="scriptTask"),
)
case("todo.called_process", "c", main_line("c"), element("callActivity", "c"))
case("todo.form", "u", person("<zeebe:formDefinition/>"))
case("todo.milestone", "u", person("<shenling:milestone/>"))
case("todo.mapping", "u", person('<zeebe:ioMapping><zeebe:input target="x"/></zeebe:ioMapping>'))
case("todo.four_eyes", "u", person("<shenling:fourEyes/>"))

# --------------------------------------------------------------------------- values
case("feel.syntax", "t", main_line("t"), script("t", "1 +"))
case("feel.problem", "t", main_line("t"), script("t", "frobnicate(1)"))
case("feel.too_large", "t", main_line("t"), script("t", "1" + " + 1" * 1_500))
case(
    "feel.missing_sign",
    "x",
    ENDS,
    gateway("exclusive", "g", "fb"),
    flow("s", "g"),
    flow("g", "b", id="fb"),
    flow("g", "a", id="x", when="n = 1").replace(">=n", ">n ="),
)
case("value.number", "u", person(d.deadline("soon")))
case("value.variable", "t", main_line("t"), script("t", "1", "a-b"))
case("value.dynamic", "t", main_line("t"), service("t", type="=handler"))
case("timer.start", "s", start("s", timer("=wait")), end(), flow("s", "e"))
case("timer.duration", "c", main_line("c"), catch("c", timer("5 days")))
case("timer.date", "c", main_line("c"), catch("c", d.at_date("tomorrow")))
case(
    "timer.cycle",
    "b",
    person(),
    boundary("b", "u", d.cycle("0 0 9 * * *"), interrupting=False),
    end("be"),
    flow("b", "be"),
)
case(
    "timer.too_often",
    "b",
    person(),
    boundary("b", "u", d.cycle("R/PT0S"), interrupting=False),
    end("be"),
    flow("b", "be"),
)
case("timer.too_long", "c", main_line("c"), catch("c", timer("P11Y")))
case("timer.twice", "c", main_line("c"), catch("c", timer(), d.deadline("3")))
case("deadline.twice", "u", person(d.deadline("3"), '<zeebe:taskSchedule dueDate="2026-10-01"/>'))
case("deadline.without_timer", "s", start("s", "", d.deadline("3")), end(), flow("s", "e"))
case("loop.no_collection", "u", person(loop="<multiInstanceLoopCharacteristics/>"))
case("loop.half_output", "u", person(loop=each("=list", into="all")))
case(
    "data.assignment",
    "t",
    task(
        '<dataInputAssociation id="d"><assignment><from>=1</from></assignment>'
        "</dataInputAssociation>",
        tag="task",
    ),
)
case("loop.data", "u", person(loop=d.over_data("my list")))
case(
    "loop.event",
    "u",
    person(loop=d.announcing("None", "ev")),
    more='<errorEventDefinition id="ev" errorRef="E1"/>',
)
case("loop.behavior", "u", person(loop=d.announcing("Sometimes", "")))
case("loop.no_maximum", "u", person(loop="<standardLoopCharacteristics/>"))
case("loop.two_kinds", "u", person(loop=times("3") + repeat(2)))
case(
    "work.two_kinds",
    "t",
    main_line("t"),
    script("t", "1", "x", '<zeebe:taskDefinition type="notify"/>'),
)
case("user_task.nobody", "u", person(groups=""))
case("user_task.assignee_only", "u", person(groups="", assignee="=who"))
case("group.unknown", "u", person(groups="staff, strangers"))
case("form.unknown", "u", person(form="none"))
case("handler.unknown", "t", main_line("t"), service("t", type="none"))
case("decision.unknown", "t", main_line("t"), rule("t", "none"))
case(
    "decision.no_match", "t", main_line("t"), rule("t", "none", attributes='shenling:noMatch="0"')
)
case("milestone.unknown", "u", person(d.milestone("none")))
case(
    "mapping.no_inputs_here",
    "b",
    person(),
    boundary("b", "u", timer(), d.io(inputs={"x": "=1"})),
    end("be"),
    flow("b", "be"),
)
case("message.no_key", "c", main_line("c"), catch("c", message("M0")))
case("text.language", "u", person('<shenling:text lang="fr">Bonjour</shenling:text>'))
raw_case("calendar.invalid", "", bpmn(PLAIN), calendar_json=b'{"off": ["2026-13-01"]}')
case("four_eyes.target", "u", person(four_eyes("nobody")))
case("four_eyes.itself", "u", person(four_eyes("u")))
TWIN = main_line("v") + user("v")
CASES["four_eyes.ambiguous"] = (
    lambda: read(bpmn(person(four_eyes("v"))), bpmn(TWIN, id="q"), bpmn(TWIN, id="r")),
    "u",
)

# --------------------------------------------------------------------------- not executed
case("unsupported.choreography", "t", PLAIN, element("choreographyTask", "t"))
case("unsupported.script_code", "t", task("<script>import os</script>", tag="scriptTask"))
case(
    "unsupported.assignment_in_bpmn",
    "u",
    main_line("u"),
    element("userTask", "u", "", "<potentialOwner><resourceRef>x</resourceRef></potentialOwner>"),
)
case("unsupported.conditional_start", "s", start("s", condition("x")), end(), flow("s", "e"))
case(
    "unsupported.event_subprocess_loop",
    "x",
    PLAIN,
    event_sub("x", signal(), end("xe"), flow("x_start", "xe"), times("2")),
)
case(
    "unsupported.event_job",
    "t",
    main_line("t"),
    throw("t", compensate(), '<zeebe:taskDefinition type="notify"/>'),
)
for code, drawn in {
    "listeners": "<zeebe:executionListeners/>",
    "linked_resources": "<zeebe:linkedResources/>",
    "agent": "<zeebe:agentDefinition/>",
    "job_priority": "<zeebe:jobPriorityDefinition/>",
}.items():
    case(f"unsupported.{code}", "t", main_line("t"), service("t", drawn))
case("unsupported.embedded_form", "p", PLAIN, extensions("<zeebe:userTaskForm/>"))
case(
    "event.filter",
    "c",
    main_line("c"),
    catch(
        "c",
        condition("x").replace(
            "<condition>",
            extensions('<zeebe:conditionalFilter variableEvents="delete"/>') + "<condition>",
        ),
    ),
)
case(
    "unsupported.candidate_users",
    "u",
    main_line("u"),
    user("u").replace("candidateGroups", 'candidateUsers="wang" candidateGroups'),
)
case("unsupported.follow_up_date", "u", person('<zeebe:taskSchedule followUpDate="2026-10-01"/>'))
case(
    "unsupported.business_id",
    "c",
    main_line("c"),
    call("c", "p").replace("processId", 'businessId="=x" processId'),
)
case(
    "unsupported.version_binding",
    "u",
    person(form="f").replace("formId", 'bindingType="versionTag" formId'),
)

# --------------------------------------------------------------------------- further corners
case(
    "unsupported.language",
    "x",
    ENDS,
    gateway("exclusive", "g", "fb"),
    flow("s", "g"),
    flow("g", "b", id="fb"),
    flow("g", "a", id="x", when="n = 1").replace("Expression>=", 'Expression language="juel">='),
)
case(
    "unsupported.must_understand", "definitions", PLAIN, more='<extension mustUnderstand="true"/>'
)
case(
    "unsupported.form_inside",
    "xs",
    main_line("x"),
    sub("x", start("xs", "", '<zeebe:formDefinition formId="f"/>'), end("xe"), flow("xs", "xe")),
)
case(
    "element.twice",
    "fa",
    ENDS,
    gateway("exclusive", "g", "fb"),
    flow("s", "g"),
    flow("g", "b", id="fb"),
    flow("g", "a", id="fa", when="n = 1", inside="<conditionExpression/>"),
)
case(
    "join.pairs",
    "j",
    FORK,
    gateway("parallel", "g"),
    gateway("parallel", "j"),
    user("u"),
    flow("g", "x", "j"),
    flow("g", "u", "j"),
    boundary("b", "u", signal(), interrupting=False),
    flow("b", "y", "j"),
)
case(
    "loop.output_taken",
    "t",
    main_line("x"),
    sub(
        "x",
        start("xs"),
        script("t", "1", "all"),
        end("xe"),
        flow("xs", "t", "xe"),
        loop=each("=list", into="all", result="=n"),
    ),
)

TABLES = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
    b' namespace="urn:test"><decision id="D" name="D"><literalExpression id="l"><text>1</text>'
    b"</literalExpression></decision></definitions>"
)
raw_case("decision.duplicate", "D", bpmn(PLAIN), one_dmn=TABLES, two_dmn=TABLES)
case(
    "mapping.no_outputs_here",
    "t",
    main_line("t"),
    throw("t", message(), d.io(outputs={"a": "=1"})),
)
case("process.too_many", "", PLAIN, more="".join(d.process(f"q{n}") for n in range(50)))
case("process.too_many_flows", "p", PLAIN, *(flow("s", "e", id=f"f{n}") for n in range(1_000)))
case(
    "start.same_message",
    "n",
    start("m", message("M0")),
    start("n", message("M0")),
    end(),
    flow("m", "e"),
    flow("n", "e"),
)
