import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models import Organisation
from generator.rendering.environment import load_voice
from generator.rendering.vcard import LINE, contact_card
from tests.builders import make_content, make_organisation, make_site, render

CARD = "/jarjesto/yhdistys/yhteystieto.vcf"
VOICE = load_voice("fi", make_site())
HOSTILE = "Paha; ry\\, END:VCARD, TEL:112 <script>"


def card_of(organisation: Organisation) -> bytes:
    return contact_card("yhdistys", organisation, "https://tarjotin.example.fi", VOICE)


def values(organisation: Organisation, name: str) -> list[str]:
    card = vobject.readOne(card_of(organisation).decode())
    return [line.value for line in card.contents.get(name, [])]


def test_card_has_the_name_every_public_contact_and_where_the_data_came_from() -> None:
    own = {"role": "Ohjaaja", "phone": "017 000 0103", "email": "ryhma@yhdistys.example.fi"}
    organisation = make_organisation(
        website="https://yhdistys.example.fi/",
        contacts=[{"role": "Toimisto", "phone": "017 000 0101", "email": "toimisto@yhdistys.example.fi"}],
        activities=[{"contact": own}],
    )
    assert values(organisation, "fn") == ["Savon Esimerkkiyhdistys ry"]
    assert values(organisation, "org") == [["Savon Esimerkkiyhdistys ry"]]
    assert values(organisation, "tel") == ["+358170000101", "+358170000103"]
    assert values(organisation, "email") == ["toimisto@yhdistys.example.fi", "ryhma@yhdistys.example.fi"]
    assert values(organisation, "x-ablabel") == ["Toimisto", "Toimisto", "Ohjaaja", "Ohjaaja"]
    assert values(organisation, "url") == ["https://yhdistys.example.fi/", "https://tarjotin.example.fi/jarjesto/yhdistys/"]
    assert values(organisation, "note") == ["Voit tulla mukaan sellaisena kuin olet. Tiedot tarkistettu 1.9.2026."]


def test_contact_that_is_written_twice_is_on_the_card_once() -> None:
    contact = {"role": "Toimisto", "phone": "017 000 0101"}
    assert values(make_organisation(contacts=[contact], activities=[{"contact": contact}]), "tel") == ["+358170000101"]


def test_person_is_named_only_where_the_page_names_them() -> None:
    named = {"role": "Sihteeri", "name": "Maija Esimerkki", "name_public": True, "phone": "017 000 0101"}
    assert values(make_organisation(contacts=[named]), "x-ablabel") == ["Sihteeri, Maija Esimerkki"]


def test_hostile_text_stays_text() -> None:
    organisation = make_organisation(name=HOSTILE, pitch=HOSTILE, contacts=[{"role": HOSTILE, "phone": "017 000 0101"}])
    assert values(organisation, "fn") == [HOSTILE]
    assert values(organisation, "x-ablabel") == [HOSTILE]
    assert values(organisation, "tel") == ["+358170000101"]
    assert values(organisation, "note")[0].startswith(HOSTILE)


# Text as the models let it through: no control characters, spaces not repeated.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3).map(" ".join))
def test_lines_are_at_most_75_octets_whole_characters_and_read_back_as_written(text: str) -> None:
    organisation = make_organisation().model_copy(update={"name": text})
    raw = card_of(organisation)
    assert raw.endswith(b"END:VCARD\r\n")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= LINE
    assert "�" not in "".join(line.decode(errors="replace") for line in lines) or "�" in text
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert values(organisation, "fn") == [text]


def test_page_links_to_the_card_in_every_language() -> None:
    files = render(make_content(yhdistys=make_organisation()))
    assert files[CARD].startswith("BEGIN:VCARD\r\n")
    for prefix in ("", "/sv", "/en"):
        assert f'href="{CARD}"' in files[f"{prefix}/jarjesto/yhdistys/index.html"]
        assert prefix == "" or prefix + CARD not in files


def test_association_that_has_closed_has_no_card() -> None:
    files = render(make_content(yhdistys=make_organisation(status="closed")))
    assert CARD not in files
    assert "yhteystieto.vcf" not in files["/jarjesto/yhdistys/index.html"]
