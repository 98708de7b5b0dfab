"""What every format of open data asks: which associations are published, and where the site shows them."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from json import JSONEncoder
from typing import Any

from generator.checked import Content
from generator.facts import Some
from generator.models import Activity, Contact, Organisation
from generator.pages import municipality_path, need_path, organisation_path
from generator.rendering.environment import Voice
from generator.rendering.views import Terms

# Associations in one file of a nested format: ten thousand would be hundreds of megabytes, for the build and for every reader.
PER_FILE = 1000

BETWEEN = ",\n"  # between the items of a JSON array
to_json = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, eq=False)
class Published:
    """The region's public facts. `voice` is Finnish: formats with one language are in it."""

    content: Content
    voice: Voice

    @cached_property
    def organisations(self) -> Mapping[str, Organisation]:
        """All but the closed ones, which offer nothing and whose pages lead elsewhere. Those on a break or long unconfirmed are
        in, and say so."""
        return Some(self.content.organisations, filter(self.has, self.content.known))

    def has(self, slug: str) -> bool:
        return self.content.known[slug].status != "closed"

    def parent_of(self, organisation: Organisation) -> str | None:
        return organisation.part_of if organisation.part_of and self.has(organisation.part_of) else None

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.content.taxonomy)

    @cached_property
    def _origin(self) -> str:
        return self.content.site.url.rstrip("/")

    def address(self, path: str) -> str:
        return self._origin + self.voice.url(path)

    def page_of(self, slug: str) -> str:
        return self.address(organisation_path(slug))

    def page_of_need(self, need: str) -> str:
        return self.address(need_path(need))

    def page_of_municipality(self, municipality: str) -> str:
        return self.address(municipality_path(municipality))

    def parts(self) -> Iterator[list[str]]:
        """The associations in the batches of files; one, perhaps empty, at least."""
        slugs = list(self.organisations)
        for first in range(0, len(slugs) or 1, PER_FILE):
            yield slugs[first : first + PER_FILE]

    def promise(self, organisation: Organisation, activity: Activity) -> str | None:
        """What a client will experience who asks through the site to be contacted; None where the activity takes no requests."""
        referral = organisation.referral if self.content.site.referral else None
        is_taken = referral and (not referral.activities or activity.id in referral.activities)
        return referral.promise.fi if referral and is_taken else None

    def pause_sentences(self, organisation: Organisation) -> list[str]:
        said = self.voice.texts["pause"]
        return [
            " ".join((said.format(days=self.voice.span(one.first, one.last)), *([one.note.fi] if one.note else ())))
            for one in organisation.pauses
        ]

    def capacity_sentence(self, activity: Activity) -> str:
        words, until = self.voice.texts["capacity"], activity.capacity.until
        said = str(words[activity.capacity.status])
        return f"{said} {words['until'].format(day=self.voice.day(until))}" if until else said


def fictional(content: Content, voice: Voice) -> Iterator[str]:
    """What must be said of sample content wherever it goes."""
    if content.site.sample:
        yield voice.texts["sample"].format(day=voice.day(content.site.sample.today))


def name_of(contact: Contact) -> str | None:
    """A person's name only with their leave."""
    return contact.name if contact.name_public else None


def present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value: these formats have no null, and no list without items."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def part_name(stem: str, number: int, ending: str) -> str:
    """hsds.json, hsds-2.json, …"""
    return f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}"


def joined(pieces: Iterable[str]) -> bytes:
    """The pieces of a file as its bytes, without keeping them all beside the whole."""
    whole = io.BytesIO()
    for piece in pieces:
        whole.write(piece.encode())
    return whole.getvalue()


def listed(items: Iterable[str]) -> Iterator[str]:
    """A JSON array, an item on each line, piece by piece. A piece may be several items, with BETWEEN between them, or none."""
    before = first = "[\n"
    for item in filter(None, items):
        yield before + item
        before = BETWEEN
    yield "[]" if before == first else "\n]"
