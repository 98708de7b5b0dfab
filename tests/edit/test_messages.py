"""The mails: our own words in three languages, and the proposals' words."""

import re
from string import Formatter
from typing import Any

import pytest

from generator.models import Activity, Capacity, Contact, Organisation, Pause, Referral, Review, Season
from lambda_edit import messages
from lambda_edit.changes import body, label, publishes_itself, references_in, shown, with_reference
from lambda_edit.links import PAGES
from lambda_edit.merge import Change
from lambda_edit.messages import Reader
from lambda_edit.texts import texts
from tests.edit.builders import COORDINATOR, MAINTAINER, SLUG, Office

LANGUAGES = ("fi", "sv", "en")
FINNISH_ONLY = re.compile(r"(commit|pr)\.")  # git is the coordinator's, who works in Finnish
NAME = "Savon <b>Esimerkki</b>yhdistys ry"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_mails_have_the_same_texts_in_every_language(language: str) -> None:
    finnish = {key for key in texts("fi") if not FINNISH_ONLY.match(key)}
    assert texts(language).keys() == finnish
    for key in finnish:
        assert _facts(language, key) == _facts("fi", key), key


def _facts(language: str, key: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(texts(language)[key]) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_an_association_has_a_name(language: str) -> None:
    for model in (Organisation, Activity, Capacity, Contact, Pause, Referral, Review, Season):
        for name, field in model.model_fields.items():
            assert f"field.{field.alias or name}" in texts(language), name


def reader(language: str = "fi") -> Reader:
    return Reader(MAINTAINER, language, SLUG, NAME)


def every_mail(office: Office, language: str) -> dict[str, Any]:
    desk, to = office.desk, reader(language)
    from generator.models import PrivateAddresses

    wanted = PrivateAddresses(referral_email="uusi@x.example.fi", data_maintainers=("a@x.example.fi",))
    changed = [Change("activities.ryhma.when.sv", None, "<i>torsdag</i>"), Change("contacts", ["a"], {"role": "x"})]
    return {
        "link": messages.link_mail(desk, to, 1),
        "changed": messages.changed_mail(desk, to, changed, has_addresses=True, is_new=False),
        "joined": messages.changed_mail(desk, to, changed, has_addresses=True, is_new=True),
        "returned": messages.returned_mail(desk, to, "Syy <script>\nToinen rivi"),
        "ask_more": messages.ask_more_mail(desk, to, 1, ["website"], "Viesti <b>"),
        "address_old": messages.address_mail(desk, to, "address-old", wanted, "f"),
        "address_new": messages.address_mail(desk, to, "address-new", wanted, "f"),
        "test_request": messages.test_request_mail(desk, to, 1),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_escape_what_people_wrote_and_say_whom_to_call(office: Office, language: str) -> None:
    for name, mail in every_mail(office, language).items():
        assert NAME in mail.text, name
        assert not re.search(r"<(script|b|i)>", mail.html), name
        assert f'lang="{language}"' in mail.html
        assert "017 000 0101" in mail.text, name
        assert mail.subject == texts(language)[f"subject.{'changed' if name == 'joined' else name}"]
        assert mail.reply_to == COORDINATOR
        assert mail.headers["Auto-Submitted"] == "auto-generated"
        assert NAME not in repr((mail.headers, mail.tags, mail.subject))


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_stands_by_itself_for_programs_that_break_links(office: Office, language: str) -> None:
    for name, mail in every_mail(office, language).items():
        link = re.search(r"https://\S+#t=(\S+)", mail.text)
        if link:
            assert mail.text.splitlines().count(link[1]) == 1, name
            assert link[0].count("#") == 1


def test_links_lead_to_the_pages_that_take_them(office: Office) -> None:
    mails = every_mail(office, "fi")
    for name, purpose in (("link", "edit"), ("address_old", "address-old"), ("test_request", "test-request")):
        assert PAGES[purpose].format(slug=SLUG) + "#t=" in mails[name].text  # type: ignore[index]


@pytest.mark.parametrize(("language", "root"), [("fi", "/"), ("sv", "/sv/"), ("en", "/en/")])
def test_links_lead_to_the_site_in_the_language_of_the_mail(language: str, root: str, office: Office) -> None:
    mail = messages.link_mail(office.desk, reader(language), 1)
    page = f"{office.desk.settings.site}{root}muokkaa/{SLUG}/"
    assert f"{page}#t=" in mail.text
    assert page in re.split(r"[\s,]+", mail.text)


def test_new_address_is_not_told_of_the_others(office: Office) -> None:
    mails = every_mail(office, "fi")
    assert "uusi@x.example.fi" in mails["address_old"].text
    assert "@x.example.fi" not in mails["address_new"].text.replace(MAINTAINER, "")


def test_long_value_is_cut_in_the_mail(office: Office) -> None:
    mail = messages.changed_mail(
        office.desk, reader(), [Change("description", "a" * 5000, "b")], has_addresses=False, is_new=False
    )
    assert "a" * 300 + "…" in mail.text
    assert "a" * 301 not in mail.text


LABELS = {
    "contacts.0.phone": "Yhteystiedot: puhelin",
    "activities.vertaisryhma.when.sv": "Toiminta vertaisryhma: aika, ruotsiksi",
    "activities.vertaisryhma.capacity.until": "Toiminta vertaisryhma: tilanne, voimassa",
    "activities.vertaisryhma": "Toiminta vertaisryhma",
    "activities": "Toiminta",
    "activities.for_whom": "Toiminta: kenelle",
    "activities.capacity.status": "Toiminta: tilanne, tila",
    "activities.when.when.fi": "Toiminta when: aika",
    "pitch.fi": "Esittelylause",
    "tuntematon": "tuntematon",
}


@pytest.mark.parametrize(("field", "expected"), LABELS.items())
def test_field_has_a_name_in_plain_words(field: str, expected: str) -> None:
    assert label(field, "fi") == expected


SHOWN = [(None, "(tyhjä)"), ([], "(tyhjä)"), ("x", "x"), (["a", "b"], "a, b"), ({"role": "x", "phone": "1"}, "role: x, phone: 1")]


@pytest.mark.parametrize(("value", "expected"), SHOWN, ids=str)
def test_value_is_shown_on_one_line(value: Any, expected: str) -> None:
    assert shown(value, "fi") == expected


BY_ITSELF = {
    "pauses": True,
    "pauses.0.from": True,
    "activities.ryhma.capacity": True,
    "activities.ryhma.capacity.until": True,
    "activities.ryhma.season.to": True,
    "activities": False,
    "activities.capacity": False,
    "activities.ryhma": False,
    "activities.ryhma.name": False,
    "activities.ryhma.capacity_note": False,
    "pausesx": False,
    "review.confirmed_on": False,
    "contacts.0.capacity": False,
}


@pytest.mark.parametrize(("field", "expected"), BY_ITSELF.items())
def test_which_change_publishes_itself(field: str, expected: bool) -> None:
    assert publishes_itself([Change(field, "a", "b")]) is expected


def test_nothing_at_all_does_not_publish_itself() -> None:
    assert publishes_itself([]) is False


@pytest.mark.parametrize("run", range(8))
def test_fence_is_longer_than_any_in_the_text(run: int) -> None:
    written = body("Avaus.", [Change("name", "a", "b")], "a: 1\n", f"a: {'`' * run}\n", ["ME-1"])
    fence = re.search(r"^(`+)diff$", written, re.MULTILINE)
    assert fence
    assert len(fence[1]) > run


def test_long_difference_is_cut() -> None:
    written = body("Avaus.", [], "", "rivi\n" * 20_000, ["ME-1"])
    assert len(written) < 40_000
    assert "Loput riveistä" in written
    assert references_in(written) == ["ME-1"]


def test_reference_is_added_once() -> None:
    words = with_reference(with_reference("Avaus.", "ME-1"), "ME-2")
    assert with_reference(words, "ME-1") == words
    assert references_in(words) == ["ME-1", "ME-2"]
    assert words.startswith("Avaus.\n\nViite: ME-1\nViite: ME-2")
