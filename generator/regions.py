"""Finland's municipalities and the regions that a site can be made for: what generator/data tells of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from generator.combinations import finnish_order
from generator.fields import slugify
from generator.models import LANGUAGES
from generator.problems import suggestion
from generator.tables import read_table


@dataclass(frozen=True)
class Place:
    """A municipality. `locative` is how Finnish says "in …", None where usage varies; `centre` is latitude and longitude in
    degrees; `region` is the Finnish name of its region (maakunta); `county` is the id of a County."""

    code: str
    id: str
    name_fi: str
    name_sv: str
    county: str
    region: str
    locative: str | None
    centre: tuple[str, str]


@dataclass(frozen=True)
class County:
    """A region that a site can be made for, its names by language. `whole` is how a page calls all of it."""

    id: str
    region: Mapping[str, str]
    whole: Mapping[str, str]
    publisher: Mapping[str, str]


COUNTRY = County(
    "suomi",
    {"fi": "Suomi", "sv": "Finland", "en": "Finland"},
    {"fi": "Koko Suomi", "sv": "Hela Finland", "en": "All of Finland"},
    {"fi": "Ylläpitäjän nimi", "sv": "Utgivarens namn", "en": "Name of the publisher"},
)


@cache
def counties() -> Mapping[str, County]:
    """The 21 wellbeing services counties, Helsinki and Åland by their ids."""
    return {county.id: county for county in map(_county, read_table("counties"))}


def _county(row: Mapping[str, str]) -> County:
    return County(row["id"], _names(row, "region"), _names(row, "whole"), _names(row, "publisher"))


def _names(row: Mapping[str, str], kind: str) -> Mapping[str, str]:
    return {str(language): row[f"{kind}_{language}"] for language in LANGUAGES}


@cache
def places() -> tuple[Place, ...]:
    """Every municipality, in the Finnish alphabetical order."""
    return tuple(sorted(_places(), key=lambda place: finnish_order(place.name_fi)))


def _places() -> Iterator[Place]:
    for row in read_table("municipalities"):
        yield Place(
            row["code"],
            slugify(row["name_fi"]),
            row["name_fi"],
            row["name_sv"],
            row["county"],
            row["region"],
            row["locative"] or None,
            (row["latitude"], row["longitude"]),
        )


def places_of(county: County) -> tuple[Place, ...]:
    """The municipalities of a county, or of the whole country."""
    return tuple(place for place in places() if county is COUNTRY or place.county == county.id)


def find_county(written: str) -> County:
    """By id, or by the Finnish name as it is written ("Pohjois-Karjala"). Raises LookupError with a sentence."""
    known = counties()
    if slugify(written) not in known:
        hint = suggestion(slugify(written), known)
        raise LookupError(f'Aluetta "{written}" ei ole. {hint}')
    return known[slugify(written)]
