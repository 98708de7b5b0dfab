"""A file of HSDS 3 in the shapes in which it goes around: our own four collections, a page of the API, a list, or one thing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.importing.drafts import Unreadable
from generator.importing.json_file import Item, mappings, read_json

NOT_HSDS = "Tiedostossa ei ole HSDS-muotoisia järjestöjä eikä palveluja. Tarkista, että tiedosto on oikea."


@dataclass
class HsdsDocument:
    """Organizations by id, and the services of each in the order of the file; terms by id, for attributes that only name them."""

    organizations: dict[str, Item] = field(default_factory=dict)
    services: dict[str, list[Item]] = field(default_factory=dict)
    terms: dict[str, Item] = field(default_factory=dict)


def read_document(path: Path) -> HsdsDocument:
    """Raises Unreadable."""
    whole = read_json(path)
    document = HsdsDocument()
    for item in _items(whole):
        _add(document, item)
    if not document.organizations and not document.services:
        raise Unreadable(NOT_HSDS)
    return document


def _items(whole: Any) -> Iterator[Item]:
    if isinstance(whole, dict):
        collections = [whole[name] for name in ("organizations", "services", "taxonomy_terms", "contents") if name in whole]
        if not collections or "id" in whole:
            collections = [[whole]]
    else:
        collections = [whole]
    for collection in collections:
        yield from mappings(collection)


def _add(document: HsdsDocument, item: Item) -> None:
    if is_service(item):
        owner = item.get("organization")
        if isinstance(owner, dict):
            _add_organization(document, owner)
        key = str((owner or {}).get("id") if isinstance(owner, dict) else item.get("organization_id"))
        document.services.setdefault(key, []).append(item)
    elif "taxonomy_id" in item or "taxonomy_detail" in item:
        document.terms[str(item.get("id"))] = item
    else:
        _add_organization(document, item)


def is_service(item: Item) -> bool:
    return "status" in item or "organization_id" in item or isinstance(item.get("organization"), dict)


def _add_organization(document: HsdsDocument, item: Item) -> None:
    """The one told at most length: services often repeat only its name."""
    key = str(item.get("id"))
    if len(item) > len(document.organizations.get(key, {})):
        document.organizations[key] = item
    for service in mappings(item.get("services")):
        document.services.setdefault(key, []).append(service)
