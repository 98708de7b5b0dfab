"""The mail as the association sees it: parsed as a mail program parses it."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from lambda_common.local import as_received
from lambda_common.services import Mail
from tests.referral.builders import (
    ACTIVITY,
    FROM,
    MAILBOX,
    ORGANISATION,
    RESIDENT,
    SENDER,
    SITE,
    SOMEONE_CLOSE,
    Counter,
    make_settings,
    written_organisation,
)

# What the person typed; none of it may stand in a header.
CLIENT: dict[str, Any] = {
    "client_name": "Matti <b>Mallikas</b>",
    "phone": "050 765 4321",
    "safe_time": "vain tiistaisin & torstaisin",
    "note": 'Äiti sanoo "hei" </p><script>alert(1)</script>',
}
HOSTILE = "=?utf-8?q?a=0ABcc=3A_x=3Dy?="


def sent(counter: Counter, **changes: Any) -> Mail:
    status, _ = counter.refer(**changes)
    assert status == 202
    return counter.outbox[-1]


def parsed(mail: Mail) -> EmailMessage:
    received = message_from_bytes(as_received(mail, FROM).as_bytes(policy=policy.SMTP), policy=policy.default)
    assert isinstance(received, EmailMessage)
    return received


def part(mail: Mail, kind: str) -> str:
    body = parsed(mail).get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def in_language(language: str, **changes: Any) -> Counter:
    return Counter(make_settings(organisations={ORGANISATION: written_organisation(language=language, **changes)}))


@pytest.mark.parametrize("changes", [{}, RESIDENT, SOMEONE_CLOSE], ids=["professional", "self", "close"])
def test_mail_has_one_recipient_and_nobody_reads_the_replies(counter: Counter, changes: dict[str, Any]) -> None:
    received = parsed(sent(counter, **{**CLIENT, **changes}))
    assert [str(value) for value in received.get_all("To", [])] == [MAILBOX]
    assert received.get_all("Bcc") is None
    assert received.get_all("Cc") is None
    assert received["Reply-To"] == "ei-vastausta@tarjotin.example.fi"
    assert received["Auto-Submitted"] == "auto-generated"


def test_no_header_carries_a_word_of_the_client(counter: Counter) -> None:
    mail = sent(counter, **CLIENT)
    named = {name: value for name, value in parsed(mail).items() if name != "Content-Type"}  # its boundary is a random number
    headers = "\n".join(f"{name}: {value}" for name, value in named.items()) + repr((mail.subject, mail.headers, mail.tags))
    for word in (
        "Matti",
        "Mallikas",
        "765",
        "4321",
        "tiistaisin",
        "Äiti",
        "script",
        "Maija",
        "Aikuissosiaality",
        ACTIVITY,
        "kuopio",
    ):
        assert word not in headers


@pytest.mark.parametrize("field", ["sender_name", "sender_unit", "client_name", "safe_time", "note"])
def test_encoded_words_make_no_headers(counter: Counter, field: str) -> None:
    received = parsed(sent(counter, **{field: HOSTILE}))
    assert received.get_all("Bcc") is None
    assert HOSTILE not in "".join(received.values())


@pytest.mark.parametrize(
    ("language", "subject"),
    [("fi", "Yhteydenottopyyntö"), ("sv", "Kontaktbegäran"), ("en", "Contact request"), ("et", "Yhteydenottopyyntö")],
)
def test_subject_is_constant_and_in_the_associations_language(language: str, subject: str) -> None:
    counter = in_language(language)
    _, body = counter.refer()
    assert counter.outbox[0].subject == f"{subject} {body['reference']}"


def test_sender_header_is_the_professionals_bare_address(counter: Counter) -> None:
    assert sent(counter).headers["X-Tarjotin-Sender"] == SENDER
    assert "X-Tarjotin-Sender" not in sent(counter, **RESIDENT).headers
    assert "X-Tarjotin-Sender" not in sent(counter, **SOMEONE_CLOSE).headers


def test_tags_and_header_name_the_request_and_nothing_else(counter: Counter) -> None:
    _, body = counter.refer()
    mail = counter.outbox[0]
    assert mail.tags == {"viite": body["reference"], "organisation": ORGANISATION}
    assert mail.headers["X-Tarjotin-Viite"] == body["reference"]
    for value in (*mail.headers.values(), *mail.headers):
        assert re.fullmatch(r"[ -~]*", value)
    for value in mail.tags.values():
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value)


SAID = {
    "who asks": ({}, "Kuka pyytää: Ammattilainen: Maija Esimerkki, Aikuissosiaalityö"),
    "for themselves": (RESIDENT, "Kuka pyytää: Ihminen itse"),
    "someone close": (SOMEONE_CLOSE, "Ihminen itse tietää pyynnöstä ja haluaa yhteydenoton."),
    "for whom": ({}, "Kenelle: Matti"),
    "without a name": ({"client_name": None}, "Kenelle: Nimeä ei kerrottu"),
    "number": ({}, "Puhelin: 040 123 4567"),
    "address": ({"phone": None, "email": "matti@example.fi", "contact_by": "email"}, "Sähköposti: matti@example.fi"),
    "owner": ({"whose": "guardian"}, "Kenen yhteystieto tämä on: Huoltajan"),
    "call": ({}, "Soita viimeistään torstaina 26.11.2026."),
    "text message": ({"contact_by": "text"}, "Lähetä tekstiviesti viimeistään torstaina 26.11.2026."),
    "safe time": ({}, "Milloin on turvallista ottaa yhteyttä: arkisin klo 9–15"),
    "no message": ({}, "Saako jättää viestin: Ei. Älä jätä viestiä vastaajaan tai toiselle ihmiselle."),
    "a message may be left": ({"voicemail": True}, "Saako jättää viestin: Kyllä"),
    "no name of the association": ({}, "Saako mainita yhdistyksen nimen: Ei, ennen kuin olet varma"),
    "no name in a text message": ({"contact_by": "text"}, "Saako mainita yhdistyksen nimen: Ei. Kirjoita viesti niin"),
    "name of the association": ({"may_name": True}, "Saako mainita yhdistyksen nimen: Kyllä"),
    "language": ({"language": "fse"}, "Kieli: suomalainen viittomakieli"),
    "interpreter": ({"interpreter": True}, "Tulkki: Tarvitaan"),
    "child": ({"under_15": True, "whose": "guardian"}, "Alle 15-vuotias. Puhu huoltajan kanssa."),
    "activity": ({}, "Toiminta: Torstairyhmä"),
    "municipality": ({}, "Kunta: Kuopio"),
    "note": ({}, "Hyvä tietää: Kulkee rollaattorilla."),
    "consent": ({}, "yhteystieto välitetään teille (teksti 2026-11)"),
    "promise": ({}, "Toiminnanjohtaja soittaa ja kertoo ryhmästä."),
    "due": ({}, "Otatte yhteyttä viimeistään torstaina 26.11.2026."),
    "deletion": ({}, "Poista tämä viesti, kun asia on hoidettu."),
    "who hears": ({}, "Ammattilainen saa tiedoksi vain vastauksesi"),
    "who hears of a resident": (RESIDENT, "Alueen koordinaattori saa tiedoksi vain vastauksesi"),
}


@pytest.mark.parametrize(("changes", "sentence"), SAID.values(), ids=SAID)
def test_mail_says(counter: Counter, changes: dict[str, Any], sentence: str) -> None:
    mail = sent(counter, **changes)
    assert sentence in part(mail, "plain")
    value = sentence.rpartition(": ")[2]
    assert value in part(mail, "html")


def test_mail_is_in_the_associations_language() -> None:
    assert "Ring senast torsdag 26.11.2026." in sent(in_language("sv")).text
    assert "Verksamhet: Torsdagsgruppen" in sent(in_language("sv")).text
    assert "Please call by Thursday 26 November 2026." in sent(in_language("en")).text
    assert '<html lang="sv">' in sent(in_language("sv")).html


def test_day_of_the_answer_is_the_one_in_the_mail(counter: Counter) -> None:
    _, body = counter.refer()
    assert body["due"] == "2026-11-26"
    assert "26.11.2026" in counter.outbox[0].text


class Reader(HTMLParser):
    """Tags and links of a document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_whatever_was_typed_stays_text_in_html(counter: Counter) -> None:
    html = part(sent(counter, **CLIENT, sender_name="Maija <img src=x onerror=y>", sender_unit="A&amp;B '\" <a href=x>"), "html")
    reader = Reader(html)
    assert set(reader.tags) == {"html", "head", "meta", "title", "body", "h1", "h2", "p", "span", "br", "bdi", "a"}
    assert "Matti &lt;b&gt;Mallikas&lt;/b&gt;" in html
    assert all(link.startswith(("tel:+", f"{SITE}/vastaa/#")) for link in reader.links)


@pytest.mark.parametrize(("language", "page"), [("fi", "/vastaa/"), ("sv", "/sv/vastaa/"), ("en", "/en/vastaa/")])
def test_answers_are_given_on_a_page_in_the_language_of_the_association(language: str, page: str, counter: Counter) -> None:
    found = counter.settings.recipients.organisations[ORGANISATION]
    recipients = replace(counter.settings.recipients, organisations={ORGANISATION: {**found, "language": language}})
    counter.settings = replace(counter.settings, recipients=recipients)
    assert len(re.findall(rf"{SITE}{page}#", part(sent(counter), "plain"))) == 4


def test_text_and_html_carry_the_same_four_answers(counter: Counter) -> None:
    mail = sent(counter)
    in_text = re.findall(rf"{SITE}/vastaa/#\S+", part(mail, "plain"))
    assert [link.rpartition(".")[2] for link in in_text] == ["contacted", "not_reached", "full", "unsuitable"]
    assert [link for link in Reader(mail.html).links if "vastaa" in link] == in_text
    for label in ("Otin yhteyttä", "En tavoittanut", "Ryhmä on täynnä", "Ei sovi meille"):
        assert label in mail.text
        assert label in mail.html


def test_html_loads_nothing_and_fits_a_narrow_screen(counter: Counter) -> None:
    html = sent(counter).html
    assert not re.search(r"<(img|script|link|style|table|iframe)|url\(|src=|width=\"\d", html)
    assert "width=device-width" in html
    assert "overflow-wrap:anywhere" in html


def test_resident_leaves_no_trace_of_a_professional_in_the_links(counter: Counter) -> None:
    _, body = counter.refer(**RESIDENT)
    mail = counter.outbox[0]
    assert body["reference"] in mail.text
    assert "pohjois-savo" not in mail.text + mail.html + repr(mail.headers)
