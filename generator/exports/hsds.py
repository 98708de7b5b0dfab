"""Human Services Data Specification 3.1 (Open Referral): https://docs.openreferral.org/

One file holds four collections of its API: organizations, services, taxonomies and taxonomy_terms. Each item is as its schema
says, and nested as the API nests it: without the ids that point at what it stands inside. What HSDS has no field for is an
attribute with the place in our file as its label.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.exports.hsds_terms import TAXONOMIES, HsdsTerms
from generator.exports.ids import activity_id, organisation_id, stable_id
from generator.exports.leftovers import leftovers, written_in
from generator.exports.public import Published, listed, name_of, present, to_json
from generator.models import Activity, Contact, Organisation

Item = dict[str, Any]

VIRTUAL, PHYSICAL = "virtual", "physical"
WHOLE_COUNTRY = "Suomi"
# The identifiers of an association and what HSDS calls them, for people (the importer reads them by the same names).
IDENTIFIERS = {"business_id": "Y-tunnus", "register_number": "Rekisterinumero"}
STATUSES = {"active": "active", "paused": "temporarily closed"}
FIELD = "field"  # the link_type of an attribute that is a place in our file

# Places in our file that have fields of their own in HSDS.
_TOLD_OF_ORGANISATION = {"name", "description.fi", "website", *IDENTIFIERS, "part_of", "contacts", "activities"}
_TOLD_OF_CONTACT = {"role.fi", "name", "phone", "email"}
_TOLD_OF_ACTIVITY = {
    *("name.fi", "summary.fi", "for_whom.fi", "when.fi", "where.fi", "accessibility.fi", "price_note.fi"),
    *("season.from", "season.to", "type", "needs", "target_groups", "municipalities", "remote", "languages", "contact"),
}


class Hsds:
    def __init__(self, published: Published) -> None:
        self._published = published
        self._terms = HsdsTerms(published)
        self._places = stable_id("unit", "place")

    def document(self, organizations: Iterator[str], services: Iterator[str]) -> Iterator[str]:
        """A file of finished items, piece by piece."""
        collections = {
            "organizations": organizations,
            "services": services,
            "taxonomies": map(to_json, self._terms.taxonomies()),
            "taxonomy_terms": map(to_json, self._terms.all()),
        }
        between = "{"
        for name, items in collections.items():
            yield f'{between}"{name}":'
            yield from listed(items)
            between = ",\n"
        yield "}\n"

    # Associations

    def organization(self, slug: str, it: Organisation) -> Item:
        own, parent = organisation_id(slug), self._published.parent_of(it)
        return present(
            id=own,
            name=it.name,
            description=it.description.fi,
            email=it.contacts[0].email,
            website=it.website,
            uri=self._published.page_of(slug),
            parent_organization_id=organisation_id(parent) if parent else None,
            organization_identifiers=[
                {"id": stable_id("identifier", slug, key), "identifier_type": name, "identifier": number}
                for key, name in IDENTIFIERS.items()
                if (number := getattr(it, key))
            ],
            contacts=[self._contact(contact, "organisation", slug, str(at)) for at, contact in enumerate(it.contacts)],
            attributes=list(self._fields(own, {"slug": slug, **written_in(it)}, _TOLD_OF_ORGANISATION)),
        )

    def _contact(self, it: Contact, *place: str) -> Item:
        own = stable_id("contact", *place)
        return present(
            id=own,
            name=name_of(it),
            title=it.role.fi,
            email=it.email,
            phones=self._phones(it, own),
            attributes=list(self._fields(own, written_in(it), _TOLD_OF_CONTACT)),
        )

    def _phones(self, it: Contact, owner: str) -> list[Item]:
        return [{"id": stable_id("phone", owner), "number": it.phone}] if it.phone else []

    # Activities

    def services(self, slug: str, organisation: Organisation) -> Iterator[Item]:
        alert = " ".join(self._published.pause_sentences(organisation)) or None
        for activity in organisation.activities:
            yield {**self._service(slug, organisation, activity), **({"alert": alert} if alert else {})}

    def _service(self, slug: str, organisation: Organisation, it: Activity) -> Item:
        own, texts = activity_id(slug, it.id), self._published.voice.texts
        first = it.contact or organisation.contacts[0]
        return present(
            id=own,
            organization_id=organisation_id(slug),
            name=it.name.fi,
            description=it.summary.fi,
            url=f"{self._published.page_of(slug)}#{it.id}",
            email=first.email,
            status=STATUSES[organisation.status],
            interpretation_services=texts["interpreter"][it.interpreter] if it.interpreter else None,
            application_process=self._published.promise(organisation, it),
            fees_description=it.price_note.fi if it.price_note else None,
            eligibility_description=it.for_whom.fi if it.for_whom else None,
            assured_date=str(organisation.review.confirmed_on) if organisation.review else None,
            phones=self._phones(first, own),
            schedules=self._schedules(it, own),
            service_areas=list(self._service_areas(organisation, it, own)),
            service_at_locations=list(self._service_at_locations(it, own)),
            languages=[self._language(one, own) for one in it.languages],
            cost_options=self._cost_options(it, own),
            contacts=[self._contact(it.contact, "activity", slug, it.id)] if it.contact else [],
            capacities=self._capacities(organisation, it, own),
            attributes=[
                *self._links(it, own),
                *self._fields(own, written_in(it), _TOLD_OF_ACTIVITY),
            ],
        )

    def _schedules(self, it: Activity, service: str) -> list[Item]:
        if not it.when and not it.season:
            return []
        season = {"valid_from": str(it.season.first), "valid_to": str(it.season.last)} if it.season else {}
        when = {"description": it.when.fi} if it.when else {}
        return [{"id": stable_id("schedule", service), **season, **when}]

    def _service_areas(self, organisation: Organisation, it: Activity, service: str) -> Iterator[Item]:
        """The region by its name, a municipality by its own, the country for a national association."""
        published, site = self._published, self._published.content.site
        if organisation.is_national:
            yield self._area(service, WHOLE_COUNTRY, None)
        elif it.is_region_wide:
            yield self._area(service, site.region.fi, published.address("/"))
        else:
            for one in dict.fromkeys(it.municipalities):
                name = published.terms.municipalities[one].label.fi
                yield self._area(service, name, published.page_of_municipality(one))

    def _area(self, service: str, name: str, uri: str | None) -> Item:
        return present(id=stable_id("area", service, name), name=name, uri=uri)

    def _service_at_locations(self, it: Activity, service: str) -> Iterator[Item]:
        """A place that people come to, and another without one for what can be joined from anywhere."""
        is_remote_only = it.remote and not it.municipalities
        if it.where or it.accessibility:
            yield self._at_location(it, service, VIRTUAL if is_remote_only else PHYSICAL)
            if it.remote and not is_remote_only:
                yield self._at_location(None, service, VIRTUAL)
        elif it.remote:
            yield self._at_location(None, service, VIRTUAL)

    def _at_location(self, it: Activity | None, service: str, kind: str) -> Item:
        """`it` is the activity that tells of the place, if one does."""
        own = stable_id("location", service, kind)
        accessibility = it.accessibility.fi if it and it.accessibility else None
        location = present(
            id=own,
            location_type=kind,
            name=it.where.fi if it and it.where else None,
            accessibility=[{"id": stable_id("accessibility", own), "description": accessibility}] if accessibility else [],
        )
        return {"id": stable_id("at", service, kind), "location": location}

    def _language(self, code: str, service: str) -> Item:
        name = self._published.terms.languages[code].label.fi
        return {"id": stable_id("language", service, code), "name": name, "code": code}

    def _cost_options(self, it: Activity, service: str) -> list[Item]:
        free = {"id": stable_id("cost", service), "currency": "EUR", "amount": 0}
        return [free] if it.price == "free" else []

    def _capacities(self, organisation: Organisation, it: Activity, service: str) -> list[Item]:
        """Nobody counts places here: one available means that there are some. The state itself is in the attributes."""
        if it.capacity.status == "ask" or not organisation.review:
            return []
        return [
            {
                "id": stable_id("capacity", service),
                "service_id": service,
                "unit": {"id": self._places, "name": "paikka"},
                "available": int(it.capacity.status == "open"),
                "description": self._published.capacity_sentence(it),
                "updated": f"{organisation.review.confirmed_on}T00:00:00Z",
            }
        ]

    # Attributes

    def _links(self, it: Activity, service: str) -> Iterator[Item]:
        """The terms of the taxonomy that describe an activity."""
        chosen = {"need": it.needs, "activity_type": (it.type,), "target_group": it.target_groups}
        for kind in TAXONOMIES:
            for term in dict.fromkeys(chosen[kind]):
                own, nested = stable_id("attribute", service, kind, term), self._terms.nested(kind, term)
                yield {"id": own, "link_type": kind, "taxonomy_term": nested}

    def _fields(self, owner: str, written: Mapping[str, Any], told: set[str]) -> Iterator[Item]:
        """What has no field here."""
        for place, value in leftovers(written, told):
            yield {"id": stable_id("attribute", owner, place), "link_type": FIELD, "label": place, "value": value}
