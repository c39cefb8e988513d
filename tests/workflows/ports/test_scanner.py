import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from workflows.errors import PortUnknown
from workflows.ports import catalogue
from workflows.ports.scanner import ClamAvScanner, EmbeddedScanner, ScanOutcome, ScanResult
from workflows.uploads import pictures


def jpeg(**options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 40).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


class TestEmbedded:
    def test_takes_what_the_pipeline_wrote(self) -> None:
        own = pictures.prepare(jpeg(comment=b"x", progressive=True), declared_name="x").jpeg

        assert EmbeddedScanner().scan(own).outcome is ScanOutcome.CLEAN

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"", id="nothing"),
            pytest.param(b"\xff\xd8\xff\xd9", id="no_picture"),
            pytest.param(b"%PDF-1.7", id="pdf"),
            pytest.param(jpeg() + b"PK\x03\x04", id="tail"),
            pytest.param(jpeg() + jpeg(), id="two"),
            pytest.param(jpeg(comment=b"<script>"), id="comment"),
            pytest.param(jpeg(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"), id="exif"),
            pytest.param(jpeg()[:-2], id="no_end"),
        ],
    )
    def test_takes_nothing_else(self, data: bytes) -> None:
        assert EmbeddedScanner().scan(data).outcome is ScanOutcome.UNAVAILABLE


@contextmanager
def clamd(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """One connection of a clamd that answers as told; yields what it was sent."""
    received: list[bytes] = []
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(1)

    def serve() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as stream:
            received.append(stream.read(10))
            while length := struct.unpack(">I", stream.read(4))[0]:
                received.append(stream.read(length))
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield received
    finally:
        thread.join()
        server.close()


class TestClamAv:
    @pytest.mark.parametrize(
        ("answer", "result"),
        [
            (b"stream: OK\0", ScanResult(ScanOutcome.CLEAN)),
            (b"stream: Eicar FOUND\0", ScanResult(ScanOutcome.INFECTED, "Eicar")),
            (b"INSTREAM size limit exceeded. ERROR\0", ScanResult(ScanOutcome.UNAVAILABLE)),
            (b"", ScanResult(ScanOutcome.UNAVAILABLE)),
            (b"stream: NOT OK\0", ScanResult(ScanOutcome.UNAVAILABLE)),
        ],
    )
    def test_reads_the_answer(self, tmp_path: Path, answer: bytes, result: ScanResult) -> None:
        data = bytes(range(256)) * 1000

        with clamd(tmp_path / "clamd", answer) as received:
            found = catalogue.get("scanner", "clamav", {"address": str(tmp_path / "clamd")}).scan(
                data
            )

        assert found == result
        assert received[0] == b"zINSTREAM\0"
        assert b"".join(received[1:]) == data

    @pytest.mark.parametrize("address", ["/nonexistent/clamd", "127.0.0.1:1"])
    def test_is_unavailable_where_nobody_listens(self, address: str) -> None:
        assert ClamAvScanner(address).scan(b"x").outcome is ScanOutcome.UNAVAILABLE

    def test_does_not_wait_for_ever(self, tmp_path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(tmp_path / "clamd"))
            server.listen(1)
            scanner = ClamAvScanner(str(tmp_path / "clamd"), timeout_s=1)

            assert scanner.scan(b"x").outcome is ScanOutcome.UNAVAILABLE

    def test_needs_an_address(self) -> None:
        with pytest.raises(PortUnknown):
            catalogue.get("scanner", "clamav")
