"""The pages behind the third click: every need × activity type × municipality, composed from finished fragments.

Cost decides the shape here: the frame is rendered once a language, a card once a language, and a page is a join of bytes.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from markupsafe import Markup

from generator.combinations import ALL_TYPES, CLOSE_TOGETHER, Combination, Listing
from generator.dates import Freshness, Period, freshness_periods
from generator.marks import digest
from generator.models import WHOLE_REGION
from generator.pages import LISTINGS_PER_PAGE, ResultsPage, need_path, results_path, type_path
from generator.rendering.frame import NOINDEX, Frame, html
from generator.rendering.skeleton import Skeleton, hole, holes
from generator.rendering.views import in_place, municipality_label, type_label

NEED_HOLES = ("need_href", "need_label", "need_heading", "way_out", "helplines")
TYPE_HOLES = ("type_href", "type_label")
PARTS = ("give", "filters", "aged", "found", "remote", "alternatives", "remember", "paper")
NEAR_CARDS = 768  # kept at hand: those of one need, which come again from page to page
SAME_CARD = 256  # an association's, which stands with other activities on the page of another type
PAGE_HOLES = ("path", "robots", "keep", "type_and_place", "municipality_label", *PARTS)


def card_name(language: str) -> str:
    return f"card/{language}"


class CardParts(NamedTuple):
    """An association's card with its holes, and each of its activities as it stands on a card, by id."""

    card: list[bytes | str]
    activities: dict[str, bytes]


class Card(NamedTuple):
    markup: bytes
    mark: bytes  # stands for the markup

    @classmethod
    def of(cls, markup: bytes) -> "Card":
        return cls(markup, digest(markup))


class Composed(NamedTuple):
    """A results page that has not been joined yet, with a mark that differs when anything on the page differs."""

    by: "ResultsRenderer"
    skeleton: Skeleton
    parts: dict[str, bytes]
    total: int
    cards: list[Card]
    remote: list[Card]

    @property
    def mark(self) -> bytes:
        marks = b"".join([card.mark for card in self.cards]), b"".join([card.mark for card in self.remote])
        return digest(self.by.mark, self.skeleton.mark, *self.parts.values(), b"%d" % self.total, *marks)

    def markup(self) -> bytes:
        cards, remote = (b"".join([card.markup for card in cards]) for cards in (self.cards, self.remote))
        found = self.by.found(self.total, cards, self.parts["pagination"])
        return self.skeleton.fill({**self.parts, "found": found, "remote": self.by.remote(remote)})


class ResultsRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._page = self._make_page()
        self._rows = Skeleton(frame.component("link_row", "link_row", *map(hole, ("href", "label", "count", "note"))))

    def _make_page(self) -> Skeleton:
        words = {name: hole(f"{name}_label") for name in ("need", "type", "municipality")}
        title, description = (
            self._frame.around_holes(self._frame.text("results", name), **words) for name in ("title", "description")
        )
        names = (*NEED_HOLES, *TYPE_HOLES, *PAGE_HOLES)
        title = Markup("{}{}").format(title, hole("page_mark"))
        return self._frame.skeleton("pages/results.html", names, title=title, description=description)

    def render(self, page: ResultsPage) -> bytes:
        return self.compose(page).markup()

    def compose(self, page: ResultsPage) -> "Composed":
        """The page as its parts: joining them is put off, because most pages of most builds are the same as before."""
        wanted = page.wanted
        results = self._frame.combinations.results(wanted)
        is_first = page.number == 1
        first = (page.number - 1) * LISTINGS_PER_PAGE
        shown = results.listings[first : first + LISTINGS_PER_PAGE]
        remote = results.remote if is_first else ()
        listed = [listing.slug for listing in (*shown, *remote)]
        parts = {
            "path": page.path.removeprefix("/").encode(),
            "page_mark": b"" if is_first else html(f", {self._page_label(page.number)}"),
            "robots": b"" if page.is_indexed else NOINDEX.encode(),
            "type_and_place": self._type_and_place(wanted.type, wanted.municipality),
            "municipality_label": self._municipality(wanted.municipality),
            "keep": self._frame.keep([wanted.need], listed).encode(),
            "give": self._give(wanted.need) if listed else b"",
            "paper": self._paper.fill({"path": page.path.removeprefix("/").encode()}) if listed else b"",
            "filters": self._filters if len(listed) > 1 else b"",
            "aged": self._aged(max(map(self._old_from, listed))) if listed else b"",
            "pagination": self._pagination(page) if page.pages > 1 else b"",
            "alternatives": self._alternatives(wanted) if is_first and not page.is_indexed else b"",
            "remember": self._remember(wanted.municipality),
        }
        cards, further = ([self._card(one) for one in listings] for listings in (shown, remote))
        return Composed(self, self._for_type(wanted.need, wanted.type), parts, len(results.listings), cards, further)

    # The frame, bound step by step: language, need, type. Pages come in that order, and a country has many of each.

    @lru_cache(1)  # noqa: B019 - a renderer lives as long as the build
    def _for_need(self, need: str) -> Skeleton:
        term = self._frame.terms.needs[need]
        return self._page.bind(
            {
                "need_href": self._frame.voice.url(need_path(need)).encode(),
                "need_label": html(self._frame.voice.plain(term.label)),
                "need_heading": html(self._frame.voice.heading(term.label)),
                "way_out": way_out(self._frame, need).encode(),
                "helplines": helplines(self._frame, need).encode(),
            }
        )

    @lru_cache(1)  # noqa: B019
    def _for_type(self, need: str, kind: str) -> Skeleton:
        return self._for_need(need).bind(
            {
                "type_href": self._frame.voice.url(type_path(need, kind)).encode(),
                "type_label": html(type_label(kind, self._frame.terms, self._frame.voice)),
            }
        )

    @cache  # noqa: B019
    def _municipality(self, municipality: str) -> bytes:
        frame = self._frame
        return html(municipality_label(municipality, frame.terms, frame.content.site, frame.voice))

    @cache  # noqa: B019
    def _type(self, kind: str) -> bytes:
        return html(type_label(kind, self._frame.terms, self._frame.voice))

    @cache  # noqa: B019
    def _type_and_place(self, kind: str, municipality: str) -> bytes:
        frame = self._frame
        label = type_label(kind, frame.terms, frame.voice)
        if municipality == WHOLE_REGION:
            region = frame.voice.plain(frame.content.site.whole_region)
            return html(frame.text("results", "where_region").format(type=label, region=region))
        place = in_place(municipality, frame.terms, frame.voice)
        return html(frame.text("results", "where").format(type=label, locative=place))

    @cache  # noqa: B019
    def _remember(self, municipality: str) -> bytes:
        is_one = municipality != WHOLE_REGION
        return self._frame.component("remembered", "remember", municipality).encode() if is_one else b""

    @cache  # noqa: B019
    def _old_from(self, slug: str) -> date:
        """The first day on which the association's data counts as old."""
        periods = freshness_periods(self._frame.content.known[slug].review, self._frame.content.site.freshness)
        return periods[Freshness.OLD].first or date.min

    @cache  # noqa: B019
    def _aged(self, first: date) -> bytes:
        """The notice that everything on the page is old; `first` is the day when its last association becomes so."""
        return self._frame.component("freshness", "aged", Period(None if first == date.min else first)).encode()

    @cached_property
    def _filters(self) -> bytes:
        return self._frame.component("filters", "filters").encode()

    # Cards

    @lru_cache(NEAR_CARDS)  # noqa: B019
    def _card(self, listing: Listing) -> "Card":
        """An association as it stands on a page, with only those of its activities that belong there."""
        parts = self._card_parts(listing.slug)
        values = {"place": b"%d" % listing.place, "activities": b"".join(parts.activities[one] for one in listing.activities)}
        return Card.of(Skeleton(parts.card).fill(values))

    @lru_cache(SAME_CARD)  # noqa: B019
    def _card_parts(self, slug: str) -> "CardParts":
        known: CardParts | None = next(self._frame.known(card_name(self._frame.voice.language), [slug]))
        return known or self.card_parts(slug)

    def card_parts(self, slug: str) -> "CardParts":
        frame = self._frame
        card = frame.component("card", "card", frame.organisation_view(slug), hole("place"), hole("activities"))
        activities = {
            view.activity.id: frame.component("activity", "activity", view, 4).encode() for view in frame.activity_views(slug)
        }
        return CardParts(Skeleton(card).pieces, activities)

    # The parts of the page

    @cache  # noqa: B019
    def _give(self, need: str) -> bytes:
        topic = "hidden" if need in self._frame.plan.sensitive_needs else "shown"
        return self._frame.component("give", "give", topic).encode()

    @cached_property
    def _paper(self) -> Skeleton:
        return Skeleton(self._frame.component("give", "paper", hole("path"), topic=True))

    @cached_property
    def mark(self) -> bytes:
        """Stands for all markup that every page has from here."""
        return digest(self._found_skeleton.mark, self._nothing_found, self._remote_skeleton.mark)

    def found(self, total: int, cards: bytes, pagination: bytes) -> bytes:
        if not total:
            return self._nothing_found
        count = self._frame.counted_html(total)
        return self._found_skeleton.fill({"total": b"%d" % total, "count": count, "cards": cards, "pagination": pagination})

    @cached_property
    def _found_skeleton(self) -> Skeleton:
        """The list. The heading carries both forms of the count, for the day when the browser has to hide a card."""
        forms = self._frame.voice.texts["associations"]
        data = Markup(' data-one="{}" data-other="{}" data-none="{}"').format(
            forms["one"], forms["other"], self._frame.text("results", "empty_now")
        )
        names = holes(("total", "count", "cards", "pagination"))
        return Skeleton(self._frame.component("results", "found", **names, data=data))

    @cached_property
    def _nothing_found(self) -> bytes:
        guidance = self._frame.component("results", "guidance")
        return self._frame.component("results", "nothing", guidance).encode()

    @cached_property
    def _remote_skeleton(self) -> Skeleton:
        return Skeleton(self._frame.component("results", "remote", hole("cards")))

    def remote(self, cards: bytes) -> bytes:
        return self._remote_skeleton.fill({"cards": cards}) if cards else b""

    def _page_label(self, number: int) -> str:
        return self._frame.text("results", "page").format(number=number)

    def _pagination(self, page: ResultsPage) -> bytes:
        links = [
            (
                self._frame.voice.url(results_path(page.wanted, number)),
                self._page_label(number),
                number == page.number,
            )
            for number in range(1, page.pages + 1)
        ]
        return self._frame.component("results", "pagination", links).encode()

    # What an empty page offers instead

    def _alternatives(self, wanted: Combination) -> bytes:
        rows = {
            "neighbours": b"".join(self._neighbour_rows(wanted)),
            "other_types": b"".join(self._other_type_rows(wanted)),
            "whole_region": self._region_row(wanted),
        }
        lists = b"".join(self._row_list(heading).fill({"rows": found}) for heading, found in rows.items() if found)
        return self._alternatives_skeleton.fill({"lists": lists}) if lists else b""

    @cached_property
    def _alternatives_skeleton(self) -> Skeleton:
        return Skeleton(self._frame.component("results", "alternatives", hole("lists")))

    @cache  # noqa: B019
    def _row_list(self, heading: str) -> Skeleton:
        return Skeleton(self._frame.component("results", "row_list", self._frame.text("results", heading), hole("rows")))

    def _neighbour_rows(self, wanted: Combination) -> Iterator[bytes]:
        for municipality, kilometres in self._frame.combinations.neighbours_with_something(wanted):
            there = Combination(wanted.need, wanted.type, municipality)
            yield self.row(there, self._municipality(municipality), self._distance(kilometres))

    @cache  # noqa: B019
    def _distance(self, kilometres: int) -> bytes:
        told = self._frame.text("results", "kilometres").format(km=kilometres)
        return self._frame.component("link_row", "row_note", told).encode()

    def _other_type_rows(self, wanted: Combination) -> Iterator[bytes]:
        for kind in self._frame.combinations.other_types(wanted):
            yield self.row(Combination(wanted.need, kind, wanted.municipality), self._type(kind))

    def _region_row(self, wanted: Combination) -> bytes:
        everywhere = Combination(wanted.need, wanted.type, WHOLE_REGION)
        if wanted.municipality == WHOLE_REGION or not self._frame.combinations.count(everywhere):
            everywhere = Combination(wanted.need, ALL_TYPES, WHOLE_REGION)
        if everywhere == wanted or not self._frame.combinations.count(everywhere):
            return b""
        return self.row(everywhere, self._type_and_place(everywhere.type, WHOLE_REGION))

    @lru_cache(CLOSE_TOGETHER)  # noqa: B019
    def row(self, target: Combination, label: bytes, note: bytes = b"") -> bytes:
        """A link to a combination, with how many associations are behind it."""
        count = self._frame.counted_html(self._frame.combinations.count(target))
        href = self._frame.voice.url(results_path(target)).encode()
        return self._rows.fill({"href": href, "label": label, "count": count, "note": note})


def way_out(frame: Frame, need: str) -> Markup:
    """The button that leaves the page at once, where a need wants it."""
    wanted = frame.terms.needs[need].quick_exit
    return frame.component("exit", "exit", frame.content.site.quick_exit) if wanted else Markup("")


def helplines(frame: Frame, need: str) -> Markup:
    """The national numbers that come before any association on pages about crisis and violence."""
    wanted = frame.terms.needs[need].helplines
    lines = [line for line in frame.content.taxonomy.helplines if line.id in wanted]
    return frame.component("helplines", "helplines", lines) if lines else Markup("")
