"""The Finnish Service Catalogue (Palvelutietovaranto, open API version 11) to drafts. Only associations: what the state and
municipalities offer is left out. The mapping is told in docs/tuonti-ptv.md."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.checked import Content
from generator.fields import RESERVED_SLUGS, slugify
from generator.importing.drafts import Draft, Notes, Reading, unused, with_short_texts
from generator.importing.hsds import id_of, without_empty
from generator.importing.json_file import Item, mappings
from generator.importing.ptv_document import PtvDocument, read_ptv_document
from generator.importing.ptv_words import PtvWords, texts
from generator.importing.terms import KnownWords, folded
from generator.models import WHOLE_REGION

ASSOCIATION, PUBLISHED, SERVICE = "Organization", "Published", "Service"
NATIONWIDE = ("Nationwide", "NationwideExceptAlandIslands")
PLACE, AT_A_DISTANCE = "ServiceLocation", ("Phone", "EChannel", "WebPage")
_PITCH, _SUMMARY, _SHORT, _LABEL = 150, 300, 160, 80
_MISSING = (
    'Palvelulle "{name}" ei löytynyt {what} luettelosta taxonomy.yaml, joten se jäi pois. '
    "Lisää jokin sen asiasanoista synonyymiksi (synonyms), tai kirjoita toiminta itse."
)


def read_ptv(path: Path, content: Content) -> Reading:
    """Raises Unreadable."""
    return PtvReader(read_ptv_document(path), content, Notes(path.name)).read()


class PtvReader:
    def __init__(self, document: PtvDocument, content: Content, notes: Notes) -> None:
        self._document, self._notes = document, notes
        self._activities = ServiceReader(document, KnownWords(content.taxonomy, content.site), notes)
        self._by_name = {folded(one.name): slug for slug, one in content.organisations.items()}
        self._by_business_id = {one.business_id: slug for slug, one in content.organisations.items() if one.business_id}
        self._slugs: dict[str, str] = {}

    def read(self) -> Reading:
        wanted = {key: item for key, item in self._document.organizations.items() if self._is_wanted(item)}
        for key, item in wanted.items():
            self._slugs[key] = self._slug(item)
        drafts = tuple(draft for key, item in wanted.items() if (draft := self._draft(key, item)))
        for key in self._document.services.keys() - self._document.organizations.keys():
            for service in self._document.services[key]:
                self._notes.left_out(
                    f"services.{service.get('id')}",
                    f'Palvelun järjestöä "{key}" ei ole tiedostossa. Hae sekin samaan tiedostoon.',
                )
        return Reading(drafts, tuple(self._notes.told))

    def _is_wanted(self, item: Item) -> bool:
        name, kind = _name(item), item.get("organizationType", ASSOCIATION)
        if kind != ASSOCIATION:
            self._notes.left_out(f"organizations.{name}", f'Organisaatio "{name}" ei ole järjestö ({kind}), joten se jäi pois.')
        elif not _is_published(item):
            self._notes.left_out(f"organizations.{name}", f'Järjestöä "{name}" ei ole julkaistu PTV:ssä, joten se jäi pois.')
        return kind == ASSOCIATION and _is_published(item)

    def _slug(self, item: Item) -> str:
        """That of an association with the same business id or name, or one made of the name."""
        name = _name(item)
        wanted = (
            self._by_business_id.get(_plain(item.get("businessCode")) or "") or self._by_name.get(folded(name)) or slugify(name)
        )
        wanted = f"{wanted}-ry" if wanted in RESERVED_SLUGS else wanted
        return unused(wanted, self._slugs.values())

    def _draft(self, key: str, item: Item) -> Draft | None:
        slug, services = self._slugs[key], self._document.services.get(key, [])
        place = f"organizations.{slug}"
        activities = list(self._activities.read(slug, services))
        if not activities:
            self._notes.left_out(place, "Yhtään palvelua ei voitu ottaa mukaan, joten järjestö jää pois.")
            return None
        contacts = [self._contact(item)] if self._contact(item) else self._activities.contacts(services)[:1]
        native = {
            "name": _name(item),
            "business_id": _plain(item.get("businessCode")),
            "part_of": self._slugs.get(str(item.get("parentOrganizationId"))),
            "scope": "national" if item.get("areaType") in NATIONWIDE else None,
            **self._descriptions(item, place),
            "website": self._website(item, place),
            "contacts": contacts,
            "activities": activities,
        }
        return Draft(slug, with_short_texts(without_empty(native)))

    def _descriptions(self, item: Item, place: str) -> dict[str, Any]:
        """PTV's summary has the length of our pitch."""
        told = item.get("organizationDescriptions")
        description = texts(told, "Description") or {"fi": _name(item)}
        pitch = texts(told, "Summary", _PITCH)
        if not any(one.get("language") == "fi" for one in mappings(told)):
            self._notes.left_out(place, "Suomenkielinen kuvaus puuttuu, joten sen paikalla on toisenkielinen. Suomenna se.")
        if not pitch:
            self._notes.left_out(place, "Esittelylause tehtiin kuvauksen alusta. Tarkista se.")
            pitch = texts(told, "Description", _PITCH) or {"fi": _name(item)}
        return {"pitch": pitch, "description": description}

    def _website(self, item: Item, place: str) -> str | None:
        address = next((url for one in mappings(item.get("webPages")) if (url := _plain(one.get("url")))), None)
        if address and not address.startswith("https://"):
            self._notes.left_out(place, f'Verkkosivun osoite "{address}" ei ala https://, joten se jäi pois.')
            return None
        return address

    def _contact(self, item: Item) -> dict[str, Any]:
        return contact(item.get("phoneNumbers"), item.get("emails"))


class ServiceReader:
    """The services of an association as its activities."""

    def __init__(self, document: PtvDocument, words: KnownWords, notes: Notes) -> None:
        self._document, self._words, self._notes = document, words, notes
        self._terms = PtvWords(words, notes)

    def read(self, slug: str, services: list[Item]) -> Iterator[dict[str, Any]]:
        taken: set[str] = set()
        for at, service in enumerate(services):
            activity = self._activity(service, f"{slug}.services.{at}", taken) if _is_published(service) else None
            if activity:
                taken.add(str(activity["id"]))
                yield activity

    def contacts(self, services: list[Item]) -> list[dict[str, Any]]:
        """How the services are reached, by their channels."""
        channels = (channel for service in services for channel in self._channels(service))
        found = (contact(one.get("phoneNumbers") or one.get("supportPhones"), one.get("supportEmails")) for one in channels)
        return [one for one in found if one]

    def _channels(self, service: Item) -> list[Item]:
        linked = (one.get("serviceChannel") for one in mappings(service.get("serviceChannels")))
        ids = (str(one.get("id")) for one in linked if isinstance(one, dict))
        return [self._document.channels[key] for key in ids if key in self._document.channels]

    def _activity(self, service: Item, place: str, taken: set[str]) -> dict[str, Any] | None:
        names, told = texts(service.get("serviceNames"), "Name", _LABEL), service.get("serviceDescriptions")
        name = names.get("fi", "")
        if service.get("type", SERVICE) != SERVICE:
            self._notes.left_out(place, f'"{name}" on lupa tai tutkinto eikä palvelu, joten se jäi pois.')
            return None
        terms = self._terms.terms(service, place)
        if not terms["need"] or not terms["activity_type"]:
            what = "toimintaa" if terms["need"] else "tarvetta"
            self._notes.left_out(place, _MISSING.format(name=name, what=what))
            return None
        native = {
            "id": unused(id_of(name), taken),
            "type": terms["activity_type"][0],
            "name": names,
            "summary": texts(told, "Summary", _SUMMARY) or texts(told, "Description", _SUMMARY) or names,
            "needs": terms["need"][:12],
            "target_groups": terms["target_group"],
            **self._where(service, place),
            "price": "paid" if service.get("serviceChargeType") == "Chargeable" else None,
            "price_note": texts(told, "ChargeTypeAdditionalInfo", _SHORT),
            "languages": self._languages(service, place),
            "for_whom": texts(service.get("requirements"), limit=_SUMMARY),
            "contact": next(iter(self.contacts([service])), None),
        }
        return without_empty(native)

    def _where(self, service: Item, place: str) -> dict[str, Any]:
        channels = self._channels(service)
        kinds = {one.get("serviceChannelType") for one in channels}
        places = [address for one in channels if one.get("serviceChannelType") == PLACE and (address := _address(one))]
        return {
            "municipalities": self._municipalities(service, place),
            "remote": "true" if kinds & set(AT_A_DISTANCE) and PLACE not in kinds else None,
            "where": places[0] if places else None,
        }

    def _municipalities(self, service: Item, place: str) -> list[str] | str | None:
        if service.get("areaType") in NATIONWIDE:
            return WHOLE_REGION
        found: dict[str, None] = {}
        areas = mappings(service.get("areas"))
        if any(folded(name) in self._words.region for area in areas for name in texts(area.get("name")).values()):
            return WHOLE_REGION
        for one in [
            *mappings(service.get("municipalities")),
            *(one for area in areas for one in mappings(area.get("municipalities"))),
        ]:
            known = self._words.municipality(str(one.get("code"))) or self._words.municipality(
                texts(one.get("name")).get("fi", "")
            )
            if known:
                found.setdefault(known)
        if not found:
            self._notes.left_out(place, "Palvelulla ei ole kuntaa tältä alueelta. Lisää kunnat (municipalities).")
        return list(found)

    def _languages(self, service: Item, place: str) -> list[str]:
        found = []
        for code in service.get("languages") or ():
            known = self._words.languages.find(code)
            if known:
                found.append(known)
            else:
                self._notes.left_out(place, f'Kieltä "{code}" ei ole luettelossa taxonomy.yaml, joten se jäi pois.')
        return found


def contact(phones: object, emails: object) -> dict[str, Any]:
    """Empty when there is neither. What PTV adds to a number tells who answers; persons' names are not in its model."""
    phone = next((one for one in mappings(phones) if one.get("number") and one.get("type", "Phone") == "Phone"), {})
    email = next((value for one in mappings(emails) if (value := _plain(one.get("value")))), None)
    if not phone and not email:
        return {}
    number = f"{_plain(phone.get('prefixNumber')) or ''} {_plain(phone.get('number')) or ''}".strip()
    role = _plain(phone.get("additionalInformation"))
    role = role if role and len(role) <= _LABEL else "Toimisto"
    return without_empty({"role": {"fi": role}, "phone": number, "email": email})


def _address(channel: Item) -> dict[str, str] | None:
    """The place's name, or its street address and town."""
    for one in mappings(channel.get("addresses")):
        street = one.get("streetAddress")
        if one.get("type", "Location") == "Location" and isinstance(street, dict):
            parts = [texts(street.get("street")).get("fi"), _plain(street.get("streetNumber"))]
            town = texts(street.get("postOffice")).get("fi")
            said = ", ".join(part for part in (" ".join(part for part in parts if part), town) if part)
            return {"fi": said[:_SHORT]} if said else None
    return None


def _name(item: Item) -> str:
    """Ours is one in every language: the Finnish one, or the first."""
    return texts(item.get("organizationNames"), "Name").get("fi", "nimetön")


def _is_published(item: Item) -> bool:
    return str(item.get("publishingStatus", PUBLISHED)) == PUBLISHED


def _plain(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
