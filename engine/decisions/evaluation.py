"""Evaluating a decision: its requirements first, each once, then its logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.decisions.errors import NoSuchDecision
from engine.decisions.given import Given
from engine.decisions.model import Decision, DecisionFile, Knowledge, Library, Service
from engine.decisions.scope import Budget, Failure, Scope
from engine.decisions.table import Outcome, Table
from engine.feel import Calendar, FeelBudgetExceeded, FeelValue, Function, to_feel
from engine.feel.callcode import call_function
from engine.feel.frame import Frame
from engine.feel.values import measure

# As many of the smallest steps of FEEL.
_SERVICE_CALL = 50


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The answer and its explanation.

    `cells` holds, rule by rule, whether each cell was true (None: could not be told). `outputs`
    are the answers of the rules that fired. `error` says what went wrong: `unique` and `any`
    name the table and the rules, `input-not-allowed` and `output-not-allowed` the column (there
    may be an answer all the same: to these columns the value is null), `required` the decision
    that failed and its code.
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

    A decision service and a knowledge model are evaluated like a decision: the inputs are their
    parameters. What an imported file asks for is given as `import.name`, `{namespace}name`, a
    mapping under the import's name, or by its name alone.

    Raises:
        NoSuchDecision: no decision, service or model of that id or name.
        FeelBudgetExceeded: the logic asks for too much work.
    """
    element, library = _find(file, decision_id)
    given = {name: to_feel(value) for name, value in inputs.items()}
    run = _Run(library, Given(given, library), at, calendar, Budget())
    try:
        if isinstance(element, Decision):
            return run.result(element)
        if isinstance(element, Service):
            return run.service_result(element)
        return run.model_result(element)
    except RecursionError:
        raise FeelBudgetExceeded("depth") from None


def _find(
    file: DecisionFile | Mapping[str, Decision], wanted: str
) -> tuple[Decision | Service | Knowledge, Library]:
    decisions = file.decisions if isinstance(file, DecisionFile) else file
    if wanted in decisions:
        return decisions[wanted], decisions[wanted].library
    libraries = [decision.library for decision in decisions.values()]
    if isinstance(file, DecisionFile):
        libraries.insert(0, file.library)
    searched: set[int] = set()
    for library in libraries:
        if id(library) in searched:
            continue
        searched.add(id(library))
        found = library.find(wanted)
        if found is not None:
            return found, library
    raise NoSuchDecision(wanted)


class _Run:
    """One evaluation of a graph, or the part of it that a decision service computes."""

    def __init__(
        self,
        library: Library,
        given: Given,
        at: datetime,
        calendar: Calendar | None,
        meter: Budget | Frame,
    ) -> None:
        self.library = library
        self.given = given
        self.at = at
        self.calendar = calendar
        self.meter = meter
        self.results: dict[tuple[str, str], DecisionResult] = {}
        self.answered: Mapping[str, FeelValue] = {}

    def result(self, decision: Decision, path: str = "") -> DecisionResult:
        """The decision's result; `path` is the import through which it was reached."""
        key = (path, decision.id)
        known = self.results.get(key)
        if known is None:
            known = self.results[key] = self._decide(decision, path)
        return known

    def _decide(self, decision: Decision, path: str) -> DecisionResult:
        required = {
            key: self.result(
                self.library.decisions[key],
                self.given.path(path, decision.places.get(key, "")),
            )
            for key in decision.decisions
            if key not in self.answered
        }
        scope = self._scope(decision, required, path)
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

    def _empty_scope(self) -> Scope:
        return Scope({}, self.at, self.calendar, self.meter, [], [], self.library.types)

    def _scope(
        self, decision: Decision, required: Mapping[str, DecisionResult], path: str
    ) -> Scope:
        """What the decision may read: what it requires, and what the graph does not know."""
        scope = self._empty_scope()
        names = _Names(self.given.free, decision.places)
        for data in decision.inputs:
            place = self.given.path(path, decision.places.get(data.id, ""))
            found = self.given.find(data, place)
            if found is not None:
                names.put(data.id, data.name, scope.typed(found[0], data.type_ref))
        for key in decision.decisions:
            other = self.library.decisions[key]
            value = required[key].value if key in required else self.answered.get(key)
            names.put(key, other.variable, value)
        made: dict[str, FeelValue] = {}
        for key in decision.knowledge:
            names.put(key, *self._function(key, scope, made))
        scope.variables = names.variables
        return scope

    # -- functions ---------------------------------------------------------------------------

    def _function(
        self, key: str, scope: Scope, made: dict[str, FeelValue]
    ) -> tuple[str, FeelValue]:
        """The name and the function of a knowledge model or a service."""
        if key in self.library.services:
            service = self.library.services[key]
            return service.name, self._service(service)
        model = self.library.knowledge[key]
        if key not in made:
            made[key] = self._model(model, scope, made)
        return model.name, made[key]

    def _model(self, model: Knowledge, scope: Scope, made: dict[str, FeelValue]) -> FeelValue:
        """A knowledge model sees the models it requires and itself, not the decision's data."""
        names = _Names({}, model.places)
        for key in model.requires:
            if key != model.id:
                names.put(key, *self._function(key, scope, made))
        inner = scope.with_only(names.variables)
        function = inner.typed_function(model.logic.value(inner), model.type_ref)
        names.variables[model.name] = function
        return function

    def _service(self, service: Service) -> Function:
        names = self._parameters(service)

        def call(frame: object, arguments: Sequence[FeelValue]) -> FeelValue:
            assert isinstance(frame, Frame)
            frame.spend(_SERVICE_CALL)
            given = Given(dict(zip(names, arguments, strict=True)), self.library)
            run = _Run(self.library, given, self.at, self.calendar, frame)
            return run.service_result(service).value

        return Function(tuple(names), call, name=service.name)

    def _parameters(self, service: Service) -> list[str]:
        names = [self.library.inputs[key].name for key in service.given_inputs]
        return names + [self.library.decisions[key].variable for key in service.given_decisions]

    def service_result(self, service: Service) -> DecisionResult:
        """What the service's output decisions answer, its input decisions being given."""
        scope = self._empty_scope()
        for name, type_ref in service.parameters.items():
            self.given.replace(name, scope.typed(self.given.value(name), type_ref))
        self.answered = {
            key: self._answer(scope, self.library.decisions[key])
            for key in service.given_decisions
        }
        required = {key: self.result(self.library.decisions[key]) for key in service.outputs}
        answers = {
            self.library.decisions[key].variable: item.value for key, item in required.items()
        }
        value = next(iter(answers.values())) if len(answers) == 1 else dict(answers)
        return DecisionResult(
            service.id,
            scope.typed(value, service.type_ref),
            warnings=tuple(scope.warnings),
            required=required,
            error=_first_failure(scope, required),
        )

    def _answer(self, scope: Scope, decision: Decision) -> FeelValue:
        return scope.typed(self.given.value(decision.variable), decision.type_ref)

    def model_result(self, model: Knowledge) -> DecisionResult:
        """What a knowledge model answers, its parameters being given."""
        scope = self._empty_scope()
        function = self._model(model, scope, {})
        assert isinstance(function, Function)
        arguments = [self.given.value(name) for name in function.parameters]
        frame = scope.frame()
        value = call_function(frame, function, arguments)
        if isinstance(value, (list, dict)):
            measure(value)
        return DecisionResult(
            model.id,
            value,
            inputs=dict(zip(function.parameters, arguments, strict=True)),
            warnings=tuple(scope.warnings),
            error=_first_failure(scope, {}),
        )

    def _logic(self, decision: Decision, scope: Scope) -> Outcome:
        if isinstance(decision.logic, Table):
            return decision.logic.decide(scope)
        value = decision.logic.value(scope)
        read = [*(item.name for item in decision.inputs)]
        read += [self.library.decisions[key].variable for key in decision.decisions]
        return Outcome(value, inputs={name: scope.variables.get(name) for name in read})


class _Names:
    """Variables by name; what is imported stands in a context under the import's name."""

    def __init__(self, variables: Mapping[str, FeelValue], places: Mapping[str, str]) -> None:
        self.variables = dict(variables)
        self._places = places
        self._contexts: dict[str, dict[str, FeelValue]] = {}

    def put(self, key: str, name: str, value: FeelValue) -> None:
        place = self._places.get(key)
        if place is None:
            self.variables[name] = value
            return
        if place not in self._contexts:
            context: dict[str, FeelValue] = {}
            self._contexts[place] = context
            self.variables[place] = context
        self._contexts[place][name] = value


def _first_failure(scope: Scope, required: Mapping[str, DecisionResult]) -> Failure | None:
    if scope.failures:
        return scope.failures[0]
    for key, result in required.items():
        if result.error is not None:
            return Failure("required", (key, result.error.code))
    return None
