"""Loading a package: `programme.toml`, the other texts, and the files that the engine deploys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.types import Text
from workflows.models.rules import Question
from workflows.ports.registers import FACTS
from workflows.programmes import contents
from workflows.programmes.package import LegalBasis, ProgrammePackage, Setting, Version
from workflows.programmes.reading import Part, Report, toml
from workflows.values.errors import InvalidCalendar
from workflows.values.working_days import WorkingCalendar

SHARED: Final = "shared"
SCHEMA: Final = 1
PROCESSES: Final = ("review", "payout", "batch")
DECISIONS: Final = ("self_check", "reasons", "amount")
# Name of a setting -> its type; a default makes it optional in the folder.
SETTINGS: Final[Mapping[str, Mapping[str, type]]] = {
    "duties": {"attachment_check_may_review": bool, "two_person_office": bool},
    "quality": {"rate": str, "first_approval_of_officer": bool, "seed": str},
    "correction": {"deadline_wd": int, "reminder_wd": int, "attempts": int, "appeal_days": int},
    "service": {"expected_wd": int},
    "payout": {"day_of_month": int, "bounce_window_wd": int},
    "retention": {"attachments_days": int, "personal_years": int},
}
QUESTION_TYPES: Final = ("string", "integer", "number", "boolean", "date", "choice")
CALENDAR: Final = "calendar.json"
PROGRAMME: Final = "programme.toml"
TEXTS: Final = ("reasons", "milestones", "attachments", "policy", "home")
KNOWN: Final = frozenset({PROGRAMME, CALENDAR, "offices.csv", *(f"{name}.toml" for name in TEXTS)})
FOLDERS: Final[Mapping[str, str]] = {"forms": ".json", "notices": ".md", "golden": ".toml"}
DEPLOYED: Final = (".bpmn", ".dmn")


def load(folder: Path) -> ProgrammePackage:
    """The package in a folder, with the shared diagrams and forms beside it.

    Raises:
        PackageInvalid: everything that is wrong with it, at once.
    """
    report = Report()
    head = _head(report, folder)
    package = ProgrammePackage(
        code=head.code,
        name=head.name,
        exclusivity_group=head.exclusivity_group,
        versions=head.versions,
        processes=head.processes,
        decisions=head.decisions,
        inputs=head.inputs,
        questions=head.questions,
        facts=head.facts,
        labels=head.labels,
        settings=head.settings,
        reasons=contents.reasons(report, folder),
        milestones=contents.milestones(report, folder),
        attachments=contents.attachments(report, folder),
        notices=contents.notices(report, folder),
        parameters=contents.parameters(report, folder),
        offices=contents.offices(report, folder),
        home=contents.home(report, folder),
        calendar=_calendar(report, folder),
        files=bundle_files(folder),
    )
    _cross_check(report, package)
    _refuse_strays(report, folder)
    report.check()
    return package


def load_all(root: Path) -> tuple[ProgrammePackage, ...]:
    """Every package below a folder, in the order of the folders' names.

    Raises:
        PackageInvalid: of the first package that has problems.
    """
    folders = sorted(path.parent for path in root.glob(f"*/{PROGRAMME}"))
    return tuple(load(folder) for folder in folders)


def bundle_files(folder: Path) -> dict[str, bytes]:
    """Diagrams, tables, forms and the calendar; a file of the folder wins over a shared one."""
    found = {}
    for source in (folder.parent / SHARED, folder):
        for pattern in ("*.bpmn", "*.dmn", "forms/*.json", CALENDAR):
            for path in sorted(source.glob(pattern)):
                found[path.relative_to(source).as_posix()] = path.read_bytes()
    return found


@dataclass(frozen=True, slots=True)
class _Head:
    """What `programme.toml` says."""

    code: str
    name: Text
    exclusivity_group: str
    versions: tuple[Version, ...]
    processes: dict[str, str]
    decisions: dict[str, str]
    inputs: dict[str, str]
    questions: tuple[Question, ...]
    facts: tuple[str, ...]
    labels: dict[str, str]
    settings: dict[str, dict[str, Setting]]


def _head(report: Report, folder: Path) -> _Head:
    whole = toml(report, folder, PROGRAMME)
    if whole.integer("schema") != SCHEMA:
        report.add(PROGRAMME, "schema", "unknown", "")
    questions = tuple(_question(part) for part in whole.parts("question"))
    found = _Head(
        code=whole.code("code"),
        name=whole.text("name"),
        exclusivity_group=whole.code("exclusivity_group"),
        versions=_versions(whole),
        processes={
            role: process.removeprefix(f"{SHARED}:")
            for role, process in _names(whole.part("processes"), PROCESSES).items()
        },
        decisions=_names(whole.part("decisions"), DECISIONS),
        inputs=_inputs(whole.part("inputs")),
        questions=questions,
        facts=whole.strings("facts"),
        labels=_labels(whole.part("labels", required=False)),
        settings={name: _settings(whole.part(name), kinds) for name, kinds in SETTINGS.items()},
    )
    whole.close()
    return found


def _versions(whole: Part) -> tuple[Version, ...]:
    found = []
    for part in whole.parts("version"):
        window = part.part("window")
        version = Version(
            part.integer("number", at_least=1),
            window.day("from"),
            window.day("to"),
            part.flag("sample", default=True),
            tuple(_legal_basis(row) for row in part.parts("legal_basis")),
        )
        window.close()
        part.close()
        if version.effective_to < version.effective_from:
            whole.report.add(PROGRAMME, window.place, "window_reversed")
        found.append(version)
    if not found:
        whole.report.add(PROGRAMME, "version", "missing")
    numbers = [version.number for version in found]
    if len(set(numbers)) < len(numbers):
        whole.report.add(PROGRAMME, "version", "twice")
    return tuple(found)


def _legal_basis(part: Part) -> LegalBasis:
    found = LegalBasis(part.string("title"), part.flag("verified", default=False))
    part.close()
    return found


def _names(part: Part, wanted: tuple[str, ...]) -> dict[str, str]:
    found = {name: part.string(name) for name in wanted}
    part.close()
    return found


def _inputs(part: Part) -> dict[str, str]:
    return {variable: part.code(variable, FACTS) for variable in part.unread()}


def _labels(part: Part) -> dict[str, str]:
    found = {label: part.string(label) for label in part.unread()}
    part.close()
    return found


def _settings(part: Part, kinds: Mapping[str, type]) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for name, kind in kinds.items():
        value = part.take(name, kind)
        if isinstance(value, bool | int | str):
            found[name] = value
    part.close()
    return found


def _question(part: Part) -> Question:
    choices = []
    for row in part.parts("choices"):
        choices.append((row.string("value"), row.text("label")))
        row.close()
    found = Question(
        part.code("name"),
        part.code("type", QUESTION_TYPES),
        part.text("label"),
        part.text("help"),
        tuple(choices),
        part.flag("required", default=True),
    )
    part.close()
    return found


def _calendar(report: Report, folder: Path) -> dict[str, object]:
    try:
        plain = json.loads((folder / CALENDAR).read_text(encoding="utf-8"))
        return WorkingCalendar.from_mapping(plain).to_mapping()
    except FileNotFoundError:
        report.add(CALENDAR, "", "file_missing")
    except (ValueError, AttributeError, InvalidCalendar) as error:
        report.add(CALENDAR, "", "not_a_calendar", str(error))
    return {}


def _refuse_strays(report: Report, folder: Path) -> None:
    """A file that nothing reads is a misspelt name or does not belong here."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        inside, _, rest = name.partition("/")
        if path.is_dir() and not rest:
            known = inside in FOLDERS
        elif rest:
            known = path.suffix == FOLDERS.get(inside, "-")
        else:
            known = name in KNOWN or path.suffix in DEPLOYED
        if not known and not path.name.startswith("."):
            report.add(name, "", "unknown_file")


def _cross_check(report: Report, package: ProgrammePackage) -> None:
    """What one file says about another."""
    specs = {f"file:{spec.code}" for spec in package.attachments}
    for reason in package.reasons.values():
        if reason.field.startswith("file:") and reason.field not in specs:
            report.add("reasons.toml", f"{reason.code}.field", "unknown", reason.field)
    names = {question.name for question in package.questions}
    for fact in package.facts:
        if fact not in names:
            report.add(PROGRAMME, "facts", "unknown", fact)
    for name, raw in package.files.items():
        if name.startswith("forms/"):
            check_form(report, name, raw)


def check_form(report: Report, name: str, raw: bytes) -> None:
    """A form has an id like its file, and every text in both languages."""
    try:
        plain = json.loads(raw)
    except ValueError as error:
        report.add(name, "", "not_json", str(error))
        return
    form = Part(report, name, "", plain if isinstance(plain, dict) else {})
    if form.code("id") != Path(name).stem:
        report.add(name, "id", "not_the_file_name")
    form.text("title")
    form.text("help")
    for outcome in form.parts("outcomes"):
        outcome.code("code")
        outcome.text("label")
        outcome.code("tone", ("good", "neutral", "bad"))
        for part in outcome.strings("requires"):
            if part not in {"reasons", "note"}:
                report.add(name, f"{outcome.place}.requires", "unknown", part)
        outcome.close()
    for row in form.parts("fields"):
        _form_field(row)
    form.strings("panels")
    form.close()


def _form_field(part: Part) -> None:
    part.code("name")
    kind = part.code("type", QUESTION_TYPES)
    part.text("label")
    part.text("help")
    part.flag("required", default=False)
    part.strings("when")
    part.integer("max_length", default=200, at_least=1)
    choices = part.parts("choices")
    for choice in choices:
        choice.string("value")
        choice.text("label")
        choice.close()
    if (kind == "choice") != bool(choices):
        part.report.add(part.file, part.place, "choices_do_not_fit_type")
    part.close()
