"""What the catalogue says in a language, as plain values that the page (Jinja2) and the booklet (typst) both set as text."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from generator.catalogue.entries import Entries, Said
from generator.combinations import ALL_TYPES, Combination, Offer, Place, finnish_order
from generator.models import WHOLE_REGION, Language
from generator.pages import HOME
from generator.posters.region import Region

Facts = dict[str, Any]
Links = list[dict[str, str]]


def catalogue_facts(region: Region, language: Language) -> Facts:
    return _Catalogue(region, language).facts()


class _Catalogue:
    def __init__(self, region: Region, language: Language) -> None:
        self._region, self._voice = region, region.voices[language]
        self._site, self._words = region.content.site, self._voice.texts["catalogue"]
        known = region.content.known.items()
        slugs = sorted((slug for slug, one in known if one.status != "closed"), key=self._name)
        self._numbers = {slug: number for number, slug in enumerate(slugs, 1)}
        self._entries = Entries(region, self._voice, self._numbers)

    def _name(self, slug: str) -> str:
        return finnish_order(self._region.content.known[slug].name)

    def facts(self) -> Facts:
        site, voice, words = self._site, self._voice, self._words
        address = self._region.address(voice, HOME)
        return {
            "language": voice.language,
            "title": words["title"].format(region=voice.plain(site.region)),
            "site": self._entries.said(site.name),
            "publisher": self._entries.said(site.publisher),
            "as_of": words["as_of"].format(day=voice.day(self._region.today)),
            "notices": list(self._notices()),
            "address": address,
            "guidance": {
                "name": self._entries.said(site.guidance.name),
                "hours": self._entries.said(site.guidance.hours),
                **self._entries.telephone(site.guidance.phone),
            },
            "helplines": [self._entries.helpline(one) for one in self._region.content.taxonomy.helplines],
            "groups": list(self._groups()),
            "municipalities": list(self._municipalities()),
            "associations": [self._entries.association(slug) for slug in self._numbers],
            "words": {
                **{name: words[name] for name in WORDS},
                "contact": voice.texts["card"]["contact"],
                "emergency": voice.texts["emergency"],
                "helplines": voice.texts["helplines"]["heading"],
                "associations": voice.texts["organisations"]["title"],
            },
        }

    def _notices(self) -> Iterator[str]:
        if self._site.unfinished:
            yield self._voice.texts["unfinished"]
        if self._site.sample:
            yield self._voice.texts["sample"].format(day=self._voice.day(self._site.sample.today))

    # The two indexes: of what the three-click pages would list today

    def _groups(self) -> Iterator[Facts]:
        taxonomy = self._region.content.taxonomy
        for group in taxonomy.need_groups:
            needs = [
                {"name": self._entries.said(need.label), "links": self._for_need(need.id)}
                for need in taxonomy.needs
                if need.group == group.id
            ]
            yield {"name": self._entries.said(group.label), "parts": needs}

    def _for_need(self, need: str) -> Links:
        found = self._region.plan.combinations.results(Combination(need, ALL_TYPES, WHOLE_REGION))
        return self._links(listing.slug for listing in (*found.listings, *found.remote))

    def _municipalities(self) -> Iterator[Facts]:
        yield self._place(self._entries.word(self._words["everywhere"]), lambda offer: offer.place != Place.OWN)
        yield self._place(self._entries.word(self._words["remote"]), lambda offer: offer.activity.remote)
        for one in self._region.content.taxonomy.municipalities:
            yield self._place(self._entries.said(one.label), partial(_is_own, one.id))

    def _place(self, name: Said, is_there: Callable[[Offer], bool]) -> Facts:
        offers = self._region.plan.combinations.offers
        return {"name": name, "links": self._links(offer.slug for offer in offers if is_there(offer))}

    def _links(self, slugs: Iterable[str]) -> Links:
        """Each association once, in the order of the catalogue."""
        numbers = sorted({self._numbers[slug]: slug for slug in slugs}.items())
        return [{"slug": slug, "number": str(number), "name": self._region.content.known[slug].name} for number, slug in numbers]


def _is_own(municipality: str, offer: Offer) -> bool:
    return offer.place == Place.OWN and municipality in offer.activity.municipalities


WORDS = (
    "contents",
    "by_need",
    "by_municipality",
    "lead_page",
    "lead_paper",
    "help",
    "newest",
    "none",
    "to_top",
    "made",
)
