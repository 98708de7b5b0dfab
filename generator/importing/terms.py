"""Words of others for our terms: by id, by name in any language, by synonym."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.models import LANGUAGES, Site, Taxonomy, Term

WHOLE_COUNTRY = frozenset({"suomi", "finland", "koko suomi", "koko maa", "hela landet", "hela finland"})


class Words:
    """Looks up what others call our terms, whatever the case and the spaces."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._ids: dict[str, str] = {}
        for term in terms:
            synonyms: Any = getattr(term, "synonyms", None)
            names = [name for _, name in term.label.written()]
            names += [word for language in LANGUAGES for word in (getattr(synonyms, language) if synonyms else ())]
            for name in (term.id, *names):
                self._ids.setdefault(folded(name), term.id)

    def find(self, *words: object) -> str | None:
        """The id of the first word that is known."""
        return next((self._ids[folded(word)] for word in words if isinstance(word, str) and folded(word) in self._ids), None)


def folded(word: str) -> str:
    return " ".join(word.casefold().split())


class KnownWords:
    """The words of a region's taxonomy."""

    def __init__(self, taxonomy: Taxonomy, site: Site) -> None:
        self.kinds: Mapping[str, Words] = {
            "need": Words(taxonomy.needs),
            "activity_type": Words(taxonomy.activity_types),
            "target_group": Words(taxonomy.target_groups),
        }
        self.languages = Words(taxonomy.languages)
        self.municipalities = Words(taxonomy.municipalities)
        self._codes = {one.code: one.id for one in taxonomy.municipalities}
        self.region = {folded(name) for label in (site.region, site.whole_region) for _, name in label.written()}

    def municipality(self, name: str) -> str | None:
        """By name or by number."""
        return self.municipalities.find(name) or self._codes.get(name.strip())
