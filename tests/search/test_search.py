"""What the shipped script finds in the shipped index, and what `tarjotin search` tells of it."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.checked import Content
from generator.cli import main
from generator.pages import is_address
from generator.pipeline import Settings, search_files_of
from generator.search.index import WHOLE
from generator.search.told import measured_text
from generator.search.trial import Trial, open_trial, read_queries
from tests.builders import ROOT, TODAY, make_content, make_organisation, make_taxonomy

QUERIES = Path(__file__).parent
KILOBYTE = 1024


def files_of(content: Content, language: str = "fi") -> Mapping[str, bytes]:
    return dict(search_files_of(content, Settings(ROOT, TODAY), language))


@pytest.fixture(scope="module")
def trial(content: Content) -> Iterator[Trial]:
    with open_trial(files_of(content), "fi") as trial:
        yield trial


def paths(trial: Trial, text: str) -> list[str]:
    return [link.path for link in trial.find(text)]


# Straight to the right page

FIRST = {
    "masennukseen": "tarve/masennus/",
    "F32.1": "tarve/masennus/",
    "F3210": "tarve/masennus/",
    "diabetes kuopio": "tarve/diabetes/kaikki/kuopio/",
    "diab kuo": "tarve/diabetes/kaikki/kuopio/",
    "kuopio diabetes": "tarve/diabetes/kaikki/kuopio/",
    "muisti siilinjärvellä": "tarve/muisti/kaikki/siilinjarvi/",
    "leski kuopio": "tarve/suru/kaikki/kuopio/",
    "F32 70100": "tarve/masennus/kaikki/kuopio/",
    "f32 297": "tarve/masennus/kaikki/kuopio/",
    "masennus vertaistuki iisalmi": "tarve/masennus/vertaisryhma/iisalmi/",
    "masennus vertaisryhmä": "tarve/masennus/vertaisryhma/",
    "70100": "kunta/kuopio/",
    "ruoka apua": "tarve/talous/ruoka-apu/",
    "kallaveden parkinson": "jarjesto/kallaveden-esimerkki-parkinsonyhdistys/",
    "surutuki": "tarve/suru/",
    "leksi": "tarve/suru/",
    "astmalapsen arki": "tarve/hengitys/",
    "ms-potilaalle": "tarve/ms-etenevat/",
    "babyblues": "tarve/raskaus-vauva/",
    "leskien kahvipöytä": "jarjesto/pohjois-savon-esimerkki-surutuki/#leskien-kahvipoyta",
}


@pytest.mark.parametrize("text", FIRST)
def test_first_link_is_the_page_that_was_meant(trial: Trial, text: str) -> None:
    assert paths(trial, text)[0] == FIRST[text]


def test_every_association_is_found_by_its_name(trial: Trial, content: Content) -> None:
    """Among the first four: needs and a municipality that the name says may come before it."""
    missed = {
        it.name: found
        for slug, it in content.organisations.items()
        if it.status != "closed" and f"jarjesto/{slug}/" not in (found := paths(trial, it.name)[:4])
    }
    assert missed == {}


def test_lone_name_of_a_municipality_leads_to_it_and_not_to_an_association_that_bears_it(trial: Trial, content: Content) -> None:
    first = {one.id: paths(trial, one.label.fi)[0] for one in content.taxonomy.municipalities}
    assert {municipality: path for municipality, path in first.items() if path != f"kunta/{municipality}/"} == {}


def test_code_that_several_needs_share_leads_to_each(trial: Trial) -> None:
    assert len({link.need for link in trial.find("Z63")}) == 4


# ICPC-2 and ICD-10 share letters and numbers: a code of three characters may be of either, a longer one is of ICD-10. One that is
# not known as such leads where its neighbours under the same three characters do.
CODES = {
    "K90": ["avh-aivovamma", "suolisto"],
    "K90.0": ["suolisto"],
    "K90.4": ["suolisto"],
    "F84": ["nako", "neurokirjo"],
    "F84.5": ["neurokirjo"],
    "P76.01": ["masennus"],
    "O80": ["raskaus-vauva"],
    "T06": ["syomishairiot"],
    "F43.9": ["stressi-uni", "kriisi"],
    "B20": [],
    "T86": [],
    "A50": [],
}


@pytest.mark.parametrize("code", CODES)
def test_code_leads_to_the_needs_of_its_classification(trial: Trial, code: str) -> None:
    assert [link.need for link in trial.find(code)] == CODES[code]


@pytest.mark.parametrize("text", ["", "  ", "?", "x", "koira", "7010", "Q99", "<img src=x>", "a" * 500, "\\", "(", "*"])
def test_what_means_nothing_here_gives_nothing(trial: Trial, text: str) -> None:
    assert trial.find(text) == []


def test_every_link_leads_to_a_page_of_the_site(trial: Trial, content: Content) -> None:
    for text in ("masennus", "kuopio", "vertaistuki", "yhdistys", "esimerkki", *FIRST):
        for path in paths(trial, text):
            assert is_address(f"/{path}", content.taxonomy, content.organisations), path


def test_own_municipality_is_offered_after_the_need_when_none_was_typed(trial: Trial) -> None:
    found = json.loads(str(trial._engine.eval('JSON.stringify(opened.find("masennus", [], "tervo"))')))
    assert [link["path"] for link in found[:2]] == ["tarve/masennus/", "tarve/masennus/kaikki/tervo/"]
    found = json.loads(str(trial._engine.eval('JSON.stringify(opened.find("masennus kuopio", [], "tervo"))')))
    assert not [link for link in found if "tervo" in link["path"]]


# Sets of queries


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_hits_and_false_hits_are_within_the_gate(content: Content, language: str) -> None:
    with open_trial(files_of(content, language), language) as trial:
        measured = trial.measure(read_queries((QUERIES / f"queries-{language}.json").read_bytes()))
    assert measured.hit_rate >= 0.97, measured_text(measured)
    assert measured.false_rate <= 0.10, measured_text(measured)


def test_measure_notices_misses_and_false_hits(trial: Trial) -> None:
    raw = b'{"queries": [{"query": "masennus", "expected": ["diabetes"]}], "off_topic": ["masennus", "koira"]}'
    measured = trial.measure(read_queries(raw))
    assert (measured.hit_rate, measured.false_rate) == (0.0, 0.5)
    assert "Ei osunut: masennus" in measured_text(measured)
    assert "Turha osuma: masennus" in measured_text(measured)


def test_reference_set_when_present(content: Content) -> None:
    reference = ROOT.parent / "shared" / "reference" / "queries-fi.json"
    if not reference.is_file():
        pytest.skip("The reference set of queries is not beside this checkout.")
    with open_trial(files_of(content), "fi") as trial:
        assert trial.measure(read_queries(reference.read_bytes())).hit_rate >= 0.97


# Weight


def many(count: int) -> Content:
    """Associations with words of their own and one that they share, as in a whole country."""
    parts = (
        "Ala",
        "Iso",
        "Kivi",
        "Lehto",
        "Mäki",
        "Niemi",
        "Oja",
        "Puro",
        "Ranta",
        "Saari",
        "Tuuli",
        "Uusi",
        "Vesi",
        "Ylä",
        "Äijö",
        "Hieta",
    )
    organisations = {
        f"e{at}": make_organisation(
            name=f"{parts[at % 16]}{parts[at // 16 % 16].lower()}{parts[at // 256 % 16].lower()}n Esimerkki ry",
            activities=[{"name": f"{parts[at % 13]}n ryhmä"}],
        )
        for at in range(count)
    }
    return make_content(make_taxonomy(), **organisations)


def test_index_of_a_large_region_is_within_the_limit_as_one_file(content: Content) -> None:
    assert len(content.organisations) <= WHOLE
    assert len(gzip.compress(files_of(content)["/haku/fi.json"])) <= 40 * KILOBYTE


def test_associations_of_a_whole_country_come_in_parts_by_their_first_letters() -> None:
    content = many(2000)
    files = files_of(content)
    parts = {path: raw for path, raw in files.items() if path != "/haku/fi.json"}
    assert sorted(json.loads(files["/haku/fi.json"])["shards"]) == sorted(path.split("/")[-1][:2] for path in parts)
    assert "/haku/fi/es.json" not in parts  # Esimerkki is in every name, and tells nothing of any
    assert max(len(gzip.compress(raw)) for raw in parts.values()) < 30 * KILOBYTE
    with open_trial(files, "fi") as trial:
        assert "jarjesto/e1234/" in paths(trial, content.organisations["e1234"].name)
        assert paths(trial, content.taxonomy.needs[0].label.fi)[0] == f"tarve/{content.taxonomy.needs[0].id}/"


def test_closed_association_is_not_found() -> None:
    content = make_content(
        make_taxonomy(),
        avoin=make_organisation(name="Avoin ry"),
        lopetettu=make_organisation(name="Avoin vanha ry", status="closed"),
    )
    with open_trial(files_of(content), "fi") as trial:
        assert paths(trial, "avoin") == ["jarjesto/avoin/"]


# The command


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--root", str(ROOT), "search", *arguments])
    return result.exit_code, result.output


def test_command_tells_what_the_page_would_show() -> None:
    assert run("leski kuopio")[1].startswith("1. Suru ja läheisen kuolema · Kuopio (järjestöt)  /tarve/suru/kaikki/kuopio/\n")


def test_command_tells_what_to_do_when_nothing_is_found_or_asked() -> None:
    assert run("qwertyuiop") == (
        0,
        "Haulla ei löytynyt mitään. Lisää sana taxonomy.yaml-tiedoston synonyymeihin, jos sen pitäisi löytyä.\n",
    )
    assert run()[0] == 2


def test_command_measures_a_set_and_refuses_what_is_none(tmp_path: Path) -> None:
    good, bad = tmp_path / "haut.json", tmp_path / "rikki.json"
    good.write_text('{"queries": [{"query": "leski", "expected": ["suru"]}], "off_topic": ["koira"]}', "utf-8")
    bad.write_text('["leski"]', "utf-8")
    assert run("--set", str(good)) == (
        0,
        "1/1 hakua osui 3 ensimmäisen joukkoon (100,0 %).\n0/1 aiheen ulkopuolista osui (0,0 %).\n",
    )
    assert run("--set", str(bad))[0] == 1
    assert "docs/haku.md" in run("--set", str(bad))[1]
