"""Forms of a bundle, and how a user task may end.

The outcomes of a task are those of its form; without a form those of its property `outcomes`
("code|中文|English, …"); else those that the gateway behind it asks for (`outcome = "x"`, named
like the flow); else the one outcome `done`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from engine.errors import OutcomeUnknown
from engine.kernel.model import Container, Node
from engine.runtime.values import Json
from engine.types import OutcomeChoice, Text, Variable, Variables

ASKED = re.compile(r'\boutcome\s*=\s*"([^"\\]+)"')
DONE = OutcomeChoice("done", Text("完成", "Done"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a form declares; it becomes a variable of the same name."""

    name: str
    type: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a bundle: its document for the pages, its fields and outcomes for the engine."""

    document: dict[str, Json]
    fields: Mapping[str, Field]
    outcomes: tuple[OutcomeChoice, ...]


def text_of(value: Json) -> Text:
    """A text in both languages, or the same text for both."""
    if isinstance(value, dict):
        return Text(str(value.get("zh-hans", "")), str(value.get("en", "")))
    return Text(str(value or ""))


def is_rows(value: Json) -> TypeGuard[list[dict[str, Json]]]:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def rows(value: Json) -> list[dict[str, Json]]:
    """A list of objects; anything else counts as none."""
    return value if is_rows(value) else []


def texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def read_forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    """All forms of a bundle by id; ValueError when a file is no JSON object."""
    found = {}
    for name, raw in files.items():
        if name.startswith("forms/") and name.endswith(".json"):
            form = read_form(raw)
            found[str(form.document.get("id", name[6:-5]))] = form
    return found


def read_form(raw: bytes) -> Form:
    document: Json = json.loads(raw)
    if not isinstance(document, dict):
        raise ValueError("a form is one JSON object")  # noqa: TRY004 - a fault of the value
    fields = [
        Field(
            str(row.get("name", "")),
            str(row.get("type", "string")),
            tuple(str(choice.get("value")) for choice in rows(row.get("choices"))),
        )
        for row in rows(document.get("fields"))
    ]
    outcomes = tuple(
        OutcomeChoice(
            str(row.get("code", "")),
            text_of(row.get("label")),
            str(row.get("tone", "neutral")),
            texts(row.get("requires")),
        )
        for row in rows(document.get("outcomes"))
    )
    return Form(document, {field.name: field for field in fields}, outcomes)


def outcomes_of(node: Node, container: Container, form: Form | None) -> tuple[OutcomeChoice, ...]:
    """How a user task may end; never empty."""
    if form is not None and form.outcomes:
        return form.outcomes
    return declared(node) or asked_behind(node, container) or (DONE,)


def declared(node: Node) -> tuple[OutcomeChoice, ...]:
    """Outcomes in the property `outcomes` of the task."""
    found = []
    for item in node.properties.get("outcomes", "").split(","):
        code, *labels = [part.strip() for part in item.split("|")]
        if code:
            found.append(OutcomeChoice(code, Text(*(labels or [code])[:2])))
    return tuple(found)


def asked_behind(node: Node, container: Container) -> tuple[OutcomeChoice, ...]:
    """Outcomes that the conditions right behind the task, or behind its gateway, compare with."""
    flows = node.flows
    if len(flows) == 1:
        flows = container.nodes[flows[0].target].flows
    found: dict[str, OutcomeChoice] = {}
    for flow in flows:
        for code in ASKED.findall(flow.condition.source if flow.condition else ""):
            label = flow.name if flow.name.zh or flow.name.en else Text(code)
            found.setdefault(code, OutcomeChoice(code, label))
    return tuple(found.values())


def checked_answer(
    outcome: str, variables: Variables, *, allowed: tuple[str, ...], form: Form | None
) -> dict[str, Variable]:
    """What a completed task writes: its outcome and the fields its form declares.

    Raises:
        OutcomeUnknown: another outcome, an undeclared field, or a value of another type.
    """
    if outcome not in allowed:
        raise OutcomeUnknown(outcome, allowed=allowed)
    fields = form.fields if form is not None else {}
    for name, value in variables.items():
        if name not in fields or not fits(fields[name], value):
            raise OutcomeUnknown(name, allowed=tuple(fields))
    return {**variables, "outcome": outcome}


def fits(field: Field, value: Variable) -> bool:  # noqa: PLR0911 - one return per kind
    """Whether a field may hold this value; every field may be left empty."""
    match field.type:
        case _ if value is None:
            return True
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        case "date":
            return isinstance(value, date)
        case "choice":
            return isinstance(value, str) and value in field.choices
        case _:
            return isinstance(value, str)
