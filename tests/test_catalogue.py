"""The catalogue of the whole region: what is in it, that it needs nothing else, and that it can always be made."""

import base64
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner, Result
from selectolax.lexbor import LexborHTMLParser

from generator.catalogue.facts import Facts, catalogue_facts
from generator.catalogue.page import catalogue_page
from generator.catalogue.run import _Run, changed_texts
from generator.checked import Content
from generator.cli import main
from generator.markdown import text_blocks
from generator.models import LANGUAGES, Language
from generator.posters.press import NoGlyph, Press
from generator.posters.region import Region
from generator.preview.gallery import HOSTILE
from tests.builders import TODAY, make_content, make_organisation, make_plan, write_project, written_organisation
from tests.everything import everything


def region_of(content: Content) -> Region:
    return Region(content, make_plan(content), TODAY)


def page_of(content: Content, language: Language = "fi") -> LexborHTMLParser:
    region = region_of(content)
    return LexborHTMLParser(catalogue_page(catalogue_facts(region, language), region))


def booklet_text(raw: bytes) -> str:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


@pytest.fixture(scope="module")
def tree(content: Content) -> LexborHTMLParser:
    return page_of(content)


def test_page_asks_for_nothing_outside_itself(tree: LexborHTMLParser) -> None:
    assert tree.css("[src], [srcset], link, script, iframe, object, form") == []
    assert "url(" not in tree.css_first("style").text()


def test_policy_lets_in_the_style_of_the_page_and_nothing_else(tree: LexborHTMLParser) -> None:
    style = tree.css_first("style").text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = tree.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'"


def test_every_association_that_works_is_there_once_in_the_order_of_names(tree: LexborHTMLParser, content: Content) -> None:
    shown = [str(one.attributes["id"]).removeprefix("j-") for one in tree.css(".association")]
    assert sorted(shown) == sorted(slug for slug, one in content.organisations.items() if one.status != "closed")
    numbers = [one.text() for one in tree.css(".association > h3 .number")]
    assert numbers == [str(number) for number in range(1, len(shown) + 1)]


def test_every_link_of_the_indexes_leads_to_an_association(tree: LexborHTMLParser) -> None:
    ids = {one.attributes["id"] for one in tree.css("[id]")}
    targets = {str(one.attributes["href"]).removeprefix("#") for one in tree.css("a[href^='#']")}
    assert targets <= ids
    assert len(targets) > 40


def test_indexes_know_what_the_three_clicks_know(content: Content) -> None:
    facts = catalogue_facts(region_of(content), "fi")
    combinations = make_plan(content).combinations
    offered = {need for offer in combinations.offers for need in offer.activity.needs}
    named = {part["name"]["text"] for group in facts["groups"] for part in group["parts"] if part["links"]}
    assert named == {need.label.fi for need in content.taxonomy.needs if need.id in offered}
    iisalmi = next(part for part in facts["municipalities"] if part["name"]["text"] == "Iisalmi")
    here = {offer.slug for offer in combinations.offers if "iisalmi" in offer.activity.municipalities and offer.place == 0}
    assert {link["slug"] for link in iisalmi["links"]} == here


def test_association_that_the_lists_leave_out_is_in_no_index_but_has_its_entry() -> None:
    content = make_content(
        vanha=make_organisation(name="Vanha ry", review={"confirmed_on": "2020-01-01", "confirmed_by": "sihteeri"}),
        tauolla=make_organisation(name="Tauolla ry", status="paused"),
        suljettu=make_organisation(name="Suljettu ry", status="closed"),
    )
    tree = page_of(content)
    assert [one.text(strip=True) for one in tree.css(".association > h3")] == ["1Tauolla ry", "2Vanha ry"]
    assert tree.css(".part a") == []
    text = tree.body.text() if tree.body else ""
    assert "1.1.2020" in text
    assert "Toiminta on tauolla" in text


def test_what_holds_today_is_told_and_nothing_of_the_past() -> None:
    season = {"from": "2026-09-01", "to": "2026-12-01", "enrol_by": "2026-09-15"}
    activity = {"capacity": {"status": "full", "until": "2026-10-01"}, "season": season, "when": "Torstaisin"}
    pauses = [{"from": "2026-07-01", "to": "2026-07-31"}, {"from": "2026-12-21", "to": "2027-01-06", "note": "Joulu."}]
    text = page_of(make_content(yksi=make_organisation(activities=[activity], pauses=pauses))).html or ""
    assert "Kysy paikkoja" in text
    assert "Torstaisin. Ilmoittautuminen on päättynyt. Kysy vapaita paikkoja." in text
    assert "Täynnä" not in text
    assert "31.7.2026" not in text
    assert "6.1.2027" in text


def test_person_is_not_named_on_what_is_copied_and_kept() -> None:
    contact = {"role": "Ohjaaja", "name": "Maija Esimerkki", "name_public": True, "phone": "017 000 0101"}
    text = page_of(make_content(yksi=make_organisation(contacts=[contact]))).html or ""
    assert "Ohjaaja" in text
    assert "Maija" not in text


def test_texts_of_people_stay_text() -> None:
    content = everything(lambda _: HOSTILE)
    region = region_of(content)
    for language in LANGUAGES:
        facts = catalogue_facts(region, language)
        tree = LexborHTMLParser(catalogue_page(facts, region))
        assert tree.css("script, img, b, svg") == []
        assert HOSTILE in changed_texts(facts, str)["associations"][0]["name"]
        assert Press("catalogue/catalogue.typ").pdf(facts).startswith(b"%PDF")


def test_text_without_a_translation_is_marked_as_finnish() -> None:
    tree = page_of(make_content(yksi=make_organisation(pitch={"fi": "Tule mukaan."})), "sv")
    assert tree.css_first(".pitch [lang=fi]").text() == "Tule mukaan."
    assert page_of(make_content(yksi=make_organisation(pitch={"fi": "A.", "sv": "B."})), "sv").css(".pitch [lang]") == []


BLOCKS = {
    "Yksi\nrivi **lihava**.": [("paragraph", "Yksi rivi lihava.")],
    "# Otsikko\n\n- a\n- b\n\nLoppu": [("heading", "Otsikko"), ("item", "a"), ("item", "b"), ("paragraph", "Loppu")],
    "[Sivu](https://a.example.fi/x)": [("paragraph", "Sivu (https://a.example.fi/x)")],
    "<a@example.fi>": [("paragraph", "a@example.fi")],
    "[Ohje](/ohjeet/) ja `koodi`": [("paragraph", "Ohje ja koodi")],
    "<b>x</b>": [("paragraph", "<b>x</b>")],
    "```\nx\n```": [("paragraph", "x")],
}


@pytest.mark.parametrize(("text", "blocks"), BLOCKS.items())
def test_markdown_becomes_plain_blocks_for_paper(text: str, blocks: list[tuple[str, str]]) -> None:
    assert text_blocks(text) == blocks


def test_booklet_is_tagged_titled_and_names_every_association(content: Content) -> None:
    raw = Press("catalogue/catalogue.typ").pdf(catalogue_facts(region_of(content), "sv"))
    document = pypdf.PdfReader(io.BytesIO(raw))
    catalog: Any = document.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("sv")
    assert document.metadata
    assert document.metadata.title == "Organisationernas stöd: Norra Savolax"
    text = booklet_text(raw)
    missing = [
        one.name
        for one in content.organisations.values()
        if one.status != "closed" and re.sub(r"[\s-]", "", one.name) not in text
    ]
    assert missing == []


# The command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, {"yksi": written_organisation(pitch="Tule 🎉 mukaan.")}, sample=TODAY)


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(project), "--today", str(TODAY), "catalogue", *arguments])


def files(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project / "build" / "luettelo").iterdir()}


def test_command_makes_a_page_and_a_booklet_in_each_language_and_the_same_again(project: Path) -> None:
    first = run(project)
    assert first.exit_code == 0
    assert "6 luetteloa kansiossa build/luettelo." in first.output
    made = files(project)
    assert sorted(made) == sorted(f"luettelo.{language}.{form}" for language in LANGUAGES for form in ("html", "pdf"))
    (project / "build" / "luettelo" / "vanha.pdf").write_bytes(b"")
    run(project)
    assert files(project) == made


def test_character_without_a_glyph_is_left_out_of_the_booklet_and_told(project: Path) -> None:
    result = run(project, "--language", "fi")
    assert "Nämä merkit jäivät PDF:stä pois, koska kirjasimessa ei ole niitä: 🎉" in result.output
    made = files(project)
    assert "Tulemukaan." in booklet_text(made["luettelo.fi.pdf"])
    assert "🎉" in made["luettelo.fi.html"].decode()


def test_fault_that_leaving_a_character_out_does_not_mend_ends_the_run() -> None:
    class Stubborn(Press):
        def pdf(self, facts: Facts) -> bytes:
            raise NoGlyph("😀")

    with pytest.raises(NoGlyph):
        _Run(Region(make_content(), make_plan(make_content()), TODAY), ("fi",), ("pdf",))._booklet({"name": "Kerho"}, Stubborn())


def test_language_that_the_site_does_not_have_is_refused(tmp_path: Path) -> None:
    project = write_project(tmp_path, {"yksi": written_organisation()}, sample=TODAY, languages=["fi"])
    result = run(project, "--language", "sv")
    assert result.exit_code == 1
    assert 'Sivustolla ei ole kieltä "sv". Valitse jokin näistä: fi.' in result.output
    assert not (project / "build" / "luettelo").exists()


def test_broken_content_makes_no_catalogue(project: Path) -> None:
    (project / "content" / "organisations" / "yksi.yaml").write_text("name: 1\n", "utf-8")
    result = run(project)
    assert result.exit_code == 1
    assert result.output.rstrip().endswith("Luetteloa ei tehty.")
