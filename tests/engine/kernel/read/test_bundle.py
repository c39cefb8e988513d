"""A bundle as a whole: which processes run, all problems at once, the same model every time."""

import time
from pathlib import Path

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.kernel import KERNEL_VERSION
from engine.kernel.read import bundle as bundle_module
from engine.kernel.read import read_bundle
from engine.types import Bundle, Catalogue
from tests.engine.kernel.diagrams import (
    CATALOGUE,
    bpmn,
    call,
    catch,
    codes,
    each,
    end,
    english,
    error,
    event_sub,
    flow,
    gateway,
    link,
    main_line,
    message,
    model,
    model_of,
    process,
    properties,
    read,
    say,
    start,
    sub,
    throw,
    timer,
    user,
)

POOLS = (
    '<collaboration id="c"><participant id="ours" processRef="p"/>'
    '<participant id="bank" processRef="b"/><participant id="outside"/>'
    '<messageFlow id="mf" sourceRef="u" targetRef="bank"/></collaboration>'
)
NOT = 'isExecutable="false"'


class TestReadBundle:
    def test_reports_every_problem_of_every_file(self) -> None:
        first = bpmn(main_line("u", "c"), user("u", groups=""), catch("c", timer("soon")))
        second = bpmn(main_line("x"), call("x", "nobody"), id="q")

        found = codes(read(first, second, b"<html/>"))

        assert found == [
            ("user_task.nobody", "u"),
            ("timer.duration", "c"),
            ("call.unknown", "x"),
            ("xml.not_bpmn", ""),
        ]

    def test_keeps_warnings_beside_a_model(self) -> None:
        result = read(bpmn(main_line()))

        assert result.model is not None
        assert not result.errors
        assert [f.level for f in result.findings] == ["warning"]

    def test_names_kernel_version_and_key(self) -> None:
        read_model = model_of(main_line())

        assert read_model.kernel_version == KERNEL_VERSION
        assert read_model.key == "test"

    def test_joins_processes_of_several_files(self) -> None:
        caller = bpmn(main_line("c"), call("c", "q"))
        called = bpmn(main_line("u"), user("u"), id="q")

        processes = model(caller, called).processes

        assert {name: p.file for name, p in processes.items()} == {"p": "0.bpmn", "q": "1.bpmn"}

    def test_says_so_when_the_library_cannot_read_what_lint_let_pass(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: object) -> None:
            raise ValidationException("no")

        monkeypatch.setattr(bundle_module, "containers_of", refuse)

        assert codes(read(bpmn(main_line()))) == [("library.refused", "")]

    def test_is_the_same_every_time(self) -> None:
        raw = bpmn(
            main_line("u", "x", "m"),
            user("u", properties(b="2", a="1")),
            sub(
                "x", start("xs"), say("y"), end("xe"), flow("xs", "y", "xe"), loop=each("=l", "i")
            ),
            catch("m", message()),
        )

        assert repr(model(raw)) == repr(model(raw))

    def test_takes_well_under_a_second_for_sixty_nodes(self) -> None:
        names = [f"u{number}" for number in range(58)]
        raw = bpmn(main_line(*names), *(user(name) for name in names))

        began = time.process_time()
        model(raw)

        # Measured 10 to 20 ms; the bound only notices something that has become quadratic.
        assert time.process_time() - began < 0.5


class TestProcesses:
    def test_of_other_pools_are_left_out(self) -> None:
        outside = process("b", '<adHocSubProcess id="x"/>', attributes='isExecutable="false"')

        result = read(bpmn(main_line("u"), user("u"), more=outside + POOLS))

        assert result.model is not None
        assert set(result.model.processes) == {"p"}
        assert ("process.left_out", "b") in codes(result, "warning")

    def test_two_pools_of_ours_both_run(self) -> None:
        second = process("b", start("bs"), end("be"), flow("bs", "be"))

        assert set(model_of(main_line("u"), user("u"), more=second + POOLS).processes) == {
            "p",
            "b",
        }

    def test_one_that_says_nothing_runs_with_a_warning(self) -> None:
        result = read(bpmn(main_line(), attributes='name="x"'))

        assert result.model is not None
        assert ("process.executable_absent", "p") in codes(result, "warning")

    def test_of_several_that_say_nothing_those_run_that_are_not_empty(self) -> None:
        second = process("q", start("qs"), end("qe"), flow("qs", "qe"), attributes="")
        third = process("empty", attributes="")

        result = read(bpmn(main_line(), attributes="", more=second + third))

        assert result.model is not None
        assert set(result.model.processes) == {"p", "q"}
        assert ("process.executable_absent", "q") in codes(result, "warning")
        assert ("process.left_out", "empty") in codes(result, "warning")

    def test_several_that_say_no_are_refused(self) -> None:
        second = process("q", start("qs"), end("qe"), flow("qs", "qe"), attributes=NOT)

        found = codes(read(bpmn(main_line(), attributes=NOT, more=second)))

        assert found == [("process.not_executable", "p"), ("process.not_executable", "q")]

    def test_a_pool_may_be_drawn_elsewhere(self) -> None:
        pool = '<participant id="a" processRef="elsewhere"/>'
        more = f'<collaboration id="c">{pool}</collaboration>'

        result = read(bpmn(main_line(), more=more))

        assert result.model is not None
        assert ("reference.missing", "a") in codes(result, "warning")

    def test_carry_names_texts_version_and_start_forms(self) -> None:
        drawn = bpmn(
            "<extensionElements>"
            f'{english("Claim")}<zeebe:versionTag value="2020"/>{properties(kind="x")}'
            "</extensionElements>",
            start("s", "", '<zeebe:formDefinition formId="apply"/>'),
            end(),
            flow("s", "e"),
            attributes='name="申领" isExecutable="true"',
        )

        found = model(drawn, forms__apply_json=b"{}").processes["p"]

        assert (found.name.zh, found.name.en) == ("申领", "Claim")
        assert found.version_tag == "2020"
        assert dict(found.properties) == {"kind": "x"}
        assert dict(found.start_forms) == {"s": "apply"}


class TestHazards:
    """What the library does wrongly with a diagram must not reach the model."""

    @pytest.mark.parametrize("name", ["Start", "End", "Root", "p.EndJoin", "StartEventSplit"])
    def test_ids_of_the_librarys_own_tasks(self, name: str) -> None:
        nodes = model_of(main_line(name), user(name)).containers["p"].nodes

        assert [f.target for f in nodes["s"].flows] == [name]
        assert [f.target for f in nodes[name].flows] == ["e"]

    def test_a_process_called_like_its_task(self) -> None:
        assert ("id.duplicate", "p") in codes(read(bpmn(main_line("p"), user("p"))))

    def test_a_chain_of_three_hundred(self) -> None:
        names = [f"n{number}" for number in range(298)]

        nodes = model_of(main_line(*names), *map(say, names)).containers["p"].nodes

        assert len(nodes) == 300

    def test_data_objects_two_subprocesses_deeper(self) -> None:
        reading = '<dataInputAssociation id="x"><sourceRef>ref</sourceRef></dataInputAssociation>'
        inner = sub(
            "b",
            start("bs"),
            end("be"),
            flow("bs", "u", "be"),
            user("u").replace("</userTask>", f"{reading}</userTask>"),
        )
        drawn = (
            '<dataObject id="d"/><dataObjectReference id="ref" dataObjectRef="d"/>'
            '<dataStoreReference id="store"/>'
        )  # fmt: skip
        outer = sub("a", start("as"), end("ae"), flow("as", "b", "ae"), inner)

        assert "u" in model_of(main_line("a"), drawn, outer).containers["b"].nodes

    def test_a_data_object_that_is_missing(self) -> None:
        drawn = '<dataObjectReference id="ref" dataObjectRef="gone"/>'

        result = read(bpmn(main_line(), drawn))

        assert result.model is not None
        assert ("reference.missing", "ref") in codes(result, "warning")

    def test_data_stores_and_correlation_properties_are_documentation(self) -> None:
        more = '<dataStore id="ds" name="x"/><correlationProperty id="cp"/>'

        assert model_of(main_line(), more=more).processes

    def test_positions_that_are_no_numbers(self) -> None:
        shape = (
            '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="s">'
            '<dc:Bounds x="nan" y="abc"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>'
            "</bpmndi:BPMNDiagram>"
        )

        assert model_of(main_line(), more=shape).processes

    def test_references_with_a_prefix(self) -> None:
        drawn = main_line("c") + catch("c", message("tns:M1"))

        (event,) = model_of(drawn).containers["p"].nodes["c"].events

        assert event.name == "M1"

    def test_shared_event_definitions(self) -> None:
        shared = (
            '<timerEventDefinition id="T"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
        )
        drawn = main_line("c") + catch("c", "<eventDefinitionRef>T</eventDefinitionRef>")

        (event,) = model(bpmn(drawn, shared=shared)).containers["p"].nodes["c"].events

        assert (event.kind, event.value) == ("timer", "PT1H")

    def test_a_shared_definition_that_is_missing(self) -> None:
        drawn = main_line("c") + catch("c", "<eventDefinitionRef>T</eventDefinitionRef>")

        assert ("reference.missing", "c") in codes(read(bpmn(drawn)))

    def test_foreign_namespaces_mean_nothing(self) -> None:
        foreign = '<x:note xmlns:x="urn:other" id="1"><x:deep/></x:note>'

        drawn = user("u", foreign, attributes='xmlns:y="urn:y" y:z="1"')

        assert model_of(main_line("u"), drawn).processes

    def test_the_diagram_itself_stays_as_it_was(self) -> None:
        raw = bpmn(main_line("c"), catch("c", message("tns:M1")))
        files = {"x.bpmn": raw}

        read_bundle(Bundle("k", files), CATALOGUE)

        assert files == {"x.bpmn": raw}


class TestCatalogue:
    def test_without_groups_no_task_reaches_anybody(self) -> None:
        drawn = Bundle("k", {"x.bpmn": bpmn(main_line("u"), user("u"))})

        found = read_bundle(drawn, Catalogue(frozenset(), {}))

        assert codes(found) == [("group.unknown", "u")]


def test_the_claim_of_the_design_reads_without_errors() -> None:
    """A claim with return, second person, timer, loop and bank message, drawn in the studio."""
    body = [
        start(),
        user("submit", groups="applicant"),
        user("review", groups="reviewer"),
        gateway("exclusive", "outcome", "denied"),
        end("paid"),
        end("refused", error()),
        say("pay"),
        catch("bank", message()),
        throw("again", link("edit")),
        catch("edit", link("edit")),
        flow("s", "submit", "review", "outcome"),
        flow("outcome", "pay", when='outcome = "approve"'),
        flow("outcome", "again", when='outcome = "return"'),
        flow("outcome", "refused", id="denied"),
        flow("pay", "bank", "paid"),
        flow("edit", "submit"),
        event_sub("late", timer("P30D"), say("remind"), end("reminded"),
                  flow("late_start", "remind", "reminded"), interrupting=False),
    ]  # fmt: skip

    nodes = model_of(*body).containers["p"].nodes

    assert [flow.target for flow in nodes["again"].flows] == ["edit"]
    assert nodes["edit"].incoming == ("again->edit",)
    assert nodes["edit"].events == ()


def test_only_the_kernel_knows_the_library() -> None:
    kernel = Path(bundle_module.__file__).parent

    users = {f.name for f in kernel.rglob("*.py") if "SpiffWorkflow" in f.read_text()}

    assert users == {"bundle.py", "specs.py", "timers.py"}
