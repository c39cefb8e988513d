"""`manage.py check_invariants`: what must always hold, asked of the database at hand."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engine import clock
from engine.management.invariants import collect, deep_violations, violations


class Command(BaseCommand):
    help = "Check what must always hold; ends with an error when something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--deep", action="store_true", help="load every state and file too")

    def handle(self, *, json: bool, deep: bool, **_options: object) -> None:
        invariants = collect()
        found = list(violations(invariants, at=clock.now(), real=timezone.now()))
        if deep:
            found += deep_violations()
        if json:
            self.stdout.write(as_json(len(invariants), [asdict(one) for one in found]))
        else:
            for one in found:
                self.stdout.write(f"{one.number} {one.promise} {one.title}: {len(one.rows)}")
                for row in one.rows:
                    self.stdout.write("  " + " ".join(row))
            self.stdout.write(f"{len(invariants)} statements, {len(found)} violated")
        if found:
            raise CommandError(f"{len(found)} invariants are violated", returncode=1)


def as_json(checked: int, found: list[dict[str, object]]) -> str:
    """The result for machines."""
    return json.dumps({"ok": not found, "checked": checked, "violations": found})
