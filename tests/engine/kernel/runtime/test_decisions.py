"""Business rule tasks: the result is always assigned, and nothing decided is an incident."""

from __future__ import annotations

from engine.types import DecisionTrace
from tests.engine.kernel import diagrams
from tests.engine.kernel.diagrams import bpmn, element, extensions, io, main_line, rule, user
from tests.engine.kernel.runtime.play import Play

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
  namespace="urn:test">
  <decision id="eligible" name="eligible"><variable name="eligible"/>
    <decisionTable id="t" hitPolicy="{policy}">
      <input id="i1"><inputExpression id="x1"><text>months</text></inputExpression></input>
      <output id="o1" name="eligible">{default}</output>
      <rule id="long"><inputEntry id="a1"><text>&gt;= 12</text></inputEntry>
        <outputEntry id="b1"><text>"yes"</text></outputEntry></rule>
      <rule id="short"><inputEntry id="a2"><text>&lt; 6</text></inputEntry>
        <outputEntry id="b2"><text>null</text></outputEntry></rule>
      <rule id="very_long"><inputEntry id="a3"><text>&gt;= 100</text></inputEntry>
        <outputEntry id="b3"><text>"no"</text></outputEntry></rule>
    </decisionTable></decision></definitions>"""


def decided(task: str, *, default: str = "", **variables: object) -> Play:
    table = DMN.format(policy="UNIQUE", default=default).encode()
    model = diagrams.model(bpmn(main_line("r", "u") + task + user("u")), tables_dmn=table)
    return Play(model, {"months": 0, "result": "old"} | variables)  # type: ignore[arg-type]  # as a test gives them


class TestRule:
    def test_result_and_explanation(self) -> None:
        run = decided(rule("r", "eligible"), months=24)

        assert run.root["result"] == "yes"
        assert run.result.decisions == (
            DecisionTrace("r", "eligible", {"months": 24}, ("long",), "yes"),
        )

    def test_null_of_a_rule_overwrites(self) -> None:
        run = decided(rule("r", "eligible"), months=3)

        assert (run.names(), run.root["result"]) == (["u"], None)

    def test_no_rule_is_an_incident(self) -> None:
        run = decided(rule("r", "eligible"), months=8)
        assert (run.incidents(), run.root["result"]) == ([("r", "no-match")], "old")

        run.retry(months=12)

        assert (run.names(), run.root["result"]) == (["u"], "yes")

    def test_missing_input_is_an_incident(self) -> None:
        run = decided(rule("r", "eligible"), months=None)

        assert run.incidents() == [("r", "no-match")]

    def test_no_match_may_be_null(self) -> None:
        drawn = extensions('<zeebe:calledDecision decisionId="eligible" resultVariable="result"/>')
        task = element("businessRuleTask", "r", 'shenling:noMatch="null"', drawn)

        run = decided(task, months=8)

        assert (run.names(), run.root["result"]) == (["u"], None)

    def test_default_of_the_table(self) -> None:
        default = '<defaultOutputEntry id="q"><text>"ask"</text></defaultOutputEntry>'

        run = decided(rule("r", "eligible"), default=default, months=8)

        assert (run.names(), run.root["result"]) == (["u"], "ask")

    def test_two_rules_are_an_incident(self) -> None:
        run = decided(rule("r", "eligible"), months=120)

        ((element_id, code),) = run.incidents()
        assert (element_id, code) == ("r", "decision-unique")
        assert run.result.decisions == ()

    def test_inputs_and_outputs_are_mapped(self) -> None:
        mapping = io(inputs={"months": "=24"}, outputs={"verdict": "=result"})

        run = decided(rule("r", "eligible", "result", mapping))

        assert (run.root["verdict"], run.root["result"]) == ("yes", "old")
