"""What PostgreSQL is told about each connection: of pages, of commands, of workers."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.engine.postgres_world import postgres_url

__all__ = ["postgres_url"]
pytestmark = pytest.mark.postgres
NAMES = ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout", "jit")
SHOW = f"""
from django.db import connection
with connection.cursor() as cursor:
    for name in {NAMES}:
        cursor.execute("SELECT current_setting(%s)", [name])
        print(*cursor.fetchone())
"""
# The health page opens the connection, which outlives the request.
SHOW_OF_PAGES = f"""
from wsgiref.util import setup_testing_defaults
from config.wsgi import application
environ = {{"PATH_INFO": "/health"}}
setup_testing_defaults(environ)
print(b"".join(application(environ, lambda status, headers: None)).decode())
from django.db import connection
assert connection.connection is not None
{SHOW}
"""


def said(url: str, *command: str, **environ: str) -> list[str]:
    """What a process of the project prints, line by line."""
    kept = {name: value for name, value in os.environ.items() if name != "STATEMENT_TIMEOUT"}
    done = subprocess.run(  # noqa: S603 - the commands are written below
        [sys.executable, *command],
        env={**kept, "DATABASE_URL": url, **environ},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_pages_may_not_wait_long(postgres_url: str) -> None:
    health, *shown = said(postgres_url, "-c", SHOW_OF_PAGES)
    assert health == '{"status": "ok"}'
    assert shown == ["30s", "2s", "5s", "off"]


def test_the_limit_of_pages_can_be_moved(postgres_url: str) -> None:
    shown = said(postgres_url, "-c", SHOW_OF_PAGES, STATEMENT_TIMEOUT="20s")
    assert shown[1:] == ["30s", "2s", "20s", "off"]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("import django; django.setup()", id="command"),
        pytest.param(
            "from config.celery import app; app.loader.import_default_modules()", id="worker"
        ),
    ],
)
def test_commands_and_workers_take_the_time_they_need(postgres_url: str, start: str) -> None:
    assert said(postgres_url, "-c", f"{start}\n{SHOW}") == ["30s", "2s", "0", "off"]


def test_options_of_the_address_stay(postgres_url: str) -> None:
    named = f"{postgres_url}?application_name=office"
    script = "import django; django.setup()\n" + SHOW.replace(
        str(NAMES), "('application_name', 'jit')"
    )
    assert said(named, "-c", script) == ["office", "off"]
