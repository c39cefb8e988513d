"""Registers for the demo and for tests: answers come from a scenario, the same every time."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from workflows.ports.registers import (
    NO_DATA,
    UNAVAILABLE,
    FactAnswer,
    FactValue,
    PersonQuery,
    RegisterAnswer,
    Verdict,
    check_wanted,
)

# Somebody who drew the benefit to its end and still has no work: the plainest case that passes.
ORDINARY: Final[Mapping[str, FactValue]] = MappingProxyType(
    {
        "insured": True,
        "insured_here": True,
        "contribution_months": 60,
        "separation_voluntary": False,
        "headcount_reported": True,
        "ui_history": "exhausted",
        "ui_available": False,
        "employed": False,
        "pension": False,
        "age_reached": False,
        "months_to_pension": 120,
        "drawn_in_group": False,
        "deceased": False,
        "imprisoned": False,
    }
)
_NO_DATA_WORD: Final = "no_data"
_UNAVAILABLE_WORD: Final = "unavailable"


@dataclass(frozen=True, slots=True)
class RegisterScenario:
    """What the simulated registers know.

    `people` maps an ID number or its blind index to facts that differ from `otherwise`; the
    words "no_data" and "unavailable" stand for those verdicts. `unavailable` takes facts away
    from everybody, `down` all of them.
    """

    people: Mapping[str, Mapping[str, FactValue]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False, repr=False
    )
    otherwise: Mapping[str, FactValue] = field(default_factory=lambda: ORDINARY, hash=False)
    unavailable: frozenset[str] = frozenset()
    down: bool = False

    def __post_init__(self) -> None:
        """Refuse facts that no register keeps."""
        for facts in (*self.people.values(), self.otherwise):
            check_wanted(facts.keys())
        check_wanted(self.unavailable)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read TOML: `unavailable = [...]`, `[otherwise]`, `[people.<id number>]`."""
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            people={number: dict(facts) for number, facts in plain.get("people", {}).items()},
            otherwise={**ORDINARY, **plain.get("otherwise", {})},
            unavailable=frozenset(plain.get("unavailable", ())),
            down=bool(plain.get("down", False)),
        )


class SimulatedRegisters:
    """Answers from a scenario; the name on record is the one asked with, unless it says other."""

    name = "simulator"

    def __init__(self, scenario: RegisterScenario | None = None) -> None:
        self._scenario = scenario or RegisterScenario()

    def query(
        self,
        facts_wanted: Collection[str],
        person_key: PersonQuery,
        *,
        at: datetime,
        key: str,  # noqa: ARG002 - the port's signature
    ) -> RegisterAnswer:
        """Look the person up by ID number, then by blind index."""
        check_wanted(facts_wanted)
        known = {**self._scenario.otherwise, "register_name": person_key.name}
        for person in (person_key.id_index, person_key.id_number):
            known.update(self._scenario.people.get(person, {}))
        facts = {name: self._answer(name, known) for name in facts_wanted}
        return RegisterAnswer(self.name, at, facts)

    def _answer(self, name: str, known: Mapping[str, FactValue]) -> FactAnswer:
        value = known.get(name, _NO_DATA_WORD)
        gone = self._scenario.down or name in self._scenario.unavailable
        if gone or value == _UNAVAILABLE_WORD:
            return UNAVAILABLE
        return NO_DATA if value == _NO_DATA_WORD else FactAnswer(Verdict.VALUE, value)


def simulator(options: Mapping[str, str]) -> SimulatedRegisters:
    """A simulator; the option `scenario` names a TOML file."""
    path = options.get("scenario", "")
    return SimulatedRegisters(RegisterScenario.read(Path(path)) if path else None)
