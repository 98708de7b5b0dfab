"""JSON-LD of an association: an NGO, how to reach it, and the services it offers where. Vocabulary: schema.org."""

from typing import Any

from markupsafe import Markup

from generator.models import Activity, Organisation
from generator.pages import organisation_path
from generator.rendering.environment import data_block
from generator.rendering.frame import Frame


def organisation_data(slug: str, organisation: Organisation, frame: Frame) -> Markup:
    """The data block's content. `<` is written as \\u003c, so that no text can end the block."""
    address = frame.content.site.url.rstrip("/") + frame.voice.url(organisation_path(slug))
    graph = [_organisation(address, organisation, frame)]
    if organisation.status == "active":
        graph += [_service(address, activity, organisation, frame) for activity in organisation.activities]
    return data_block({"@context": "https://schema.org", "@graph": graph})


def _organisation(address: str, organisation: Organisation, frame: Frame) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "NGO",
        "@id": address,
        "name": organisation.name,
        "description": frame.voice.plain(organisation.pitch),
        "url": organisation.website or address,
        "contactPoint": [
            {
                "@type": "ContactPoint",
                "contactType": frame.voice.plain(contact.role),
                **({"telephone": contact.phone} if contact.phone else {}),
                **({"email": contact.email} if contact.email else {}),
            }
            for contact in organisation.contacts
        ],
    }
    if organisation.business_id:
        data["identifier"] = organisation.business_id
    return data


def _service(address: str, activity: Activity, organisation: Organisation, frame: Frame) -> dict[str, Any]:
    return {
        "@type": "Service",
        "@id": f"{address}#{activity.id}",
        "name": frame.voice.plain(activity.name),
        "description": frame.voice.plain(activity.summary),
        "serviceType": frame.voice.plain(frame.terms.types[activity.type].label),
        "provider": {"@id": address},
        "areaServed": _area(activity, organisation, frame),
    }


def _area(activity: Activity, organisation: Organisation, frame: Frame) -> list[dict[str, str]]:
    if organisation.is_national or not activity.municipalities:
        return [{"@type": "Country", "name": "FI"}]
    if activity.is_region_wide:
        return [{"@type": "AdministrativeArea", "name": frame.voice.plain(frame.content.site.region)}]
    return [
        {"@type": "City", "name": frame.voice.plain(frame.terms.municipalities[one].label)} for one in activity.municipalities
    ]
