"""Small sites of files, buckets in memory, and a look at whether a site is whole."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from generator.deploying.aws import AwsSaysNo
from generator.deploying.run import Target, carry_out, plan_deploy
from generator.deploying.serving import Serving
from generator.deploying.state import STATE
from tests.builders import TODAY

PAGE = '<link href="/assets/{style}.css"><script src="/assets/{script}.js"></script>{links}<p>{text}'


def page(style: str, *links: str, script: str = "s1", text: str = "") -> bytes:
    return PAGE.format(style=style, script=script, links="".join(f'<a href="{link}">' for link in links), text=text).encode()


def old_site() -> dict[str, bytes]:
    return {
        "/assets/s1.js": b"1",
        "/assets/t1.css": b"1",
        "/404.html": page("t1"),
        "/build.json": b"1",
        "/haku/fi.json": b'["/jarjesto/a/", "/jarjesto/b/"]',
        "/index.html": page("t1", "/jarjesto/a/", "/jarjesto/b/"),
        "/jarjesto/a/index.html": page("t1", "/jarjesto/b/"),
        "/jarjesto/b/index.html": page("t1", "/", "/ohjaa/b/"),
        "/ohjaa/b/index.html": page("t1"),
        "/tietoa/index.html": page("t1", "/"),
        "/sw.js": b'["/assets/t1.css"]',
    }


def new_site() -> dict[str, bytes]:
    """Another style; the association b is gone and c has come, and they lead to each other's neighbours."""
    return {
        "/assets/s1.js": b"1",
        "/assets/t2.css": b"2",
        "/404.html": page("t2"),
        "/build.json": b"2",
        "/haku/fi.json": b'["/jarjesto/a/", "/jarjesto/c/"]',
        "/index.html": page("t2", "/jarjesto/a/", "/jarjesto/c/"),
        "/jarjesto/a/index.html": page("t2", "/jarjesto/c/"),
        "/jarjesto/c/index.html": page("t2", "/", "/ohjaa/c/"),
        "/ohjaa/c/index.html": page("t2", "/jarjesto/c/"),
        "/tietoa/index.html": page("t2", "/"),
        "/sw.js": b'["/assets/t2.css"]',
    }


def write_site(build: Path, files: Mapping[str, bytes]) -> Path:
    """`build`/site with just these files."""
    site = build / "site"
    for path in [one for one in site.rglob("*") if one.is_file()]:
        if f"/{path.relative_to(site).as_posix()}" not in files:
            path.unlink()
    for name, raw in files.items():
        path = Path(f"{site}{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return build


@dataclass
class MemoryBucket:
    """S3 as a mapping. `before` is called before each change, and may raise."""

    files: dict[str, bytes] = field(default_factory=dict)
    servings: dict[str, Serving] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda change: None
    name: str = "tests"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sums(self) -> dict[str, str]:
        return {path: hashlib.md5(raw).hexdigest() for path, raw in self.files.items()}

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def put(self, path: str, raw: bytes, serving: Serving) -> None:
        with self._lock:
            self._change(f"+{path}")
            self.files[path], self.servings[path] = raw, serving

    def remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._change(f"-{path}")
            del self.files[path]

    def _change(self, change: str) -> None:
        self.before(change)
        self.changes.append(change)


@dataclass
class MemoryDistribution:
    asked: list[tuple[str, ...]] = field(default_factory=list)
    is_down: bool = False

    def invalidate(self, paths: tuple[str, ...]) -> None:
        if self.is_down:
            raise AwsSaysNo("CreateInvalidation: Throttling")
        self.asked.append(paths)


def deploy(build: Path, bucket: MemoryBucket, distribution: MemoryDistribution | None = None, today: date = TODAY) -> list[str]:
    """What was told."""
    told: list[str] = []
    carry_out(plan_deploy(build, bucket, today), build, Target(bucket, distribution or MemoryDistribution()), told.append)
    return told


def fail_at(count: int) -> Callable[[str], None]:
    """AWS goes away at the change of this number, and stays away."""
    left = iter(range(count))

    def check(change: str) -> None:
        if next(left, None) is None:
            raise AwsSaysNo(change)

    return check


def broken_links(files: Mapping[str, bytes]) -> list[str]:
    """Every link from a page that can be reached, also what the search and the worker lead to, that leads nowhere."""
    faults, seen, waiting = [], set(), ["/", "/404.html", "/haku/fi.json", "/sw.js"]
    while waiting:
        asked = waiting.pop()
        path = f"{asked}index.html" if asked.endswith("/") else asked
        if path in seen:
            continue
        seen.add(path)
        if path not in files:
            faults.append(asked)
            continue
        waiting += re.findall(r'"(/[^"]*)"', files[path].decode())
    return faults


def site_of(bucket: MemoryBucket) -> dict[str, bytes]:
    return {path: raw for path, raw in bucket.files.items() if path != STATE}
