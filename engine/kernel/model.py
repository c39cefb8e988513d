"""The immutable model of a deployment: what the tokens move over.

Made once per bundle by `engine.kernel.read` and shared by all its instances. A *container* is a
process or subprocess; a *node* is one drawn flow node. Ids are those of the drawing. A value that
may be FEEL or plain text is an `Expression` or a `str`: text stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from engine.types import Calendar, Text

if TYPE_CHECKING:
    from engine.decisions import Decision
    from engine.feel import Expression

EventKind = Literal[
    "message",
    "signal",
    "timer",
    "conditional",
    "error",
    "escalation",
    "compensate",
    "cancel",
    "terminate",
]
TimerKind = Literal["", "date", "duration", "cycle", "working_days"]

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_OTHERS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
NOWHERE: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EventDef:
    """One event definition of an event, receive task or send task."""

    kind: EventKind
    # Message and signal: the name. Compensation throw: the activity's id, empty for the scope.
    name: str = ""
    # Error and escalation; None catches every code.
    code: str | None = None
    timer: TimerKind = ""
    # The timer's ISO 8601 text or expression; for `working_days` a number as text, or expression.
    value: Expression | str | None = None
    correlation_key: Expression | None = None
    condition: Expression | None = None
    # Conditional: which variables it is looked at for, and whether new or changed; None: all.
    watches: tuple[frozenset[str], frozenset[str]] | None = None
    # Compensation throw: whether the token stays until all is undone.
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. A link event's jump is a flow too, with the id `throw->catch`."""

    id: str
    name: Text
    source: str
    target: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of an io mapping: the variable and what it is set to."""

    target: str
    source: Expression | str


@dataclass(frozen=True, slots=True)
class IoMapping:
    """Inputs make the local scope, outputs are all that leaves it; both in drawn order."""

    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event that a multi-instance activity throws when one of its instances completes."""

    event: EventDef
    # Only at the first completion; only when the condition holds.
    first: bool = False
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Multi-instance over a collection, or a number of times; exactly one of the two is given.

    `private` is the variable that each instance starts with as null, because `output_element`
    reads it; None when the output element is no plain path.
    """

    sequential: bool
    collection: Expression | None = None
    cardinality: Expression | str | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    private: str | None = None
    completion: Expression | None = None
    announces: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """Repeats an activity while the condition holds, at most `maximum` times.

    Without a maximum a loop that does not end is an incident.
    """

    maximum: int | None
    condition: Expression | None = None
    test_before: bool = False


Loop = MultiInstance | StandardLoop


@dataclass(frozen=True, slots=True)
class UserWork:
    """What a person does. Groups are those of the task, or the role of its innermost lane.

    Due: `due_date` (ISO 8601 text or expression) or `working_days` after entry, never both.
    """

    groups: tuple[str, ...] | Expression = ()
    assignee: Expression | str | None = None
    form_id: str = ""
    priority: Expression | int = 50
    due_date: Expression | str | None = None
    working_days: Expression | int | None = None
    not_same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobWork:
    """Work of a handler; `type` is its name in the catalogue."""

    type: str
    retries: int = 3
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class DecisionWork:
    """A decision of the bundle. Its variable is assigned anew each time, also with null."""

    decision_id: str
    result_variable: str
    no_match_null: bool = False


@dataclass(frozen=True, slots=True)
class ScriptWork:
    """A FEEL expression whose value goes into a variable."""

    expression: Expression
    result_variable: str


Work = UserWork | JobWork | DecisionWork | ScriptWork


@dataclass(frozen=True, slots=True)
class Call:
    """A call activity: which process of the bundle, and what crosses its border."""

    # Empty when an expression chooses among the processes of the bundle.
    process_id: str
    chosen: Expression | None = None
    all_parent_variables: bool = True
    all_child_variables: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """One drawn flow node; `kind` is its BPMN tag."""

    id: str
    kind: str
    name: Text
    container: str
    process: str
    # Outgoing flows in drawing order (top to bottom), link jumps last.
    flows: tuple[Flow, ...] = ()
    # Id of the default flow.
    default: str | None = None
    # Ids of incoming flows, link jumps included.
    incoming: tuple[str, ...] = ()
    # Ids of attached boundary events, without compensation.
    boundaries: tuple[str, ...] = ()
    # Id of the activity that compensates this one.
    handler: str | None = None
    # The events it waits for or throws, without links; empty for a plain event.
    events: tuple[EventDef, ...] = ()
    # Waits for all of `events` instead of one.
    parallel: bool = False
    # Boundary events and starts of event subprocesses: whether the host is cancelled.
    interrupting: bool = True
    attached_to: str | None = None
    # Container of a subprocess, or of the called process.
    inner: str | None = None
    call: Call | None = None
    loop: Loop | None = None
    io: IoMapping | None = None
    work: Work | None = None
    # Complex gateways: when to fire.
    activation: Expression | None = None
    # Tokens that must come before an activity begins, and that leave on each flow.
    start_quantity: int = 1
    completion_quantity: int = 1
    # Receive task: its message starts the process.
    instantiates: bool = False
    for_compensation: bool = False
    event_subprocess: bool = False
    milestone: str = ""
    # Texts for the applicant, by language ("zh", "en").
    texts: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    lane_role: str = ""
    properties: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def listens_at_once(self) -> bool:
        """Signal catch events are armed before any sibling branch runs."""
        return (
            self.kind == "intermediateCatchEvent"
            and (self.io is None or not self.io.inputs)
            and {event.kind for event in self.events} == {"signal"}
        )


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How an ad hoc subprocess begins and ends; what begins are its container's `firsts`."""

    sequential: bool = False
    # Evaluated each time something inside completes; None: it ends when all is done.
    completion: Expression | None = None
    cancel_remaining: bool = True
    # The ids of those that begin; None: all.
    active: Expression | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """A process or subprocess: the nodes between which tokens move without leaving it."""

    id: str
    process: str
    # In drawing order of the file.
    nodes: Mapping[str, Node]
    # Start events, and whatever else a message starts the process at.
    starts: tuple[Node, ...]
    # Without any of these: the nodes that no flow leads to, which begin together.
    firsts: tuple[Node, ...] = ()
    # Start behind an event-based gateway that waits for all -> the others behind it.
    together: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_OTHERS)
    # (event subprocess, its start event), those started by compensation excluded.
    event_subprocesses: tuple[tuple[Node, Node], ...] = ()
    ad_hoc: AdHoc | None = None
    # The event subprocess started by compensation.
    compensation: str | None = None
    # Inclusive join -> node -> those incoming flows of the join that a token there can reach
    # without passing the join.
    ahead: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=lambda: NOWHERE)


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of a process; `parent` is the lane around it."""

    id: str
    name: Text
    role: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the bundle that can be started or called. `container` equals `id`."""

    id: str
    name: Text
    container: str
    file: str
    is_executable: bool = True
    # Start event -> form of the bundle.
    start_forms: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    lanes: tuple[Lane, ...] = ()
    version_tag: str = ""
    texts: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    properties: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the kernel needs to know of one bundle."""

    key: str
    processes: Mapping[str, Process]
    containers: Mapping[str, Container]
    decisions: Mapping[str, Decision]
    calendar: Calendar
    has_conditions: bool
    kernel_version: int

    def node(self, container_id: str, element_id: str) -> Node:
        """The node of a container; KeyError when the model does not draw it."""
        return self.containers[container_id].nodes[element_id]
