"""Light pages for other sites' frames: of a need, a municipality or an association. Lists are made of what is at hand of every
association, so that none has to be read for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from generator.combinations import ALL_TYPES, Combination, Offer, Place
from generator.dates import DAY, Freshness, Period, freshness_periods
from generator.models import WHOLE_REGION
from generator.pages import EmbedMunicipalityPage, EmbedNeedPage, EmbedOrganisationPage, EmbedPage, organisation_path
from generator.rendering.frame import Frame
from generator.rendering.results import helplines
from generator.rendering.views import in_place, municipality_label


@dataclass(frozen=True)
class Row:
    """One association on a list; periods are absent when they never come."""

    name: str
    href: str
    phone: str | None
    listed: Period
    old: Period | None


@dataclass(frozen=True)
class Part:
    heading: str
    rows: list[Row]


class EmbedRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def need(self, page: EmbedNeedPage) -> bytes:
        frame = self._frame
        results = frame.combinations.results(Combination(page.subject, ALL_TYPES, WHOLE_REGION))
        term = frame.terms.needs[page.subject]
        parts = [
            Part("", self._rows(one.slug for one in results.listings)),
            Part(frame.text("results", "remote"), self._rows(one.slug for one in results.remote)),
        ]
        lines = helplines(frame, page.subject)
        return self._render(page, frame.voice.heading(term.label), frame.voice.plain(term.label), parts=parts, helplines=lines)

    def municipality(self, page: EmbedMunicipalityPage) -> bytes:
        frame, here = self._frame, page.subject
        place = in_place(here, frame.terms, frame.voice)
        own = self._offering(lambda offer: offer.place == Place.OWN and here in offer.activity.municipalities)
        everywhere = self._offering(lambda offer: offer.place != Place.OWN and not offer.is_remote_only)
        parts = [
            Part("", self._rows(own)),
            Part(frame.text("catalogue", "everywhere"), self._rows(slug for slug in everywhere if slug not in own)),
        ]
        heading = frame.text("municipality", "heading").format(locative=place)
        label = municipality_label(here, frame.terms, frame.content.site, frame.voice)
        return self._render(page, heading, frame.text("municipality", "title").format(municipality=label), parts=parts)

    def organisation(self, page: EmbedOrganisationPage) -> bytes:
        frame = self._frame
        it = frame.content.organisations[page.subject]
        activities = [frame.voice.heading(one.name) for one in it.activities]
        return self._render(page, it.name, it.name, view=frame.organisation_view(page.subject), activities=activities)

    def _render(self, page: EmbedPage, heading: str, title: str, **values: Any) -> bytes:
        given: dict[str, Any] = {"parts": [], "view": None, "activities": [], "helplines": "", **values}
        return self._frame.render(
            "pages/embed.html",
            title=title,
            description=self._frame.text("embed", "description").format(title=title),
            path=page.path,
            is_indexed=False,
            real=page.real,
            heading=heading,
            **given,
        )

    def _offering(self, belongs: Callable[[Offer], bool]) -> list[str]:
        """The associations with an activity that belongs there, in the order of the lists."""
        return list(dict.fromkeys(offer.slug for offer in self._frame.combinations.offers if belongs(offer)))

    def _rows(self, slugs: Iterable[str]) -> list[Row]:
        return [self._row(slug) for slug in slugs]

    def _row(self, slug: str) -> Row:
        known = self._frame.content.known[slug]
        periods = freshness_periods(known.review, self._frame.content.site.freshness)
        gone = periods.get(Freshness.GONE)
        return Row(
            name=known.name,
            href=self._frame.voice.url(organisation_path(slug)),
            phone=known.phone,
            listed=Period(None, gone.first - DAY if gone and gone.first else None),
            old=periods[Freshness.OLD],
        )
