"""The pages of statistics: what is offered, and a map of needs and municipalities as a picture and as tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from generator.combinations import Place, Reach
from generator.exports import gaps
from generator.models import Need, Term
from generator.pages import COUNTS, STATISTICS, GapsPage, StatisticsPage, municipality_path, statistics_path
from generator.rendering.frame import Frame
from generator.rendering.views import municipality_label
from generator.statistics import Cell, Counts, Statistics

SIGNS: Mapping[Reach, str] = {Reach.OWN: "●", Reach.REGION: "◐", Reach.AWAY: "○", Reach.NONE: "–"}
SIDE, STEP, GAP, NAMES, TOP = 11, 13, 5, 130, 18  # of the picture, in its own units


@dataclass(frozen=True)
class Row:
    label: Markup
    href: str | None
    associations: int
    activities: int
    gaps: int | None = None


@dataclass(frozen=True)
class Table:
    key: str  # of its words
    rows: list[Row]

    @property
    def has_gaps(self) -> bool:
        return any(row.gaps is not None for row in self.rows)


@dataclass(frozen=True)
class Picture:
    """The map as shapes: a path for each reach, the names of the municipalities, the numbers of the groups."""

    width: int
    height: int
    paths: list[tuple[Reach, str]]
    names: list[tuple[int, str]]
    numbers: list[tuple[int, int]]


class StatisticsRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    @cached_property
    def _statistics(self) -> Statistics:
        return Statistics(self._frame.content.taxonomy, self._frame.combinations)

    def overview(self, page: StatisticsPage) -> bytes:
        frame, found = self._frame, self._statistics
        t, region = frame.voice.texts["statistics"], frame.voice.plain(frame.content.site.region)
        reaches = [cell.reach for cell in found.all_cells()]
        everything = found.everything
        return frame.render(
            "pages/statistics.html",
            title=t["title"],
            description=t["description"].format(region=region),
            path=page.path,
            offered=t["offered"].format(associations=frame.counted(everything.associations), activities=everything.activities),
            map_label=t["map_label"].format(**{reach.value: reaches.count(reach) for reach in Reach}),
            gap_text=t["gap_text"].format(gaps=len(found.gaps), cells=len(reaches)),
            everywhere=t["everywhere"].format(
                region=frame.counted(found.by_place[Place.REGION].associations),
                national=frame.counted(found.by_place[Place.NATIONAL].associations),
            ),
            picture=self._picture(),
            signs=SIGNS,
            tables=list(self._tables()),
            csv=frame.voices[0].url(STATISTICS + gaps.NAME),
            counts=frame.voice.url(COUNTS) if frame.content.tells_counts else None,
        )

    def _tables(self) -> Iterator[Table]:
        found, taxonomy = self._statistics, self._frame.content.taxonomy
        groups = {term.id: statistics_path(term.id) for term in taxonomy.need_groups}
        municipalities = {term.id: municipality_path(term.id) for term in taxonomy.municipalities}
        numbered = [f"{number}. " for number in range(1, len(groups) + 1)]
        yield self._table("groups", taxonomy.need_groups, found.by_group, groups, found.gaps_by_group, numbered)
        yield self._table(
            "municipalities", taxonomy.municipalities, found.by_municipality, municipalities, found.gaps_by_municipality
        )
        yield self._table("target_groups", taxonomy.target_groups, found.by_target_group)
        yield self._table("languages", taxonomy.languages, found.by_language)

    def _table(
        self,
        key: str,
        terms: Iterable[Term],
        counts: Counts,
        paths: Mapping[str, str] | None = None,
        missing: Mapping[str, int] | None = None,
        numbers: list[str] | None = None,
    ) -> Table:
        voice = self._frame.voice
        rows = [
            Row(
                Markup("{}{}").format(numbers[at] if numbers else "", voice.heading(term.label)),
                voice.url(paths[term.id]) if paths else None,
                counts[term.id].associations,
                counts[term.id].activities,
                missing[term.id] if missing is not None else None,
            )
            for at, term in enumerate(terms)
        ]
        return Table(key, rows)

    # One group

    def group(self, page: GapsPage) -> bytes:
        frame, t = self._frame, self._frame.voice.texts["statistics"]["group"]
        group = next(term for term in frame.content.taxonomy.need_groups if term.id == page.group)
        needs = self._needs(page.group)
        cells = [self._statistics.cells[need.id] for need in needs]
        label = frame.voice.plain(group.label)
        return frame.render(
            "pages/statistics_group.html",
            title=t["title"].format(group=label),
            description=t["description"].format(group=label),
            path=page.path,
            heading=frame.voice.heading(group.label),
            gaps=t["gaps"].format(gaps=self._statistics.gaps_by_group[page.group]),
            needs=needs,
            signs=SIGNS,
            rows=[
                (municipality, [self._linked(column[at], need) for column, need in zip(cells, needs, strict=True)])
                for at, municipality in enumerate(frame.content.taxonomy.municipalities)
            ],
        )

    def _needs(self, group: str) -> list[Need]:
        return [need for need in self._frame.content.taxonomy.needs if need.group == group]

    def _linked(self, cell: Cell, need: Need) -> tuple[Cell, str]:
        """A cell and what its link says by itself."""
        frame, t = self._frame, self._frame.voice.texts["statistics"]
        where = municipality_label(cell.municipality, frame.terms, frame.content.site, frame.voice)
        words = {"municipality": where, "need": frame.voice.plain(need.label), "reach": t["reach"][cell.reach]}
        return cell, t["group"]["cell"].format(**words)

    # The picture

    def _picture(self) -> Picture:
        taxonomy, cells = self._frame.content.taxonomy, self._statistics.cells
        left, columns, numbers = NAMES, {}, []
        for number, group in enumerate(taxonomy.need_groups, 1):
            numbers.append((number, left))
            for need in self._needs(group.id):
                columns[need.id] = left
                left += STEP
            left += GAP
        squares: dict[Reach, list[str]] = {reach: [] for reach in Reach}
        last = dict.fromkeys(Reach, (0, 0))
        for column, x in columns.items():
            for at, cell in enumerate(cells[column]):
                y, (last_x, last_y) = TOP + at * STEP, last[cell.reach]
                # Each from the one before: most steps are the same, and weigh nothing when the page is packed.
                squares[cell.reach].append(f"m{x - last_x} {y - last_y}h{SIDE}v{SIDE}h-{SIDE}z")
                last[cell.reach] = x, y
        names = [
            (TOP + at * STEP + SIDE - 1, self._frame.voice.plain(one.label)) for at, one in enumerate(taxonomy.municipalities)
        ]
        paths = [(reach, "".join(found)) for reach, found in squares.items() if found]
        return Picture(left, TOP + len(names) * STEP, paths, names, numbers)
