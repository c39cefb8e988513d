"""Ways to spoil a diagram: as a tree, as text, and as bytes."""

from __future__ import annotations

from copy import deepcopy
from random import Random

from lxml import etree
from lxml.etree import _Element as Element

STRANGE = (
    "", " ", "=", "==", "=(", "-1", "0", "1e9", "Start", "End", "p.EndJoin", "#x", "a->b", "中文",
    "x" * 200, "../../etc", "{0}", "%s", "true", "R/PT0S", "P999999999Y", "PT1H\n", "\u202e", "p",
)  # fmt: skip


def spoiled(raw: bytes, random: Random, others: list[bytes]) -> bytes:
    """One to four mutations of a diagram."""
    if random.random() < 0.15:
        return spoiled_bytes(raw, random, others)
    root = etree.fromstring(raw)
    for _ in range(random.randint(1, 4)):
        random.choice(MUTATIONS)(root, random, others)
    return etree.tostring(root)


def inside(root: Element, random: Random) -> Element | None:
    found = [e for e in root.iter() if isinstance(e.tag, str) and e is not root]
    return random.choice(found) if found else None


def delete(root: Element, random: Random, _: list[bytes]) -> None:
    element = inside(root, random)
    parent = None if element is None else element.getparent()
    if element is not None and parent is not None:
        parent.remove(element)


def duplicate(root: Element, random: Random, _: list[bytes]) -> None:
    element = inside(root, random)
    if element is not None:
        element.addnext(deepcopy(element))


def move(root: Element, random: Random, _: list[bytes]) -> None:
    element, target = inside(root, random), inside(root, random)
    if element is not None and target is not None and target not in element.iter():
        target.append(element)


def splice(root: Element, random: Random, others: list[bytes]) -> None:
    """An element of another diagram."""
    element, target = inside(etree.fromstring(random.choice(others)), random), inside(root, random)
    if element is not None and target is not None:
        target.append(deepcopy(element))


def rename(root: Element, random: Random, _: list[bytes]) -> None:
    element, other = inside(root, random), inside(root, random)
    if element is not None and other is not None:
        element.tag = other.tag


def change_attribute(root: Element, random: Random, _: list[bytes]) -> None:
    element, other = inside(root, random), inside(root, random)
    if element is None or other is None or not element.attrib:
        return
    name = random.choice(list(element.attrib))
    values = [*STRANGE, *map(str, other.attrib.values())]
    element.set(name, random.choice(values))


def drop_attribute(root: Element, random: Random, _: list[bytes]) -> None:
    element = inside(root, random)
    if element is not None and element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def add_attribute(root: Element, random: Random, _: list[bytes]) -> None:
    element, other = inside(root, random), inside(root, random)
    if element is not None and other is not None and other.attrib:
        name = random.choice(list(other.attrib))
        element.set(name, other.get(name) or "")


def change_text(root: Element, random: Random, _: list[bytes]) -> None:
    element = inside(root, random)
    if element is not None:
        element.text = random.choice(STRANGE)


MUTATIONS = (
    delete, duplicate, move, splice, rename, change_attribute, drop_attribute, add_attribute,
    change_text,
)  # fmt: skip


def spoiled_bytes(raw: bytes, random: Random, others: list[bytes]) -> bytes:
    kind, at = random.randrange(5), random.randrange(len(raw))
    if kind == 0:
        return raw[:at]
    if kind == 1:
        return raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]
    if kind == 2:
        other = random.choice(others)
        return raw[:at] + other[random.randrange(len(other)) :]
    if kind == 3:
        return raw.decode().encode("utf-16")[: random.randrange(2 * len(raw))]
    return random.randbytes(at)
