"""People who go on working, a few at a time and at a steady rate, and how long each act took."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection

Act = Callable[[], object]
CLIENTS = 4


def spread(acts: Sequence[Act], seconds: float) -> list[float]:
    """Begin these acts evenly over a time, whatever becomes of the ones before; their durations.

    An act that fails fails the caller.
    """
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        running = []
        for number, act in enumerate(acts, start=1):
            running.append(clients.submit(partial(timed, act)))
            time.sleep(max(0.0, began + number * seconds / len(acts) - time.monotonic()))
        return [one.result() for one in running]


def timed(act: Act) -> float:
    began = time.monotonic()
    try:
        act()
    finally:
        connection.close()
    return time.monotonic() - began
