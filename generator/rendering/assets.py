"""The site's own files: one style sheet, one script, one icon. Their names carry a hash, so that browsers may keep them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.rendering.environment import TEMPLATES


@dataclass(frozen=True)
class Assets:
    """Addresses of the files, and the files themselves by path."""

    style: str
    script: str
    icon: str
    files: tuple[tuple[str, bytes], ...]


def collect_assets(base_path: str, *, hashed: bool) -> Assets:
    style = b"".join(_read(TEMPLATES / "styles", "css"))
    script = b"".join(_read(TEMPLATES / "scripts", "js"))
    icon = (TEMPLATES / "icons" / "icon.svg").read_bytes()
    named = [(_path(kind, raw, hashed=hashed), raw) for kind, raw in (("css", style), ("js", script), ("svg", icon))]
    addresses = [base_path + path.removeprefix("/") for path, _ in named]
    return Assets(addresses[0], addresses[1], addresses[2], tuple(named))


def _read(folder: Path, suffix: str) -> Iterator[bytes]:
    """Every file of a kind, in the order of the names; line ends as they are in git on every system."""
    for path in sorted(folder.glob(f"*.{suffix}")):
        yield path.read_bytes().replace(b"\r\n", b"\n")


def _path(kind: str, raw: bytes, *, hashed: bool) -> str:
    mark = f".{hashlib.sha256(raw).hexdigest()[:10]}" if hashed else ""
    return f"/assets/tarjotin{mark}.{kind}"
