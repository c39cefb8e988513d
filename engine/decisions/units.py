"""A file and the files it imports, each with its elements, types and ways to others.

An import without a name (DMN 1.4) puts the other file's elements among the own ones: what has a
name that is taken already is left out, and who referred to it gets the one that has the name.
An import with a name leaves the other file a unit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.decisions.errors import DecisionsInvalid
from engine.decisions.xml import Element, attribute, children, local_name, parse

KINDS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")


class Report(Protocol):
    """Where a problem goes: its code, its element, and facts."""

    def __call__(self, code: str, element: Element, *args: str) -> None: ...


@dataclass(slots=True, eq=False)
class Unit:
    """One space of names. `prefix` stands before its keys and is empty for the file itself."""

    prefix: str
    roots: dict[str, Element] = field(default_factory=dict)
    imports: dict[str, Unit] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    types: dict[str, Element] = field(default_factory=dict)
    _keys: dict[tuple[str, str], str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def import_name(self, other: Unit) -> str | None:
        return next((name for name, unit in self.imports.items() if unit is other), None)

    def key(self, namespace: str, fragment: str) -> str | None:
        """The key of an element: of that namespace, else of any file in the unit."""
        spaces = (namespace, *self.roots)
        return next((k for s in spaces if (k := self._keys.get((s, fragment))) is not None), None)

    def take(self, namespace: str, root: Element, report: Report) -> None:
        """Take in a file; whatever has a name that is taken already leads to its owner."""
        own = not self.roots
        self.roots[namespace] = root
        seen: set[str] = set()
        for element in children(root, *KINDS):
            name = plain(attribute(element, "name"))
            identity = attribute(element, "id") or name
            if not identity:
                report("no-id", element, local_name(element))
            elif identity in seen:
                report("duplicate-id", element, identity)
            else:
                seen.add(identity)
                self._put(namespace, identity, name, element, own=own)
        for item in children(root, "itemDefinition"):
            self.types.setdefault(plain(attribute(item, "name")), item)

    def _put(
        self, namespace: str, identity: str, name: str, element: Element, *, own: bool
    ) -> None:
        key = self._names.get(name) if name and not own else None
        if key is None:
            key = self.prefix + identity
            if key in self.elements:
                key = f"{self.prefix}{namespace}#{identity}"
            self.elements[key] = element
            self._names.setdefault(name, key)
        self._keys[namespace, identity] = key


class Units:
    """All units of a file, by namespace; the file's own one is `main`."""

    def __init__(self, root: Element, others: Mapping[str, bytes], report: Report) -> None:
        self._report = report
        self._files = _Files(root, others)
        # Which file imports which, by namespace.
        self.links: dict[str, list[str]] = {}
        self.main = Unit("")
        self._all = {attribute(root, "namespace"): self.main}
        self._waiting = [(self.main, attribute(root, "namespace"), root)]
        while self._waiting:
            self._fill(*self._waiting.pop())

    def __iter__(self) -> Iterator[Unit]:
        return iter(tuple(self._all.values()))

    def of(self, namespace: str) -> Unit | None:
        return self._all.get(namespace)

    def locate(self, unit: Unit, element: Element, href: str) -> tuple[Unit, str] | None:
        """The unit and the key behind an href of an element."""
        place, _, fragment = href.rpartition("#")
        own = namespace_of(element)
        if place in ("", own):
            target: Unit | None = unit
        elif place in unit.roots:
            target = unit
        else:
            target = self.of(place) or self.of(self._files.namespace_at(place))
        key = None if target is None else target.key(place or own, fragment)
        return None if target is None or key is None else (target, key)

    def _fill(self, unit: Unit, namespace: str, root: Element) -> None:
        waiting = [(namespace, root)]
        while waiting:
            namespace, root = waiting.pop(0)
            if namespace in unit.roots:
                continue
            unit.take(namespace, root, self._report)
            included: list[tuple[str, Element]] = []
            for element in children(root, "import"):
                included += self._import(unit, element)
            # Depth first: what an included file includes goes before its neighbour.
            waiting = included + waiting

    def _import(self, unit: Unit, element: Element) -> list[tuple[str, Element]]:
        wanted = attribute(element, "namespace")
        found = self._files.find(wanted, attribute(element, "locationURI"))
        if found is None:
            self._report("import", element, wanted)
            return []
        namespace, root = found
        self.links.setdefault(namespace_of(element), []).append(namespace)
        name = plain(attribute(element, "name"))
        if not name:
            return [found]
        other = self._all.get(namespace)
        if other is None:
            other = self._all[namespace] = Unit(f"{namespace}#")
            self._waiting.append((other, namespace, root))
        unit.imports.setdefault(name, other)
        return []


class _Files:
    """The files that may be imported, read when one is asked for."""

    def __init__(self, root: Element, others: Mapping[str, bytes]) -> None:
        self._own = root
        self._others = others
        self._read: dict[str, Element] | None = None
        self._places: dict[str, str] = {}

    def find(self, namespace: str, location: str) -> tuple[str, Element] | None:
        if namespace and namespace == attribute(self._own, "namespace"):
            return namespace, self._own
        roots = self._roots()
        if namespace not in roots and location:
            namespace = self.namespace_at(location)
        return (namespace, roots[namespace]) if namespace in roots else None

    def namespace_at(self, location: str) -> str:
        self._roots()
        return self._places.get(location.rpartition("/")[2], "")

    def _roots(self) -> dict[str, Element]:
        if self._read is None:
            self._read = {}
            for name in sorted(self._others):
                try:
                    root = parse(self._others[name])
                except DecisionsInvalid:
                    continue
                namespace = attribute(root, "namespace")
                self._read.setdefault(namespace, root)
                self._places[name.rpartition("/")[2]] = namespace
        return self._read


def namespace_of(element: Element) -> str:
    """The namespace that the element's file gives to its elements."""
    return attribute(element.getroottree().getroot(), "namespace")


def plain(name: str) -> str:
    return " ".join(name.split())
