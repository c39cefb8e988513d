"""The shipped diagrams can be deployed, are completely drawn, and speak two languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import hypot

import pytest
from lxml import etree

from engine.kernel.read import read_bundle
from tests.bpmn.shipped import DIAGRAMS, bundle, catalogue, path_of
from tests.bpmn.walks import BPMN

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
TEXT = "{urn:shenling:bpmn:1}text"
# A claim that fits no answer stops with an incident instead of going somewhere by default.
ON_PURPOSE = {"gateway.no_default"}
FRAMES = {"participant", "lane", "subProcess"}
NODES = {
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "receiveTask",
    "callActivity",
    "exclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
    "intermediateCatchEvent",
    "boundaryEvent",
    "subProcess",
}


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def holds(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def meets(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def on_border(self, point: tuple[float, float], kind: str) -> bool:
        """Circles, diamonds and rectangles each have their own border."""
        half_x, half_y = self.width / 2, self.height / 2
        dx = abs(point[0] - self.x - half_x)
        dy = abs(point[1] - self.y - half_y)
        if kind.endswith("Event"):
            return abs(hypot(dx, dy) - half_x) < 1
        if kind.endswith("Gateway"):
            return abs(dx / half_x + dy / half_y - 1) < 0.05
        return max(dx - half_x, dy - half_y) == 0

    def strictly_holds(self, a: tuple[float, float], b: tuple[float, float]) -> bool:
        """Whether an upright or level line runs through the inside."""
        low_x, high_x = sorted((a[0], b[0]))
        low_y, high_y = sorted((a[1], b[1]))
        return (
            low_x < self.x + self.width - 1
            and high_x > self.x + 1
            and low_y < self.y + self.height - 1
            and high_y > self.y + 1
        )


class Drawing:
    """A file as its drawing: kinds, boxes and lines by element id."""

    def __init__(self, process: str) -> None:
        self.root = etree.parse(path_of(process)).getroot()
        self.elements = {
            str(e.get("id")): e
            for e in self.root.iter()
            if isinstance(e.tag, str) and e.tag.startswith(BPMN) and e.get("id")
        }
        self.shapes = {
            str(s.get("bpmnElement")): self._box(s.find(f"{DC}Bounds"))
            for s in self.root.iter(f"{DI}BPMNShape")
        }
        self.edges = {
            str(e.get("bpmnElement")): [
                (float(str(p.get("x"))), float(str(p.get("y")))) for p in e.iter(WAYPOINT)
            ]
            for e in self.root.iter(f"{DI}BPMNEdge")
        }
        self.labels = {
            str(shape.get("bpmnElement")): self._box(label.find(f"{DC}Bounds"))
            for shape in self.root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")
            for label in shape.findall(f"{DI}BPMNLabel")
        }

    @staticmethod
    def _box(bounds: etree._Element | None) -> Box:
        assert bounds is not None
        x, y, width, height = (float(str(bounds.get(a))) for a in ("x", "y", "width", "height"))
        return Box(x, y, width, height)

    def kind(self, element: str) -> str:
        return str(self.elements[element].tag).removeprefix(BPMN)

    def of_kinds(self, kinds: set[str]) -> Iterator[str]:
        return (name for name in self.elements if self.kind(name) in kinds)

    def plain_nodes(self) -> list[str]:
        """Nodes that stand alone: no frames, and no events on the border of a task."""
        return list(self.of_kinds(NODES - {"subProcess", "boundaryEvent"}))


@pytest.fixture(params=sorted(DIAGRAMS))
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return Drawing(request.param)


def test_nothing_stands_against_deployment() -> None:
    found = read_bundle(bundle(), catalogue()).findings
    assert [f for f in found if f.level == "error"] == []
    drawn = [f for f in found if f.file.endswith(".bpmn") and f.code not in ON_PURPOSE]
    assert drawn == []


def test_every_element_is_drawn(drawing: Drawing) -> None:
    assert set(drawing.shapes) == set(drawing.of_kinds(NODES | FRAMES))
    assert set(drawing.edges) == set(drawing.of_kinds({"sequenceFlow"}))


def test_everything_lies_in_the_pool(drawing: Drawing) -> None:
    (pool,) = (drawing.shapes[name] for name in drawing.of_kinds({"participant"}))
    outside = [name for name, box in drawing.shapes.items() if not pool.holds(box)]
    points = [p for line in drawing.edges.values() for p in line]
    assert outside == []
    assert all(pool.holds(Box(x, y, 0, 0)) for x, y in points)


def test_lanes_fill_the_pool_and_hold_their_nodes(drawing: Drawing) -> None:
    lanes = list(drawing.of_kinds({"lane"}))
    for lane in lanes:
        for reference in drawing.elements[lane].iter(f"{BPMN}flowNodeRef"):
            box = drawing.shapes[str(reference.text)]
            assert drawing.shapes[lane].holds(box), reference.text
    for above, below in pairwise(sorted((drawing.shapes[lane] for lane in lanes), key=_top)):
        assert above.y + above.height == below.y


def _top(box: Box) -> float:
    return box.y


def test_nodes_do_not_overlap(drawing: Drawing) -> None:
    nodes = [(name, drawing.shapes[name]) for name in drawing.plain_nodes()]
    assert [(a, b) for (a, p), (b, q) in combinations(nodes, 2) if p.meets(q)] == []
    for name in drawing.of_kinds({"boundaryEvent"}):
        box = drawing.shapes[name]
        host = drawing.shapes[str(drawing.elements[name].get("attachedToRef"))]
        assert host.meets(box)
        assert not host.holds(box)


def test_flows_start_and_end_on_borders(drawing: Drawing) -> None:
    for name, points in drawing.edges.items():
        flow = drawing.elements[name]
        for point, attribute in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            node = str(flow.get(attribute))
            assert drawing.shapes[node].on_border(point, drawing.kind(node)), (name, node)


def test_flows_are_orthogonal_and_pass_no_node(drawing: Drawing) -> None:
    for name, points in drawing.edges.items():
        for a, b in pairwise(points):
            assert a[0] == b[0] or a[1] == b[1], name
            through = [
                node for node in drawing.plain_nodes() if drawing.shapes[node].strictly_holds(a, b)
            ]
            assert through == [], name


def test_labels_do_not_lie_on_nodes_or_each_other(drawing: Drawing) -> None:
    nodes = {name: drawing.shapes[name] for name in drawing.plain_nodes()}
    for label, box in drawing.labels.items():
        # The corners of a diamond and of a circle are empty.
        on = [n for n, shape in nodes.items() if n != label and shape.meets(box)]
        assert on == [], label
    pairs = combinations(drawing.labels.items(), 2)
    assert [(a, b) for (a, p), (b, q) in pairs if p.meets(q)] == []


def test_names_are_in_both_languages(drawing: Drawing) -> None:
    named = set(drawing.of_kinds(NODES | FRAMES | {"process"}))
    named |= {f for f in drawing.of_kinds({"sequenceFlow"}) if drawing.elements[f].get("name")}
    for name in named:
        element = drawing.elements[name]
        english = [e.text or "" for e in element.findall(f"{BPMN}extensionElements/{TEXT}")]
        chinese = str(element.get("name") or "")
        assert any("\u4e00" <= c <= "\u9fff" for c in chinese), name
        assert len(english) == 1, name
        assert english[0].isascii(), name


def test_every_way_out_of_a_choice_says_when(drawing: Drawing) -> None:
    for name in drawing.of_kinds({"exclusiveGateway"}):
        ways = [
            flow
            for flow in drawing.elements.values()
            if flow.tag == f"{BPMN}sequenceFlow" and flow.get("sourceRef") == name
        ]
        assert len(ways) > 1, name
        assert all(way.get("name") for way in ways), name
        assert all(way.find(f"{BPMN}conditionExpression") is not None for way in ways), name
        assert str(drawing.elements[name].get("name")).endswith("？"), name
