"""What is offered and where there are gaps. A small script of its own counts the gaps anew from the YAML files."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.cli import main
from generator.combinations import Combination, Reach
from generator.exports.gaps import gaps_file
from generator.pages import is_address
from generator.pipeline import Settings, plan_site
from generator.rendering.environment import load_voice
from generator.rendering.renderer import Renderer
from generator.rendering.site import make_frames
from generator.statistics import Statistics
from tests.builders import (
    ROOT,
    TODAY,
    make_combinations,
    make_content,
    make_organisation,
    make_plan,
    make_site,
    make_taxonomy,
    render,
)

SCRIPT = Path(__file__).parent / "tools" / "count_gaps.py"


def statistics(**organisations: Any) -> Statistics:
    return Statistics(make_taxonomy(), make_combinations(**organisations))


def offering(**activity: Any) -> Any:
    return make_organisation(activities=[{"needs": ["masennus"], **activity}])


@pytest.mark.parametrize(
    ("organisations", "reach"),
    [
        ([offering(municipalities=["kuopio"])], Reach.OWN),
        ([offering(municipalities=["kuopio"]), offering(municipalities="koko-alue")], Reach.OWN),
        ([offering(municipalities="koko-alue")], Reach.REGION),
        ([offering(municipalities=["tervo"]), offering(municipalities="koko-alue", remote=True)], Reach.REGION),
        ([offering(municipalities=[], remote=True)], Reach.AWAY),
        ([offering(municipalities=["tervo"], remote=True)], Reach.AWAY),
        ([make_organisation(scope="national", activities=[{"municipalities": []}])], Reach.AWAY),
        ([offering(municipalities=["tervo"])], Reach.NONE),
        ([offering(municipalities=["kuopio"], needs=["diabetes"])], Reach.NONE),
        ([make_organisation(status="paused")], Reach.NONE),
        ([make_organisation(review={"confirmed_on": "2020-01-01", "confirmed_by": "sihteeri"})], Reach.NONE),
        ([], Reach.NONE),
    ],
)
def test_reach_is_the_nearest_that_there_is(organisations: list[Any], reach: Reach) -> None:
    combinations = make_combinations(**{f"y{at}": one for at, one in enumerate(organisations)})
    wanted = Combination("masennus", "kaikki", "kuopio")
    assert combinations.reach(wanted) == reach
    assert combinations.is_empty(wanted) == (reach in (Reach.AWAY, Reach.NONE))


def test_each_association_and_each_activity_is_counted_once_in_a_row() -> None:
    two = make_organisation(
        activities=[{"needs": ["masennus", "diabetes"], "municipalities": ["kuopio", "tervo"], "languages": ["fi"]}, {}]
    )
    found = statistics(yhdistys=two, alue=offering(municipalities="koko-alue"))
    assert (found.everything.associations, found.everything.activities) == (2, 3)
    assert (found.by_group["ryhma"].associations, found.by_group["ryhma"].activities) == (2, 3)
    assert (found.by_municipality["kuopio"].associations, found.by_municipality["kuopio"].activities) == (1, 2)
    assert found.by_municipality["siilinjarvi"].associations == 0
    assert (found.by_language["fi"].activities, found.by_target_group["lapset"].activities) == (3, 0)


def test_gaps_are_tallied_by_group_and_by_municipality() -> None:
    found = statistics(yhdistys=offering(municipalities=["kuopio"]))
    assert [(cell.need, cell.municipality) for cell in found.gaps] == [
        ("masennus", "siilinjarvi"),
        ("masennus", "tervo"),
        *(("diabetes", municipality) for municipality in ("kuopio", "siilinjarvi", "tervo")),
    ]
    assert found.gaps_by_group == {"ryhma": 5}
    assert found.gaps_by_municipality == {"kuopio": 1, "siilinjarvi": 2, "tervo": 2}


# The recount


def recounted(root: Path, day: str = str(TODAY)) -> set[tuple[str, str]]:
    """The gaps as the script of its own finds them: it shares no code with the program."""
    done = subprocess.run([sys.executable, str(SCRIPT), str(root), day], check=True, capture_output=True, text=True)
    return {(need, municipality) for need, municipality in map(str.split, done.stdout.splitlines())}


def test_gaps_of_the_sample_content_are_those_that_a_recount_from_the_files_finds(content: Content) -> None:
    plan = plan_site(content, Settings(ROOT, TODAY))
    found = {(cell.need, cell.municipality) for cell in Statistics(content.taxonomy, plan.combinations).gaps}
    assert found == recounted(ROOT)
    assert 0 < len(found) < len(content.taxonomy.needs) * len(content.taxonomy.municipalities)
    _, raw = gaps_file(plan, load_voice("fi", content.site))
    rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    assert {(row["need"], row["municipality"]) for row in rows} == found
    assert len(rows) == len(found)


def test_recount_follows_the_files(project: Path) -> None:
    before = recounted(project)
    for file in (project / "content" / "organisations").glob("*.yaml"):
        file.unlink()
    everything = recounted(project)
    assert before < everything


# The pages


@pytest.fixture(scope="module")
def pages(content: Content) -> dict[str, LexborHTMLParser]:
    """The pages of statistics of the sample content, without all the others."""
    settings = Settings(ROOT, TODAY)
    plan = plan_site(content, settings)
    frame = make_frames(content, plan, TODAY)[0]
    renderer = Renderer(frame)
    wanted = [page for page in plan.pages() if page.path.startswith("/tilastot/")]
    return {page.path: LexborHTMLParser(renderer.render(page)) for page in wanted}


def test_every_cell_leads_to_its_results_and_the_empty_ones_to_their_empty_page(
    pages: dict[str, LexborHTMLParser], content: Content
) -> None:
    links = [
        node.attributes["href"] or "" for path, page in pages.items() if path != "/tilastot/" for node in page.css(".cells td a")
    ]
    expected = [
        f"/tarve/{need.id}/kaikki/{one.id}/" for need in content.taxonomy.needs for one in content.taxonomy.municipalities
    ]
    assert sorted(links) == sorted(expected)
    plan = plan_site(content, Settings(ROOT, TODAY))
    indexed = {page.path: page.is_indexed for page in plan.pages()}
    gaps = {node.attributes["href"] or "" for page in pages.values() for node in page.css("td.cell-gap a")}
    assert gaps == {link for link in links if not indexed[link]}
    assert gaps == {f"/tarve/{need}/kaikki/{municipality}/" for need, municipality in recounted(ROOT)}


def test_link_of_a_cell_tells_by_itself_where_it_leads(pages: dict[str, LexborHTMLParser]) -> None:
    said = [node.text(strip=True) for node in pages["/tilastot/mielenterveys/"].css(".cells td .visually-hidden")]
    assert said[0] == "Iisalmi, Masennus ja mieliala: Kunnan omaa toimintaa"
    assert len(set(said)) == len(said)


def test_picture_has_a_square_for_every_cell(pages: dict[str, LexborHTMLParser], content: Content) -> None:
    page = pages["/tilastot/"]
    squares = {node.attributes["class"]: (node.attributes["d"] or "").count("z") for node in page.css(".map path")}
    assert sum(squares.values()) == len(content.taxonomy.needs) * len(content.taxonomy.municipalities)
    assert squares["map-away"] + squares["map-none"] == len(recounted(ROOT))
    label = page.css_first(".map").attributes["aria-label"] or ""
    assert all(str(count) in label for count in squares.values())


def test_pages_say_nothing_of_how_complete_an_association_is(pages: dict[str, LexborHTMLParser], content: Content) -> None:
    for page in pages.values():  # how many requests it has had is told, from five on
        for table in page.css("[aria-labelledby=associations]"):
            table.decompose()
    text = " ".join(page.css_first("main").text() for page in pages.values())
    assert [one.name for one in content.organisations.values() if one.name in text] == []


def test_region_without_associations_has_its_pages() -> None:
    files = render(make_content(site=make_site(languages=["fi"])))
    assert "Mukana on 0 järjestöä. Toimintoja niillä on 0." in files["/tilastot/index.html"]
    assert files["/tilastot/aukot.csv"].count("\r\n") == 1 + 6


# The report


def reported(root: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", str(TODAY), "report", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_report_tells_gaps_freshness_and_what_each_could_still_tell() -> None:
    told = reported(ROOT)
    assert f"{len(recounted(ROOT))}/855" in told
    assert "rautavaaran-esimerkkikylaapu" in told.partition("TUOREUS")[2].partition("TÄYDELLISYYS")[0]
    assert "Kerro esteettömyydestä" in told.partition("TÄYDELLISYYS")[2]
    assert "juankosken-esimerkkikudonta" not in told  # closed


def test_report_as_data() -> None:
    data = json.loads(reported(ROOT, "--format", "json"))
    assert {(gap["need"], gap["municipality"]) for gap in data["gaps"]} == recounted(ROOT)
    scores = [one["score"] for one in data["associations"]]
    assert scores == sorted(scores)
    assert data["offered"]["languages"]["fi"]["associations"] > 40
    rows = list(csv.DictReader(io.StringIO(reported(ROOT, "--format", "csv"), newline="")))
    assert [row["slug"] for row in rows] == [one["slug"] for one in data["associations"]]


def test_report_of_a_region_without_associations(tmp_path: Path) -> None:
    from tests.builders import write_project

    told = reported(write_project(tmp_path / "region", {}, sample=TODAY))
    assert "keskimäärin 0/100" in told


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/tilastot/", True),
        ("/tilastot/ryhma/", True),
        ("/avoin-data/", True),
        ("/tarjotin/", True),
        ("/avain/", True),
        ("/koodi/P76/", True),
        ("/koodi/Z99/", False),
        ("/tilastot/x/", False),
        ("/avoin-data/x/", False),
    ],
)
def test_running_text_may_lead_to_the_pages_that_there_are(path: str, leads: bool) -> None:
    assert is_address(path, make_taxonomy(needs=({"id": "masennus", "icpc2": ["P76"]},)), ()) == leads


def test_plan_of_a_small_region_has_a_page_for_each_group() -> None:
    paths = [page.path for page in make_plan(make_content()).pages()]
    assert {"/tilastot/", "/tilastot/ryhma/"} <= set(paths)
