"""A programme's package as typed values: what stands in its folder, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.types import Bundle, Text
from workflows.models.rules import AttachmentSpec, MilestoneText, Question, Reason
from workflows.programmes import documents

Setting = bool | int | str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A text the programme rests on; `verified` says whether somebody compared it."""

    title: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A window of submission dates with the programme's rules; `is_sample` shows as 示例."""

    number: int
    effective_from: date
    effective_to: date
    is_sample: bool
    legal_basis: tuple[LegalBasis, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What applicants must have read, in one language."""

    code: str
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the policy for a place (empty: everywhere), from a date."""

    key: str
    tier: str
    valid_from: date
    value: Decimal
    source: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office of the programme's area."""

    code: str
    name: Text
    region: Text
    phone: str
    division_code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the home page: what happens, and how long or where."""

    name: Text
    note: Text


@dataclass(frozen=True, slots=True)
class HomeTexts:
    """What the public home page says about the programme."""

    title: Text
    lead: Text
    needs_title: Text
    needs_note: Text
    needs: tuple[Text, ...]
    cases_title: Text
    cases: tuple[Text, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePackage:
    """Everything a programme says. `files` is what the engine deploys: diagrams to calendar."""

    code: str
    name: Text
    exclusivity_group: str
    versions: tuple[Version, ...]
    processes: Mapping[str, str]
    decisions: Mapping[str, str]
    inputs: Mapping[str, str]
    reasons: Mapping[str, Reason]
    milestones: Mapping[str, MilestoneText]
    attachments: tuple[AttachmentSpec, ...]
    questions: tuple[Question, ...]
    facts: tuple[str, ...]
    # Label of a column in the decision tables -> what it is called in English.
    labels: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Setting]]
    notices: tuple[NoticeText, ...]
    parameters: tuple[Parameter, ...]
    offices: tuple[OfficeRow, ...]
    home: HomeTexts
    calendar: Mapping[str, object]
    files: Mapping[str, bytes] = field(repr=False)

    def version(self, number: int) -> Version:
        """The version with this number; KeyError where there is none."""
        return {version.number: version for version in self.versions}[number]

    def bundle(self, version: Version) -> Bundle:
        """What the engine deploys for a version."""
        return Bundle(self.code, self.files, f"v{version.number}")

    def document(self, version: Version) -> dict[str, object]:
        """What the database keeps of a version: plain values, read by `Rules` and the pages."""
        return documents.document(self, version)
