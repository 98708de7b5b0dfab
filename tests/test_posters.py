"""Posters: the PDFs that `tarjotin poster` makes, what is on them, and what is never made."""

import io
import json
import os
import re
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from generator.checked import Content
from generator.cli import main
from generator.models import LANGUAGES
from generator.posters import folder
from generator.posters.facts import facts_of
from generator.posters.kinds import KINDS, SIZES
from generator.posters.press import NoGlyph, Press
from generator.posters.region import Region
from generator.posters.wanted import NoPoster, Order, Poster, choose
from generator.preview.gallery import HOSTILE, LONG
from tests.builders import (
    TODAY,
    WRITTEN_POLICY,
    make_content,
    make_organisation,
    make_plan,
    make_site,
    make_taxonomy,
    write_project,
    written_organisation,
)

PAPER = {"a4": (210, 297), "a3": (297, 420)}
MILLIMETRE = 72 / 25.4
SLUG, NEED, SENSITIVE = "kallaveden-esimerkki-mielenterveysyhdistys", "muisti", "vakivalta"
ADDRESS = "https://tarjotin.example.fi"

SAMPLES = [
    Poster(kind, language, size, subject)
    for kind, subject in (("region", ""), ("how", ""), ("organisation", SLUG), ("need", NEED), ("need", SENSITIVE))
    for language, size in product(LANGUAGES, SIZES)
]


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


@pytest.fixture(scope="module")
def region(content: Content) -> Region:
    return Region(content, make_plan(content), TODAY)


def small_region(taxonomy: Any = None, site: Any = None, **organisations: Any) -> Region:
    content = make_content(taxonomy, site, **organisations)
    return Region(content, make_plan(content), TODAY)


def read(raw: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(raw))


def text_of(raw: bytes) -> str:
    """What the page says, as one line, without the marks that only say where a line may end."""
    text = "".join(page.extract_text() for page in read(raw).pages)
    text = re.sub(r"[\u00ad\u200b]\n?", "", text).replace("\u00a0", " ")
    return " ".join(text.split())


def packed(text: str) -> str:
    """Without spaces: a line may end at a hyphen."""
    return text.replace(" ", "")


def fonts_of(raw: bytes) -> Iterator[Any]:
    for page in read(raw).pages:
        for font in page["/Resources"]["/Font"].values():
            yield from (one.get_object() for one in font.get_object().get("/DescendantFonts", [font]))


def decoded(picture: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def expected_address(poster: Poster) -> str:
    prefix = "/" if poster.language == "fi" else f"/{poster.language}/"
    return ADDRESS + prefix + {"organisation": f"jarjesto/{SLUG}/", "need": f"tarve/{poster.subject}/"}.get(poster.kind, "")


# Every kind, language and size


@pytest.mark.parametrize("poster", SAMPLES, ids=lambda poster: poster.path)
def test_poster_is_one_tagged_page_of_its_size_with_title_language_and_its_fonts(
    poster: Poster, region: Region, press: Press
) -> None:
    facts = facts_of(poster, region)
    raw = press.pdf(facts)
    document = read(raw)
    assert len(document.pages) == 1
    assert [round(float(length) / MILLIMETRE) for length in document.pages[0].mediabox[2:]] == list(PAPER[poster.size])
    root = document.trailer["/Root"]
    assert root["/Lang"].split("-")[0] == poster.language
    assert document.metadata.title == facts["title"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    fonts = list(fonts_of(raw))
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & font["/FontDescriptor"].keys() for font in fonts)
    assert {font["/BaseFont"].split("+")[1].split("-")[0] for font in fonts} == {"LibertinusSerif"}


@pytest.mark.parametrize("poster", SAMPLES, ids=lambda poster: poster.path)
def test_code_leads_to_the_right_page_in_the_posters_language(poster: Poster, region: Region, press: Press) -> None:
    assert decoded(press.png(facts_of(poster, region), ppi=96)) == [expected_address(poster)]


@pytest.mark.parametrize("poster", [one for one in SAMPLES if one.size == "a4"], ids=lambda poster: poster.path)
def test_code_has_an_alternative_text_with_its_address(poster: Poster, region: Region, press: Press) -> None:
    raw = press.pdf(facts_of(poster, region))
    told = [one.get_object().get("/Alt", "") for one in objects_of(raw)]
    assert any(expected_address(poster) in alternative for alternative in told)


def objects_of(raw: bytes) -> Iterator[Any]:
    """The elements of the structure tree."""

    def inside(element: Any) -> Iterator[Any]:
        element = element.get_object()
        if isinstance(element, dict):
            yield element
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                yield from inside(kid)

    yield from inside(read(raw).trailer["/Root"]["/StructTreeRoot"])


def test_same_input_gives_the_same_bytes(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    poster = Poster("organisation", "fi", "a4", SLUG)
    first = Press().pdf(facts_of(poster, region))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.sleep(1.1)  # a date in the file would have changed
    assert Press().pdf(facts_of(poster, region)) == first
    assert b"CreationDate" not in first


# What is on them


def test_poster_of_an_association_tells_what_a_passer_by_needs_and_no_persons_name(press: Press) -> None:
    contacts = [
        {"role": "Toimisto", "phone": "017 000 0101", "name": "Aino Esimerkki", "name_public": "true"},
        {"role": "Sihteeri", "email": "sihteeri@example.fi"},
    ]
    region = small_region(yhdistys=make_organisation(contacts=contacts, website="https://www.example.fi/savo/"))
    told = text_of(press.pdf(facts_of(Poster("organisation", "fi", "a4", "yhdistys"), region)))
    for said in ("Savon Esimerkkiyhdistys ry", "Voit tulla mukaan sellaisena kuin olet.", "Torstairyhmä", "017 000 0101"):
        assert said in told
    assert "www.example.fi/savo" in told
    assert "1.9.2026" in told
    assert "Aino" not in told
    assert "sihteeri@" not in told


def test_association_without_a_phone_is_reached_by_mail(press: Press) -> None:
    region = small_region(yhdistys=make_organisation(contacts=[{"role": "Toimisto", "email": "toimisto@example.fi"}]))
    assert "toimisto@example.fi" in text_of(press.pdf(facts_of(Poster("organisation", "fi", "a4", "yhdistys"), region)))


@pytest.mark.parametrize("policy", [None, WRITTEN_POLICY], ids=["no requests", "requests"])
def test_asking_for_contact_is_promised_only_where_the_page_takes_requests(policy: Any, press: Press) -> None:
    referral = {"responsible": "sihteeri", "first_contact": "call", "within_working_days": 3, "promise": "Soitamme."}
    region = small_region(None, make_site(referral=policy), yhdistys=make_organisation(referral=referral))
    told = text_of(press.pdf(facts_of(Poster("organisation", "fi", "a4", "yhdistys"), region)))
    assert ("voit pyytää" in told) is (policy is not None)


@pytest.mark.parametrize(
    ("protection", "said", "unsaid"),
    [
        ("tls", "Kun asiakas suostuu", "omalla puhelimellaan"),
        ("none", "omalla puhelimellaan", "Kun asiakas suostuu"),
        (None, "Soitto yhdistykseen", "Yhteydenottopyyntö"),
    ],
)
def test_picture_of_how_it_works_tells_what_the_region_has_decided(
    protection: str | None, said: str, unsaid: str, press: Press
) -> None:
    region = small_region(None, make_site(referral={**WRITTEN_POLICY, "protection": protection} if protection else None))
    told = text_of(press.pdf(facts_of(Poster("how", "fi", "a4"), region)))
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_poster_of_a_sensitive_need_does_not_name_it(language: Any, region: Region) -> None:
    for need in region.content.taxonomy.needs:
        facts = facts_of(Poster("need", language, "a4", need.id), region)
        said = json.dumps(facts, ensure_ascii=False).replace("\u00ad", "")
        assert (region.voices[language].plain(need.label) in said) is not need.sensitive, need.id


def test_sensitive_needs_look_alike_from_afar(region: Region, press: Press) -> None:
    sensitive = [need.id for need in region.content.taxonomy.needs if need.sensitive][:3]
    made = [read(press.pdf(facts_of(Poster("need", "fi", "a4", need), region))) for need in sensitive]
    assert len(made) == 3
    assert {one.metadata.title for one in made} == {"Et ole yksin – Hyvinvointitarjotin"}


def test_helplines_come_in_the_needs_own_order_before_the_code(region: Region, press: Press) -> None:
    told = text_of(press.pdf(facts_of(Poster("need", "fi", "a4", SENSITIVE), region)))
    places = [told.index(said) for said in ("112", "080 005 005", "116 006", "017 000 0100")]
    assert places == sorted(places)
    assert "Hätätilanteessa soita" not in told  # the number is among the helplines already


def test_text_without_translation_is_finnish_and_marked_so(press: Press) -> None:
    region = small_region(yhdistys=make_organisation(pitch={"fi": "Tule mukaan.", "en": "Join us."}))
    by_language = {language: facts_of(Poster("organisation", language, "a4", "yhdistys"), region) for language in LANGUAGES}
    assert {language: facts["pitch"] for language, facts in by_language.items()} == {
        "fi": {"text": "Tule mukaan.", "lang": "fi"},
        "sv": {"text": "Tule mukaan.", "lang": "fi"},
        "en": {"text": "Join us.", "lang": "en"},
    }
    marked = [str(one.get("/Lang", "")) for one in objects_of(press.pdf(by_language["sv"]))]
    assert any(one.startswith("fi") for one in marked)


def test_sample_content_says_that_it_is_a_sample(press: Press) -> None:
    for sample in (None, {"today": str(TODAY)}):
        told = text_of(press.pdf(facts_of(Poster("region", "fi", "a4"), small_region(None, make_site(sample=sample)))))
        assert ("keksittyjä" in told) is (sample is not None)


# Texts that people write


def longest(limit: int, word: str) -> str:
    return (word * limit)[:limit].strip()


@pytest.mark.parametrize("word", ["Kansanterveysyhdistys ", "ja ", "X"], ids=["long words", "short words", "no spaces"])
@pytest.mark.parametrize("kind", KINDS)
def test_longest_texts_stay_on_one_page_inside_the_margins(kind: Any, word: str, press: Press) -> None:
    region = region_of_longest_texts(word)
    facts = facts_of(Poster(kind, "fi", "a4", {"organisation": "yhdistys", "need": "pitka"}.get(kind, "")), region)
    assert len(read(press.pdf(facts)).pages) == 1
    picture = Image.open(io.BytesIO(press.png(facts, ppi=50))).convert("L").point(lambda light: 255 * (light < 250))
    left, top, right, bottom = picture.getbbox()
    margin = 14 / 25.4 * 50  # a millimetre less: the footer's letters have tails
    assert left >= margin
    assert top >= margin
    assert right <= picture.width - margin
    assert bottom <= picture.height - margin
    assert len(decoded(press.png(facts, ppi=96))) == 1  # nothing lies on the code


def region_of_longest_texts(word: str) -> Region:
    contact = {"role": longest(80, word), "phone": "017 000 0101"}
    helpline = {"name": longest(80, word), "phone": "116 006", "note": longest(160, word)}
    need = {"id": "pitka", "label": longest(80, word), "description": longest(160, word), "helplines": ["a", "b", "c", "d"]}
    return small_region(
        make_taxonomy((need,), helplines=tuple({**helpline, "id": one} for one in "abcd")),
        make_site(
            name=longest(80, word),
            publisher=longest(80, word),
            guidance={"name": longest(80, word), "phone": "017 000 0100", "hours": longest(160, word)},
            sample={"today": str(TODAY)},
        ),
        yhdistys=make_organisation(
            name=longest(120, word),
            pitch=longest(150, word),
            contacts=[contact] * 8,
            website=f"https://{'a' * 63}.{'b' * 63}.example.fi/{'c' * 150}",
            activities=[{"name": longest(80, word), "needs": ["pitka"]}] * 20,
        ),
    )


def test_long_name_breaks_at_the_joints_of_its_words(press: Press) -> None:
    region = small_region(yhdistys=make_organisation(name=LONG))
    assert packed(LONG) in packed(text_of(press.pdf(facts_of(Poster("organisation", "fi", "a4", "yhdistys"), region))))


@pytest.mark.parametrize(
    "text",
    [HOSTILE, '#panic("x")', "*x* _y_ $a$ @z <w> [q]", "= Otsikko", '\\", #sys.inputs', "// ei näy /* ei näy */", "{{ 7*7 }}"],
)
def test_hostile_text_stays_text(text: str, press: Press) -> None:
    organisation = make_organisation(
        name=text, pitch=text, activities=[{"name": text}], contacts=[{"role": text, "phone": "112"}]
    )
    told = text_of(press.pdf(facts_of(Poster("organisation", "fi", "a4", "yhdistys"), small_region(yhdistys=organisation))))
    assert packed(told).count(packed(text)) == 4


@pytest.mark.parametrize("character", ["😀", "\u0378"], ids=["seen", "unprintable"])  # typst writes the second as \u{378}
def test_character_that_the_font_lacks_is_told(press: Press, character: str) -> None:
    region = small_region(yhdistys=make_organisation(name=f"Ystävät {character} ry"))
    with pytest.raises(NoGlyph, match=f"^{character}$"):
        press.pdf(facts_of(Poster("organisation", "fi", "a4", "yhdistys"), region))


# Which there are


def confirmed(day: str) -> dict[str, Any]:
    return {"review": {"confirmed_on": day, "confirmed_by": "sihteeri"}}


REGION = {
    "hyva": make_organisation(),
    "vuosi-sitten": make_organisation(**confirmed("2025-11-21")),
    "vanha": make_organisation(**confirmed("2025-11-20")),
    "vahvistamaton": make_organisation(review=None),
    "tauolla": make_organisation(status="paused"),
    "lopettanut": make_organisation(status="closed"),
    "yhdistynyt": make_organisation(status="closed", merged_into="hyva"),
    "muuttanut": make_organisation(former_slugs=["entinen"]),
}


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("hyv", 'Tarkoititko "hyva"?'),
        ("vanha", "ei ole vahvistettu vuoteen"),
        ("vahvistamaton", "ei ole vahvistettu vuoteen"),
        ("tauolla", "on tauolla"),
        ("lopettanut", "on lopettanut"),
        ("yhdistynyt", "--slug hyva"),
        ("entinen", "--slug muuttanut"),
    ],
)
def test_association_that_nobody_should_call_has_no_poster(slug: str, told: str) -> None:
    with pytest.raises(NoPoster, match=re.escape(told)):
        choose(Order(slug=slug), small_region(**REGION))


def test_all_associations_are_those_with_a_poster_and_the_rest_are_told_but_the_closed() -> None:
    choice = choose(Order(kind="organisation", language="fi"), small_region(**REGION))
    assert [poster.subject for poster in choice.posters] == ["hyva", "vuosi-sitten", "muuttanut"]
    assert [slug for slug, _ in choice.left_out] == ["vanha", "vahvistamaton", "tauolla"]


def test_need_has_a_poster_when_it_has_something_to_offer() -> None:
    helpline = {"id": "apu", "name": "Apu", "phone": "116 006", "note": "Aina."}
    taxonomy = make_taxonomy(("masennus", "diabetes", {"id": "kriisi", "helplines": ["apu"]}), helplines=(helpline,))
    region = small_region(taxonomy, yhdistys=make_organisation())
    assert [poster.subject for poster in choose(Order(kind="need", language="fi"), region).posters] == ["masennus", "kriisi"]
    with pytest.raises(NoPoster, match="ei ole nyt yhtään järjestöä"):
        choose(Order(need="diabetes"), region)
    with pytest.raises(NoPoster, match='Tarkoititko "masennus"'):
        choose(Order(need="masenus"), region)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (Order(kind="how", slug="hyva"), "--slug kuuluu vain julisteeseen --kind organisation"),
        (Order(kind="region", need="masennus"), "--need kuuluu vain julisteeseen --kind need"),
        (Order(slug="hyva", need="masennus"), "joko --slug tai --need"),
        (Order(language="sv"), 'ei ole kieltä "sv". Valitse jokin näistä: fi, en.'),
    ],
)
def test_options_that_do_not_go_together_are_told(order: Order, told: str) -> None:
    with pytest.raises(NoPoster, match=re.escape(told)):
        choose(order, small_region(None, make_site(languages=["fi", "en"]), **REGION))


def test_only_the_languages_of_the_site_are_made_and_the_regions_poster_also_large() -> None:
    region = small_region(None, make_site(languages=["fi", "en"]), hyva=make_organisation())
    assert [poster.path for poster in choose(Order(), region).posters] == [
        "fi/tarjotin-a4.pdf",
        "fi/tarjotin-a3.pdf",
        "en/tarjotin-a4.pdf",
        "en/tarjotin-a3.pdf",
        "fi/nain-se-toimii-a4.pdf",
        "en/nain-se-toimii-a4.pdf",
        "fi/jarjestot/hyva-a4.pdf",
        "en/jarjestot/hyva-a4.pdf",
        "fi/tarpeet/masennus-a4.pdf",
        "en/tarpeet/masennus-a4.pdf",
    ]


# The command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(
        tmp_path,
        {
            "hyva": written_organisation(),
            "hymio": written_organisation(name="Ystävät 😀 ry"),
            "lopettanut": written_organisation(status="closed"),
        },
        TODAY,
        languages=["fi"],
    )


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(project), "poster", *arguments])


def made(project: Path) -> list[str]:
    posters = project / "build" / "julisteet"
    return sorted(path.relative_to(posters).as_posix() for path in posters.rglob("*") if path.is_file())


EVERYTHING = [
    "fi/jarjestot/hyva-a4.pdf",
    "fi/nain-se-toimii-a4.pdf",
    "fi/tarjotin-a3.pdf",
    "fi/tarjotin-a4.pdf",
    "fi/tarpeet/kriisi-a4.pdf",
    "fi/tarpeet/masennus-a4.pdf",
    "fi/tarpeet/vakivalta-a4.pdf",
]


def test_command_makes_everything_tells_what_it_left_out_and_removes_what_is_no_longer_made(project: Path) -> None:
    stale = project / "build" / "julisteet" / "fi" / "jarjestot" / "lopettanut-a4.pdf"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"vanha")
    result = run(project)
    assert result.exit_code == 0, result.output
    assert made(project) == EVERYTHING
    assert 'merkki "😀"' in result.output
    assert "diabetes: " in result.output
    assert "Ilman julistetta jäi 2." in result.output
    assert result.output.splitlines()[-1].startswith("7 julistetta kansiossa build/julisteet.")


def test_one_poster_leaves_the_others_in_place(project: Path) -> None:
    other = project / "build" / "julisteet" / "fi" / "tarjotin-a4.pdf"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"on jo")
    assert run(project, "--slug", "hyva", "--size", "a3").exit_code == 0
    assert made(project) == ["fi/jarjestot/hyva-a3.pdf", "fi/tarjotin-a4.pdf"]
    assert other.read_bytes() == b"on jo"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--slug", "hyvä"], "Tarkoititko"),
        (["--slug", "lopettanut"], "on lopettanut"),
        (["--slug", "hymio"], 'merkki "😀"'),
        (["--need", "diabetez"], 'Tarkoititko "diabetes"?'),
        (["--language", "en"], "Valitse jokin näistä: fi."),
    ],
    ids=" ".join,
)
def test_what_cannot_be_made_ends_in_a_sentence_and_exit_code_1(arguments: list[str], told: str, project: Path) -> None:
    result = run(project, *arguments)
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output
    assert made(project) == []


def test_broken_content_makes_no_posters(project: Path) -> None:
    (project / "content/organisations/hyva.yaml").write_text("name: [", "utf-8")
    result = run(project)
    assert result.exit_code == 1
    assert "Julisteita ei tehty." in result.output
    assert made(project) == []


def test_full_disk_leaves_the_old_posters_whole(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(project, "--kind", "need").exit_code == 0
    before = {path: (project / "build/julisteet" / path).read_bytes() for path in made(project)}
    written = 0

    def refuse(path: Path, raw: bytes) -> int:
        nonlocal written
        written += 1
        if written == 3:
            path.write_text("puolikas", "utf-8")
            raise OSError(28, os.strerror(28), str(path))
        with path.open("wb") as file:
            return file.write(b"uusi")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    result = run(project)
    assert result.exit_code == 1
    assert "Tarkista tila ja oikeudet." in result.output
    assert {path: (project / "build/julisteet" / path).read_bytes() for path in made(project)} == before
    assert not (project / "build" / f"{folder.POSTERS}.new").exists()
