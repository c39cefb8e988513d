"""The stored document of a programme version: JSON that `Rules` and the home page read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.models.rules import Question, text_document

if TYPE_CHECKING:
    from workflows.programmes.package import HomeTexts, ProgrammePackage, Version

Plain = dict[str, object]


def document(package: ProgrammePackage, version: Version) -> Plain:
    """Everything the domain asks of a version at run time, without a look at the folder."""
    return {
        "bundle_key": package.code,
        "name": text_document(package.name),
        "sample": version.is_sample,
        "legal_basis": [
            {"title": row.title, "verified": row.verified} for row in version.legal_basis
        ],
        "processes": dict(package.processes),
        "decisions": dict(package.decisions),
        "inputs": dict(package.inputs),
        "reasons": {
            code: {
                "severity": reason.severity,
                "officer": text_document(reason.officer),
                "citizen": text_document(reason.citizen),
                "field": reason.field,
            }
            for code, reason in package.reasons.items()
        },
        "milestones": {
            code: {"status": row.status, "text": text_document(row.text)}
            for code, row in package.milestones.items()
        },
        "attachments": [
            {
                "code": spec.code,
                "name": text_document(spec.name),
                "help": text_document(spec.help),
                "when": list(spec.when),
                "required": spec.required,
            }
            for spec in package.attachments
        ],
        "questions": [_question(question) for question in package.questions],
        "facts": list(package.facts),
        "labels": dict(package.labels),
        **{name: dict(settings) for name, settings in package.settings.items()},
        "calendar": dict(package.calendar),
        "offices": {
            row.code: {"name": text_document(row.name), "region": text_document(row.region)}
            for row in package.offices
        },
        "home": _home(package.home),
    }


def _question(question: Question) -> Plain:
    return {
        "name": question.name,
        "type": question.type,
        "label": text_document(question.label),
        "help": text_document(question.help),
        "choices": [
            {"value": value, "label": text_document(label)} for value, label in question.choices
        ],
        "required": question.required,
    }


def _home(home: HomeTexts) -> Plain:
    return {
        "title": text_document(home.title),
        "lead": text_document(home.lead),
        "needs_title": text_document(home.needs_title),
        "needs_note": text_document(home.needs_note),
        "needs": [text_document(need) for need in home.needs],
        "cases_title": text_document(home.cases_title),
        "cases": [text_document(case) for case in home.cases],
        "steps": [
            {"name": text_document(step.name), "note": text_document(step.note)}
            for step in home.steps
        ],
    }
