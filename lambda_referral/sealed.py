"""The mail of a sealed request: a link whose fragment is the sealed text, which the association's browser opens with its
passphrase. Nothing about the client can be in it, since the function never saw it.
"""

from collections.abc import Mapping
from datetime import date

from lambda_common.letter import Row, Section
from lambda_common.services import Mail
from lambda_referral import message
from lambda_referral.fields import UNOPENED
from lambda_referral.recipients import Recipient
from lambda_referral.request import Referral
from lambda_referral.texts import day_text, text


def code_of(referral: Referral, reference: str, due: date, token: str) -> str:
    """All that the page needs in one word, also when a mail program has cut or broken it: the length of the sealed text stands
    before it. Of the rest only association, key, reference and time are bound to the seal."""
    sealed = referral.sealed
    about = (referral.organisation, referral.key_id, reference, referral.sealed_at, due.isoformat(), token, str(len(sealed)))
    return ".".join(("HT1", *about, sealed))


def sealed_mail(
    referral: Referral,
    recipient: Recipient,
    due: date,
    reference: str,
    links: Mapping[str, str],
    site: str,
    sender: str,
) -> Mail:
    """`links` are those of the answers, `site` the address of the site in the recipient's language, `sender` our own."""
    token = links[UNOPENED].partition("#")[2].partition(".")[0]
    code = code_of(referral, reference, due, token)
    sections = (
        _opening_section(referral, recipient, due, reference, f"{site}/avaa/#{code}"),
        message.promise_section(recipient, due),
        message.answers_section(referral, recipient.language, links),
        _code_section(recipient.language, site, code),
        message.closing_section(recipient.language, reference),
    )
    return message.to_association(referral, recipient, reference, sections, sender)


def _opening_section(referral: Referral, recipient: Recipient, due: date, reference: str, link: str) -> Section:
    language = recipient.language
    said = tuple(text(language, f"sealed.{key}", due=day_text(language, due)) for key in ("due", "how", "passphrase"))
    rows = (
        Row(text(language, "row.sender"), text(language, f"sealed.sender.{referral.sender}")),
        message.proven_row(referral, language),
        Row(text(language, "row.activity"), recipient.activity) if recipient.activity else None,
    )
    button = message.link_row(language, "sealed.open", link)
    return Section(text(language, "heading", reference=reference), said, tuple(one for one in rows if one), (button,))


def _code_section(language: str, site: str, code: str) -> Section:
    page = f"{site}/avaa/"
    return Section(text(language, "sealed.code"), (text(language, "sealed.code.how", page=page), code))
