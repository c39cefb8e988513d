"""Collects every problem of one file instead of stopping at the first."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.types import Finding

# An id of a megabyte is no help to anybody.
MAX_SHOWN = 300


class Report:
    """Findings of one file, in the order they were met, each once."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        # Ids that the engine has made -> the id that is drawn there, or around.
        self.drawn: dict[str, str] = {}
        self._findings: dict[tuple[object, ...], Finding] = {}

    def error(self, code: str, where: Element | str | None = None, **args: str) -> None:
        """What cannot be executed as drawn. Returns None, so that a reader can give up with it."""
        self._add(Finding("error", code, self.file, self._place(where), args))

    def warning(self, code: str, where: Element | str | None = None, **args: str) -> None:
        """What is executed, though probably not as its author thinks."""
        self._add(Finding("warning", code, self.file, self._place(where), args))

    def _place(self, where: Element | str | None) -> str:
        name = owner_id(where)
        return self.drawn.get(name, name)[:MAX_SHOWN]

    def _add(self, finding: Finding) -> None:
        key = (finding.code, finding.element_id, *sorted(finding.args.items()))
        self._findings.setdefault(key, finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings.values())

    @property
    def has_errors(self) -> bool:
        return any(finding.level == "error" for finding in self._findings.values())


def owner_id(where: Element | str | None) -> str:
    """The id of an element, or of the nearest one around it that has an id."""
    if where is None or isinstance(where, str):
        return where or ""
    found: Element | None = where
    while found is not None and not found.get("id"):
        found = found.getparent()
    return "" if found is None else (found.get("id") or "")
