"""What a programme's package says, as typed values over its stored document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from engine.types import Text, Variable

Plain = Mapping[str, Any]
BLOCKING = ("block", "redirect", "fix", "look")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code: how bad it is, and what officers and citizens read."""

    code: str
    severity: str
    officer: Text
    citizen: Text
    field: str = ""

    @property
    def blocks(self) -> bool:
        """Whether approval is refused while the reason stands."""
        return self.severity in BLOCKING


@dataclass(frozen=True, slots=True)
class AttachmentSpec:
    """A file the programme asks for; `when` names the account kinds that need it, () = always."""

    code: str
    name: Text
    help: Text
    when: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class MilestoneText:
    """The status a milestone sets and the sentence the citizen reads."""

    code: str
    status: str
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the application that the programme adds; `fact` is its process variable."""

    name: str
    type: str
    label: Text
    help: Text
    choices: tuple[tuple[str, Text], ...] = ()
    required: bool = True

    def fact(self, answer: Variable) -> Variable:
        """A stored answer as an expression uses it: JSON has no days and no exact numbers.

        Raises:
            ValueError: it is not of this kind.
        """
        if not isinstance(answer, str) or not answer:
            return answer
        if self.type == "date":
            return date.fromisoformat(answer)
        if self.type == "number":
            return _number(answer)
        return answer


def _number(answer: str) -> Decimal:
    try:
        found = Decimal(answer)
    except InvalidOperation:
        raise ValueError from None
    if not found.is_finite():
        raise ValueError
    return found


@dataclass(frozen=True, slots=True)
class Rules:
    """A programme version as the domain reads it."""

    reasons: Mapping[str, Reason]
    attachments: tuple[AttachmentSpec, ...]
    milestones: Mapping[str, MilestoneText]
    processes: Mapping[str, str]
    questions: tuple[Question, ...]
    facts: tuple[str, ...]
    # Process variable -> name of the register's fact behind it.
    inputs: Mapping[str, str]
    duties: Mapping[str, Any] = field(default_factory=dict)
    quality: Mapping[str, Any] = field(default_factory=dict)
    correction: Mapping[str, Any] = field(default_factory=dict)
    payout: Mapping[str, Any] = field(default_factory=dict)
    service: Mapping[str, Any] = field(default_factory=dict)
    calendar: Mapping[str, Any] = field(default_factory=dict)
    bundle_key: str = ""
    # Label of a column in the decision tables -> what it is called in English.
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, plain: Plain) -> Self:
        """Read the stored document."""
        return cls(
            reasons={
                code: Reason(
                    code,
                    str(row["severity"]),
                    text(row["officer"]),
                    text(row["citizen"]),
                    str(row.get("field", "")),
                )
                for code, row in plain["reasons"].items()
            },
            attachments=tuple(
                AttachmentSpec(
                    str(row["code"]),
                    text(row["name"]),
                    text(row.get("help")),
                    tuple(row.get("when", ())),
                    bool(row.get("required", True)),
                )
                for row in plain["attachments"]
            ),
            milestones={
                code: MilestoneText(code, str(row.get("status", "")), text(row["text"]))
                for code, row in plain["milestones"].items()
            },
            processes=dict(plain["processes"]),
            questions=tuple(_question(row) for row in plain.get("questions", ())),
            facts=tuple(plain.get("facts", ())),
            inputs=dict(plain.get("inputs", {})),
            duties=dict(plain.get("duties", {})),
            quality=dict(plain.get("quality", {})),
            correction=dict(plain.get("correction", {})),
            payout=dict(plain.get("payout", {})),
            service=dict(plain.get("service", {})),
            calendar=dict(plain.get("calendar", {})),
            bundle_key=str(plain.get("bundle_key", "")),
            labels=dict(plain.get("labels", {})),
        )

    def required_files(self, account_kind: str) -> tuple[AttachmentSpec, ...]:
        """The files a claim with this kind of account needs, in the order of the form."""
        return tuple(
            spec
            for spec in self.attachments
            if spec.required and (not spec.when or account_kind in spec.when)
        )

    def number(self, part: str, key: str, default: int) -> int:
        """A whole number of one of the tables of the package."""
        table: Mapping[str, Any] = getattr(self, part)
        return int(table.get(key, default))


def text(plain: object) -> Text:
    """A text in both languages out of `{"zh-hans": …, "en": …}`."""
    if isinstance(plain, Mapping):
        return Text(str(plain.get("zh-hans") or plain.get("zh") or ""), str(plain.get("en", "")))
    return Text(str(plain or ""))


def text_document(value: Text) -> dict[str, str]:
    """The document of a text."""
    return {"zh-hans": value.zh, "en": value.en}


def _question(row: Plain) -> Question:
    return Question(
        str(row["name"]),
        str(row.get("type", "string")),
        text(row.get("label")),
        text(row.get("help")),
        tuple((str(item["value"]), text(item.get("label"))) for item in row.get("choices", ())),
        bool(row.get("required", True)),
    )
