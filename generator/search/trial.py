"""The search as the site ships it, run outside a browser: for `tarjotin search` and for measuring it with a set of queries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from py_mini_racer import MiniRacer

from generator.rendering.assets import smallest
from generator.rendering.environment import TEMPLATES

FIRST = 3  # a hit counts among this many first results


@dataclass(frozen=True)
class Query:
    """What a professional types, and the needs of which one must be among the first results. None wanted: off topic."""

    text: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A result as the page shows it; `path` is within the language's site."""

    kind: str
    path: str
    label: str

    @property
    def need(self) -> str | None:
        parts = self.path.split("/")
        return parts[1] if parts[0] == "tarve" else None


@dataclass(frozen=True)
class Measured:
    """Queries that failed, with what they gave instead."""

    asked: int
    off_topic: int
    misses: Mapping[str, list[Link]]
    false_hits: Mapping[str, list[Link]]

    @property
    def hit_rate(self) -> float:
        return 1 - len(self.misses) / self.asked if self.asked else 1.0

    @property
    def false_rate(self) -> float:
        return len(self.false_hits) / self.off_topic if self.off_topic else 0.0


class Trial:
    """One language's search, from its published files by path."""

    def __init__(self, engine: MiniRacer, files: Mapping[str, bytes], language: str) -> None:
        self._engine = engine
        self._files = files
        self._folder = f"/haku/{language}"
        script = (TEMPLATES / "scripts" / "search" / "find.js").read_text("utf-8")
        engine.eval(smallest("haku.js", script).decode())  # shortened, as it is shipped
        engine.eval(f"const index = {files[f'{self._folder}.json'].decode()}; const opened = search.open(index); 0")

    def find(self, text: str) -> list[Link]:
        """What the page would show."""
        asked = json.dumps(text)
        names = json.loads(str(self._engine.eval(f"JSON.stringify(opened.shards({asked}))")))
        entries = {one[0]: one for name in names for one in json.loads(self._files[f"{self._folder}/{name}.json"])}
        given = json.dumps(list(entries.values()))
        told = self._engine.eval(f"JSON.stringify(opened.find({asked}, index.organisations ?? {given}))")
        return [Link(one["kind"], one["path"], one["label"]) for one in json.loads(str(told))]

    def measure(self, queries: Sequence[Query]) -> Measured:
        found = {query: self.find(query.text) for query in queries}
        asked = [query for query in queries if query.wanted]
        misses = {query.text: found[query][:FIRST] for query in asked if not _is_hit(query, found[query])}
        off_topic = [query for query in queries if not query.wanted]
        false_hits = {query.text: found[query] for query in off_topic if any(link.need for link in found[query])}
        return Measured(len(asked), len(off_topic), misses, false_hits)


def _is_hit(query: Query, links: Sequence[Link]) -> bool:
    return any(link.need in query.wanted for link in links[:FIRST])


@contextmanager
def open_trial(files: Mapping[str, bytes], language: str) -> Iterator[Trial]:
    """The engine is closed at the end: an open one keeps Python from ending."""
    engine = MiniRacer()
    try:
        yield Trial(engine, files, language)
    finally:
        engine.close()


def read_queries(raw: bytes) -> list[Query]:
    """A set of queries: {"queries": [{"query": …, "expected": [need, …]}, …], "off_topic": [query, …]}. Raises ValueError."""
    try:
        data = json.loads(raw)
        asked = [Query(one["query"], tuple(one["expected"])) for one in data["queries"]]
        return asked + [Query(one, ()) for one in data.get("off_topic", ())]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from None
