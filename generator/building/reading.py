"""Reading a region's files in a build: only those that have changed since the last one, several at once when they are many.

What is at hand of every association (facts.py) is kept in memory; the rest is put on a shelf in the cache, and taken from there
when its pages are made.
"""

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from generator.building.cache import Cache
from generator.building.processes import several
from generator.checked import Associations, Checked, CheckedAddresses, CheckedTaxonomy, Original, Surroundings
from generator.content import Document, Fault, Source, Unread, blob_name
from generator.markdown import Mentioned
from generator.marks import digest
from generator.validation import check_association, check_private, check_taxonomy

MANY = 300  # files, from which on several processes are faster than one
TOGETHER = 25
REMEMBERED = 16  # associations
KEPT_TOGETHER = 500
Kept = TypeVar("Kept")
Read = tuple[Checked[Any], tuple[bytes, bytes] | None]  # a file, and what goes to the shelf


@dataclass(frozen=True)
class KnownReader:
    """A Reader that remembers. `code`: the key of the program, which everything that is remembered depends on."""

    root: Path
    cache: Cache
    build: Path
    code: bytes
    jobs: int

    def taxonomy(self, source: Source) -> CheckedTaxonomy | None:
        alone = Surroundings(None, None, (), (), date.min)  # nothing else is looked at
        return next(iter(self._checked("taxonomy", _read_taxonomy, [source], alone)), None)

    def associations(self, sources: Iterable[Any], around: Surroundings) -> Associations:
        checked = self._checked("associations", _read_association, sources, around)
        slugs = [one.name for one in checked if one.value]
        return Associations(checked, Shelf(self.build, slugs, "model"), Shelf(self.build, slugs, "original"))

    def addresses(self, sources: Iterable[Any], around: Surroundings) -> Sequence[CheckedAddresses]:
        return self._checked("addresses", _read_addresses, sources, around)

    def mentioned(self, texts: Sequence[str]) -> Sequence[Mentioned]:
        found: list[Mentioned] = self.cache.remembered(
            "mentioned", digest(self.code, *texts), lambda: [Mentioned.of(text) for text in texts]
        )
        return found

    def _checked(
        self, name: str, read: Callable[[Document, Surroundings], Read], sources: Iterable[Any], around: Surroundings
    ) -> list[Checked[Any]]:
        unread = [one for one in sources if isinstance(one, Unread)]
        key = digest(self.code, around.mark)
        known: dict[str, Checked[Any]] = {}
        for piece in self.cache.fact(name, key) or ():
            known.update(pickle.loads(piece))  # noqa: S301 - our own file
        changed = [one for one in unread if one.name not in known or known[one.name].blob != _blob(one)]
        if changed:  # a kill from here on must not leave a shelf that the fact does not tell of
            self.cache.forget_fact(name)
        pieces = [changed[at : at + TOGETHER] for at in range(0, len(changed), TOGETHER)]
        found: dict[str, Checked[Any]] = {}
        jobs = self.jobs if len(changed) > MANY else 1
        with several(jobs, partial(_read_piece, read, self.root, around)) as shared_out:
            for piece in shared_out(pieces):
                self.cache.shelve((checked.name, *shelved) for checked, shelved in piece if shelved)
                found.update((checked.name, checked) for checked, _ in piece)
        read_now = {one.name: found.get(one.name) or known[one.name] for one in unread}
        if found or read_now.keys() != known.keys():
            self.cache.keep_fact(name, key, list(_in_pieces({slug: one for slug, one in read_now.items() if one.value})))
        return [replace(read_now[one.name], document=partial(_again, one, self.root)) for one in unread]


def _in_pieces(known: dict[str, Checked[Any]]) -> Iterator[bytes]:
    """Pickled some hundreds at a time: all of a country's at once would double the memory for a moment."""
    items = list(known.items())
    for at in range(0, len(items), KEPT_TOGETHER):
        yield pickle.dumps(dict(items[at : at + KEPT_TOGETHER]))


def _blob(source: Unread) -> str:
    try:
        return blob_name(source.raw())
    except Fault:
        return ""


def _read_piece(
    read: Callable[[Document, Surroundings], Read], root: Path, around: Surroundings, piece: list[Unread]
) -> list[Read]:
    return [_read(read, one, root, around) for one in piece]


def _read(read: Callable[[Document, Surroundings], Read], source: Unread, root: Path, around: Surroundings) -> Read:
    document = source.read(root)
    if not isinstance(document, Document):
        return Checked(source.file, source.name, "", (document,), None, _nothing), None
    checked, shelved = read(document, around)
    return replace(checked, document=_nothing), shelved


def _read_taxonomy(document: Document, around: Surroundings) -> Read:  # noqa: ARG001 - the shape of the others
    return check_taxonomy(document), None


def _read_association(document: Document, around: Surroundings) -> Read:
    checked, organisation = check_association(document, around)
    return checked, (pickle.dumps(organisation), pickle.dumps(Original.of(document))) if organisation else None


def _read_addresses(document: Document, around: Surroundings) -> Read:
    return check_private(document, around), None


def _nothing() -> Document:
    raise LookupError("the document was left behind")


def _again(source: Unread, root: Path) -> Document:
    """The file once more, to tell on which line something stands. It may have changed meanwhile: then the line is the first."""
    document = source.read(root)
    return document if isinstance(document, Document) else Document(source.file, source.name, "", {})


class Shelf(Mapping[str, Kept]):
    """What is kept in the cache of each association, read when it is asked for. Some are remembered: the pages of one come one
    after another, and whoever goes through a whole region does it more than once."""

    def __init__(self, build: Path, slugs: Sequence[str], kind: Literal["model", "original"]) -> None:
        self._build, self._slugs, self._kind = build, dict.fromkeys(slugs), kind
        self._recent: dict[str, Any] = {}
        self._opened: tuple[int, Cache] | None = None

    def __getitem__(self, slug: str) -> Kept:
        if slug not in self._slugs:
            raise KeyError(slug)
        if slug not in self._recent:
            if len(self._recent) == REMEMBERED:
                self._recent.clear()
            self._recent[slug] = self._cache.shelved(slug, self._kind)
        kept: Kept = self._recent[slug]
        return kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._slugs)

    def __len__(self) -> int:
        return len(self._slugs)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_opened": None, "_recent": {}}

    @property
    def _cache(self) -> Cache:
        """Each process has its own."""
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), Cache(self._build))
        return self._opened[1]
