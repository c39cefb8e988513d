"""The server's rules over a draft, within bounds, in the reader's words."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from engine import api
from engine.types import Bundle, Finding
from workflows.actions.programmes import GROUPS
from workflows.errors import WorkflowsError
from workflows.queries.words import words

LARGEST: Final = 1_000_000
SECONDS: Final = 8.0


class TooSlow(WorkflowsError):
    """The rules did not end within their time or memory, or too many checks run."""

    code = "check_too_slow"


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words."""

    level: str
    code: str
    file: str
    element_id: str
    message: str
    remedy: str


def check(bundle: Bundle, milestones: tuple[str, ...]) -> tuple[Finding, ...]:
    """All findings, read in another process with limits.

    Raises:
        TooSlow: it takes longer than a page may wait, or too much memory.
    """
    findings = api.check_upload(bundle, groups=GROUPS, milestones=milestones, seconds=SECONDS)
    if any(finding.code == "bundle.too_costly" for finding in findings):
        raise TooSlow
    return findings


def in_words(findings: tuple[Finding, ...], *, file: str = "") -> list[Said]:
    """Errors first; with `file` only what concerns that file, or no file at all."""
    chosen = [f for f in findings if not file or f.file in {"", file}]
    found = []
    for finding in sorted(chosen, key=lambda f: (f.level != "error", f.file, f.element_id)):
        message, remedy = api.explain(finding)
        found.append(
            Said(
                finding.level,
                finding.code,
                finding.file,
                finding.element_id,
                words(message),
                words(remedy),
            )
        )
    return found


def unreadable(findings: tuple[Finding, ...], file: str) -> tuple[Finding, ...]:
    """What makes a file no diagram, table or form at all; such a file is never kept."""
    fatal = {"dmn.not-xml", "dmn.doctype", "dmn.not-dmn", "form.unreadable"}
    return tuple(
        finding
        for finding in findings
        if finding.file == file and (finding.code in fatal or finding.code.startswith("xml."))
    )


def too_slow() -> str:
    return _("The check takes too long for this file. Make it smaller or try again in a minute.")
