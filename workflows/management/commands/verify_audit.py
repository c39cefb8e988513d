"""`manage.py verify_audit`: are the audit chains what was written?"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.actions import audit
from workflows.models import AuditEntry
from workflows.values.audit_chain import Anchor


class Command(BaseCommand):
    help = "Verify every audit chain; with an anchor file also what only an anchor can see."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=Path, help="compare with the heads kept in this file")
        parser.add_argument("--write-anchor", type=Path, help="keep the heads in this file")
        parser.add_argument("--chain", help="one chain only")

    def handle(
        self,
        *,
        anchor: Path | None,
        write_anchor: Path | None,
        chain: str | None,
        **_options: object,
    ) -> None:
        kept = read_anchors(anchor) if anchor else ()
        fault = audit.verify(kept, chain=chain)
        if fault is not None:
            raise CommandError(f"{fault.chain} {fault.seq}: {fault.kind}", returncode=1)
        if write_anchor is not None:
            write_anchors(write_anchor)
        self.stdout.write(f"{AuditEntry.objects.count()} rows, every chain is whole")


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Heads as `write_anchors` keeps them: one JSON array a line."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        chain, seq, digest = json.loads(line)
        found.append(Anchor(chain, seq, bytes.fromhex(digest)))
    return tuple(found)


def write_anchors(path: Path) -> None:
    """Keep all heads; the file belongs on another machine."""
    lines = [json.dumps([head.chain, head.seq, head.hash.hex()]) for head in audit.anchors()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
