"""A file of the Finnish Service Catalogue's open API, version 11 (Palvelutietovaranto): organisations, services and service
channels as the API gives them, one, a list, a page of a list, or our own collections of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.importing.json_file import MOST_BYTES, Item, mappings, read_json

MARKS = (b'"organizationNames"', b'"serviceNames"', b'"serviceChannelNames"')
RESPONSIBLE = "Responsible"
COLLECTIONS = ("organizations", "services", "serviceChannels", "itemList")


@dataclass
class PtvDocument:
    """Organisations and channels by id; the services of each organisation in the order of the file."""

    organizations: dict[str, Item] = field(default_factory=dict)
    services: dict[str, list[Item]] = field(default_factory=dict)
    channels: dict[str, Item] = field(default_factory=dict)


def is_ptv(path: Path) -> bool:
    """By the names that only its model has."""
    if path.suffix.lower() != ".json" or path.stat().st_size > MOST_BYTES:
        return False
    raw = path.read_bytes()
    return any(mark in raw for mark in MARKS)


def read_ptv_document(path: Path) -> PtvDocument:
    """Raises Unreadable."""
    whole = read_json(path)
    document = PtvDocument()
    for item in _items(whole):
        key = str(item.get("id"))
        if "organizationNames" in item:
            document.organizations[key] = item
        elif "serviceNames" in item:
            document.services.setdefault(owner_of(item), []).append(item)
        elif "serviceChannelNames" in item:
            document.channels[key] = item
    return document


def _items(whole: Any) -> Iterator[Item]:
    if isinstance(whole, dict) and any(name in whole for name in COLLECTIONS) and "id" not in whole:
        for name in COLLECTIONS:
            yield from mappings(whole.get(name))
    else:
        yield from mappings(whole if isinstance(whole, list) else [whole])


def owner_of(service: Item) -> str:
    """The organisation that answers for a service: the main one, or the first that is said to be responsible."""
    main = service.get("mainOrganization")
    if isinstance(main, dict) and main.get("id"):
        return str(main["id"])
    responsible = (one for one in mappings(service.get("organizations")) if one.get("roleType") == RESPONSIBLE)
    first = next(responsible, {}).get("organization")
    return str(first.get("id")) if isinstance(first, dict) else ""
