"""What goes round in circles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def on_cycles(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes that can come back to themselves."""
    return [key for part in _strong_parts(graph) for key in part if _is_cycle(graph, part)]


def _is_cycle(graph: Mapping[str, Sequence[str]], part: Sequence[str]) -> bool:
    return len(part) > 1 or part[0] in graph[part[0]]


def _strong_parts(graph: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The strongly connected parts (Tarjan), without recursion: graphs may be deep."""
    known = {key: [need for need in needs if need in graph] for key, needs in graph.items()}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: dict[str, None] = {}
    parts: list[list[str]] = []
    for start in graph:
        work = [(start, 0)] if start not in index else []
        while work:
            key, position = work.pop()
            if position == 0:
                index[key] = low[key] = len(index)
                open_[key] = None
            needs = known[key]
            if position < len(needs):
                work.append((key, position + 1))
                if needs[position] not in index:
                    work.append((needs[position], 0))
                continue
            for need in needs:
                if need in open_:
                    low[key] = min(low[key], low[need])
            if low[key] == index[key]:
                parts.append(_close(open_, key))
    return parts


def _close(open_: dict[str, None], key: str) -> list[str]:
    part: list[str] = []
    while key in open_:
        part.append(open_.popitem()[0])
    return part
