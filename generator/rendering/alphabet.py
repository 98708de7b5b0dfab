"""A–Ö lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from generator.combinations import finnish_order


@dataclass(frozen=True)
class Entry:
    """A line of an A–Ö list: `word` leads to `label` when they are not the same."""

    name: str
    href: str
    label: Any = ""
    word: str = ""
    note: str = ""


@dataclass(frozen=True)
class Letter:
    letter: str
    id: str
    entries: list[Entry]


def letters(entries: Iterable[Entry]) -> list[Letter]:
    """Entries by first letter, in the Finnish order; what does not begin with a letter comes first under #."""
    by_letter: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (finnish_order(entry.name.strip('"”')), entry.name)):
        first = entry.name.strip('"”')[0].upper()
        by_letter[first if first.isalpha() else "#"].append(entry)
    return [
        Letter(letter, "0" if letter == "#" else f"{ord(letter):x}", by_letter[letter])
        for letter in sorted(by_letter, key=finnish_order)
    ]
