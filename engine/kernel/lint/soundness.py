"""Can every join be fed? A bounded search over markings, one process or subprocess at a time.

A marking says which flows carry a token. Data is not looked at: an exclusive choice may go any
way. One token is moved at a time, its alternatives are branches of the search; moves of different
tokens do not disturb each other, so the order in which tokens move need not be searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import (
    ACTIVITIES,
    bpmn,
    child,
    definitions,
    event_kind,
    is_set,
    kind,
)
from engine.kernel.drawing.report import Report
from engine.kernel.lint.flows import link_targets, nothing_leads_to

MAX_MARKINGS = 10_000
# Tokens moved and flows walked; dense graphs meet this bound long before the other.
MAX_WORK = 500_000
# Beyond that a choice is taken one flow at a time, all together, and nothing between.
MAX_SUBSETS = 5
# Two tokens on one flow show that something doubles; more show nothing further.
MAX_ON_FLOW = 2
JOINING = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
CLEARS = frozenset({"terminate", "error", "cancel"})

# How many tokens each flow carries, sorted by flow.
Marking = tuple[tuple[str, int], ...]


def check(drawing: Drawing, report: Report) -> None:
    for process in drawing.processes:
        for container in drawing.containers(process):
            net = Net(drawing, container)
            net.report(report)
            check_pairs(net, report)


class Net:
    """The tokens of one container. Flows are places; links are flows too."""

    def __init__(self, drawing: Drawing, container: Element) -> None:
        self.drawing = drawing
        # What begins in it is a matter of data.
        self.ad_hoc = kind(container) == "adHocSubProcess"
        self.nodes = {node.get("id") or "": node for node in drawing.nodes_of(container)}
        self.kinds = {name: kind(node) for name, node in self.nodes.items()}
        self.target: dict[str, str] = {}
        self.out: dict[str, list[str]] = {name: [] for name in self.nodes}
        self.into: dict[str, list[str]] = {name: [] for name in self.nodes}
        for name, node in self.nodes.items():
            for flow in drawing.out[name]:
                self.add(flow.get("id") or "", name, flow.get("targetRef") or "")
            for other in link_targets(node, self.nodes):
                self.add(f"{name}->{other}", name, other)
        self.fired: set[str] = set()
        self.stuck: set[str] = set()
        self.doubled: set[str] = set()
        self.seen: set[Marking] = set()
        self.work = 0
        self.reached: dict[tuple[str, str, bool], frozenset[str]] = {}

    def add(self, flow: str, source: str, target: str) -> None:
        if target in self.nodes:
            self.target[flow] = target
            self.out[source].append(flow)
            self.into[target].append(flow)

    def report(self, report: Report) -> None:
        joins = [name for name in self.nodes if self.joins(name)]
        splits = [n for n, flows in self.out.items() if len(flows) > 1]
        if (not joins and not splits) or self.ad_hoc:
            return
        if any(self.kinds[name] == "complexGateway" for name in joins):
            return
        if not self.search():
            report.warning("join.too_many_markings", joins[0] if joins else splits[0])
            return
        for name in joins:
            if name not in self.fired and name in self.stuck:
                report.error("join.never", name)
            elif name in self.stuck:
                report.warning("join.may_wait", name)
        for name in sorted(self.doubled):
            report.warning("merge.doubles", name)

    def joins(self, name: str) -> bool:
        return self.kinds[name] in JOINING and len(self.into[name]) > 1

    # ------------------------------------------------------------------ the search

    def search(self) -> bool:
        """Visit every reachable marking; False when there are too many."""
        todo = [m for n, node in self.nodes.items() for m in self.beginnings(n, node)]
        todo = todo or self.all_together()
        while todo:
            marking = todo.pop()
            if marking in self.seen:
                continue
            self.seen.add(marking)
            self.work += len(marking)
            if len(self.seen) > MAX_MARKINGS or self.work > MAX_WORK:
                return False
            todo.extend(self.following(marking))
        return True

    def beginnings(self, name: str, node: Element) -> Iterator[Marking]:
        if kind(node) == "startEvent" or is_set(node, "instantiate"):
            for flows in self.ways_out(name, node):
                yield put((), flows)

    def all_together(self) -> list[Marking]:
        """Without a start, everything that nothing leads to begins at once."""
        found: list[Marking] = [()]
        for name, node in self.nodes.items():
            if nothing_leads_to(node, self.drawing):
                ways = self.ways_out(name, node)
                found = [put(marking, flows) for marking in found[:MAX_MARKINGS] for flows in ways]
        return found

    def following(self, marking: Marking) -> list[Marking]:
        for flow, _ in marking:
            name = self.target[flow]
            if not self.joins(name):
                return self.moved(marking, flow, name)
        # All tokens are at joins.
        flows = {flow for flow, _ in marking}
        at = list(dict.fromkeys(self.target[flow] for flow, _ in marking))
        inclusive = [name for name in at if self.kinds[name] == "inclusiveGateway"]
        for name in at:
            if self.kinds[name] == "parallelGateway" and flows.issuperset(self.into[name]):
                return self.joined(marking, name)
        for name in inclusive:
            if self.inclusive_ready(name, flows, at):
                return self.joined(marking, name)
        # Nothing moves: inclusive joins that wait for each other go on, others are stuck.
        if inclusive:
            return self.joined(marking, inclusive[0])
        self.stuck.update(at)
        return []

    def moved(self, marking: Marking, flow: str, name: str) -> list[Marking]:
        node = self.nodes[name]
        merges = len(self.into[name]) > 1 and kind(node) != "endEvent"
        if merges and self.followed(marking, flow, name):
            self.doubled.add(name)
        if {event_kind(part) for part in definitions(node)} & CLEARS and kind(node) == "endEvent":
            return [()]
        rest = take(marking, [flow])
        found = [put(rest, flows) for flows in self.ways_out(name, node)]
        for event in self.drawing.attached[name]:
            found.extend(self.interrupted(rest, event, found[: len(self.ways_out(name, node))]))
        return [m for m in found if most(m) <= MAX_ON_FLOW]

    def followed(self, marking: Marking, flow: str, name: str) -> bool:
        """Whether another token can come to this merge on its own, past no join."""
        others = [self.target[f] for f, n in marking if f != flow or n > 1]
        return any(
            other == name
            or not self.reach(other, name, past_joins=False).isdisjoint(self.into[name])
            for other in others
        )

    def interrupted(
        self, rest: Marking, event: Element, completed: list[Marking]
    ) -> Iterator[Marking]:
        """The boundary event takes the token, or adds one of its own beside it."""
        if event.find(bpmn("compensateEventDefinition")) is not None:
            return
        for flows in self.ways_out(event.get("id") or "", event):
            if is_set(event, "cancelActivity", default=True):
                yield put(rest, flows)
            else:
                yield from (put(marking, flows) for marking in completed)

    def joined(self, marking: Marking, name: str) -> list[Marking]:
        self.fired.add(name)
        present = [flow for flow in self.into[name] if flow in dict(marking)]
        rest = take(marking, present)
        return [put(rest, flows) for flows in self.ways_out(name, self.nodes[name])]

    # ------------------------------------------------------------------ what nodes do

    def ways_out(self, name: str, node: Element) -> list[tuple[str, ...]]:
        """The sets of flows on which a node may put its tokens."""
        out = self.out[name]
        if node.get("eventGatewayType") == "Parallel":
            return [tuple(out)]
        if kind(node) in ("exclusiveGateway", "eventBasedGateway"):
            return [(flow,) for flow in out] or [()]
        sure = [flow for flow in out if not self.conditional(flow, node)]
        unsure = [flow for flow in out if self.conditional(flow, node)]
        if kind(node) in ("inclusiveGateway", "complexGateway"):
            return (
                [*subsets(unsure), *((flow,) for flow in sure)] if len(out) > 1 else [tuple(out)]
            )
        default = node.get("default")
        plain = tuple(flow for flow in sure if flow != default)
        if kind(node) in ACTIVITIES and unsure:
            chosen = [(*plain, *more) for more in subsets(unsure)]
            nothing = (default,) if default in out else plain
            return [*chosen, *([nothing] if nothing else [])]
        return [tuple(out)]

    def conditional(self, flow: str, node: Element) -> bool:
        drawn = self.drawing.by_id.get(flow)
        if drawn is None or flow == node.get("default"):
            return False
        return child(drawn, "conditionExpression") is not None

    def inclusive_ready(self, name: str, flows: set[str], at: list[str]) -> bool:
        """No token elsewhere can still reach an empty flow of the join."""
        self.work += len(at)
        empty = set(self.into[name]) - flows
        return all(other == name or empty.isdisjoint(self.reach(other, name)) for other in at)

    def reach(self, start: str, join: str, *, past_joins: bool = True) -> frozenset[str]:
        """Flows that a token on its way to `start` can come to, without passing `join`."""
        key = (start, join, past_joins)
        if key not in self.reached:
            self.reached[key] = frozenset(self.walk(start, join, past_joins=past_joins))
        return self.reached[key]

    def walk(self, start: str, join: str, *, past_joins: bool) -> set[str]:
        found: set[str] = set()
        seen: set[str] = set()
        todo = [start]
        while todo:
            name = todo.pop()
            if name in seen or name == join:
                continue
            if not past_joins and self.joins(name):
                continue
            seen.add(name)
            self.work += len(self.out[name])
            found.update(self.out[name])
            todo.extend(self.target[flow] for flow in self.out[name])
            todo.extend(e.get("id") or "" for e in self.drawing.attached[name])
        return found


def check_pairs(net: Net, report: Report) -> None:
    """An event that may fire again must not lead into a parallel join: its firings would pair."""
    for name, node in net.nodes.items():
        again = kind(node) == "boundaryEvent" and not is_set(node, "cancelActivity", default=True)
        if not again or once(node):
            continue
        todo, seen = list(net.out[name]), set[str]()
        while todo:
            target = net.target[todo.pop()]
            if target in seen:
                continue
            seen.add(target)
            if kind(net.nodes[target]) == "parallelGateway" and len(net.into[target]) > 1:
                report.warning("join.pairs", target)
            else:
                todo.extend(net.out[target])


def once(event: Element) -> bool:
    """A timer without cycle fires once."""
    kinds = {event_kind(part) for part in definitions(event)}
    return kinds == {"timer"} and next(event.iter(bpmn("timeCycle")), None) is None


def subsets(flows: list[str]) -> list[tuple[str, ...]]:
    """Every choice of at least one flow; for many flows single ones and all of them."""
    if len(flows) > MAX_SUBSETS:
        return [*((flow,) for flow in flows), tuple(flows)]
    return [c for size in range(1, len(flows) + 1) for c in combinations(flows, size)]


def put(marking: Marking, flows: tuple[str, ...]) -> Marking:
    counts = dict(marking)
    for flow in flows:
        counts[flow] = counts.get(flow, 0) + 1
    return tuple(sorted(counts.items()))


def take(marking: Marking, flows: list[str]) -> Marking:
    counts = dict(marking)
    for flow in flows:
        counts[flow] -= 1
    return tuple(sorted((flow, n) for flow, n in counts.items() if n))


def most(marking: Marking) -> int:
    return max((n for _, n in marking), default=0)
