"""What every reader makes: associations as their files would say them, and what could not be taken along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.problems import Problem, Severity


class Unreadable(Exception):
    """A sentence that says why a file cannot be read at all."""


@dataclass(frozen=True)
class Draft:
    """An association as its file would be read: text values. What the source says nothing of has no key."""

    slug: str
    written: dict[str, Any]


@dataclass
class Notes:
    """What the reader has to say about one file of another's, in the order of the file. `place` is where: a row, or a path."""

    file: str
    told: list[Problem] = field(default_factory=list)

    def left_out(self, place: str, sentence: str) -> None:
        """Something was left out or guessed: it never blocks, but a person must look."""
        self.told.append(Problem(self.file, 1, place, sentence, Severity.WARNING))


@dataclass(frozen=True)
class Reading:
    drafts: tuple[Draft, ...]
    notes: tuple[Problem, ...]


def with_short_texts(value: Any) -> Any:
    """A text that is only in Finnish as a plain text, as people write it."""
    if isinstance(value, Mapping):
        if value.keys() == {"fi"} and isinstance(value["fi"], str):
            return value["fi"]
        return {key: with_short_texts(inner) for key, inner in value.items()}
    return [with_short_texts(inner) for inner in value] if isinstance(value, list) else value


def put_over(under: Any, over: Any) -> Any:
    """`over` with what only `under` has: mappings key by key, a plain text for the Finnish one, everything else whole."""
    if isinstance(under, Mapping) and "fi" in under and isinstance(over, str):
        return {**under, "fi": over}
    if isinstance(under, Mapping) and isinstance(over, Mapping):
        shared = {key: put_over(under[key], value) if key in under else value for key, value in over.items()}
        return {**under, **shared}
    return over


def unused(wanted: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first free number after it."""
    there = set(taken)
    names = (wanted if number == 1 else f"{wanted[:56]}-{number}" for number in range(1, len(there) + 2))
    return next(name for name in names if name not in there)
