"""What the edit function knows of the region: the settings, the terms, and which associations there are. Nothing private."""

from typing import Any

from generator.checked import Content
from generator.facts import Facts
from generator.likeness import Likeness
from generator.models import Organisation

RECORD_VERSION = 1


def edit_record(content: Content) -> dict[str, Any]:
    """The file that is packed with the function. Texts are as the models give them, so that the models can read them again."""
    return {
        "version": RECORD_VERSION,
        "site": content.site.model_dump(mode="json", by_alias=True, exclude_none=True),
        "taxonomy": content.taxonomy.model_dump(mode="json", by_alias=True, exclude_none=True),
        "organisations": {slug: _known(organisation) for slug, organisation in content.known.items()},
    }


def _known(organisation: Organisation | Facts) -> dict[str, Any]:
    likeness = organisation.likeness if isinstance(organisation, Facts) else Likeness.of(organisation)
    return {
        "name": organisation.name,
        "status": organisation.status,
        "business_id": likeness.business_id,
        "phones": list(likeness.phones),
        "former_slugs": list(organisation.former_slugs),
    }
