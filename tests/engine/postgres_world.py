"""A throw-away PostgreSQL database in place of the default one, for tests of locks and races."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import environ
import psycopg2  # type: ignore[import-untyped]  # it has no stubs
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from engine.runtime import loaded

SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/postgres")


def admin(statement: str) -> None:
    """Run one statement outside of any transaction."""
    server = psycopg2.connect(SERVER)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(statement)
    server.close()


@contextmanager
def default_database(url: str) -> Iterator[None]:
    """Make another database the default one, in every thread of this process."""
    kept = connections.settings["default"]
    swapped = {**kept, **environ.Env.db_url_config(url), "OPTIONS": {}, "CONN_MAX_AGE": 0}
    connections["default"].close()
    connections.settings["default"] = swapped
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = kept


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a database of our own; dropped at the end."""
    name = f"shenling_test_{os.getpid()}"
    admin(f"DROP DATABASE IF EXISTS {name}")
    admin(f"CREATE DATABASE {name}")
    yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgres(postgres_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Every table is there and ours are empty; commits are real."""
    with django_db_blocker.unblock(), default_database(postgres_url):
        # Looking through all migrations takes longer than most of these tests.
        if "engine_historyevent" not in connection.introspection.table_names():
            call_command("migrate", verbosity=0)
        empty_tables()
        loaded.forget()
        yield postgres_url
        loaded.forget()


def empty_tables() -> None:
    """Take everything out of the tables of ours that hold anything.

    TRUNCATE writes new files for every table, index and whatever refers to it: seconds, where a
    handful of rows are deleted in milliseconds. Triggers that keep rows are asleep meanwhile.
    """
    tables = {
        model._meta.db_table: model._meta.pk.column
        for label in ("engine", "accounts", "workflows")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        found = [f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables]  # noqa: S608 - our tables
        cursor.execute(" UNION ALL ".join(found))
        full = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")
        for name in full:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - our tables
        for name in full:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [name, tables[name]])
            if (sequence := cursor.fetchone()[0]) is not None:
                cursor.execute(f"ALTER SEQUENCE {sequence} RESTART")
        cursor.execute("SET session_replication_role = DEFAULT")


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads at the same moment; what each returned or raised."""
    results: list[object] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at what came out
            results[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(place, act), daemon=True)
        for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def errors(results: Sequence[object]) -> list[str]:
    """Class names of what was raised."""
    return sorted(type(one).__name__ for one in results if isinstance(one, Exception))
