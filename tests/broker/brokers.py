"""Brokers of a test's own: real processes that it may kill, freeze and start again."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from amqp.exceptions import AMQPError
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tests.conftest import IN_CI

PATIENCE_SECONDS = 60.0


@dataclass
class Broker:
    """A server on a port of its own; what it keeps lies in a folder of its own."""

    url: str
    command: list[str]
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start it and wait until it takes messages."""
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the commands are written below
                self.command,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **self.environ},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                pytest.fail((self.folder / "broker.log").read_text())
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=2) as line:
                line.connect()
        except (OSError, OperationalError, RedisError, AMQPError):
            return False
        return True

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """To the whole group: one server is a shell script and its child."""
        os.killpg(self.process.pid, number)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Nothing listens while the block runs."""
        self.kill()
        yield
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Connections are taken and nobody answers while the block runs."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)


def redis(folder: Path) -> Broker:
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Broker(f"redis://127.0.0.1:{port}/0", [found("redis-server"), *options], folder)


def rabbitmq(folder: Path) -> Broker:
    """A node beside the one of the machine; the name keeps them apart."""
    port = free_port()
    return Broker(
        f"amqp://guest:guest@127.0.0.1:{port}//",
        # The command on the path changes to the user of the service, who may not write here.
        [found("rabbitmq-server", path="/usr/lib/rabbitmq/bin")],
        folder,
        {
            "RABBITMQ_NODENAME": f"shenling-test-{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        },
    )


def found(command: str, path: str | None = None) -> str:
    """The whole path of a server's command; skips where it is not installed, but not under CI."""
    where = shutil.which(command, path=path)
    if where is None:
        (pytest.fail if IN_CI else pytest.skip)(f"{command} is not installed")
    return where


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
