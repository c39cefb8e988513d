"""Decode one untrusted picture and write a fresh JPEG; runs as a process of its own.

Reads the file from standard input, answers with one line of JSON and, if the picture was taken,
the JPEG after it. The process limits itself before it reads the first byte: a decoder that is
made to loop, allocate or write is ended by the kernel and takes nothing with it. Nothing of the
project is imported here, and no environment is needed.
"""

import io
import json
import resource
import struct
import sys
from typing import Final

MAX_BYTES: Final = 10_000_000
MAX_PIXELS: Final = 40_000_000
MIN_LONG_SIDE: Final = 300
MAX_ASPECT: Final = 20
MAX_SCANS: Final = 100
_ORIENTATION: Final = 0x0112
OUT_SIDE: Final = 2400
OUT_QUALITY: Final = 85
FORMATS: Final = ("JPEG", "PNG", "WEBP")

MEMORY_BYTES: Final = 1 << 30
CPU_SECONDS: Final = 8
OPEN_FILES: Final = 32

_MEASURED_SIDE: Final = 800
# Chosen on drawn cards and blurred, darkened, overexposed copies of them, not on photographs.
_BLURRY_BELOW: Final = 60
_DARK_BELOW: Final = 55
_GLARE_LEVEL: Final = 252
_GLARE_SHARE: Final = 0.03
_WHITE_PAPER_MEDIAN: Final = 200

if sys.argv[1:] == ["--child"]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))

from PIL import Image, ImageFilter, ImageOps, ImageStat  # noqa: E402 - after the limits


class Refused(Exception):
    """The picture is not taken; the argument is the reason."""


def clean(data: bytes) -> tuple[bytes, dict[str, object]]:
    """A JPEG that carries pixels only, and what is known about it."""
    picture, source_format = _opened(data)
    fresh = _redrawn(picture)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=OUT_QUALITY)
    facts: dict[str, object] = {
        "source_format": source_format,
        "width": fresh.width,
        "height": fresh.height,
        "flags": _flags(fresh),
    }
    return out.getvalue(), facts


def _opened(data: bytes) -> tuple[Image.Image, str]:
    """The picture with only its header read, if the header promises something that is taken."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    source_format = picture.format or ""
    _check_size(*picture.size)
    if source_format == "JPEG":
        # Each scan of a progressive picture repeats the work of decoding the whole of it.
        if data.count(b"\xff\xda") > MAX_SCANS:
            raise Refused("bomb")
        picture.draft("RGB", (OUT_SIDE, OUT_SIDE))
    return picture, source_format


def _check_size(width: int, height: int) -> None:
    long, short = max(width, height), min(width, height)
    if width * height > MAX_PIXELS:
        raise Refused("too_many_pixels")
    if long < MIN_LONG_SIDE or short < 1:
        raise Refused("too_small")
    if long > MAX_ASPECT * short:
        raise Refused("odd_shape")


def _redrawn(picture: Image.Image) -> Image.Image:
    """The first frame, turned upright and pasted into an empty picture: no tail, no metadata."""
    picture.seek(0)
    picture.load()
    orientation = _orientation(picture)
    plain = _plain(picture)
    plain.thumbnail((OUT_SIDE, OUT_SIDE))
    fresh = Image.new("RGB", plain.size, "white")
    fresh.paste(plain, mask=plain.getchannel("A") if plain.mode == "RGBA" else None)
    fresh.getexif()[_ORIENTATION] = orientation
    turned = ImageOps.exif_transpose(fresh)
    turned.info.clear()
    return turned


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, 1 to 8; upright where the note about it is damaged."""
    try:
        noted = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, struct.error):
        return 1
    return noted if noted in range(1, 9) else 1


def _plain(picture: Image.Image) -> Image.Image:
    """Eight bits a channel, RGB or RGBA; sixteen-bit grey is scaled down, not cut off."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("RGB")
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture.convert("RGB")


def _flags(picture: Image.Image) -> list[str]:
    """What an applicant should look at before sending: blurry, dark, glare. Never a refusal."""
    grey = picture.convert("L")
    grey.thumbnail((_MEASURED_SIDE, _MEASURED_SIDE))
    brightness = ImageStat.Stat(grey)
    flags = []
    if _sharpness(grey) < _BLURRY_BELOW:
        flags.append("blurry")
    if brightness.mean[0] < _DARK_BELOW:
        flags.append("dark")
    saturated = sum(grey.histogram()[_GLARE_LEVEL:]) / (grey.width * grey.height)
    if saturated > _GLARE_SHARE and brightness.median[0] < _WHITE_PAPER_MEDIAN:
        flags.append("glare")
    return flags


def _sharpness(grey: Image.Image) -> float:
    """The variance of the second derivative: edges make it large, blur makes it small."""
    laplacian = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    return float(ImageStat.Stat(grey.filter(laplacian)).var[0])


def answer(data: bytes) -> bytes:
    """The line of JSON and the JPEG that the parent reads."""
    try:
        body, facts = clean(data)
    except Refused as refused:
        body, facts = b"", {"refused": str(refused)}
    except (MemoryError, RecursionError):
        body, facts = b"", {"refused": "bomb"}
    except Exception:  # noqa: BLE001 - decoders raise whatever the damage makes them meet
        body, facts = b"", {"refused": "broken"}
    return json.dumps(facts).encode() + b"\n" + body


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(MAX_BYTES + 1)))
