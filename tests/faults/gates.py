"""Deterministic interleavings: a gate is an advisory lock that a test holds on its own connection.

A worker stops at the gate; the test waits until it stands there, or until somebody is blocked on
a row lock, and opens the gate. It works across threads and processes, and a killed test lets go.
"""

import time

import psycopg2  # type: ignore[import-untyped]  # it has no stubs

from engine.faults import gate_key


class Director:
    """The test's side of the gates."""

    def __init__(self, dsn: str, timeout_s: float = 15.0) -> None:
        self.connection = psycopg2.connect(dsn)
        self.connection.autocommit = True
        self.timeout_s = timeout_s

    def ask(self, sql: str, *parameters: object) -> list[tuple[int, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def until(self, what: str, sql: str, count: int, *parameters: object) -> None:
        end = time.monotonic() + self.timeout_s
        while time.monotonic() < end:
            if self.ask(sql, *parameters)[0][0] >= count:
                return
            time.sleep(0.005)
        raise AssertionError(f"nobody came: {what}")

    def close_gate(self, name: str) -> None:
        self.ask("SELECT pg_advisory_lock(%s), 1", gate_key(name))

    def open_gate(self, name: str) -> None:
        self.ask("SELECT pg_advisory_unlock(%s)", gate_key(name))

    def wait_at(self, name: str, count: int = 1) -> None:
        """Until so many workers stand at the gate."""
        self.until(
            name,
            "SELECT count(*) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objid = %s AND NOT granted",
            count,
            gate_key(name),
        )

    def wait_blocked(self, count: int = 1) -> None:
        """Until so many backends wait for somebody's row lock."""
        self.until(
            "a blocked backend",
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND wait_event IN ('transactionid', 'tuple') AND datname = current_database()",
            count,
        )

    def hold(self, statement: str) -> None:
        """Run a statement and keep its locks until `close`."""
        self.connection.autocommit = False
        self.ask(statement)

    def close(self) -> None:
        self.connection.close()
