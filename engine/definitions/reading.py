"""`python -m engine.definitions.reading`: reads bundles in a process that may be killed.

Requests and answers are pickles behind a length; both ends are ours. Whatever a file makes the
parsers do, it does it here, within the memory that the parent granted.
"""

import os
import pickle
import resource
import struct
import sys
from typing import BinaryIO

from engine.definitions.checking import findings_of

LENGTH = struct.Struct(">I")
MEMORY = 1_500_000_000


def receive(source: BinaryIO) -> bytes | None:
    """The next message, None at the end."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return source.read(LENGTH.unpack(head)[0])


def send(target: BinaryIO, message: bytes) -> None:
    target.write(LENGTH.pack(len(message)) + message)
    target.flush()


def main() -> None:
    """Answer until the parent goes away."""
    granted = int(os.environ.get("READER_MEMORY_BYTES", MEMORY))
    resource.setrlimit(resource.RLIMIT_AS, (granted, granted))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (message := receive(source)) is not None:
        bundle, catalogue = pickle.loads(message)  # noqa: S301 - the parent wrote it
        send(target, pickle.dumps(findings_of(bundle, catalogue)))


if __name__ == "__main__":
    main()
