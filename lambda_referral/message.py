"""The mails, each with a text and an HTML part. Headers and subjects are made of our own words only."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from lambda_common.letter import Row, Section, as_html, as_text
from lambda_common.phones import spoken_phone
from lambda_common.reference import is_reference
from lambda_common.services import Mail
from lambda_referral.fields import PROFESSIONAL
from lambda_referral.recipients import Recipient
from lambda_referral.request import Referral
from lambda_referral.texts import LANGUAGES, day_text, language_name, text

REFERENCE_HEADER, SENDER_HEADER, AUTO_HEADER = "X-Tarjotin-Viite", "X-Tarjotin-Sender", "Auto-Submitted"
REQUEST, NOTICE = "auto-generated", "auto-replied"  # a mail of the second kind never causes another mail


def request_mail(
    referral: Referral, recipient: Recipient, place: str, due: date, reference: str, links: Mapping[str, str], sender: str
) -> Mail:
    """The contact request. `place` is the municipality's name, `links` those of the four answers, `sender` our own address."""
    language = recipient.language
    sections = (
        _ask_section(referral, language, place, recipient.activity, due, reference),
        promise_section(recipient, due),
        answers_section(referral, language, links),
        closing_section(language, reference),
    )
    return to_association(referral, recipient, reference, sections, sender)


def to_association(referral: Referral, recipient: Recipient, reference: str, sections: tuple[Section, ...], sender: str) -> Mail:
    """A request's mail, whatever its sections say: subject, headers and tags are the same."""
    headers = {REFERENCE_HEADER: reference, AUTO_HEADER: REQUEST}
    if referral.sender == PROFESSIONAL:
        headers[SENDER_HEADER] = referral.sender_email
    subject = f"{text(recipient.language, 'subject')} {reference}"
    tags = _tags(reference, recipient.slug)
    return _mail(recipient.email, subject, recipient.language, sections, headers, tags, sender)


def cancellation_mail(recipient: Recipient, reference: str, sender: str) -> Mail:
    language = recipient.language
    section = Section(text(language, "cancelled", reference=reference), (text(language, "cancelled.what"),))
    return about_request(recipient, "subject.cancelled", reference, (section,), sender)


def about_request(recipient: Recipient, subject: str, reference: str, sections: tuple[Section, ...], sender: str) -> Mail:
    """A later mail to the mailbox that got the request; `subject` is a key of texts. It tells nothing but the reference."""
    language = recipient.language
    title = f"{text(language, subject)} {reference}"
    headers = {REFERENCE_HEADER: reference, AUTO_HEADER: REQUEST}
    return _mail(recipient.email, title, language, sections, headers, _tags(reference, recipient.slug), sender)


def notice_mail(
    to: str,
    subject: str,
    reference: str,
    words: Mapping[str, tuple[str, ...]],
    sender: str,
    links: Mapping[str, tuple[Row, ...]] | None = None,
) -> Mail:
    """An automatic notice in all three languages, since nobody knows which its reader prefers. `subject` is a key of texts."""
    sections = tuple(
        Section("", (*words[language], text(language, "notice.reply")), (), links[language] if links else ())
        for language in LANGUAGES
    )
    title = f"{text('fi', subject)} {reference}".strip()
    return _mail(to, title, "fi", sections, {AUTO_HEADER: NOTICE}, {"laji": "ilmoitus"}, sender)


def sender_mail(to: str, language: str, link: str, code: str, sender: str) -> Mail:
    """Asks a work mailbox whether a contact request's sender reads it; in the language of the page where it was asked for."""

    def said(*keys: str) -> tuple[str, ...]:
        return tuple(text(language, f"proving.{key}") for key in keys)

    subject = text(language, "subject.proving")
    button = link_row(language, "proving.button", link)
    sections = (
        Section(subject, said("why", "link"), (), (button,)),
        Section(text(language, "proving.elsewhere"), said("code"), (Row(text(language, "row.code"), f"{code[:4]} {code[4:]}"),)),
        Section(paragraphs=(*said("secret", "other"), text(language, "notice.reply"))),
    )
    return _mail(to, subject, language, sections, {AUTO_HEADER: NOTICE}, {"laji": "ilmoitus"}, sender)


def _tags(reference: str, slug: str) -> dict[str, str]:
    if not is_reference(reference):
        raise ValueError("reference")
    return {"viite": reference, "organisation": slug}


def _mail(
    to: str,
    subject: str,
    language: str,
    sections: tuple[Section, ...],
    headers: Mapping[str, str],
    tags: Mapping[str, str],
    sender: str,
) -> Mail:
    return Mail(
        to=to,
        subject=subject,
        text=as_text(sections),
        html=as_html(language, subject, sections),
        reply_to=f"ei-vastausta@{sender.rpartition('@')[2]}",
        headers=headers,
        tags=tags,
    )


def _ask_section(referral: Referral, language: str, place: str, activity: str, due: date, reference: str) -> Section:
    def row(name: str, value: str, link: str = "") -> Row:
        return Row(text(language, f"row.{name}"), value, link)

    rows = [
        row("sender", text(language, f"sender.{referral.sender}", name=referral.sender_name, unit=referral.sender_unit)),
        proven_row(referral, language),
        row("client", referral.client_name or text(language, "client.unnamed")),
        row("age", text(language, "under_15")) if referral.under_15 else None,
        row("phone", spoken_phone(referral.phone), f"tel:{referral.phone}") if referral.phone else None,
        row("email", referral.email, f"mailto:{quote(referral.email, safe='@')}") if referral.email else None,
        row("whose", text(language, f"whose.{referral.whose}")),
        row("contact_by", text(language, f"contact_by.{referral.contact_by}")),
        row("safe_time", referral.safe_time or text(language, "safe_time.any")),
        row("voicemail", text(language, f"voicemail.{_yes_no(referral.voicemail)}")) if referral.phone else None,
        row("may_name", _may_name(referral, language)),
        row("language", language_name(language, referral.language)),
        row("interpreter", text(language, f"interpreter.{_yes_no(referral.interpreter)}")),
        row("activity", activity) if activity else None,
        row("municipality", place) if place else None,
        row("note", referral.note) if referral.note else None,
        row("consent", text(language, f"consent.{referral.sender}", version=referral.consent_version)),
    ]
    opening = text(language, f"ask.{referral.contact_by}", due=day_text(language, due))
    return Section(text(language, "heading", reference=reference), (opening,), tuple(one for one in rows if one))


def proven_row(referral: Referral, language: str) -> Row | None:
    """The domain of the mailbox that the sender has shown to read; the name above it is still what they wrote."""
    domain = referral.sender_email.rpartition("@")[2]
    return Row(text(language, "row.mailbox"), text(language, "mailbox.proven", domain=domain)) if referral.is_proven else None


def _yes_no(said: bool) -> str:
    return "yes" if said else "no"


def _may_name(referral: Referral, language: str) -> str:
    return text(language, "may_name.yes" if referral.may_name else f"may_name.no.{referral.contact_by}")


def promise_section(recipient: Recipient, due: date) -> Section:
    language = recipient.language
    promised = (recipient.promise, text(language, "promised.due", due=day_text(language, due)))
    return Section(text(language, "promised"), tuple(one for one in promised if one))


def link_row(language: str, word: str, url: str) -> Row:
    """A link with its words, and its address for who reads plain text."""
    return Row(text(language, word), url, url)


def answers_section(referral: Referral, language: str, links: Mapping[str, str]) -> Section:
    reader = "answers.professional" if referral.sender == PROFESSIONAL else "answers.resident"
    rows = tuple(link_row(language, f"answer.{answer}", link) for answer, link in links.items())
    return Section(text(language, "answers"), (text(language, "answers.how"), text(language, reader)), (), rows)


def closing_section(language: str, reference: str) -> Section:
    keys = ("closing.delete", "closing.reply", "closing.reference")
    return Section("", tuple(text(language, key, reference=reference) for key in keys))
