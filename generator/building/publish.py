"""Which parts of the site have to be made again, making them, and putting them in place as one step.

A part is made again when the key of anything that it may depend on has changed, and a file of it is written when its content has.
A key that is too careful costs time; one that is careless would show an old page, so tests build with and without all of this and
compare (tests/building/test_incremental.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from generator.building.cache import Cache, KnownPart, unpacked
from generator.building.output import Written, finish, stored_paths
from generator.building.processes import SharedOut, several
from generator.building.workers import PartMade, Task
from generator.combinations import ALL_TYPES
from generator.marks import digest
from generator.rendering.site import COMMON, REST, SEARCH, joint_mark, part_of_association, part_of_need, part_of_type
from generator.rendering.site_files import build_record
from generator.search.index import ENTRIES

Progress = Callable[[Iterator[str], int], Iterable[str]]
MANY = 4000  # pages, from which on several processes are faster than one
TOGETHER = 10  # associations in one piece of work: few enough to share out evenly, many enough to cost no time


def without_progress(names: Iterator[str], total: int) -> Iterable[str]:  # noqa: ARG001 - the shape of a Progress
    return names


def part_keys(task: Task, frame: bytes, own: Mapping[str, bytes], facts: Mapping[str, bytes]) -> dict[str, bytes]:
    """By part of the site, the key of everything that its files may depend on: of `frame` what all pages depend on, of `own` what
    may be told of each association, of `facts` what is at hand of each. The open data has no key: every edit changes it.

    Behind a type an empty page tells how many associations the others list, which their facts decide."""
    plan, counts = task.plan, task.content.counts
    keys = {REST: digest(frame, counts.model_dump_json() if counts else "", *facts.values())} | {
        part_of_association(slug): digest(frame, key, *(own[relative] for relative in plan.relatives(slug)))
        for slug, key in own.items()
    }
    for need in plan.taxonomy.needs:
        offering: dict[str, set[str]] = {kind: set() for kind in plan.types}
        for offer in plan.combinations.offers_for(need.id):
            offering[ALL_TYPES].add(offer.slug)
            offering[offer.activity.type].add(offer.slug)
        everyone = sorted(offering[ALL_TYPES])
        keys[part_of_need(need.id)] = digest(frame, *(own[slug] for slug in everyone))
        listed = digest(frame, *(facts[slug] for slug in everyone))
        for kind, slugs in offering.items():
            keys[part_of_type(need.id, kind)] = digest(listed, *(own[slug] for slug in sorted(slugs)))
    return keys


class Publication:
    """One build, from what is known to a new site in place."""

    def __init__(self, task: Task, frame: bytes, own: Mapping[str, bytes], facts: Mapping[str, bytes], cache: Cache) -> None:
        self._task, self._cache = task, cache
        self._slugs = list(own)
        self._keys = part_keys(task, frame, own, facts)
        if not task.knows_site:
            cache.forget_parts()
        self._known = cache.parts()
        self._parts: dict[str, KnownPart] = {}
        self._marks: dict[str, bytes] = {}
        self._stale: set[str] = set() if task.is_first or task.knows_site else stored_paths(task.build)
        self._placed: list[tuple[str, str]] = []
        self._new = self._changed = 0

    def run(self, progress: Progress, jobs: int) -> Written:
        """Makes what has to be made and puts it in place. Raises OSError with the old site untouched."""
        associations, needs = self._wanted()
        jobs = jobs if self._pages(associations, needs) > MANY else 1
        with several(jobs, self._task.made, self._task.begin_elsewhere) as make:
            total = len(associations) + sum(map(len, needs)) + len(COMMON)
            for _ in progress(self._made(make, associations, needs), total):
                pass
        return self._in_place()

    def _wanted(self) -> tuple[list[str], list[list[str]]]:
        """The parts of associations, and of each need, that are not as they should be, or of which what others need is not."""
        shared = self._cache.shared_keys()
        changed = {name for name, key in self._keys.items() if name not in self._known or self._known[name].key != key}
        for slug in self._slugs:
            name = part_of_association(slug)
            if shared.get(slug) != self._keys[name]:
                changed.add(name)
        associations = [name for name in map(part_of_association, self._slugs) if name in changed]
        parts = self._task.parts
        needs = [[name for name in parts.of_need(need) if name in changed] for need in parts.needs]
        return associations, [names for names in needs if names]

    def _pages(self, associations: list[str], needs: list[list[str]]) -> int:
        behind_types = sum(map(len, needs)) * len(self._task.plan.municipalities)
        return (behind_types + 5 * len(associations)) * len(self._task.content.site.languages)

    def _made(self, make: SharedOut[list[str], list[PartMade]], associations: list[str], needs: list[list[str]]) -> Iterator[str]:
        """First the associations: the other parts are composed from what each has to tell."""
        pieces = [associations[at : at + TOGETHER] for at in range(0, len(associations), TOGETHER)]
        for parts in make(pieces):
            shared = chain.from_iterable(part.shared for part in parts)
            self._cache.keep_shared((name, slug, self._keys[part_of_association(slug)], value) for name, slug, value in shared)
            yield from map(self._take, parts)
        self._keys[SEARCH] = digest(self._keys[REST], *self._cache.all_shared(ENTRIES))
        unchanged = [name for name in COMMON if name in self._known and self._known[name].key == self._keys.get(name)]
        yield from unchanged
        for parts in make([*([name] for name in COMMON if name not in unchanged), *needs]):
            yield from map(self._take, parts)

    def _take(self, made: PartMade) -> str:
        self._parts[made.name] = KnownPart(self._keys.get(made.name, b""), made.mark, made.files)
        self._marks[made.name] = made.marks
        self._stale.update(made.gone)
        self._placed += made.placed
        self._new += made.new
        self._changed += made.changed
        return made.name

    def _in_place(self) -> Written:
        removed = self._known.keys() - self._keys.keys() - set(COMMON)
        self._stale.update(*(self._cache.marks(name) for name in removed))
        if self._stale:  # what has moved from one part to another is there all the same
            self._stale.difference_update(*map(unpacked, self._marks.values()), ["/build.json"])
        parts = {name: part for name, part in {**self._known, **self._parts}.items() if name not in removed}
        self._write_record(parts)
        finish(self._task.build, self._task.is_first, self._placed, self._stale)
        self._cache.keep_parts(((name, *part, self._marks[name]) for name, part in self._parts.items()), removed)
        files = sum(part.files for part in parts.values()) + 1
        return Written(self._new, self._changed, len(self._stale), files - self._new - self._changed)

    def _write_record(self, parts: Mapping[str, KnownPart]) -> None:
        mark = joint_mark({name: part.mark for name, part in parts.items()})
        path, raw = build_record(mark.hex()[:16], self._task.today, self._task.content.site.freshness)
        stage = self._task.stage
        if not stage.is_same(path, raw):
            is_new = not stage.has(path)
            stage.add(path, raw)
            self._placed += stage.placed
            self._new += is_new
            self._changed += not is_new
