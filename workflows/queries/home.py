"""What the public pages say about the programme in force, out of its stored document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.types import Text
from workflows.errors import NotFound
from workflows.models import Programme, ProgrammeVersion
from workflows.models.rules import text
from workflows.queries import rulebook


@dataclass(frozen=True, slots=True)
class StepView:
    """A step on the home page."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page in one language; `is_open` says whether the window holds the day."""

    programme: str
    name: str
    title: str
    lead: str
    needs_title: str
    needs_note: str
    needs: tuple[str, ...]
    cases_title: str
    cases: tuple[str, ...]
    steps: tuple[StepView, ...]
    window_from: date
    window_to: date
    is_open: bool
    is_sample: bool


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """A rule of a notice: its headline and what it says."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeUse:
    """What is looked up, and why."""

    what: str
    why: str


def home(language: str, on: date) -> HomeView:
    """The home page of the programme whose window holds the day, else of the first one.

    Raises:
        NotFound: no programme was loaded.
    """
    version = _version(on)
    plain = version.document.get("home", {})

    def say(key: str) -> str:
        return text(plain.get(key)).in_language(language)

    name = Text(version.programme.name_zh, version.programme.name_en)
    return HomeView(
        programme=version.programme.code,
        name=name.in_language(language),
        title=say("title"),
        lead=say("lead"),
        needs_title=say("needs_title"),
        needs_note=say("needs_note"),
        needs=_all(plain.get("needs", ()), language),
        cases_title=say("cases_title"),
        cases=_all(plain.get("cases", ()), language),
        steps=tuple(
            StepView(*_all((row.get("name"), row.get("note")), language))
            for row in plain.get("steps", ())
        ),
        window_from=version.effective_from,
        window_to=version.effective_to,
        is_open=version.effective_from <= on <= version.effective_to,
        is_sample=version.is_sample,
    )


def _version(on: date) -> ProgrammeVersion:
    found = []
    for programme in Programme.objects.order_by("pk"):
        try:
            version = rulebook.version_in_force(programme, on=on)
        except NotFound:
            continue
        if version.effective_from <= on <= version.effective_to:
            return version
        found.append(version)
    if not found:
        raise NotFound
    return found[0]


def _all(rows: Iterable[object], language: str) -> tuple[str, ...]:
    return tuple(text(row).in_language(language) for row in rows)


def notice_rules(notice: str) -> tuple[NoticeRule, ...]:
    """The rules of a notice's text: a line "## headline" and the lines below it."""
    found = []
    for block in notice.split("\n## ")[0 if notice.startswith("## ") else 1 :]:
        title, _, body = block.removeprefix("## ").partition("\n")
        lines = [line for line in body.splitlines() if not line.startswith("- ")]
        found.append(NoticeRule(title.strip(), "\n".join(lines).strip()))
    return tuple(found)


def notice_uses(notice: str) -> tuple[NoticeUse, ...]:
    """The list of a notice's text: lines "- what：why", with either colon."""
    found = []
    for line in notice.splitlines():
        if line.startswith("- "):
            what, _, why = line[2:].replace("：", ":", 1).partition(":")
            found.append(NoticeUse(what.strip(), why.strip()))
    return tuple(found)


def office_names(version: ProgrammeVersion, language: str) -> Mapping[str, tuple[str, str]]:
    """Office code -> name and region in a language, for the offices that the version names."""
    return {
        code: (
            text(row.get("name")).in_language(language),
            text(row.get("region")).in_language(language),
        )
        for code, row in version.document.get("offices", {}).items()
    }
