"""The embedded default: web server, worker and beat as threads of one process.

A `memory://` broker belongs to one process, and nothing in it survives a crash. That is no loss:
work is rows, the broker only rings, and the sweeper that beat starts finds what no bell reached.
"""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from celery import Celery, current_app
from celery.beat import Scheduler, Service
from celery.worker import WorkController
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server


class PortBusy(Exception):
    """Something else listens on the port."""


def start_background(app: Celery, *, concurrency: int = 1) -> Callable[[], None]:
    """Start worker and beat in daemon threads and return a function that stops both.

    WorkController, unlike the `celery worker` command, installs no signal handlers and so can run
    outside the main thread.
    """
    app.set_default()
    app.finalize()
    worker = WorkController(
        app=app,
        pool_cls="threads",
        concurrency=concurrency,
        hostname="embedded@localhost",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="ERROR",
        quiet=True,
    )
    threading.Thread(target=worker.start, name="worker", daemon=True).start()
    beat = Service(app, max_interval=5, scheduler_cls=Scheduler)
    threading.Thread(target=beat.start, name="beat", daemon=True).start()

    def stop() -> None:
        beat.stop(wait=False)
        worker.stop()

    return stop


def check_port(host: str, port: int) -> None:
    """Refuse before a minute of seeding, not after it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as busy:
            raise PortBusy(f"{host}:{port}") from busy


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, so that a service manager ends the process cleanly."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def serve(host: str, port: int, *, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called when the first request can be answered."""
    stop = start_background(current_app)
    server = create_server(get_wsgi_application(), host=host, port=port, threads=8)
    with _ending_on_sigterm():
        try:
            ready()
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
            stop()
