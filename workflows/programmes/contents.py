"""The files of a package beside `programme.toml`: reasons, texts, figures, offices."""

import csv
import re
from datetime import date
from pathlib import Path
from typing import Final

from engine.types import Text
from workflows.models import PayeeAccount, Status
from workflows.models.rules import AttachmentSpec, MilestoneText, Reason
from workflows.programmes.package import HomeTexts, NoticeText, OfficeRow, Parameter, Step
from workflows.programmes.reading import CODE, LANGUAGES, Part, Report, placeholders, toml

SEVERITIES: Final = ("block", "redirect", "fix", "look", "note", "pay", "stop")
REASON_CODE: Final = re.compile(r"[A-Z][0-9]{2}")
# What callers fill in; any other name in braces would stay empty in a letter.
REASON_WORDS: Final = frozenset(
    {"file", "office", "from", "to", "number", "text", "period", "phone", "event", "date"}
)
MILESTONE_WORDS: Final = frozenset(
    {"number", "date", "n", "amount", "months", "period", "tail", "reason", "phone"}
)
OFFICE_COLUMNS: Final = (
    "code",
    "region_zh",
    "region_en",
    "office_zh",
    "office_en",
    "phone",
    "division_code",
    "valid_from",
)


def reasons(report: Report, folder: Path) -> dict[str, Reason]:
    """Reason codes with what officers and applicants read."""
    whole = toml(report, folder, "reasons.toml")
    found = {}
    for code in whole.unread():
        part = whole.part(code)
        if not REASON_CODE.fullmatch(code):
            report.add(part.file, code, "bad_code", code)
        citizen = part.text("citizen")
        _only(part, "citizen", citizen, REASON_WORDS)
        found[code] = Reason(
            code,
            part.code("severity", SEVERITIES),
            part.text("officer"),
            citizen,
            part.string("field", default=""),
        )
        part.close()
    return found


def milestones(report: Report, folder: Path) -> dict[str, MilestoneText]:
    """Milestones with the status each sets."""
    whole = toml(report, folder, "milestones.toml")
    found = {}
    for code in whole.unread():
        part = whole.part(code)
        if not CODE.fullmatch(code):
            report.add(part.file, code, "bad_code", code)
        sentence = part.text("text")
        _only(part, "text", sentence, MILESTONE_WORDS)
        found[code] = MilestoneText(code, part.code("status", Status.values), sentence)
        part.close()
    return found


def _only(part: Part, key: str, sentence: Text, allowed: frozenset[str]) -> None:
    names = placeholders(sentence.zh) or frozenset()
    for name in sorted(names - allowed):
        report_place = f"{part.place}.{key}"
        part.report.add(part.file, report_place, "unknown_placeholder", name)


def attachments(report: Report, folder: Path) -> tuple[AttachmentSpec, ...]:
    """Files that are asked for, in the order of the form."""
    whole = toml(report, folder, "attachments.toml")
    found = []
    for part in whole.parts("attachment"):
        spec = AttachmentSpec(
            part.code("code"),
            part.text("name"),
            part.text("help"),
            part.strings("when"),
            part.flag("required", default=True),
        )
        for kind in spec.when:
            if kind not in PayeeAccount.Kind.values:
                report.add(part.file, f"{part.place}.when", "unknown", kind)
        part.close()
        found.append(spec)
    whole.close()
    _once(report, "attachments.toml", [spec.code for spec in found])
    return tuple(found)


def parameters(report: Report, folder: Path) -> tuple[Parameter, ...]:
    """Figures of the policy."""
    whole = toml(report, folder, "policy.toml")
    found = []
    for part in whole.parts("parameter"):
        found.append(
            Parameter(
                part.code("key"),
                part.string("tier", default=""),
                part.day("valid_from"),
                part.number("value"),
                part.string("source", default=""),
                part.flag("sample", default=True),
            )
        )
        part.close()
    whole.close()
    keys = [f"{row.key} {row.tier} {row.valid_from}" for row in found]
    _once(report, "policy.toml", keys)
    return tuple(found)


def home(report: Report, folder: Path) -> HomeTexts:
    """Texts of the public home page."""
    whole = toml(report, folder, "home.toml")
    steps = []
    for part in whole.parts("steps"):
        steps.append(Step(part.text("name"), part.text("note")))
        part.close()
    found = HomeTexts(
        title=whole.text("title"),
        lead=whole.text("lead"),
        needs_title=whole.text("needs_title"),
        needs_note=whole.text("needs_note"),
        needs=whole.texts("needs"),
        cases_title=whole.text("cases_title"),
        cases=whole.texts("cases"),
        steps=tuple(steps),
    )
    whole.close()
    return found


def notices(report: Report, folder: Path) -> tuple[NoticeText, ...]:
    """`notices/<code>.<language>.md`: a first line "# title", then the text, in every language."""
    found = []
    paths = sorted((folder / "notices").glob("*.md"))
    codes = sorted({path.name.split(".")[0] for path in paths})
    if not codes:
        report.add("notices/", "", "file_missing")
    for code in codes:
        for language in LANGUAGES:
            name = f"notices/{code}.{language}.md"
            if not (folder / name).is_file():
                report.add(name, "", "language_missing", language)
                continue
            lines = (folder / name).read_text(encoding="utf-8").strip().splitlines()
            title, body = lines[0] if lines else "", "\n".join(lines[1:]).strip()
            if not title.startswith("# ") or not body:
                report.add(name, "", "title_or_text_missing")
            found.append(NoticeText(code, language, title.removeprefix("# ").strip(), body))
    known = {f"{row.code}.{row.language}.md" for row in found}
    for path in paths:
        if path.name not in known:
            report.add(f"notices/{path.name}", "", "unknown_file")
    return tuple(found)


def offices(report: Report, folder: Path) -> tuple[OfficeRow, ...]:
    """`offices.csv`; a programme without one uses the offices of the others."""
    path = folder / "offices.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != OFFICE_COLUMNS:
            report.add(path.name, "", "wrong_columns", ",".join(reader.fieldnames or ()))
            return ()
        found = [_office(report, number, row) for number, row in enumerate(reader, 2)]
    _once(report, path.name, [row.code for row in found])
    return tuple(found)


def _office(report: Report, line: int, row: dict[str, str]) -> OfficeRow:
    optional = {"division_code"}
    for column in OFFICE_COLUMNS:
        if not row.get(column) and column not in optional:
            report.add("offices.csv", f"line {line}", "missing", column)
    part = Part(report, "offices.csv", f"line {line}", {"valid_from": _day(row["valid_from"])})
    return OfficeRow(
        row["code"],
        Text(row["office_zh"], row["office_en"]),
        Text(row["region_zh"], row["region_en"]),
        row["phone"],
        row["division_code"],
        part.day("valid_from"),
    )


def _day(written: str) -> object:
    """The date, or the text itself, which is then refused as being of the wrong type."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written


def _once(report: Report, file: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        report.add(file, code, "twice")
