"""What the check mail says, in each language, and what it never does."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.mails.texts import texts
from generator.models import LANGUAGES, PrivateAddresses
from generator.review.mail import Origin, check_mail
from generator.review.rounds import Due, Round, check_days
from lambda_common.services import Mail
from tests.builders import WRITTEN_REFERRAL, make_content, make_organisation, make_site, make_taxonomy

TODAY = date(2027, 3, 1)
SITE = "https://tarjotin.example.fi"
MAINTAINER = "tiedot@yhdistys.example.fi"
MAILBOX = "ohjaus@yhdistys.example.fi"
HOSTILE = '</p><script>alert(1)</script>&"\u202e'


def confirmed(on: str) -> dict[str, str]:
    return {"confirmed_on": on, "confirmed_by": "sihteeri"}


def origin() -> Origin:
    return Origin(SITE, lambda purpose, slug, generation, address: f"{purpose}.{slug}.{generation}.{address}")


def region(language: str = "fi", site: Any = None, **changes: Any) -> Content:
    content = make_content(make_taxonomy(), site, savon_yhdistys=make_organisation(**changes))
    private = PrivateAddresses(
        referral_email=MAILBOX, data_maintainers=(MAINTAINER,), language=language, link_generation=3, activity_emails={}
    )
    return replace(content, private={"savon-yhdistys": private})


def mail_of(content: Content, kind: Round = Round.REQUEST, today: date = TODAY) -> Mail:
    return check_mail(content, Due("savon-yhdistys", today, kind), MAINTAINER, origin(), today)


def links(mail: Mail) -> list[str]:
    return re.findall(r"https://\S+#t=\S+", mail.text)


def shown_html(mail: Mail) -> str:
    body = LexborHTMLParser(mail.html).body
    assert body
    return body.text(separator=" ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Round.REQUEST, Round.REMINDER])
def test_subject_and_greeting_are_of_the_round_and_language(language: str, kind: Round) -> None:
    mail = mail_of(region(language), kind)
    assert mail.subject == texts(language)[f"subject.{kind}"]
    assert texts(language)[f"opening.{kind}"].format(name="Savon Esimerkkiyhdistys ry", site="Hyvinvointitarjotin") in mail.text


@pytest.mark.parametrize(("language", "folder"), [("fi", ""), ("sv", "/sv"), ("en", "/en")])
def test_links_lead_to_the_pages_of_the_language_with_a_token_for_this_reader(language: str, folder: str) -> None:
    mail = mail_of(region(language))
    assert links(mail) == [
        f"{SITE}{folder}/vahvista/savon-yhdistys/#t=confirm.savon-yhdistys.3.{MAINTAINER}",
        f"{SITE}{folder}/muokkaa/savon-yhdistys/#t=edit.savon-yhdistys.3.{MAINTAINER}",
    ]
    assert [a.attributes["href"] for a in LexborHTMLParser(mail.html).css("a[href*='#t=']")] == links(mail)


def test_reader_of_a_language_that_the_site_does_not_have_gets_finnish_pages() -> None:
    mail = mail_of(region("en", make_site(languages=["fi", "sv"])))
    assert links(mail)[0].startswith(f"{SITE}/vahvista/")


def test_codes_stand_alone_on_lines_for_programs_that_break_links() -> None:
    lines = mail_of(region()).text.splitlines()
    at = lines.index(f"confirm.savon-yhdistys.3.{MAINTAINER}")
    assert f"{SITE}/vahvista/savon-yhdistys/ " in lines[at - 1]
    at = lines.index(f"edit.savon-yhdistys.3.{MAINTAINER}")
    assert f"{SITE}/muokkaa/savon-yhdistys/ " in lines[at - 1]


def test_coordinator_can_be_called_and_answered() -> None:
    mail = mail_of(region())
    assert "Koordinaattori: 017 000 0101" in mail.text
    assert LexborHTMLParser(mail.html).css_first('a[href="tel:+358170000101"]')
    assert mail.reply_to == "koordinaattori@example.fi"
    assert mail.headers["List-Unsubscribe"] == "<mailto:koordinaattori@example.fi?subject=Tarkistusviestit%20pois>"
    assert mail.headers["Auto-Submitted"] == "auto-generated"


WRITTEN_IN_FULL = {
    "website": "https://yhdistys.example.fi",
    "business_id": "9011427-0",
    "contacts": [{"role": "Sihteeri", "name": "Ester Esimerkki", "name_public": "true", "phone": "017 000 0102"}],
    "activities": [
        {
            "name": "Torstairyhmä",
            "when": "Torstaisin klo 13",
            "where": "Esimerkkitalo",
            "for_whom": "Aikuisille",
            "accessibility": "Hissi",
            "price": "paid",
            "price_note": "Kahvi 2 €",
            "remote": "true",
            "interpreter": "ask",
            "capacity": {"status": "full", "until": "2027-03-31"},
            "season": {"from": "2027-01-15", "to": "2027-05-15", "enrol_by": "2027-03-15"},
            "contact": {"role": "Ohjaaja", "email": "ohjaaja@yhdistys.example.fi"},
        }
    ],
    "pauses": [{"from": "2027-07-01", "to": "2027-07-31", "note": "Kesätauko."}],
    "referral": WRITTEN_REFERRAL,
}


@pytest.mark.parametrize(
    "line",
    [
        "Nimi: Savon Esimerkkiyhdistys ry",
        "Esittelylause: Voit tulla mukaan sellaisena kuin olet.",
        "Verkkosivut: https://yhdistys.example.fi",
        "Y-tunnus: 9011427-0",
        f"Sivu: {SITE}/jarjesto/savon-yhdistys/",
        "Sihteeri: Ester Esimerkki, 017 000 0102",
        "Torstairyhmä",
        "Ryhmässä jutellaan.",
        "Tilanne: Täynnä, 31.3.2027 asti",
        "Kenelle: Aikuisille",
        "Milloin: Torstaisin klo 13. Ilmoittaudu viimeistään 15.3.2027.",
        "Missä: Esimerkkitalo",
        "Kunnat: Nimi, etänä",
        "Hinta: maksullinen. Kahvi 2 €",
        "Kielet: Nimi; kysy tulkista",
        "Esteettömyys: Hissi",
        "Tarpeet: Nimi",
        "Yhteystieto: Ohjaaja: ohjaaja@yhdistys.example.fi",
        "1.7.–31.7.2027: Kesätauko.",
        "Kuka vastaa pyyntöihin: sihteeri",
        "Miten otatte yhteyttä: Soittamalla",
        "Monessako arkipäivässä: 3",
        "Mitä lupaatte: Soitamme.",
        f"Mihin sähköpostiin pyynnöt tulevat (ei näy sivustolla): {MAILBOX}",
    ],
)
def test_data_is_told_as_it_is_shown(line: str) -> None:
    mail = mail_of(region(**WRITTEN_IN_FULL))
    assert line in mail.text.splitlines()
    assert all(part in shown_html(mail) for part in line.split(": ", 1))


def test_what_is_not_written_has_no_row() -> None:
    text = mail_of(region()).text
    assert not {"Verkkosivut", "Esteettömyys", "Milloin", "Kohderyhmät"} & {line.split(":")[0] for line in text.splitlines()}
    assert "Yhdistys ei ota vastaan yhteydenottopyyntöjä sivuston kautta." in text


def test_pause_that_is_over_is_left_out() -> None:
    assert "Tauot" not in mail_of(region(pauses=[{"from": "2026-07-01", "to": "2027-02-28"}])).text
    assert "Tauot" in mail_of(region(pauses=[{"from": "2026-07-01", "to": "2027-03-01"}])).text


def test_mailbox_of_one_activity_is_told_by_the_activitys_name() -> None:
    content = region(referral=WRITTEN_REFERRAL)
    private = content.private["savon-yhdistys"].model_copy(
        update={"activity_emails": {"toiminta-0": "ryhma@yhdistys.example.fi"}}
    )
    text = mail_of(replace(content, private={"savon-yhdistys": private})).text
    assert "Sähköposti: Torstairyhmä (ei näy sivustolla): ryhma@yhdistys.example.fi" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"season": {"from": "2026-09-01", "to": "2027-02-28"}}, "kausi päättyi 28.2.2027", id="season over"),
        pytest.param({"capacity": {"status": "full", "until": "2027-02-28"}}, "voimaan 28.2.2027 asti", id="capacity over"),
        pytest.param({"season": {"from": "2026-09-01", "to": "2027-03-01"}}, None, id="season on its last day"),
        pytest.param({"capacity": {"status": "full", "until": "2027-03-01"}}, None, id="capacity on its last day"),
        pytest.param({}, None, id="no dates"),
    ],
)
def test_dates_that_have_gone_by_are_pointed_out(changes: dict[str, Any], sentence: str | None) -> None:
    text = mail_of(region(activities=[changes])).text
    assert ("Tarkista ainakin nämä" in text) == (sentence is not None)
    assert sentence is None or sentence in text


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        pytest.param({}, "Jos tietoja ei vahvisteta, yhdistys siirtyy 2.9.2027 listojen loppuun.", "pyyntö", id="in time"),
        pytest.param({"referral": WRITTEN_REFERRAL}, "Silloin sille ei voi enää lähettää", "nyt listojen", id="takes requests"),
        pytest.param({"review": confirmed("2026-02-28")}, "nyt listojen lopussa", "siirtyy", id="old"),
        pytest.param({"review": confirmed("2025-08-31")}, "ei enää näy listoilla", "lopussa", id="gone"),
        pytest.param({"review": None}, "ei ole vielä koskaan vahvistettu", "vahvistettu viimeksi", id="never"),
        pytest.param({"status": "paused"}, "Toiminta on merkitty tauolle", "siirtyy", id="paused"),
    ],
)
def test_what_follows_without_a_confirmation_is_told(changes: dict[str, Any], said: str, unsaid: str) -> None:
    opening = mail_of(region(**changes)).text.partition("Vahvista tiedot")[0]
    assert said in opening
    assert unsaid not in opening


def test_most_useful_advice_is_told_in_plain_words() -> None:
    text = mail_of(region()).text.partition("Mitä voisit vielä kertoa")[2]
    assert "– Kerro, milloin toimintaa on" in text
    assert len([line for line in text.splitlines() if line.startswith("–")]) == 5


@pytest.mark.parametrize(("scope", "said"), [("regional", "kaksi kertaa vuodessa"), ("national", "kerran vuodessa")])
def test_reader_is_told_why_the_mail_came(scope: str, said: str) -> None:
    activities = [{"municipalities": []}] if scope == "national" else [{}]
    assert f"Saat tämän viestin {said}" in mail_of(region(scope=scope, activities=activities)).text


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"name": f"Yhdistys {HOSTILE}"[:100].replace("\u202e", "")}, id="name"),
        pytest.param({"pitch": HOSTILE.replace("\u202e", "")}, id="pitch"),
        pytest.param({"description": HOSTILE.replace("\u202e", "")}, id="description"),
        pytest.param({"activities": [{"name": HOSTILE.replace("\u202e", ""), "when": "</title><img src=x>"}]}, id="activity"),
    ],
)
def test_hostile_text_stays_text_and_out_of_headers(changes: dict[str, Any]) -> None:
    mail = mail_of(region(**changes))
    assert LexborHTMLParser(mail.html).css("script, img") == []
    assert "script" not in repr((mail.subject, mail.headers, mail.tags, mail.reply_to, mail.to))


def test_mail_loads_nothing_and_runs_nothing() -> None:
    page = LexborHTMLParser(mail_of(region(**WRITTEN_IN_FULL)).html)
    assert page.css("script, img, link, form, iframe, [onload], [onclick]") == []
    assert "url(" not in mail_of(region()).html


def test_texts_have_the_same_keys_and_holes_in_every_language() -> None:
    holes = [{key: sorted(re.findall(r"{\w+}", said)) for key, said in texts(language).items()} for language in LANGUAGES]
    assert holes[0] == holes[1] == holes[2]
    assert all(said and said == said.strip() for language in LANGUAGES for said in texts(language).values())


def brought_mail(check_day: date, requests: int = 14, **changes: Any) -> Mail:
    return check_mail(
        region(**changes), Due("savon-yhdistys", check_day, Round.REQUEST), MAINTAINER, origin(), check_day, requests
    )


def test_association_hears_what_the_tray_has_brought_and_thanks_once_a_year() -> None:
    first, second = (brought_mail(day).text for day in check_days("savon-yhdistys", 2027))
    for text in (first, second):
        assert "Tarjottimen kautta 14 yhteydenottopyyntöä 12 kuukauden aikana." in text
    assert "Kiitos, että vastaatte heille." in first
    assert "Kiitos" not in second


def test_national_association_is_thanked_in_its_only_mail_of_the_year() -> None:
    text = brought_mail(TODAY, scope="national", activities=[{"municipalities": []}]).text
    assert "Kiitos, että vastaatte heille." in text


def test_nothing_is_said_of_requests_when_there_have_been_too_few() -> None:
    assert "Tarjottimen kautta" not in brought_mail(TODAY, requests=0).text


def test_every_word_of_the_mails_is_used(content: Content) -> None:
    """The whole sample region in every language, in both rounds, and the rare states besides."""
    said: set[str] = set()
    for slug, private in content.private.items():
        for kind in (Round.REQUEST, Round.REMINDER):
            if content.organisations[slug].status != "closed":
                mail = check_mail(content, Due(slug, TODAY, kind), private.data_maintainers[0], origin(), TODAY)
                said.add(mail.subject + mail.text)
    said |= {mail_of(region(**changes)).text for changes in RARE}
    said |= {brought_mail(day).text for day in check_days("savon-yhdistys", 2027)}
    unused = []
    for key, sentence in texts("fi").items():
        pieces = [piece for piece in re.split(r"{\w+}", sentence) if len(piece) > 3]
        if not any(all(piece in one for piece in pieces) for one in said):
            unused.append(key)
    assert unused == []


RARE: list[dict[str, Any]] = [
    {"review": confirmed("2025-08-31"), "referral": WRITTEN_REFERRAL},
    {"review": None},
    {"status": "paused"},
    {"review": confirmed("2026-02-28")},
    {"referral": {**WRITTEN_REFERRAL, "first_contact": "message"}},
]
