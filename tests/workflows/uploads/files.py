"""Files made on the fly: pictures as phones send them, and what attackers send instead."""

import io
import struct
import zlib

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo


def photo(width: int = 800, height: int = 500) -> Image.Image:
    """A card with text-like edges, mid-grey around it; the upper left corner is red."""
    picture = Image.new("RGB", (width, height), (120, 120, 120))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 8, height // 8, width * 7 // 8, height * 7 // 8), (200, 210, 190))
    for line in range(height // 6, height * 5 // 6, 12):
        for place in range(width // 6, width * 5 // 6, 9):
            draw.rectangle((place, line, place + 4, line + 6), (20, 20, 30))
    draw.rectangle((0, 0, width // 10, height // 10), (250, 0, 0))
    return picture


def saved(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or photo()).save(out, kind, **options)
    return out.getvalue()


def turned_with_place() -> bytes:
    """Stored lying on its side, with maker, place and orientation in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "LEAK-MAKER"
    exif.get_ifd(0x8825)[1] = "N"
    return saved("JPEG", exif=exif)


def png_with_text() -> bytes:
    info = PngInfo()
    info.add_text("Comment", "<script>LEAK</script>")
    info.add_itxt("XML:com.adobe.xmp", "<x>LEAK</x>")
    return saved("PNG", pnginfo=info)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, raw: bytes) -> bytes:
    """A PNG whose header says what it likes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", raw)
        + png_chunk(b"IEND", b"")
    )


def flood(side: int) -> bytes:
    """Square and black: some kilobytes that unpack to side times side pixels."""
    packer = zlib.compressobj(9)
    return png(
        side,
        side,
        b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush(),
    )


def inflated_text() -> bytes:
    """A PNG with a compressed comment that unpacks to 80 megabytes."""
    whole = saved("PNG")
    text = b"Comment\x00\x00" + zlib.compress(bytes(80_000_000), 9)
    return whole[:33] + png_chunk(b"zTXt", text) + whole[33:]


def scan_bomb() -> bytes:
    whole = saved("JPEG")
    return whole[:-2] + b"\xff\xda\x00\x02" * 150 + whole[-2:]
