"""The taxonomy in the terms of HSDS: what classifies an activity."""

from collections.abc import Iterator
from typing import Any

from generator.exports.ids import stable_id, term_id
from generator.exports.public import Published
from generator.models import Term

# The kinds of terms: as the attributes' link_type, and the words by which the site calls them.
TAXONOMIES = {"need": "needs", "activity_type": "what_it_does", "target_group": "target_groups"}


class HsdsTerms:
    def __init__(self, published: Published) -> None:
        self._names = {kind: published.voice.texts["organisation"][word] for kind, word in TAXONOMIES.items()}
        self._site = published.content.site.name.fi
        taxonomy = published.content.taxonomy
        groups = {term.id: self._term("need", f"group/{term.id}", term) for term in taxonomy.need_groups}
        self._groups = groups
        self._terms: dict[tuple[str, str], dict[str, Any]] = {}
        for need in taxonomy.needs:
            term = self._term("need", need.id, need, need.description.fi)
            self._terms["need", need.id] = {
                **term,
                "parent_id": groups[need.group]["id"],
                "term_uri": published.page_of_need(need.id),
            }
        for kind in taxonomy.activity_types:
            self._terms["activity_type", kind.id] = self._term("activity_type", kind.id, kind, kind.description.fi)
        for group in taxonomy.target_groups:
            self._terms["target_group", group.id] = self._term("target_group", group.id, group)
        self._nested = {key: self._without_surroundings(term) for key, term in self._terms.items()}

    def _term(self, kind: str, code: str, term: Term, description: str | None = None) -> dict[str, Any]:
        return {
            "id": term_id(kind, code),
            "code": code,
            "name": term.label.fi,
            "description": description or term.label.fi,
            "taxonomy": self._names[kind],
            "taxonomy_id": stable_id("taxonomy", kind),
            "language": "fi",
        }

    def _without_surroundings(self, term: dict[str, Any]) -> dict[str, Any]:
        return {key: term[key] for key in ("id", "code", "name", "description", "taxonomy_id")}

    def nested(self, kind: str, term: str) -> dict[str, Any]:
        """A term as it stands inside an attribute."""
        return self._nested[kind, term]

    def taxonomies(self) -> Iterator[dict[str, Any]]:
        for kind, name in self._names.items():
            yield {"id": stable_id("taxonomy", kind), "name": name, "description": f"{self._site}: {name}"}

    def all(self) -> Iterator[dict[str, Any]]:
        yield from self._groups.values()
        yield from self._terms.values()
