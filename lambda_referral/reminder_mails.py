"""The two mails about a request that nobody has answered: a reference, links, and nothing about the client."""

from lambda_common.letter import Row, Section
from lambda_common.phones import spoken_phone
from lambda_common.services import Mail
from lambda_referral.answers import Token, make_links
from lambda_referral.message import about_request, link_row, notice_mail
from lambda_referral.recipients import Recipient
from lambda_referral.settings import Settings
from lambda_referral.stopping import stop_link
from lambda_referral.texts import LANGUAGES, text
from lambda_referral.waiting import ASSOCIATION, SENDER, Overdue, reader_of


def mail_to_association(one: Overdue, recipient: Recipient, settings: Settings) -> Mail:
    language, phone = recipient.language, settings.recipients.coordinator_phone
    asked = (text(language, "reminder"), text(language, "reminder.what"))
    help_rows = (Row(text(language, "reminder.coordinator"), spoken_phone(phone), f"tel:{phone}"),) if phone else ()
    stop = stop_link(settings, reader_of(ASSOCIATION, recipient.slug, settings.secrets), language)
    sections = (
        Section(text(language, "reminder.heading", reference=one.reference), asked),
        _answers(one, language, settings),
        Section("", (text(language, "reminder.help"),), help_rows),
        Section("", (text(language, "reminder.once"),), (), (link_row(language, "reminder.stop", stop),)),
    )
    return about_request(recipient, "subject.reminder", one.reference, sections, settings.from_address)


def _answers(one: Overdue, language: str, settings: Settings) -> Section:
    """The links of the request's own mail, as they were; without the sender's address they cannot be made again."""
    heading, it = text(language, "answers"), one.waiting
    if it.sender is None:
        return Section(heading, (text(language, "reminder.original"),))
    token = Token(one.reference, it.organisation, it.activity, it.expires, it.sender, one.day.isoformat())
    links = make_links(settings, token, language, is_sealed=it.is_sealed)
    rows = tuple(link_row(language, f"answer.{answer}", link) for answer, link in links.items())
    return Section(heading, (text(language, "answers.how"),), (), rows)


def mail_to_sender(one: Overdue, sender: str, recipient: Recipient | None, settings: Settings) -> Mail:
    """`recipient` is None when the association has left the region meanwhile."""
    reader = reader_of(SENDER, sender, settings.secrets)
    links = {
        language: (
            link_row(language, "unanswered.search", f"{settings.site_in(language)}/"),
            link_row(language, "reminder.stop", stop_link(settings, reader, language)),
        )
        for language in LANGUAGES
    }
    words = {language: _words_to_sender(one, recipient, language) for language in LANGUAGES}
    return notice_mail(sender, "subject.unanswered", one.reference, words, settings.from_address, links)


def _words_to_sender(one: Overdue, recipient: Recipient | None, language: str) -> tuple[str, ...]:
    name = recipient.name if recipient else one.waiting.organisation
    return (
        text(language, "unanswered"),
        text(language, "unanswered.what"),
        text(language, "notice.reference", reference=one.reference),
        text(language, "notice.organisation", organisation=name),
        *((text(language, "notice.phone", phone=spoken_phone(recipient.phone)),) if recipient else ()),
    )
