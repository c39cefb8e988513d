"""What the demo's registers know, as the file that the simulator reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scenario:
    """ID number -> facts that differ from those of an ordinary applicant."""

    people: Mapping[str, Mapping[str, object]]

    def write(self, path: Path) -> None:
        """Write TOML; all values are words, numbers and truths of ours."""
        lines = []
        for number, facts in sorted(self.people.items()):
            lines.append(f'[people."{number}"]')
            lines += [f"{name} = {_plain(value)}" for name, value in sorted(facts.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'
