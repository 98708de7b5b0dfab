"""The mails of the edit service, each with a text and an HTML part. Headers and subjects are made of our own words only; a person
reads the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from generator.models import PrivateAddresses
from lambda_common.languages import front_page
from lambda_common.letter import KIND_HEADER, UPKEEP, Row, Section, as_html, as_text
from lambda_common.phones import spoken_phone
from lambda_common.services import Mail
from lambda_edit.changes import label, shown
from lambda_edit.desk import Desk
from lambda_edit.links import DAYS, PAGES, Purpose, link_url, make_link
from lambda_edit.merge import Change
from lambda_edit.texts import text

HEADERS: Mapping[str, str] = {"Auto-Submitted": "auto-generated", KIND_HEADER: UPKEEP}
LONGEST_SHOWN = 300
COORDINATORS_LANGUAGE = "fi"


@dataclass(frozen=True)
class Reader:
    """To whom a mail goes, in which language, and about which association."""

    address: str
    language: str
    slug: str
    name: str


def link_mail(desk: Desk, reader: Reader, generation: int) -> Mail:
    """The edit link that somebody asked for."""
    said = (_say(reader, "opening.link", days=str(DAYS["edit"])), _say(reader, "ignore.link"))
    return _mail(desk, reader, "link", Section(_say(reader, "heading.link"), said), _link(desk, reader, "edit", generation))


def changed_mail(desk: Desk, reader: Reader, changed: Sequence[Change], *, has_addresses: bool, is_new: bool) -> Mail:
    """What was published, for each maintainer: also for the one who did not make the change."""
    opening = Section(_say(reader, "heading.changed"), (_say(reader, "opening.joined" if is_new else "opening.changed"),))
    rows = () if is_new else tuple(Row(label(one.field, reader.language), _arrow(one, reader)) for one in changed)
    details = Section(_say(reader, "changed.rows"), rows=rows) if rows else Section()
    private = (_say(reader, "changed.addresses"),) if has_addresses and not is_new else ()
    closing = Section(paragraphs=(*private, _say(reader, "closing.changed")))
    return _mail(desk, reader, "changed", opening, *((details,) if rows else ()), closing)


def returned_mail(desk: Desk, reader: Reader, reason: str) -> Mail:
    opening = Section(_say(reader, "heading.returned"), (_say(reader, "opening.returned"),))
    return _mail(desk, reader, "returned", opening, _quoted(_say(reader, "reason"), reason))


def ask_more_mail(desk: Desk, reader: Reader, generation: int, fields: Sequence[str], note: str) -> Mail:
    """Without a link (generation 0) when the association has joined nothing yet: it answers the mail."""
    opening = Section(_say(reader, "heading.ask_more"), (_say(reader, "opening.ask_more"),))
    named = tuple(f"– {label(field, reader.language)}" for field in fields)
    wanted = (Section(_say(reader, "missing"), named),) if named else ()
    quoted = (_quoted(_say(reader, "coordinator.note"), note),) if note else ()
    way = _link(desk, reader, "edit", generation) if generation else Section(paragraphs=(_say(reader, "answer.ask_more"),))
    return _mail(desk, reader, "ask_more", opening, *wanted, *quoted, way)


def address_mail(desk: Desk, reader: Reader, purpose: Purpose, wanted: PrivateAddresses, fingerprint: str) -> Mail:
    """Asks an old address whether it goes, or a new one whether it is read. Only the old one is told what the new ones are."""
    key = purpose.replace("-", "_")
    new = {"referral_email": wanted.referral_email, "data_maintainers": ", ".join(wanted.data_maintainers)}
    rows = tuple(Row(_say(reader, f"new.{name}"), value) for name, value in new.items() if value) if key == "address_old" else ()
    opening = Section(_say(reader, f"heading.{key}"), (_say(reader, f"opening.{key}"), _say(reader, f"closing.{key}")), rows)
    return _mail(desk, reader, key, opening, _link(desk, reader, purpose, wanted.link_generation, f=fingerprint))


def key_mail(desk: Desk, reader: Reader, generation: int, key: str) -> Mail:
    """Asks the mailbox that gets the requests whether the association has made this key."""
    said = (_say(reader, "opening.request_key"), _say(reader, "closing.request_key"))
    opening = Section(_say(reader, "heading.request_key"), said)
    return _mail(desk, reader, "request_key", opening, _link(desk, reader, "request-key", generation, k=key))


def test_request_mail(desk: Desk, reader: Reader, generation: int) -> Mail:
    said = (_say(reader, "opening.test_request"), _say(reader, "closing.test_request"))
    opening = Section(_say(reader, "heading.test_request"), said)
    return _mail(desk, reader, "test_request", opening, _link(desk, reader, "test-request", generation))


def note_mail(desk: Desk, slug: str, name: str, note: str, reference: str, *, is_verified: bool) -> Mail:
    """A proposal's note, to the coordinator: it never goes into git."""
    reader = _coordinator(desk, slug, name)
    whose = _say(reader, "note.from" if is_verified else "note.from_nobody")
    said = (_say(reader, "opening.note"), _say(reader, "note.reference", reference=reference), whose)
    return _mail(desk, reader, "note", Section(_say(reader, "heading.note"), said), _quoted(_say(reader, "note"), note))


def report_mail(desk: Desk, slug: str, name: str, note: str, email: str) -> Mail:
    """Anyone's note about an association's data, to the coordinator."""
    reader = _coordinator(desk, slug, name)
    page = f"{desk.settings.site}/jarjesto/{slug}/"
    rows = [Row(_say(reader, "report.page"), page, page)]
    if email:
        rows.append(Row(_say(reader, "report.email"), email, f"mailto:{quote(email, safe='@')}"))
    opening = Section(_say(reader, "heading.report"), (_say(reader, "opening.report"),), tuple(rows))
    return _mail(desk, reader, "report", opening, _quoted(_say(reader, "note"), note))


def _coordinator(desk: Desk, slug: str, name: str) -> Reader:
    return Reader(desk.settings.region.site.coordinator.email, COORDINATORS_LANGUAGE, slug, name)


def _say(reader: Reader, key: str, **facts: str) -> str:
    return text(reader.language, key, **{"name": reader.name, **facts})


def _arrow(change: Change, reader: Reader) -> str:
    before, after = (_short(shown(value, reader.language)) for value in (change.before, change.after))
    return _say(reader, "arrow", before=before, after=after)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"


def _quoted(heading: str, words: str) -> Section:
    """What a person wrote, a paragraph to each of its lines."""
    return Section(heading, tuple(line for line in words.splitlines() if line.strip()))


def _link(desk: Desk, reader: Reader, purpose: Purpose, generation: int, **said: str) -> Section:
    """The button, and the code for a mail program that breaks links."""
    settings = desk.settings
    token = make_link(settings.secrets, purpose, reader.slug, generation, reader.address, desk.now, 0, **said)
    site = front_page(settings.site, reader.language, settings.region.site.languages)
    url = link_url(site, purpose, reader.slug, token)
    page = site + PAGES[purpose].format(slug=reader.slug)
    button = _say(reader, f"button.{purpose.replace('-', '_')}")
    return Section(
        paragraphs=(_say(reader, "link.opening"), _say(reader, "link.code", page=page), token), links=(Row(button, url, url),)
    )


def _mail(desk: Desk, reader: Reader, kind: str, *sections: Section) -> Mail:
    coordinator = desk.settings.region.site.coordinator
    is_ours = reader.address == coordinator.email
    help_section = Section(paragraphs=(_say(reader, "help", phone=spoken_phone(coordinator.phone)),))
    whole = sections if is_ours else (*sections, help_section)
    subject = text(reader.language, f"subject.{kind}")
    return Mail(
        to=reader.address,
        subject=subject,
        text=as_text(whole),
        html=as_html(reader.language, subject, whole),
        reply_to=coordinator.email,
        headers=HEADERS,
        tags={"laji": UPKEEP, "organisation": reader.slug},
    )
