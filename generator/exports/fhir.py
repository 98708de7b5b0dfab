"""HL7 FHIR R4 (https://hl7.org/fhir/R4/) for record systems: a collection of Organization, HealthcareService and Location without
extensions. R4 has no field for how full a group is, or for when the facts were confirmed: they are told in words."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from generator.dates import DAY
from generator.exports.ids import activity_id, organisation_id, stable_id
from generator.exports.public import Published, listed, name_of, present, to_json
from generator.models import WHOLE_REGION, Activity, Contact, Organisation, Term

Item = dict[str, Any]

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_LANGUAGES = "urn:ietf:bcp:47"
_PROVISION = {"free": "free", "paid": "cost"}


class Fhir:
    def __init__(self, published: Published) -> None:
        self._published = published
        self._terms = published.terms
        self._systems = published.address("/avoin-data/luokitukset.csv")

    def bundle(self, entries: Iterator[str]) -> Iterator[str]:
        """A file of finished entries, piece by piece, with the areas that its services refer to."""
        areas = (to_json(_entry(area)) for area in self._areas())
        yield '{"resourceType":"Bundle","type":"collection","entry":'
        yield from listed(chain(areas, entries))
        yield "}\n"

    def entries(self, slug: str, it: Organisation) -> Iterator[Item]:
        """Those of one association."""
        yield _entry(self.organization(slug, it))
        for activity in it.activities:
            yield from map(_entry, self._place(slug, activity))
            yield _entry(self.service(slug, it, activity))

    def _areas(self) -> Iterator[Item]:
        site = self._published.content.site
        yield self._area(WHOLE_REGION, site.region.fi)
        for one in self._published.content.taxonomy.municipalities:
            latitude, longitude = one.centre
            position = {"position": {"longitude": longitude, "latitude": latitude}}
            part_of = {"partOf": _reference(_area_id(WHOLE_REGION))}
            yield {**self._area(one.id, one.label.fi), **position, **part_of}

    def _area(self, place: str, name: str) -> Item:
        kind = _coded(f"{_TERMINOLOGY}/location-physical-type", "jdn", "Jurisdiction")
        return {"resourceType": "Location", "id": _area_id(place), "status": "active", "name": name, "physicalType": kind}

    def organization(self, slug: str, it: Organisation) -> Item:
        parent = self._published.parent_of(it)
        return present(
            resourceType="Organization",
            id=organisation_id(slug),
            identifier=[{"type": {"text": "Y-tunnus"}, "value": it.business_id}] if it.business_id else None,
            active=it.status == "active",
            type=[_coded(f"{_TERMINOLOGY}/organization-type", "cg", "Community Group")],
            name=it.name,
            telecom=[*_telecom(it.contacts[0]), {"system": "url", "value": it.website or self._published.page_of(slug)}],
            partOf=_reference(organisation_id(parent)) if parent else None,
            contact=[self._contact(one) for one in it.contacts],
        )

    def _contact(self, it: Contact) -> Item:
        name = name_of(it)
        return present(purpose={"text": it.role.fi}, name={"text": name} if name else None, telecom=_telecom(it))

    def _place(self, slug: str, it: Activity) -> Iterator[Item]:
        """Where people come to, as it was written."""
        if it.where:
            yield {
                "resourceType": "Location",
                "id": _place_id(slug, it),
                "status": "active",
                "name": it.where.fi,
                "mode": "instance",
                "address": {"text": it.where.fi},
                "managingOrganization": _reference(organisation_id(slug)),
            }

    def service(self, slug: str, organisation: Organisation, it: Activity) -> Item:
        terms, first = self._terms, it.contact or organisation.contacts[0]
        return present(
            resourceType="HealthcareService",
            id=activity_id(slug, it.id),
            active=organisation.status == "active",
            providedBy=_reference(organisation_id(slug)),
            type=[self._coded("activity_type", terms.types[it.type])],
            location=[_reference(_place_id(slug, it))] if it.where else None,
            name=it.name.fi,
            comment=it.summary.fi,
            extraDetails="\n\n".join(self._details(organisation, it)),
            telecom=_telecom(first),
            coverageArea=[_reference(_area_id(one)) for one in self._coverage(organisation, it)],
            serviceProvisionCode=[_coded(f"{_TERMINOLOGY}/service-provision-conditions", _PROVISION[it.price])],
            eligibility=list(self._eligibility(it)),
            program=[self._coded("need", terms.needs[one]) for one in dict.fromkeys(it.needs)],
            communication=[
                {"coding": [{"system": _LANGUAGES, "code": one}], "text": terms.languages[one].label.fi} for one in it.languages
            ],
            referralMethod=self._referral_methods(organisation, it, first),
            notAvailable=[*self._pauses(organisation), *self._out_of_season(it)],
            availabilityExceptions=it.when.fi if it.when else None,
        )

    def _coverage(self, organisation: Organisation, it: Activity) -> tuple[str, ...]:
        """Areas of the region; none for what can only be joined from anywhere."""
        if organisation.is_national or it.is_region_wide:
            return (WHOLE_REGION,)
        return tuple(dict.fromkeys(it.municipalities))

    def _details(self, organisation: Organisation, it: Activity) -> Iterator[str]:
        published, texts = self._published, self._published.voice.texts
        yield published.capacity_sentence(it)
        for key in ("price_note", "accessibility"):
            text = getattr(it, key)
            if text:
                yield text.fi
        if it.interpreter:
            yield texts["interpreter"][it.interpreter]
        review = organisation.review
        day = published.voice.day(review.confirmed_on) if review else ""
        yield texts["freshness"]["confirmed"].format(day=day) if review else texts["freshness"]["never"]

    def _eligibility(self, it: Activity) -> Iterator[Item]:
        for group in dict.fromkeys(it.target_groups):
            yield {"code": self._coded("target_group", self._terms.target_groups[group])}
        if it.for_whom:
            yield {"comment": it.for_whom.fi}

    def _referral_methods(self, organisation: Organisation, it: Activity, first: Contact) -> list[Item]:
        methods = {"elec": self._published.promise(organisation, it) is not None, "phone": bool(first.phone)}
        return [_coded(f"{_TERMINOLOGY}/service-referral-method", code) for code, holds in methods.items() if holds]

    def _pauses(self, organisation: Organisation) -> Iterator[Item]:
        sentences = self._published.pause_sentences(organisation)
        for pause, said in zip(organisation.pauses, sentences, strict=True):
            yield {"description": said, "during": {"start": str(pause.first), "end": str(pause.last)}}

    def _out_of_season(self, it: Activity) -> Iterator[Item]:
        if it.season:
            words, day = self._published.voice.texts["season"], self._published.voice.day
            first, last = it.season.first, it.season.last
            yield {"description": words["not_begun"].format(day=day(first)), "during": {"end": str(first - DAY)}}
            yield {"description": words["over"].format(day=day(last)), "during": {"start": str(last + DAY)}}

    def _coded(self, kind: str, term: Term) -> Item:
        return _coded(f"{self._systems}#{kind}", term.id, term.label.fi)


def _entry(resource: Item) -> Item:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _area_id(place: str) -> str:
    return stable_id("area", place)


def _place_id(slug: str, activity: Activity) -> str:
    return stable_id("place", slug, activity.id)


def _telecom(contact: Contact) -> list[Item]:
    told = {"phone": contact.phone, "email": contact.email}
    return [{"system": system, "value": value} for system, value in told.items() if value]


def _reference(identifier: str) -> Item:
    return {"reference": f"urn:uuid:{identifier}"}


def _coded(system: str, code: str, display: str | None = None) -> Item:
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}
