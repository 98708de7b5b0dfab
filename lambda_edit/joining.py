"""An association that is not there yet: its address, what its first file says, and the commitment."""

from collections.abc import Mapping
from typing import Any

from generator.fields import RESERVED_SLUGS, slugify
from generator.likeness import LEGAL_FORMS
from generator.problems import sentence
from lambda_common.web import Refusal
from lambda_edit.addresses import is_same_joiner
from lambda_edit.desk import Desk, read_addresses, read_organisation
from lambda_edit.fields import Edit, Invalid

MOST_ALIKE = 20


def check_commitment(edit: Edit) -> None:
    """Who reads the mailbox, confidentiality, deletion: an association joins only when it has said yes. Raises Invalid."""
    if not edit.commitment:
        raise Invalid([("commitment", sentence("edit.commitment"))])


def free_slug(desk: Desk, edit: Edit, written: Mapping[str, Any]) -> str:
    """The end of the new pages' addresses, from the name. A proposal that waits under it already is the same association's when
    its mail goes to the same addresses; anybody can write a name."""
    wanted = _slug_of(str(written.get("name", "")))
    for slug in (wanted, *(f"{wanted}-{number}" for number in range(2, MOST_ALIKE))):
        if _is_free(desk, slug) and is_same_joiner(edit, slug, desk):
            return slug
    raise Refusal(422, "unknown")


def _slug_of(name: str) -> str:
    words = [word for word in name.lower().split() if word not in LEGAL_FORMS]
    return slugify(" ".join(words) or name)[:50].strip("-")


def _is_free(desk: Desk, slug: str) -> bool:
    region = desk.settings.region
    is_taken = slug in region.organisations or slug in region.former_slugs or slug in RESERVED_SLUGS
    return not is_taken and not read_organisation(desk, slug).blob and not read_addresses(desk, slug).blob


def completed(written: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """With the day as the day of confirmation: who joins has just told everything, and has said who answers."""
    contacts = written.get("contacts")
    first = contacts[0] if isinstance(contacts, list) and contacts else None
    role = first.get("role") if isinstance(first, dict) else None
    role = role.get("fi") if isinstance(role, dict) else role
    if not isinstance(role, str):
        return written
    return {**written, "review": {"confirmed_on": desk.settings.region.today(desk.now).isoformat(), "confirmed_by": role}}
