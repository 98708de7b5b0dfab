"""HSDS 3 (Open Referral) to drafts. Our own export comes back whole; another's as well as it maps, and what is left out is told.

Docs: https://docs.openreferral.org/. What our export puts into attributes is read back from there (exports/hsds.py).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.checked import Content
from generator.exports.hsds import FIELD, IDENTIFIERS, VIRTUAL
from generator.exports.leftovers import put_together
from generator.fields import RESERVED_SLUGS, slugify
from generator.importing.drafts import Draft, Notes, Reading, put_over, unused, with_short_texts
from generator.importing.hsds_document import HsdsDocument, read_document
from generator.importing.json_file import Item, mappings
from generator.importing.terms import WHOLE_COUNTRY, KnownWords, folded
from generator.models import WHOLE_REGION

PAUSED, GONE = "temporarily closed", ("defunct", "inactive")
_PITCH, _SUMMARY = 150, 300


def read_hsds(path: Path, content: Content) -> Reading:
    """Raises Unreadable."""
    return HsdsReader(read_document(path), content, Notes(path.name)).read()


class HsdsReader:
    def __init__(self, document: HsdsDocument, content: Content, notes: Notes) -> None:
        self._document, self._notes = document, notes
        self._activities = ActivityReader(document, KnownWords(content.taxonomy, content.site), notes)
        self._slugs: dict[str, str] = {}
        self._known = {folded(one.name): slug for slug, one in content.organisations.items()}

    def read(self) -> Reading:
        for key, item in self._document.organizations.items():
            self._slugs[key] = self._slug(item)
        drafts = tuple(draft for key, item in self._document.organizations.items() if (draft := self._draft(key, item)))
        for key, services in self._document.services.items():
            if key not in self._document.organizations:
                self._notes.left_out(
                    f"services.{services[0].get('id')}", f'Järjestöä "{key}" ei ole tiedostossa. Lisää se tai poista palvelu.'
                )
        return Reading(drafts, tuple(self._notes.told))

    def _slug(self, item: Item) -> str:
        """Its own of before, that of an association of the same name, or one made of the name."""
        name = _text(item, "name") or "nimeton"
        wanted = fields_of(item).get("slug") or self._known.get(folded(name)) or slugify(name)
        wanted = f"{wanted}-ry" if wanted in RESERVED_SLUGS else wanted
        return unused(wanted, self._slugs.values())

    def _draft(self, key: str, item: Item) -> Draft | None:
        place, services = f"organizations.{self._slugs[key]}", self._document.services.get(key, [])
        fields = {label: value for label, value in fields_of(item).items() if label != "slug"}
        contacts = list(self._contacts(item, place)) or list(self._contacts_of_services(services, place))
        activities = list(self._activities.read(self._slugs[key], services, contacts[:1]))
        if not activities:
            self._notes.left_out(
                place, "Yhtään palvelua ei voitu ottaa mukaan, joten järjestö jää pois. Katso palvelujen huomiot."
            )
            return None
        native = {
            **self._names(item, place, fields),
            **self._identifiers(item),
            "contacts": contacts,
            "activities": activities,
        }
        if services and all(service.get("status") == PAUSED for service in services):
            native["status"] = "paused"
        written = put_over(without_empty(native), put_together(fields.items()))
        return Draft(self._slugs[key], with_short_texts(written))

    def _names(self, item: Item, place: str, fields: Mapping[str, str]) -> dict[str, Any]:
        name, description = _text(item, "name") or "", _text(item, "description")
        if "pitch.fi" not in fields:
            self._notes.left_out(place, "Esittelylause tehtiin kuvauksen alusta. Tarkista se.")
        website = _text(item, "website")
        if website and not website.startswith("https://"):
            self._notes.left_out(place, f'Verkkosivun osoite "{website}" ei ala https://, joten se jäi pois.')
            website = None
        parent = self._slugs.get(str(item.get("parent_organization_id")))
        pitch = {} if "pitch.fi" in fields else {"pitch": {"fi": shortened(description or name, _PITCH)}}
        return {"name": name, **pitch, "description": {"fi": description or name}, "website": website, "part_of": parent}

    def _identifiers(self, item: Item) -> dict[str, Any]:
        told = {
            str(one.get("identifier_type")): _text(one, "identifier") for one in mappings(item.get("organization_identifiers"))
        }
        found = {key: told.get(name) for key, name in IDENTIFIERS.items()}
        tax_id = _text(item, "tax_id")
        if not found["business_id"] and tax_id and re.fullmatch(r"[0-9]{7}-[0-9]", tax_id):
            found["business_id"] = tax_id
        return found

    def _contacts(self, item: Item, place: str) -> Iterator[dict[str, Any]]:
        """The contacts themselves, or the association's own number and address."""
        for one in mappings(item.get("contacts")):
            contact = contact_of(one, self._notes, place)
            if contact:
                yield contact
        if not mappings(item.get("contacts")):
            contact = contact_of({**item, "name": None, "title": None}, self._notes, place)
            if contact:
                yield contact

    def _contacts_of_services(self, services: list[Item], place: str) -> Iterator[dict[str, Any]]:
        for service in services:
            for contact in self._contacts(service, place):
                yield contact
                return


class ActivityReader:
    """The services of an association as its activities."""

    def __init__(self, document: HsdsDocument, words: KnownWords, notes: Notes) -> None:
        self._document, self._words, self._notes = document, words, notes

    def read(self, slug: str, services: list[Item], contacts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        taken: set[str] = set()
        for at, service in enumerate(services):
            place = f"{slug}.services.{at}"
            if service.get("status") in GONE:
                self._notes.left_out(place, f'Palvelu "{service.get("name")}" on päättynyt, joten se jäi pois.')
                continue
            activity = self._activity(service, place, contacts, taken)
            if activity:
                taken.add(str(activity["id"]))
                yield activity

    def _activity(self, service: Item, place: str, contacts: list[dict[str, Any]], taken: set[str]) -> dict[str, Any] | None:
        fields, name = fields_of(service), _text(service, "name") or ""
        terms = {kind: self._terms(service, kind, place) for kind in self._words.kinds}
        if not terms["need"] or not terms["activity_type"]:
            missing = "tarvetta" if not terms["need"] else "toimintaa"
            self._notes.left_out(
                place, f'Palvelulle "{name}" ei löytynyt {missing} luettelosta taxonomy.yaml. Lisää luokitus tiedostoon.'
            )
            return None
        own = unused(fields.get("id") or id_of(name), taken)
        contact = next(
            (found for one in mappings(service.get("contacts")) if (found := contact_of(one, self._notes, place))), None
        )
        native = {
            "id": own,
            "type": terms["activity_type"][0],
            "name": {"fi": shortened(name, 80)},
            "summary": {"fi": shortened(_text(service, "description") or name, _SUMMARY)},
            "needs": terms["need"],
            "target_groups": terms["target_group"],
            **self._where(service, place),
            **self._when(service),
            **self._price(service),
            "languages": self._languages(service, place),
            "for_whom": _finnish(service, "eligibility_description", _SUMMARY),
            "contact": contact if contact not in contacts else None,
        }
        written = put_over(without_empty(native), put_together((key, value) for key, value in fields.items() if key != "id"))
        assert isinstance(written, dict)
        return written

    def _terms(self, service: Item, kind: str, place: str) -> list[str]:
        """Ours by their codes; others' by name or synonym, in whatever taxonomy they stand."""
        found: list[str] = []
        for attribute in mappings(service.get("attributes")):
            is_ours = attribute.get("link_type") in self._words.kinds
            if attribute.get("link_type") == FIELD or (is_ours and attribute.get("link_type") != kind):
                continue
            term = attribute.get("taxonomy_term") or self._document.terms.get(str(attribute.get("taxonomy_term_id"))) or attribute
            known = self._words.kinds[kind].find(term.get("code"), term.get("name"), attribute.get("value"))
            if known:
                found.append(known)
            elif is_ours:
                self._notes.left_out(
                    place, f'Luokitusta "{term.get("code")}" ei ole luettelossa taxonomy.yaml, joten se jäi pois.'
                )
        return list(dict.fromkeys(found))

    def _where(self, service: Item, place: str) -> dict[str, Any]:
        locations = [
            one["location"] for one in mappings(service.get("service_at_locations")) if isinstance(one.get("location"), dict)
        ]
        accessible = [one for location in locations for one in mappings(location.get("accessibility"))]
        named = [said for location in locations if (said := _address(location))]
        return {
            "municipalities": self._municipalities(service, locations, place),
            "remote": "true" if any(one.get("location_type") == VIRTUAL for one in locations) else None,
            "where": {"fi": shortened(named[0], 160)} if named else None,
            "accessibility": _finnish(accessible[0], "description", _SUMMARY) if accessible else None,
        }

    def _municipalities(self, service: Item, locations: list[Item], place: str) -> list[str] | str | None:
        """From the service areas; where there are none, the towns of the addresses."""
        areas = [name for one in mappings(service.get("service_areas")) if (name := _text(one, "name"))]
        towns = [name for one in locations for address in mappings(one.get("addresses")) if (name := _text(address, "city"))]
        found = []
        for name in areas or towns:
            if folded(name) in self._words.region:
                return WHOLE_REGION
            known = self._words.municipality(name)
            if known:
                found.append(known)
            elif folded(name) not in WHOLE_COUNTRY:
                self._notes.left_out(place, f'Aluetta "{name}" ei ole luettelossa taxonomy.yaml, joten se jäi pois.')
        return list(dict.fromkeys(found))

    def _when(self, service: Item) -> dict[str, Any]:
        schedule = next(iter(mappings(service.get("schedules"))), {})
        days = {"from": _text(schedule, "valid_from"), "to": _text(schedule, "valid_to")}
        return {"when": _finnish(schedule, "description", 160), "season": without_empty(days) if all(days.values()) else None}

    def _price(self, service: Item) -> dict[str, Any]:
        costs = [one.get("amount") for one in mappings(service.get("cost_options"))]
        is_paid = any(isinstance(amount, int | float) and amount > 0 for amount in costs)
        return {"price": "paid" if is_paid else None, "price_note": _finnish(service, "fees_description", 160)}

    def _languages(self, service: Item, place: str) -> list[str]:
        found = []
        for one in mappings(service.get("languages")):
            known = self._words.languages.find(one.get("code"), one.get("name"))
            if known:
                found.append(known)
            else:
                self._notes.left_out(
                    place, f'Kieltä "{one.get("name") or one.get("code")}" ei ole luettelossa taxonomy.yaml, joten se jäi pois.'
                )
        return found


def fields_of(item: Item) -> dict[str, str]:
    """What our export had no field for: places in our file and their values."""
    own = (one for one in mappings(item.get("attributes")) if one.get("link_type") == FIELD)
    return {str(one.get("label")): str(one.get("value")) for one in own}


def contact_of(item: Item, notes: Notes, place: str) -> dict[str, Any] | None:
    """A contact that can be reached. A name is published only with leave, which another's file cannot give."""
    fields = fields_of(item)
    name = _text(item, "name")
    if name and fields.get("name_public") != "true":
        notes.left_out(place, f'Henkilön nimi "{name}" jäi pois. Lisää se ja name_public: true, jos hän on antanut luvan.')
        name = None
    phone = next((number for one in mappings(item.get("phones")) if (number := _text(one, "number"))), None)
    email = _text(item, "email")
    if not phone and not email:
        return None
    native = {"role": {"fi": _text(item, "title") or "Toimisto"}, "name": name, "phone": phone, "email": email}
    written = put_over(without_empty(native), put_together(fields.items()))
    assert isinstance(written, dict)
    return with_short_texts(written)  # type: ignore[no-any-return]


def shortened(text: str, limit: int) -> str:
    """The first sentences that fit, or the first words."""
    if len(text) <= limit:
        return text
    sentences = re.match(rf"(?s).{{1,{limit}}}(?<=[.!?])(?=\s)", text)
    return sentences[0] if sentences else text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _address(location: Item) -> str | None:
    """The place's name, or its street address and town."""
    address = next(iter(mappings(location.get("addresses"))), {})
    parts = [part for key in ("address_1", "city") if (part := _text(address, key))]
    return _text(location, "name") or (", ".join(parts) or None)


def _finnish(item: Item, key: str, limit: int) -> dict[str, str] | None:
    text = _text(item, key)
    return {"fi": shortened(text, limit)} if text else None


def _text(item: Item, key: str) -> str | None:
    """A text of another's file; numbers as they are written, and nothing as None."""
    value = item.get(key)
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def id_of(name: str) -> str:
    wanted = slugify(name)
    return f"{wanted}-toiminta" if wanted in RESERVED_SLUGS else wanted


def without_empty(written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if value not in (None, "", [], {})}
