"""What the region's associations offer, and where nothing is offered: counted once, for the pages, aukot.csv and the report.

A gap is a need and a municipality for which there is neither activity of the municipality's own nor region-wide (design.md §3).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from generator.combinations import ALL_TYPES, Combination, Combinations, Offer, Place, Reach
from generator.models import Taxonomy
from generator.pages import results_path

GAPS = frozenset({Reach.AWAY, Reach.NONE})


class Cell(NamedTuple):
    """One need in one municipality."""

    need: str
    municipality: str
    reach: Reach

    @property
    def is_gap(self) -> bool:
        return self.reach in GAPS

    @property
    def path(self) -> str:
        return results_path(Combination(self.need, ALL_TYPES, self.municipality))


@dataclass
class Offered:
    """How many associations, and how many activities of theirs."""

    slugs: set[str] = field(default_factory=set)
    activities: int = 0

    @property
    def associations(self) -> int:
        return len(self.slugs)


Counts = Mapping[str, Offered]  # by a term's id; a term that nobody offers counts as nothing


@dataclass(frozen=True, eq=False)
class Statistics:
    """Of what the three-click pages list on the day of the combinations."""

    taxonomy: Taxonomy
    combinations: Combinations

    @cached_property
    def cells(self) -> Mapping[str, tuple[Cell, ...]]:
        """For each need its municipalities, in the taxonomy's order."""
        return {
            need.id: tuple(self._cell(need.id, municipality.id) for municipality in self.taxonomy.municipalities)
            for need in self.taxonomy.needs
        }

    def _cell(self, need: str, municipality: str) -> Cell:
        return Cell(need, municipality, self.combinations.reach(Combination(need, ALL_TYPES, municipality)))

    def all_cells(self) -> Iterator[Cell]:
        for cells in self.cells.values():
            yield from cells

    @cached_property
    def gaps(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.all_cells() if cell.is_gap)

    @cached_property
    def gaps_by_group(self) -> Counter[str]:
        return Counter(self._groups[cell.need] for cell in self.gaps)

    @cached_property
    def gaps_by_municipality(self) -> Counter[str]:
        return Counter(cell.municipality for cell in self.gaps)

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        return {need.id: need.group for need in self.taxonomy.needs}

    # What is offered

    @cached_property
    def by_group(self) -> Counts:
        return self._counted(lambda offer: {self._groups[need] for need in offer.activity.needs})

    @cached_property
    def by_target_group(self) -> Counts:
        return self._counted(lambda offer: offer.activity.target_groups)

    @cached_property
    def by_language(self) -> Counts:
        return self._counted(lambda offer: offer.activity.languages)

    @cached_property
    def by_municipality(self) -> Counts:
        """Activity of the municipality's own: region-wide and national activity is everywhere."""
        return self._counted(lambda offer: offer.activity.municipalities if offer.place is Place.OWN else ())

    @cached_property
    def by_place(self) -> Mapping[Place, Offered]:
        found = self._counted(lambda offer: () if offer.is_remote_only else (offer.place.name,))
        return {place: found[place.name] for place in Place}

    @cached_property
    def everything(self) -> Offered:
        return self._counted(lambda _: ("",))[""]

    def _counted(self, terms: Callable[[Offer], Collection[str]]) -> Counts:
        found: dict[str, Offered] = defaultdict(Offered)
        for offer in self.combinations.offers:
            for term in set(terms(offer)):
                found[term].slugs.add(offer.slug)
                found[term].activities += 1
        return found
