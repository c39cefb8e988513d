"""Which implementation of each port this installation uses.

`settings.PORTS` maps a kind to a name and its options; what it leaves out is the simulator.
"""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from workflows.models import Person
from workflows.ports import catalogue
from workflows.ports.accounts import AccountVerifier
from workflows.ports.bank import BankConnector
from workflows.ports.bank_format import BankFormat
from workflows.ports.notifier import Notifier
from workflows.ports.registers import PersonQuery, RegisterConnector
from workflows.ports.scanner import Scanner
from workflows.ports.social_card import SocialCardSource

Choice = tuple[str, Mapping[str, str]]


def _chosen(kind: str, default: str) -> Choice:
    ports: Mapping[str, Choice] = getattr(settings, "PORTS", {})
    return ports.get(kind, (default, {}))


def registers() -> RegisterConnector:
    """What knows about insurance, work and pensions."""
    return catalogue.get("register", *_chosen("register", "simulator"))


def verifier() -> AccountVerifier:
    """What knows whether an account is somebody's own."""
    return catalogue.get("account", *_chosen("account", "simulator"))


def cards() -> SocialCardSource:
    """What knows about social security cards."""
    return catalogue.get("social_card", *_chosen("social_card", "simulator"))


def scanner() -> Scanner:
    """What looks for malware."""
    return catalogue.get("scanner", *_chosen("scanner", "embedded"))


def notifier() -> Notifier:
    """What carries messages out of the product."""
    return catalogue.get("notifier", *_chosen("notifier", "log"))


def bank() -> BankConnector:
    """The bank that takes single payments."""
    name, options = _chosen("bank", "simulator")
    book = {"book": str(Path(settings.DATA_DIR) / "bank.sqlite3")}
    return catalogue.get("bank", name, {**book, **options})


def bank_format(code: str) -> BankFormat:
    """The layout of a bank's files."""
    return catalogue.get("bank_format", code)


def person_query(person: Person) -> PersonQuery:
    """How a register is asked about somebody."""
    return PersonQuery(person.id_index, person.id_number, person.name)
