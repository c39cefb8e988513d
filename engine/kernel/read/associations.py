"""Data associations become mappings: what an activity or event reads and writes by other names.

An association that ties equal names says nothing that scopes do not do, and one between drawings
without names of variables documents. An assignment or transformation always means something: one
that cannot be read is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import body, bpmn, child, kind
from engine.kernel.model import Assignment
from engine.kernel.read.data import ends, named_variable, variable_at, variable_of
from engine.kernel.read.values import Values, shown

LOOP = "multiInstanceLoopCharacteristics"


@dataclass(slots=True)
class Side:
    """The mappings of one direction; `counts` once a name changes or a value is made."""

    pairs: list[Assignment] = field(default_factory=list)
    counts: bool = False

    def add(self, target: str, source: Expression | str | None, *, counts: bool) -> None:
        if source is not None:
            self.pairs.append(Assignment(target, source))
            self.counts = self.counts or counts


def associated(node: Element, drawing: Drawing, values: Values, tag: str) -> list[Assignment]:
    """Mappings from the associations of this tag, in drawn order."""
    side = Side()
    for association in node.iterfind(bpmn(tag)):
        if of_loop(association, node, drawing):
            continue
        written = list(association.iterfind(bpmn("assignment")))
        for assignment in written:
            assign(assignment, node, drawing, values, side)
        if child(association, "transformation") is not None:
            transform(association, drawing, values, side)
        elif not written:
            rename(association, drawing, values, side)
    return side.pairs if side.counts else []


def of_loop(association: Element, node: Element, drawing: Drawing) -> bool:
    """Whether it feeds or drains a multi-instance loop, which reads its data itself."""
    loop = child(node, LOOP)
    parts = (
        [] if loop is None else [child(loop, f"loopData{way}Ref") for way in ("Input", "Output")]
    )
    named = {(part.text or "").strip().rpartition(":")[2] for part in parts if part is not None}
    return any(end is not None and end.get("id") in named for end in ends(association, drawing))


def assign(
    assignment: Element, node: Element, drawing: Drawing, values: Values, side: Side
) -> None:
    source, target = body(child(assignment, "from")), body(child(assignment, "to"))
    name = variable_at((target or "").removeprefix("=").strip(), node, drawing)
    if not source:
        values.report.warning(
            "data.assignment", values.element, name=shown(target or kind(assignment))
        )
        return
    if not name:
        values.error("data.assignment", name=shown(target or source))
        return
    side.add(name, values.either(source), counts=True)


def transform(association: Element, drawing: Drawing, values: Values, side: Side) -> None:
    _, target = ends(association, drawing)
    name = "" if target is None else variable_of(target, drawing)
    text = body(child(association, "transformation")) or ""
    if not name or not text:
        values.error("data.assignment", name=shown(text or kind(association)))
        return
    side.add(name, values.feel(text, "transformation"), counts=True)


def rename(association: Element, drawing: Drawing, values: Values, side: Side) -> None:
    source, target = (
        "" if end is None else named_variable(end, drawing) for end in ends(association, drawing)
    )
    if not (source and target):
        return
    text = source
    if kind(association) == "dataOutputAssociation":
        # An output that was not delivered is not available: nothing is copied.
        text = f"if {source} = null then {target} else {source}"
    side.add(target, values.compiled(text), counts=source != target)
