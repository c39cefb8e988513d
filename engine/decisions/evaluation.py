"""Evaluating a decision: its requirements first, each once, then its logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.decisions.model import Decision, DecisionFile, Knowledge, Service, find
from engine.decisions.scope import Budget, Failure, Scope
from engine.decisions.table import Outcome, Table
from engine.feel import Calendar, FeelBudgetExceeded, FeelValue, Function, to_feel
from engine.feel.frame import Frame
from engine.feel.values import measure


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The answer and its explanation.

    `cells` holds, rule by rule, whether each cell was true (None: could not be told). `outputs`
    are the answers of the rules that fired. `error` says why there is no answer: `unique` and
    `any` name the table and the rules, `input-not-allowed` and `output-not-allowed` the column,
    `required` the decision that failed and its code.
    """

    decision_id: str
    value: FeelValue
    fired: tuple[str, ...] = ()
    inputs: Mapping[str, FeelValue] = field(default_factory=dict)
    cells: tuple[tuple[bool | None, ...], ...] = ()
    outputs: tuple[Mapping[str, FeelValue], ...] = ()
    warnings: tuple[str, ...] = ()
    required: Mapping[str, DecisionResult] = field(default_factory=dict)
    hit_policy: str = ""
    error: Failure | None = None


def evaluate(
    file: DecisionFile | Mapping[str, Decision],
    decision_id: str,
    inputs: Mapping[str, object],
    *,
    at: datetime,
    calendar: Calendar | None = None,
) -> DecisionResult:
    """The decision's answer for these inputs (by name); a pure function.

    A decision service is evaluated like a decision.

    Raises:
        NoSuchDecision: no decision of that id or name.
        FeelBudgetExceeded: the logic asks for too much work.
    """
    decisions = file.decisions if isinstance(file, DecisionFile) else file
    given = {name: to_feel(value) for name, value in inputs.items()}
    run = _Run(decisions, given, at, calendar, Budget())
    service = _find_service(decisions, decision_id)
    try:
        if service is not None:
            return run.service_result(*service)
        return run.result(find(decisions, decision_id))
    except RecursionError:
        raise FeelBudgetExceeded("depth") from None


def _find_service(decisions: Mapping[str, Decision], key: str) -> tuple[Service, Decision] | None:
    """The service of that id or name, with a decision of its file."""
    if key in decisions:
        return None
    for decision in decisions.values():
        for service in decision.library.services.values():
            if key in (service.id, service.name):
                return service, decision
    return None


class _Run:
    """One evaluation of a graph, or the part of it that a decision service computes."""

    def __init__(
        self,
        decisions: Mapping[str, Decision],
        given: Mapping[str, FeelValue],
        at: datetime,
        calendar: Calendar | None,
        meter: Budget | Frame,
    ) -> None:
        self.decisions = decisions
        self.given = given
        self.at = at
        self.calendar = calendar
        self.meter = meter
        self.results: dict[str, DecisionResult] = {}
        self.answered: frozenset[str] = frozenset()

    def result(self, decision: Decision) -> DecisionResult:
        known = self.results.get(decision.id)
        if known is None:
            known = self.results[decision.id] = self._decide(decision)
        return known

    def _decide(self, decision: Decision) -> DecisionResult:
        required = {
            key: self.result(self.decisions[key])
            for key in decision.decisions
            if key not in self.answered
        }
        scope = self._scope(decision, required)
        outcome = self._logic(decision, scope)
        value = scope.typed(outcome.value, decision.type_ref)
        if isinstance(value, (list, dict)):
            measure(value)
        return DecisionResult(
            decision.id,
            value,
            outcome.fired,
            outcome.inputs,
            outcome.cells,
            outcome.outputs,
            tuple(scope.warnings),
            required,
            decision.logic.hit_policy if isinstance(decision.logic, Table) else "",
            outcome.failure or _first_failure(scope, required),
        )

    def _scope(self, decision: Decision, required: Mapping[str, DecisionResult]) -> Scope:
        library = decision.library
        variables = dict(self.given)
        scope = Scope(variables, self.at, self.calendar, self.meter, [], [], library.types)
        for data in decision.inputs:
            if data.name in variables:
                variables[data.name] = scope.typed(variables[data.name], data.type_ref)
        for key, result in required.items():
            variables[self.decisions[key].variable] = result.value
        variables.update(self._functions(decision, decision.knowledge, scope, {}))
        return scope

    def _functions(
        self,
        decision: Decision,
        keys: Sequence[str],
        scope: Scope,
        made: dict[str, FeelValue],
    ) -> dict[str, FeelValue]:
        """The knowledge models and services of these ids as functions, by name."""
        library = decision.library
        named: dict[str, FeelValue] = {}
        for key in keys:
            if key in library.services:
                service = library.services[key]
                named[service.name] = self._service(decision, service)
                continue
            model = library.knowledge[key]
            if key not in made:
                made[key] = self._function(decision, model, scope, made)
            named[model.name] = made[key]
        return named

    def _function(
        self, decision: Decision, model: Knowledge, scope: Scope, made: dict[str, FeelValue]
    ) -> FeelValue:
        """A knowledge model sees the models it requires and itself, not the decision's data."""
        required = [key for key in model.requires if key != model.id]
        own = self._functions(decision, required, scope, made)
        own[model.name] = function = model.logic.value(scope.with_only(own))
        return function

    def _service(self, decision: Decision, service: Service) -> Function:
        library = decision.library
        names = [library.inputs[key].name for key in service.given_inputs]
        names += [self.decisions[key].variable for key in service.given_decisions]

        def call(frame: object, arguments: Sequence[FeelValue]) -> FeelValue:
            assert isinstance(frame, Frame)
            given = dict(zip(names, arguments, strict=True))
            run = _Run(self.decisions, given, self.at, self.calendar, frame)
            return run.service_result(service, decision).value

        return Function(tuple(names), call, name=service.name)

    def service_result(self, service: Service, decision: Decision) -> DecisionResult:
        """What the service's output decisions answer, its input decisions being given."""
        self.answered = frozenset(service.given_decisions)
        required = {key: self.result(self.decisions[key]) for key in service.outputs}
        answers = {self.decisions[key].variable: item.value for key, item in required.items()}
        scope = Scope({}, self.at, self.calendar, self.meter, [], [], decision.library.types)
        value = next(iter(answers.values())) if len(answers) == 1 else dict(answers)
        return DecisionResult(
            service.id,
            scope.typed(value, service.type_ref),
            warnings=tuple(scope.warnings),
            required=required,
            error=_first_failure(scope, required),
        )

    def _logic(self, decision: Decision, scope: Scope) -> Outcome:
        if isinstance(decision.logic, Table):
            return decision.logic.decide(scope)
        value = decision.logic.value(scope)
        read = [*(item.name for item in decision.inputs)]
        read += [self.decisions[key].variable for key in decision.decisions]
        return Outcome(value, inputs={name: scope.variables.get(name) for name in read})


def _first_failure(scope: Scope, required: Mapping[str, DecisionResult]) -> Failure | None:
    if scope.failures:
        return scope.failures[0]
    for key, result in required.items():
        if result.error is not None:
            return Failure("required", (key, result.error.code))
    return None
