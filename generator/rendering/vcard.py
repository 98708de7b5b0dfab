"""An association's public contacts as a vCard for a phone.

Version 3.0 (RFC 2426), which iOS, Android and Outlook all import; its labels are Apple's, and others leave them out. Lines are
folded at 75 octets and never inside a character (RFC 6350 section 3.2 says so of UTF-8).
"""

from collections.abc import Iterable, Iterator

from generator.models import Contact, Organisation
from generator.pages import organisation_path
from generator.rendering.environment import Voice

LINE = 75


def contact_card(slug: str, organisation: Organisation, origin: str, voice: Voice) -> bytes:
    lines = ["BEGIN:VCARD", "VERSION:3.0", *_about(slug, organisation, origin, voice)]
    number = 0
    for contact in _contacts(organisation):
        for name, value in (("TEL;TYPE=WORK,VOICE", contact.phone), ("EMAIL;TYPE=INTERNET,WORK", contact.email)):
            if value:
                number += 1
                label = voice.plain(contact.role) + (f", {contact.name}" if contact.name else "")
                lines += [f"item{number}.{name}:{_text(value)}", f"item{number}.X-ABLabel:{_text(label)}"]
    lines.append("END:VCARD")
    return b"".join(_folded(line) for line in lines)


def _contacts(organisation: Organisation) -> Iterable[Contact]:
    own = (activity.contact for activity in organisation.activities if activity.contact)
    return dict.fromkeys((*organisation.contacts, *own))


def _about(slug: str, organisation: Organisation, origin: str, voice: Voice) -> Iterator[str]:
    address = origin + voice.url(organisation_path(slug))
    name, note = _text(organisation.name), voice.plain(organisation.pitch)
    if organisation.review:
        note += " " + voice.texts["freshness"]["confirmed"].format(day=voice.day(organisation.review.confirmed_on)) + "."
    yield from (f"N:{name};;;;", f"FN:{name}", f"ORG:{name}", "X-ABShowAs:COMPANY", f"UID:{address}")
    yield from (f"URL:{_address(one)}" for one in (organisation.website, address) if one)
    yield f"NOTE:{_text(note)}"


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return "\\n".join(value.splitlines())


def _address(value: str) -> str:
    """A URL is not escaped (RFC 2426 section 3.6.8); a line end in it would begin a line of its own."""
    return "".join(value.split())


def _folded(line: str) -> bytes:
    """A line of at most 75 octets and its continuations, each begun with a space."""
    pieces, room = [""], LINE
    for sign in line:
        if len(pieces[-1].encode()) + len(sign.encode()) > room:
            pieces.append("")
            room = LINE - 1  # the space that begins a continuation
        pieces[-1] += sign
    return "\r\n ".join(pieces).encode() + b"\r\n"
