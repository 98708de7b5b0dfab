"""What the words of the Finnish Service Catalogue mean in a region's taxonomy: names in three languages, and what a service says
of itself in classes, terms and keywords."""

import csv
from collections.abc import Iterator

from generator.importing.drafts import Notes
from generator.importing.hsds import shortened
from generator.importing.json_file import Item, mappings
from generator.importing.terms import KnownWords
from generator.models import LANGUAGES
from generator.tables import DATA

CLASSES = DATA / "ptv_service_classes.csv"
SAYING = ("ontologyTerms", "targetGroups", "lifeEvents")  # besides classes and keywords


def texts(items: object, kind: str | None = None, limit: int = 0) -> dict[str, str]:
    """A list of localised values as our text; of `kind` only, when the list has many kinds. With `limit`, so many characters of
    each, on one line."""
    found: dict[str, str] = {}
    for one in mappings(items):
        value, language = one.get("value"), one.get("language")
        if isinstance(value, str) and value.strip() and language in LANGUAGES and kind in (None, one.get("type")):
            text = "\n".join(line.strip() for line in value.strip().splitlines())
            found.setdefault(str(language), shortened(" ".join(text.split()), limit) if limit else text)
    return finnish_first(found)


def finnish_first(found: dict[str, str]) -> dict[str, str]:
    """Our texts are Finnish first: what is in another language only stands in its place."""
    if found and "fi" not in found:
        return {"fi": next(iter(found.values())), **found}
    return {language: found[language] for language in LANGUAGES if language in found}


class PtvWords:
    def __init__(self, words: KnownWords, notes: Notes) -> None:
        self._words, self._notes = words, notes
        with CLASSES.open(encoding="utf-8", newline="") as file:
            self._classes = {row["code"]: row for row in csv.DictReader(file)}

    def terms(self, service: Item, place: str) -> dict[str, list[str]]:
        """Our terms of each kind that the service's own words name, in the order in which it names them."""
        found: dict[str, dict[str, None]] = {kind: {} for kind in self._words.kinds}
        for word in _said(service):
            for kind, known in self._words.kinds.items():
                if term := known.find(word):
                    found[kind].setdefault(term)
        for one in mappings(service.get("serviceClasses")):
            if not self._of_class(one, found):
                name = texts(one.get("name")).get("fi", "")
                self._notes.left_out(
                    place,
                    f'Palveluluokalla {one.get("code")} "{name}" ei ole vastinetta luettelossa taxonomy.yaml, joten se jäi pois.',
                )
        return {kind: list(terms) for kind, terms in found.items()}

    def _of_class(self, one: Item, found: dict[str, dict[str, None]]) -> bool:
        """By its name, or by its code in our own table."""
        row, is_known = self._classes.get(str(one.get("code")), {}), False
        for kind, known in self._words.kinds.items():
            term = known.find(*texts(one.get("name")).values(), row.get(kind) or None)
            if term:
                found[kind].setdefault(term)
                is_known = True
        return is_known


def _said(service: Item) -> Iterator[str]:
    for name in SAYING:
        for one in mappings(service.get(name)):
            yield from texts(one.get("name")).values()
    yield from (str(one.get("value")) for one in mappings(service.get("keywords")))
