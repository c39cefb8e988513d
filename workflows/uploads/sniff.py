"""What a file is by its first bytes; its name and declared type are not evidence."""

from typing import Final

_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIC_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
)
_PDF_WITHIN: Final = 1024


def kind(data: bytes) -> str:
    """One of picture, heic, pdf, unknown."""
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "picture"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    return "unknown"
