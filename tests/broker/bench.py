"""A real broker, a queue of one's own on it, and a real worker process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from kombu import Queue

from engine import api
from engine.runtime import ring

PATIENCE_SECONDS = 20.0
CLOSED = "amqp://guest:guest@127.0.0.1:9//"


@dataclass
class Bench:
    """Bells of this process go to `url`; the worker listens there."""

    url: str
    patch: pytest.MonkeyPatch
    folder: Path
    # How often a worker that ended by itself is started again, as a supervisor does.
    restarts: int = 0
    running: "subprocess.Popen[bytes]" = field(init=False)
    start: "Callable[[], subprocess.Popen[bytes]]" = field(init=False)
    queue: str = field(default_factory=lambda: f"shenling-test-{uuid4().hex}")

    def __post_init__(self) -> None:
        self.app = self.bells_to(self.url)

    def bells_to(self, url: str) -> Celery:
        """From here on bells go to the broker at this address."""
        app = Celery("bench", set_as_current=False)
        app.config_from_object(settings, namespace="CELERY")
        app.conf.update(
            broker_url=url,
            broker_transport_options=settings.BROKERS.get(
                url.partition(":")[0], settings.ANY_BROKER
            ),
            task_default_queue=self.queue,
        )
        self.patch.setattr(ring, "current_app", app)
        ring.ring_again()
        return app

    def purge(self) -> int:
        """Throw away every message; how many there were."""
        with self.app.connection_for_write() as line:
            thrown = Queue(self.queue).bind(line.channel()).purge()
        return int(thrown or 0)

    def remove(self) -> None:
        with self.app.connection_for_write() as line:
            Queue(self.queue).bind(line.channel()).delete()

    @contextmanager
    def worker(self, *more: str, **environ: str) -> Iterator[None]:
        """A worker process while the block runs."""
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo"]
        command += ["--include", "tests.broker.handlers", "--queues", self.queue]
        command += ["--without-gossip", "--without-mingle", "--hostname", self.queue]
        command += [*more, "--", f"task.default_queue={self.queue}"]
        environment = {
            **os.environ,
            "CELERY_BROKER_URL": self.url,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(self.folder),
            **environ,
        }

        def start() -> "subprocess.Popen[bytes]":
            with (self.folder / "worker.log").open("ab") as log:
                return subprocess.Popen(  # noqa: S603 - the command is written above
                    command, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log
                )

        self.start, self.running = start, start()
        try:
            yield
        finally:
            self.running.send_signal(signal.SIGTERM)
            try:
                self.running.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()

    def wait_for(self, *instances: int) -> None:
        """Until the worker has brought each of them to its user task."""
        self.wait_until(lambda: all(api.open_tasks(one) for one in instances), PATIENCE_SECONDS)

    def wait_until(self, done: Callable[[], bool], seconds: float, what: str = "") -> None:
        """Until the worker has done it; not when it has ended, or after this time."""
        until = time.monotonic() + seconds
        while not done():
            if self.running.poll() is not None and self.restarts:
                self.restarts -= 1
                self.running = self.start()
            if time.monotonic() > until or self.running.poll() is not None:
                said = (self.folder / "worker.log").read_text()
                pytest.fail(f"{what} in vain; {said[-5000:]}")
            time.sleep(0.1)


def database_url() -> str:
    """The address of the tests' database for another process."""
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    return f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
