import io
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from tests.workflows.uploads import files
from workflows.errors import UploadRefused
from workflows.uploads import decode, pictures
from workflows.uploads.pictures import Picture

JPEG = files.saved("JPEG")
PNG = files.saved("PNG")
Decoder = Callable[[str], None]
FIRST = "body, facts = clean(data)"
TAILS = (b"PK\x03\x04LEAK", b"%PDF-1.7 LEAK", b"<html><script>LEAK</script>", b"MZ LEAK")


def prepared(data: bytes) -> Picture:
    return pictures.prepare(data, declared_name="身份证.jpg")


def reason(data: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        prepared(data)
    return refused.value.reason


def pixel(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    with Image.open(io.BytesIO(picture.jpeg)) as opened:
        found = opened.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def markers(jpeg: bytes) -> list[int]:
    """The markers before the first scan."""
    found, place = [], 2
    while jpeg[place + 1] != 0xDA:
        found.append(jpeg[place + 1])
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    return found


def assert_clean(picture: Picture) -> None:
    assert b"LEAK" not in picture.jpeg
    assert picture.jpeg.endswith(b"\xff\xd9")
    assert not [marker for marker in markers(picture.jpeg) if 0xE1 <= marker <= 0xEF]
    assert 0xFE not in markers(picture.jpeg)
    with Image.open(io.BytesIO(picture.jpeg)) as opened:
        assert (opened.format, opened.mode) == ("JPEG", "RGB")
        assert opened.size == (picture.width, picture.height)
        assert not opened.getexif()


class TestTakes:
    @pytest.mark.parametrize(
        ("data", "source_format"),
        [
            pytest.param(JPEG, "JPEG", id="jpeg"),
            pytest.param(PNG, "PNG", id="png"),
            pytest.param(files.saved("WEBP"), "WEBP", id="webp"),
            pytest.param(files.saved("JPEG", progressive=True), "JPEG", id="progressive"),
            pytest.param(files.saved("JPEG", files.photo().convert("CMYK")), "JPEG", id="cmyk"),
            pytest.param(files.saved("PNG", files.photo().convert("P")), "PNG", id="palette"),
            pytest.param(files.saved("PNG", files.photo().convert("1")), "PNG", id="bilevel"),
            pytest.param(files.saved("PNG", files.photo().convert("LA")), "PNG", id="grey_alpha"),
            pytest.param(files.saved("JPEG", comment=b"<script>LEAK"), "JPEG", id="comment"),
            pytest.param(files.png_with_text(), "PNG", id="text_chunks"),
            *(
                pytest.param(whole + tail, kind, id=f"{kind}_and_{tail[:4]!r}")
                for whole, kind in ((JPEG, "JPEG"), (PNG, "PNG"))
                for tail in TAILS
            ),
        ],
    )
    def test_and_keeps_pixels_only(self, data: bytes, source_format: str) -> None:
        picture = prepared(data)

        assert picture.source_format == source_format
        assert (picture.width, picture.height) == (800, 500)
        assert re.fullmatch("[0-9a-f]{64}", picture.sha256)
        assert_clean(picture)

    def test_a_stream_and_does_not_read_it_to_its_end(self) -> None:
        stream = io.BytesIO(JPEG + bytes(11_000_000))

        with pytest.raises(UploadRefused):
            pictures.prepare(stream, declared_name="x")

        assert stream.tell() == decode.MAX_BYTES + 1

    def test_a_picture_with_place_and_turns_it_upright(self) -> None:
        picture = prepared(files.turned_with_place())

        assert (picture.width, picture.height) == (500, 800)
        red, green, _ = pixel(picture, 495, 5)
        assert red > 200
        assert green < 60
        assert_clean(picture)

    def test_the_first_frame_of_a_moving_picture(self) -> None:
        second = Image.new("RGB", (800, 500), "blue")

        picture = prepared(
            files.saved("WEBP", files.photo(), save_all=True, append_images=[second])
        )

        assert picture.source_format == "WEBP"
        assert pixel(picture, 5, 5)[0] > 200

    def test_a_large_picture_and_makes_it_smaller(self) -> None:
        picture = prepared(files.saved("JPEG", files.photo(4000, 3000)))

        assert max(picture.width, picture.height) <= decode.OUT_SIDE

    def test_clear_parts_as_white(self) -> None:
        clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))

        assert pixel(prepared(files.saved("PNG", clear)), 200, 200) == (255, 255, 255)

    def test_sixteen_bit_grey_without_cutting_it_off(self) -> None:
        grey = Image.new("I;16", (400, 400), 32768)

        assert pixel(prepared(files.saved("PNG", grey)), 200, 200) == (128, 128, 128)

    @pytest.mark.parametrize(
        "name", ["x.exe", "../../etc/passwd", "a\\b.svg", "\x00\u202egpj.png"]
    )
    def test_any_name_as_text(self, name: str) -> None:
        picture = pictures.prepare(JPEG, declared_name=name)

        assert "/" not in picture.declared_name
        assert "\\" not in picture.declared_name
        assert picture.declared_name.isprintable()

    def test_the_same_file_for_the_same_file(self) -> None:
        one, other = prepared(JPEG), prepared(JPEG)

        assert (one.source_sha256, one.sha256) == (other.source_sha256, other.sha256)

    def test_from_several_threads(self) -> None:
        taken: list[str] = []
        threads = [
            threading.Thread(target=lambda: taken.append(prepared(JPEG).sha256)) for _ in range(4)
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(taken) == 4
        assert len(set(taken)) == 1


class TestFlags:
    def test_says_nothing_about_a_good_picture(self) -> None:
        assert prepared(JPEG).flags == ()

    def test_says_blurry(self) -> None:
        blurred = files.photo().filter(ImageFilter.GaussianBlur(8))

        assert prepared(files.saved("JPEG", blurred)).flags == ("blurry",)

    def test_says_dark(self) -> None:
        dark = ImageEnhance.Brightness(files.photo()).enhance(0.3)

        assert "dark" in prepared(files.saved("JPEG", dark)).flags

    def test_says_glare(self) -> None:
        shining = files.photo()
        shining.paste((255, 255, 255), (300, 150, 500, 350))

        assert prepared(files.saved("JPEG", shining)).flags == ("glare",)

    def test_takes_white_paper_for_paper(self) -> None:
        paper = Image.new("RGB", (800, 500), "white")
        paper.paste(files.photo(300, 200), (20, 20))

        assert "glare" not in prepared(files.saved("JPEG", paper)).flags


class TestRefuses:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            pytest.param(b"", "empty", id="nothing"),
            pytest.param(bytes(5_000), "not_an_image", id="zeros"),
            pytest.param(b"\xff\xd8\xff" + bytes(10_000_000), "too_large", id="large"),
            pytest.param(files.saved("BMP"), "not_an_image", id="bmp"),
            pytest.param(files.saved("GIF"), "not_an_image", id="gif"),
            pytest.param(files.saved("TIFF"), "not_an_image", id="tiff"),
            pytest.param(files.saved("EPS"), "not_an_image", id="eps"),
            pytest.param(files.saved("PDF"), "pdf", id="pdf"),
            pytest.param(b"\n%PDF-1.4\n" + JPEG, "pdf", id="pdf_then_jpeg"),
            pytest.param(b"MZ\x90\x00" + JPEG, "not_an_image", id="exe"),
            pytest.param(b"\x7fELF" + bytes(500), "not_an_image", id="elf"),
            pytest.param(b"GIF89a" + JPEG, "not_an_image", id="gif_then_jpeg"),
            pytest.param(b"PK\x03\x04" + JPEG, "not_an_image", id="zip_then_jpeg"),
            pytest.param(b"<svg xmlns='x'><script/></svg>", "not_an_image", id="svg"),
            pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "not_an_image", id="xml"),
            pytest.param(b"\x00\x00\x00\x18ftypheic" + bytes(900), "heic", id="heic"),
            pytest.param(b"\x00\x00\x00\x18ftypmif1" + bytes(900), "heic", id="heif"),
            pytest.param(JPEG[: len(JPEG) // 2], "broken", id="half_a_jpeg"),
            pytest.param(PNG[: len(PNG) // 2], "broken", id="half_a_png"),
            pytest.param(b"\xff\xd8\xff" + b"\xe0" * 500, "broken", id="jpeg_in_name"),
            pytest.param(files.png(1_000_000, 1_000_000, b""), "too_many_pixels", id="lie"),
            pytest.param(files.png(0, 500, b""), "broken", id="no_width"),
            pytest.param(files.png(500, 500, b""), "broken", id="no_pixels"),
            pytest.param(files.png(500, 500, b"\x00" * 900), "broken", id="not_packed"),
            pytest.param(files.flood(9_400), "too_many_pixels", id="flood"),
            pytest.param(files.inflated_text(), "broken", id="text_inflation"),
            pytest.param(files.scan_bomb(), "bomb", id="scans"),
            pytest.param(files.saved("PNG", files.photo(64, 40)), "too_small", id="tiny"),
            pytest.param(files.saved("PNG", Image.new("L", (1, 9000))), "odd_shape", id="thread"),
        ],
    )
    def test_with_a_reason(self, data: bytes, code: str) -> None:
        assert reason(data) == code

    def test_says_which_limit_was_passed(self) -> None:
        with pytest.raises(UploadRefused) as refused:
            prepared(files.saved("PNG", files.photo(64, 40)))

        assert refused.value.limit == decode.MIN_LONG_SIDE

    def test_a_child_that_dies(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/bin/false")

        assert reason(JPEG + b"dies") == "bomb"

    def test_when_all_decoders_are_busy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pictures, "_SLOTS", threading.BoundedSemaphore(1))
        monkeypatch.setattr(pictures, "WALL_SECONDS", 0.01)

        with pictures._SLOTS:
            assert reason(JPEG + b"busy") == "busy"


class TestLimits:
    """A picture that asks too much is refused for good, a machine that gives too little is not."""

    @pytest.fixture
    def decoder(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Decoder:
        """Put another first step into the decoder; its limits stay, with less time to wait for."""

        def put(step: str) -> None:
            text = Path(decode.__file__).read_text()
            for old, new in (("CPU_SECONDS: Final = 8", "CPU_SECONDS: Final = 1"), (FIRST, step)):
                assert text.count(old) == 1
                text = text.replace(old, new)
            script = tmp_path / "decode.py"
            script.write_text(text)
            monkeypatch.setattr(pictures, "_DECODER", script)

        return put

    def test_of_the_processor_is_a_bomb(self, decoder: Decoder) -> None:
        decoder("while True: pass")

        assert reason(JPEG) == "bomb"

    def test_of_memory_is_a_bomb(self, decoder: Decoder) -> None:
        decoder("bytearray(2 * MEMORY_BYTES)")

        assert reason(JPEG) == "bomb"

    def test_of_patience_is_slowness_after_a_second_try(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries: list[object] = []
        plain = subprocess.run

        def counted(*command: Any, **options: Any) -> object:
            tries.append(command)
            return plain(*command, **options)

        monkeypatch.setattr(subprocess, "run", counted)
        monkeypatch.setattr(pictures, "WALL_SECONDS", 0.001)

        assert reason(JPEG) == "slow"
        assert len(tries) == 2

    def test_of_the_machine_is_no_fault_of_the_picture(
        self, decoder: Decoder, tmp_path: Path
    ) -> None:
        """The kernel ends a child when memory is short; the second one finds enough."""
        mark = str(tmp_path / "tried")
        decoder(
            f"import os; os.path.exists({mark!r})"
            f" or (os.mkdir({mark!r}), os.kill(os.getpid(), 9)); {FIRST}"
        )

        assert_clean(prepared(JPEG))
        assert Path(mark).exists()

    def test_of_the_machine_that_stays_is_slowness(self, decoder: Decoder) -> None:
        decoder("import os; os.kill(os.getpid(), 9)")

        assert reason(JPEG) == "slow"


class TestDamage:
    """In this process: the decoder itself must end in an answer for whatever it is given."""

    @pytest.mark.parametrize("seed", range(40))
    @pytest.mark.parametrize(
        "whole", [JPEG, PNG, files.saved("WEBP")], ids=["jpeg", "png", "webp"]
    )
    @pytest.mark.filterwarnings("ignore::UserWarning")
    def test_of_some_bits_is_answered(self, whole: bytes, seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - the same damage in every run
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 20)):
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        del damaged[dice.randrange(len(damaged) // 2, len(damaged)) :][: dice.randrange(2) * 9]

        head, _, jpeg = decode.answer(bytes(damaged)).partition(b"\n")

        assert head.startswith(b"{")
        assert (b"refused" in head) == (not jpeg)
