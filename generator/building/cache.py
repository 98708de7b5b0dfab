"""What earlier builds found out, so that it need not be found out again: build/cache. Safe to delete at any time.

Everything is kept with a key, a hash of all that it was made from; whoever asks for it brings the key that it should have today.
Only the list of the site's files says something about the disk. It is believed only while the site is the one it was written for.
"""

import os
import pickle
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from generator.building.output import SITE
from generator.marks import digest

Result = TypeVar("Result")
FOLDER = "cache"
ASKED_TOGETHER = 100  # associations: a question for each would take most of the time of joining open data
SCHEMA = """
create table if not exists fact (name text primary key, key blob, value blob);
create table if not exists association (slug text primary key, model blob, original blob);
create table if not exists shared (name text, slug text, key blob, value blob, primary key (name, slug));
create table if not exists part (name text primary key, key blob, mark blob, files integer, marks blob);
"""
FILE = f"known-{digest(SCHEMA).hex()[:8]}.sqlite"  # other tables, another file


# What reading raises when the file is not whole
DAMAGED = (sqlite3.DatabaseError, pickle.UnpicklingError, zlib.error)


def with_cache(build: Path, work: Callable[["Cache"], Result]) -> Result:
    """What `work` makes with the cache of `build`; anew without it, when it turns out not to be whole: nothing is lost."""
    try:
        with closing(Cache(build)) as cache:
            return work(cache)
    except sqlite3.OperationalError:  # the disk is full, or somebody else is writing: the file itself is whole
        raise
    except DAMAGED:
        pass
    _forget(build / FOLDER / FILE)  # here, where nothing of the first attempt holds it any more
    with closing(Cache(build)) as cache:
        return work(cache)


class KnownPart(NamedTuple):
    """The files of one part of the site as they were last written. `mark` stands for all of them."""

    key: bytes
    mark: bytes
    files: int


class Cache:
    """One for a build. Another process must open its own."""

    def __init__(self, build: Path) -> None:
        (build / FOLDER).mkdir(parents=True, exist_ok=True)
        self._build = build
        self._connection = _opened(build / FOLDER / FILE)

    def close(self) -> None:
        self._connection.close()

    # One thing at a time

    def fact(self, name: str, key: bytes) -> Any:
        """What is known by this name, if it was made from the same; else None."""
        row = self._connection.execute("select value from fact where name = ? and key = ?", (name, key)).fetchone()
        return pickle.loads(row[0]) if row else None  # noqa: S301 - our own file

    def forget_fact(self, name: str) -> None:
        with self._connection:
            self._connection.execute("delete from fact where name = ?", (name,))

    def keep_fact(self, name: str, key: bytes, value: Any) -> None:
        with self._connection:
            self._connection.execute("replace into fact values (?, ?, ?)", (name, key, pickle.dumps(value)))

    def remembered(self, name: str, key: bytes, find_out: Callable[[], Any]) -> Any:
        known = self.fact(name, key)
        if known is None:
            known = find_out()
            self.keep_fact(name, key, known)
        return known

    # Associations

    def shelve(self, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
        """(slug, pickled model, pickled original)"""
        with self._connection:
            self._connection.executemany("replace into association values (?, ?, ?)", rows)

    def shelved(self, slug: str, kind: Literal["model", "original"]) -> Any:
        row = self._connection.execute(f"select {kind} from association where slug = ?", (slug,)).fetchone()  # noqa: S608
        return pickle.loads(row[0])  # noqa: S301

    # What other parts of the site need of an association (SiteParts.shared)

    def shared_keys(self) -> dict[str, bytes]:
        """By slug, the key of what is kept: all of one association is made together."""
        return dict(self._connection.execute("select distinct slug, key from shared"))

    def shared(self, name: str, slugs: list[str]) -> Iterator[Any]:
        """Of each association in the order of `slugs`, None where there is nothing."""
        remaining = iter(slugs)
        while some := list(islice(remaining, ASKED_TOGETHER)):
            query = f"select slug, value from shared where name = ? and slug in ({', '.join('?' * len(some))})"  # noqa: S608
            found = dict(self._connection.execute(query, (name, *some)))
            yield from (pickle.loads(found[slug]) if slug in found else None for slug in some)  # noqa: S301

    def all_shared(self, kind: str) -> list[bytes]:
        """What is kept by all names that begin with `kind` and a stroke, as it is kept, in a fixed order."""
        found = self._connection.execute("select value from shared where name glob ? order by name, slug", (f"{kind}/*",))
        return [value for (value,) in found]

    def keep_shared(self, rows: Iterable[tuple[str, str, bytes, bytes]]) -> None:
        """(name, slug, key, pickled value)"""
        with self._connection:
            self._connection.executemany("replace into shared values (?, ?, ?, ?)", rows)

    # What the site holds

    def parts(self) -> dict[str, KnownPart]:
        rows = self._connection.execute("select name, key, mark, files from part")
        return {name: KnownPart(*known) for name, *known in rows}

    def marks(self, name: str) -> dict[str, bytes]:
        """What stands for the content of each file of a part, by path."""
        row = self._connection.execute("select marks from part where name = ?", (name,)).fetchone()
        return unpacked(row[0]) if row else {}

    def knows_site(self) -> bool:
        """Whether the list of files was written for the site that is there now."""
        token = _token(self._build)
        return token is not None and bool(self.fact("site", b"") == token)

    def forget_parts(self) -> None:
        """The list of files cannot be believed: what is left in it would be believed by a later build."""
        with self._connection:
            self._connection.execute("delete from fact where name = 'site'")
            self._connection.execute("delete from part")

    def keep_parts(self, rows: Iterable[tuple[str, bytes, bytes, int, bytes]], gone: Iterable[str]) -> None:
        """(name, key, mark, files, packed marks), when the site is in place. After a kill just before, it is not believed."""
        with self._connection:
            self._connection.executemany("delete from part where name = ?", [(name,) for name in gone])
            self._connection.executemany("replace into part values (?, ?, ?, ?, ?)", rows)
            self._connection.execute("replace into fact values ('site', ?, ?)", (b"", pickle.dumps(_token(self._build))))


def packed(marks: dict[str, bytes]) -> bytes:
    """A country has a quarter of a million marks."""
    return zlib.compress(pickle.dumps(marks), 1)


def unpacked(raw: bytes) -> dict[str, bytes]:
    marks: dict[str, bytes] = pickle.loads(zlib.decompress(raw))  # noqa: S301 - our own file
    return marks


def _forget(file: Path) -> None:
    """With its log, which would be played back into a new file."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    try:
        connection.execute("pragma journal_mode = wal")  # one process writes while the others read
        connection.execute("pragma cache_size = -256")  # kB: each row is read once or twice
        connection.execute("pragma synchronous = off")  # a kill loses nothing; what a power cut spoils is made anew
        connection.executescript(SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _token(build: Path) -> tuple[int, ...] | None:
    """What tells this site from one that was copied, deleted, or written by an earlier version of the program: every build that
    changes anything puts a new build.json in place."""
    try:
        folder, record = os.stat(build / SITE), os.stat(build / SITE / "build.json")  # noqa: PTH116
    except OSError:
        return None
    return (folder.st_ino, record.st_ino, record.st_mtime_ns, record.st_size)
