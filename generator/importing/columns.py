"""The columns of the table: what each is called, where its value goes, how it is read and written."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from generator.importing.faults import Unreadable
from generator.importing.sheet import Cell
from generator.models import WHOLE_REGION, Taxonomy, Term
from generator.problems import suggestion

Part = Literal["organisation", "activity", "private"]
Value = str | list[str]

BETWEEN = "; "  # between the values of one cell
GONE = "-"  # takes a value away; an empty cell leaves it as it is
IN_OTHER_LANGUAGES = {"sv": "ruotsiksi", "en": "englanniksi"}
WHOLE_REGION_SAID = "koko alue"

CHOICES: Mapping[str, Mapping[str, str]] = {
    "scope": {"alueellinen": "regional", "valtakunnallinen": "national"},
    "remote": {"kyllä": "true", "ei": "false"},
    "interpreter": {"kyllä": "yes", "ei": "no", "kysy": "ask"},
    "price": {"maksuton": "free", "maksullinen": "paid"},
    "capacity": {"paikkoja on": "open", "jono": "waitlist", "täynnä": "full", "kysy": "ask"},
}
# What people write besides, and what it means there.
SYNONYMS: Mapping[str, Mapping[str, str]] = {"price": {"ilmainen": "free"}, "interpreter": {"kysyttävä": "ask"}}


class Vocabulary:
    """The region's terms by what people write: ids, and labels in Finnish."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy

    def ids(self, terms: str) -> Mapping[str, str]:
        """What may be written, in small letters → the id of a term."""
        return self._ids[terms]

    def labels(self, terms: str) -> Mapping[str, str]:
        """The id of each term → how it is written in a table, in the order of the site."""
        more = {WHOLE_REGION: WHOLE_REGION_SAID} if terms == "municipalities" else {}
        return more | {term.id: term.label.fi for term in self._terms(terms)}

    @cached_property
    def _ids(self) -> Mapping[str, Mapping[str, str]]:
        kinds = ("activity_types", "needs", "target_groups", "municipalities", "languages")
        return {kind: self._words(self.labels(kind)) for kind in kinds}

    @staticmethod
    def _words(labels: Mapping[str, str]) -> Mapping[str, str]:
        return {label.lower(): id_ for id_, label in labels.items()} | {id_: id_ for id_ in labels}

    def _terms(self, terms: str) -> Sequence[Term]:
        found: Sequence[Term] = getattr(self._taxonomy, terms)
        return found


Read = Callable[[Cell, Vocabulary], Value]
Say = Callable[[Any, Vocabulary], str]


@dataclass(frozen=True)
class Column:
    """`place` is where the value stands in the association, the activity or the private addresses; `allowed` names a list that
    the template offers."""

    name: str
    part: Part
    place: tuple[str | int, ...]
    read: Read
    say: Say
    advice: str
    allowed: str = ""
    is_required: bool = False

    def is_about(self, location: Sequence[str]) -> bool:
        """Whether a fault at this place of the part belongs to the column."""
        return all(str(one) == other for one, other in zip(self.place, location, strict=False))


# How cells are read and written


def _text(cell: Cell, _: Vocabulary) -> str:
    return cell.text


def _line(cell: Cell, _: Vocabulary) -> str:
    return " ".join(cell.text.split())


def _phone(cell: Cell, words: Vocabulary) -> str:
    written = _line(cell, words)
    if cell.is_number or not re.match(r"\+|0|1[0-9]{2}\b", written):
        raise Unreadable(
            f'Numeron "{written}" alusta puuttuu nolla tai +358. '
            "Muotoile sarake tekstiksi (Muotoile solut → Teksti) ja kirjoita numero uudelleen."
        )
    return written


def _day(cell: Cell, words: Vocabulary) -> str:
    """1.9.2026 as people write it, or 2026-09-01."""
    written = _line(cell, words)
    if found := re.fullmatch(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})", written):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise Unreadable(f'Päivä "{written}" ei kelpaa. Kirjoita se muodossa 1.9.2026.')
    return written


def _choice(key: str) -> tuple[Read, Say]:
    words = {**CHOICES[key], **SYNONYMS.get(key, {})}
    said = {value: word for word, value in CHOICES[key].items()}

    def read(cell: Cell, _: Vocabulary) -> str:
        found = words.get(cell.text.lower())
        if found is None:
            raise Unreadable(f'Arvoa "{cell.text}" ei tunneta. {suggestion(cell.text.lower(), CHOICES[key])}')
        return found

    return read, lambda value, _: said.get(str(value), str(value))


def _term(terms: str) -> tuple[Read, Say]:
    def read(cell: Cell, words: Vocabulary) -> str:
        return _known(cell.text, terms, words)

    return read, lambda value, words: words.labels(terms).get(str(value), str(value))


def _terms(terms: str) -> tuple[Read, Say]:
    def read(cell: Cell, words: Vocabulary) -> Value:
        found = [id_ for item in re.split(r"[;\n]", cell.text) if item.strip() for id_ in _each(item, terms, words)]
        return WHOLE_REGION if found == [WHOLE_REGION] else found

    def say(value: Any, words: Vocabulary) -> str:
        labels = words.labels(terms)
        return BETWEEN.join(labels.get(one, one) for one in ([value] if isinstance(value, str) else value))

    return read, say


def _each(item: str, terms: str, words: Vocabulary) -> list[str]:
    """One term, or several that were put between commas: a label may have a comma of its own."""
    if item.strip().lower() in words.ids(terms):
        return [words.ids(terms)[item.strip().lower()]]
    return [_known(one, terms, words) for one in item.split(",") if one.strip()]


def _known(written: str, terms: str, words: Vocabulary) -> str:
    ids = words.ids(terms)
    wanted = written.strip().lower()
    if wanted not in ids:
        raise Unreadable(f'Arvoa "{written.strip()}" ei ole luettelossa taxonomy.yaml. {suggestion(wanted, ids)}')
    return ids[wanted]


def _several(cell: Cell, _: Vocabulary) -> list[str]:
    return [one.strip() for one in re.split(r"[;,\n]", cell.text) if one.strip()]


def _as_is(value: Any, _: Vocabulary) -> str:
    return BETWEEN.join(value) if isinstance(value, list) else str(value).strip()


# The columns


def _in_languages(
    name: str, part: Part, place: tuple[str | int, ...], advice: str, *, is_required: bool = False
) -> Iterable[Column]:
    """A translatable text: Finnish, and a column for each other language."""
    read = _text if place == ("description",) else _line
    yield Column(name, part, (*place, "fi"), read, _as_is, advice, is_required=is_required)
    for language, said in IN_OTHER_LANGUAGES.items():
        yield Column(f"{name} ({said})", part, (*place, language), read, _as_is, f"Sama {said}. Jos tyhjä, näytetään suomi.")


def _organisation_columns() -> Iterable[Column]:
    yield Column("Tunnus", "organisation", ("slug",), _line, _as_is, "Osoitteen loppu. Jos tyhjä, se tehdään nimestä.")
    yield Column("Järjestö", "organisation", ("name",), _line, _as_is, "Nimi, kuten rekisterissä.", is_required=True)
    yield Column("Y-tunnus", "organisation", ("business_id",), _line, _as_is, "Muodossa 1234567-8.")
    yield Column("Rekisterinumero", "organisation", ("register_number",), _line, _as_is, "Yhdistysrekisterin numero.")
    yield Column("Keskusjärjestö", "organisation", ("part_of",), _line, _as_is, "Emojärjestön tunnus, jos sekin on sivustolla.")
    yield Column("Laajuus", "organisation", ("scope",), *_choice("scope"), "Jos tyhjä: alueellinen.", "scope")
    yield from _in_languages(
        "Lause asiakkaalle", "organisation", ("pitch",), "Mitä, kenelle, miten. Enintään 150 merkkiä.", is_required=True
    )
    yield from _in_languages("Kuvaus", "organisation", ("description",), "Muutama lause järjestöstä.", is_required=True)
    yield Column("Verkkosivu", "organisation", ("website",), _line, _as_is, "Koko osoite, alussa https://.")
    yield from _in_languages("Yhteystiedon rooli", "organisation", ("contacts", 0, "role"), "Esim. toimisto.", is_required=True)
    yield Column(
        "Puhelin", "organisation", ("contacts", 0, "phone"), _phone, _as_is, "Julkinen numero. Puhelin tai sähköposti tarvitaan."
    )
    yield Column(
        "Sähköposti", "organisation", ("contacts", 0, "email"), _line, _as_is, "Julkinen osoite, esim. toimisto@yhdistys.fi."
    )
    yield Column(
        *("Päivitysosoite (ei julkaista)", "private", ("data_maintainers",), _several, _as_is),
        "Minne tietojen tarkistuspyyntö lähetetään. Vain uudelle järjestölle: vanhaa osoitetta taulukko ei vaihda.",
    )


def _activity_columns() -> Iterable[Column]:
    yield Column("Toiminnan tunnus", "activity", ("id",), _line, _as_is, "Jos tyhjä, se tehdään toiminnan nimestä.")
    yield from _in_languages("Toiminta", "activity", ("name",), "Toiminnan nimi.", is_required=True)
    yield Column(
        *("Toiminnan tyyppi", "activity", ("type",), *_term("activity_types"), "Yksi tyyppi luettelosta.", "activity_types", True)
    )
    yield from _in_languages(
        "Toiminnan kuvaus", "activity", ("summary",), "Mitä siellä tapahtuu. Enintään 300 merkkiä.", is_required=True
    )
    yield Column(
        "Tarpeet", "activity", ("needs",), *_terms("needs"), "Mihin tarpeisiin vastaa. Väliin puolipiste.", "needs", True
    )
    yield Column("Kohderyhmät", "activity", ("target_groups",), *_terms("target_groups"), "Väliin puolipiste.", "target_groups")
    yield Column(
        *("Kunnat", "activity", ("municipalities",), *_terms("municipalities")),
        *("Väliin puolipiste, tai: koko alue. Tyhjä, jos toiminta on vain etänä.", "municipalities"),
    )
    yield Column("Etänä", "activity", ("remote",), *_choice("remote"), "Puhelimessa tai verkossa. Jos tyhjä: ei.", "remote")
    yield Column("Kielet", "activity", ("languages",), *_terms("languages"), "Väliin puolipiste. Jos tyhjä: suomi.", "languages")
    yield Column("Tulkki", "activity", ("interpreter",), *_choice("interpreter"), "Voiko tulkin saada mukaan.", "interpreter")
    yield from _in_languages("Milloin", "activity", ("when",), "Esim. tiistaisin klo 13–15.")
    yield from _in_languages("Missä", "activity", ("where",), "Paikka ja katuosoite.")
    yield from _season_and_price_columns()


def _season_and_price_columns() -> Iterable[Column]:
    yield Column("Kausi alkaa", "activity", ("season", "from"), _day, _as_is, "Päivä muodossa 1.9.2026. Myös loppu tarvitaan.")
    yield Column("Kausi päättyy", "activity", ("season", "to"), _day, _as_is, "Päivä.")
    yield Column("Ilmoittaudu viimeistään", "activity", ("season", "enrol_by"), _day, _as_is, "Päivä.")
    yield Column("Hinta", "activity", ("price",), *_choice("price"), "Jos tyhjä: maksuton.", "price")
    yield from _in_languages("Hinnan lisätieto", "activity", ("price_note",), "Esim. kahvimaksu 2 €.")
    yield from _in_languages("Esteettömyys", "activity", ("accessibility",), "Esim. hissi ja esteetön wc.")
    yield from _in_languages("Kenelle", "activity", ("for_whom",), "Kenelle sopii, ja mitä se ei ole.")
    yield Column("Paikkatilanne", "activity", ("capacity", "status"), *_choice("capacity"), "Jos tyhjä: kysy.", "capacity")
    yield Column(
        *("Paikkatilanne voimassa", "activity", ("capacity", "until"), _day, _as_is),
        "Päivä, jonka jälkeen tilanne on taas: kysy. Tarvitaan, kun tilanne on jono tai täynnä.",
    )


COLUMNS: tuple[Column, ...] = (*_organisation_columns(), *_activity_columns())
