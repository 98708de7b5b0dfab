"""The pictures of the running text: content/pictures, where `python -m tools.draw_pictures` puts them. Their size is read here,
so that the page keeps their place before they come."""

import struct
from dataclasses import dataclass

FOLDER = "content/pictures"
ADDRESS = "/kuvat/"  # how a page's text names them: ![What it shows](/kuvat/kortti-fi.webp)
MAX_PICTURE_BYTES = 40 * 1024


@dataclass(frozen=True)
class Picture:
    name: str
    raw: bytes
    width: int
    height: int

    @property
    def address(self) -> str:
        """How a page's text names it."""
        return ADDRESS + self.name


def read_picture(name: str, raw: bytes) -> Picture | None:
    """None when it is neither PNG nor WebP."""
    size = _size_of_png(raw) if name.endswith(".png") else _size_of_webp(raw) if name.endswith(".webp") else None
    return Picture(name, raw, *size) if size else None


def _size_of_png(raw: bytes) -> tuple[int, int] | None:
    """The first chunk of every PNG is IHDR, which begins with the size (ISO/IEC 15948, 11.2.2)."""
    if not raw.startswith(b"\x89PNG\r\n\x1a\n") or raw[12:16] != b"IHDR" or len(raw) < 24:
        return None
    width, height = struct.unpack(">II", raw[16:24])
    return width, height


def _size_of_webp(raw: bytes) -> tuple[int, int] | None:
    """By the first chunk: lossy, lossless or extended (RFC 9649, 2.5–2.7)."""
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP" or len(raw) < 30:
        return None
    kind, body = raw[12:16], raw[20:30]
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    return None
