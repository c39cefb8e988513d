"""Every port with the implementations that are shipped; settings and packages name them."""

from pathlib import Path
from typing import Final, Literal, overload

from workflows.errors import PortUnknown
from workflows.ports.accounts import AccountVerifier, SimulatedVerifier
from workflows.ports.bank import BankConnector
from workflows.ports.bank_format import BankFormat
from workflows.ports.bank_formats import BANK_FORMATS
from workflows.ports.bank_simulator import Mode, SimulatedBank
from workflows.ports.notifier import LogNotifier, Notifier
from workflows.ports.register_csv import csv_registers
from workflows.ports.register_simulator import simulator
from workflows.ports.registers import RegisterConnector
from workflows.ports.registry import NO_OPTIONS, Options, Registry, required
from workflows.ports.scanner import EmbeddedScanner, Scanner, clamav
from workflows.ports.social_card import SimulatedCards, SocialCardSource


def _bank(options: Options) -> BankConnector:
    book = Path(required(options, "book", kind="bank"))
    return SimulatedBank(
        book,
        mode=Mode(options.get("mode", Mode.OK)),
        drops_repeats=options.get("drops_repeats", "yes") == "yes",
    )


REGISTERS: Final[Registry[RegisterConnector]] = Registry(
    "register", {"simulator": simulator, "csv": csv_registers}
)
ACCOUNTS: Final[Registry[AccountVerifier]] = Registry(
    "account", {"simulator": lambda _options: SimulatedVerifier()}
)
SOCIAL_CARDS: Final[Registry[SocialCardSource]] = Registry(
    "social_card", {"simulator": lambda _options: SimulatedCards()}
)
BANKS: Final[Registry[BankConnector]] = Registry("bank", {"simulator": _bank})
SCANNERS: Final[Registry[Scanner]] = Registry(
    "scanner", {"embedded": lambda _options: EmbeddedScanner(), "clamav": clamav}
)
NOTIFIERS: Final[Registry[Notifier]] = Registry(
    "notifier", {"log": lambda _options: LogNotifier()}
)

_KINDS: Final = {
    registry.kind: registry
    for registry in (
        REGISTERS,
        ACCOUNTS,
        SOCIAL_CARDS,
        BANKS,
        BANK_FORMATS,
        SCANNERS,
        NOTIFIERS,
    )
}


@overload
def get(kind: Literal["register"], name: str, options: Options = ...) -> RegisterConnector: ...
@overload
def get(kind: Literal["account"], name: str, options: Options = ...) -> AccountVerifier: ...
@overload
def get(kind: Literal["social_card"], name: str, options: Options = ...) -> SocialCardSource: ...
@overload
def get(kind: Literal["bank"], name: str, options: Options = ...) -> BankConnector: ...
@overload
def get(kind: Literal["bank_format"], name: str, options: Options = ...) -> BankFormat: ...
@overload
def get(kind: Literal["scanner"], name: str, options: Options = ...) -> Scanner: ...
@overload
def get(kind: Literal["notifier"], name: str, options: Options = ...) -> Notifier: ...
def get(kind: str, name: str, options: Options = NO_OPTIONS) -> object:
    """The implementation `name` of the port `kind`.

    Raises:
        PortUnknown: no such port, no such implementation, or an option is missing.
    """
    registry = _KINDS.get(kind)
    if registry is None:
        raise PortUnknown(kind, name, _KINDS)
    return registry.get(name, options)


def names(kind: str) -> tuple[str, ...]:
    """The names to choose from."""
    registry = _KINDS.get(kind)
    return registry.names() if registry else ()
