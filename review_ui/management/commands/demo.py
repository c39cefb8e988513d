"""`manage.py demo`: a populated office on one machine, in one process."""

import shutil
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from engine import clock
from review_ui.demo import seed
from review_ui.demo.cast import OFFICERS, PASSWORD
from review_ui.management import embedded

MARK = "demo-is-filled"


class Command(BaseCommand):
    help = "Fill an embedded database with invented claims and serve everything from one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--claims", type=int, default=300)
        parser.add_argument("--reset", action="store_true", help="forget the data, start over")
        parser.add_argument("--no-serve", action="store_true", help="fill only")

    def handle(self, *args: object, **options: str) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1, or run `make demo`: this invents people and money.")
        if not (settings.IS_SQLITE and settings.EMBEDDED_WORKER):
            raise CommandError("The demo keeps to its embedded database: unset DATABASE_URL.")
        host, port = options["host"], int(options["port"])
        if host not in {"127.0.0.1", "localhost", "::1"}:
            raise CommandError("The demo has known passwords: it serves this machine only.")
        try:
            embedded.check_port(host, port)
        except embedded.PortBusy as busy:
            raise CommandError(
                f"{busy} is in use. Choose another: make demo PORT={port + 1}"
            ) from busy
        try:
            self._prepare(int(options["claims"]), reset=bool(options["reset"]))
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was ready.", returncode=130) from None
        if not options["no_serve"]:
            embedded.serve(host, port, ready=lambda: self._ready(f"http://{host}:{port}/"))
            self.stdout.write("\nStopped. Run it again and everything is still there.")

    def _prepare(self, claims: int, *, reset: bool) -> None:
        folder = Path(settings.DATA_DIR)
        mark = folder / MARK
        if reset or not mark.exists():
            # Half a demo is worse than none: a fill that was interrupted starts over.
            self._forget(folder)
            self._say("Making the database …")
            call_command("migrate", verbosity=0, interactive=False)
            self._fill(claims)
            mark.write_text(str(claims))
        else:
            call_command("migrate", verbosity=0, interactive=False)
            call_command("load_programmes", verbosity=0)

    def _forget(self, folder: Path) -> None:
        connection.close()
        for name in ("shenling.sqlite3", "bank.sqlite3"):
            for suffix in ("", "-wal", "-shm"):
                (folder / f"{name}{suffix}").unlink(missing_ok=True)
        for name in (MARK, "clock_shift"):
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / "media", ignore_errors=True)

    def _fill(self, claims: int) -> None:
        started = time.monotonic()
        seed.scenario(claims).write(Path(settings.DEMO_SCENARIO))
        with connection.cursor() as cursor:
            # Nothing is acknowledged to anybody while the demo is filled.
            cursor.execute("PRAGMA synchronous=OFF")
        call_command("load_programmes", verbosity=0)
        seed.fill(claims, at=clock.now(), say=self._say)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
        self._say(f"{claims} claims in {time.monotonic() - started:.0f} s")

    def _ready(self, url: str) -> None:
        people = get_user_model().objects.filter(username__startswith="demo").order_by("pk")
        applicants = ", ".join(people.values_list("username", flat=True)[:3])
        self.stdout.write(f"\nShenling is ready: {url}\n")
        self.stdout.write(f"All demo accounts have the password {PASSWORD}")
        self.stdout.write(f"  {'applicants':18}{applicants} …")
        for member in OFFICERS:
            self.stdout.write(f"  {member.username:18}{member.word.en} ({member.name})")
        self.stdout.write("\nCtrl-C ends it; the data stays. `make demo-reset` starts over.")
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
