"""What was written, checked, and what is known of it while it is being checked."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from generator.content import Document
from generator.facts import Facts
from generator.marks import digest
from generator.models import WHOLE_REGION, Counts, Organisation, PrivateAddresses, Site, Taxonomy, UsualTime
from generator.pictures import Picture
from generator.problems import Location, Problem

Value = TypeVar("Value")
KnownTerms = Mapping[str, tuple[str, Collection[str]]]


@dataclass(frozen=True)
class WrittenPage:
    """A page of running text: what content/pages/<slug>.<language>.md holds."""

    title: str
    description: str
    body: str


@dataclass(frozen=True)
class Original:
    """An association's file for its edit form: git's name of its bytes, and what is written in it as compact JSON (bytes, because
    ten thousand of these are kept while the site is built)."""

    blob: str
    written: bytes

    @classmethod
    def of(cls, document: Document) -> "Original":
        return cls(document.blob, json.dumps(document.data, ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True)
class Content:
    """Everything that was written, checked. Organisations in the order of their slugs."""

    site: Site
    taxonomy: Taxonomy
    organisations: Mapping[str, Organisation]
    private: Mapping[str, PrivateAddresses]
    pages: Mapping[tuple[str, str], WrittenPage]
    warnings: tuple[Problem, ...]
    files: int
    originals: Mapping[str, Original] = field(default_factory=dict)  # of the associations; made content may have none
    changes: Mapping[str, datetime] = field(default_factory=dict)  # when each file last changed, as far as git tells
    facts: Mapping[str, Facts] = field(default_factory=dict)  # of the associations, at hand all the time; the same
    pictures: tuple[Picture, ...] = ()  # of the pages
    blobs: Mapping[str, str] = field(default_factory=dict)  # git's names of the associations' files
    marks: Mapping[str, bytes] = field(default_factory=dict)  # what stands for the facts of each
    counts: Counts | None = None  # of requests and answers, when there are any to tell of

    @property
    def known(self) -> Mapping[str, Organisation | Facts]:
        """What is at hand of every association."""
        return self.facts or self.organisations

    @property
    def tells_counts(self) -> bool:
        """Whether there have been requests enough to tell of."""
        return self.counts is not None and bool(self.counts.region.requests)

    def usual_time(self, slug: str) -> UsualTime | None:
        """In how many working days an association usually answers, when there are answers enough to say so."""
        figures = self.counts.associations.get(slug) if self.counts else None
        return figures.usual if figures else None

    @property
    def editable(self) -> frozenset[str]:
        """The associations that keep their own data: the coordinator sees to those that have closed."""
        return frozenset(slug for slug in self.originals if self.known[slug].status != "closed")


@dataclass(frozen=True)
class Surroundings:
    """What an association alone is checked against: the region, as far as it could be read, the slugs that have a file, and with
    `former` those that once had one. `today` is the day as of which dates are judged."""

    site: Site | None
    taxonomy: Taxonomy | None
    names: Collection[str]
    former: Collection[str]
    today: date

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The slugs whose page can be linked to."""
        return frozenset(self.names) | frozenset(self.former)

    @cached_property
    def known(self) -> KnownTerms:
        """The sentence's code for an unknown term of each field of an activity, and the terms that may stand there."""
        taxonomy = self.taxonomy
        if taxonomy is None:
            return {}
        return {
            "type": ("unknown.type", dict.fromkeys(ids_of(taxonomy.activity_types))),
            "needs": ("unknown.need", dict.fromkeys(ids_of(taxonomy.needs))),
            "target_groups": ("unknown.target_group", dict.fromkeys(ids_of(taxonomy.target_groups))),
            "municipalities": ("unknown.municipality", dict.fromkeys([*ids_of(taxonomy.municipalities), WHOLE_REGION])),
            "languages": ("unknown.language", dict.fromkeys(ids_of(taxonomy.languages))),
        }

    @cached_property
    def mark(self) -> bytes:
        """Stands for the region, as far as it could be read."""
        return digest(*(one.model_dump_json() if one else "" for one in (self.site, self.taxonomy)))

    @property
    def is_real(self) -> bool:
        """Whether nothing of the sample content may be left."""
        return self.site is not None and self.site.sample is None

    @property
    def is_unfinished(self) -> bool:
        """Whether the region is still being set up: what is left of the sample is only pointed out."""
        return self.site is not None and self.site.unfinished


@dataclass(frozen=True, slots=True)
class Checked(Generic[Value]):
    """A file that has been read and checked by itself, with what the rest has to know of it; None when it has no right shape."""

    file: str
    name: str
    blob: str
    problems: tuple[Problem, ...]
    value: Value | None
    document: Callable[[], Document]  # looked into again when there is something to say about it
    mark: bytes = b""  # of an association: stands for the value

    def problem(self, code: str, location: Location = (), **facts: object) -> Problem:
        return self.document().problem(code, location, **facts)


CheckedAssociation = Checked[Facts]
CheckedAddresses = Checked[PrivateAddresses]
CheckedTaxonomy = Checked[Taxonomy]
Found = Mapping[str, tuple[CheckedAssociation, Facts]]


@dataclass(frozen=True)
class Associations:
    """Every association's file, checked, with what is written in those that have a right shape."""

    checked: Sequence[CheckedAssociation]
    organisations: Mapping[str, Organisation]
    originals: Mapping[str, Original]


def ids_of(terms: Iterable[Any]) -> list[str]:
    return [term.id for term in terms]
