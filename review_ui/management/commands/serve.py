"""`manage.py serve`: one office on one machine, in one process, on the embedded database."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from review_ui.management import embedded


class Command(BaseCommand):
    help = "Migrate, then run web server, worker and scheduler in this one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, **options: str) -> None:
        if not settings.EMBEDDED_WORKER:
            raise CommandError(
                "CELERY_BROKER_URL is set: run gunicorn, celery worker and celery beat instead "
                "(docs/howto/production.md)."
            )
        host, port = options["host"], int(options["port"])
        try:
            embedded.check_port(host, port)
        except embedded.PortBusy as busy:
            raise CommandError(f"{busy} is in use; choose another with --port.") from busy
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_programmes", verbosity=0)
        embedded.serve(host, port, ready=lambda: self.stdout.write(f"http://{host}:{port}/"))
        self.stdout.write("Stopped. Nothing is lost: work in hand is taken up at the next start.")
