"""A new region's own folder (`tarjotin init`).

Every county is founded, checked and built, from a few needs and in Finnish; one is built whole, in three languages, by the copied
program itself.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hatchling.builders.wheel import WheelBuilder

from generator.cli import main
from generator.content import load_sources
from generator.mails.post import NoPost, connect_post
from generator.pipeline import Settings, build_site, load_content
from generator.problems import ContentError
from generator.regions import COUNTRY, County, counties, places_of
from generator.starting import founding
from generator.starting.founding import SLUG, STARTER, found_region
from tests.builders import ROOT, TODAY, make_content, make_site, make_taxonomy, render

REGIONS = [*counties().values(), COUNTRY]
OF_THE_SAMPLE = (
    "Pohjois-Savo",
    "Norra Savolax",
    "North Savo",
    "Kuopio",
    "esimerkkialue",
    "mallisivu",
    "Mallisivu",
    "exempelwebb",
)


def region(target: Path, county: str = "kainuu") -> Path:
    found_region(target, counties()[county], TODAY)
    return target


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--today", str(TODAY), "init", *arguments])


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def kainuu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region that no test changes."""
    return region(tmp_path_factory.mktemp("founded") / "kainuu")


# What is made

SITE_TEXTS = ("content/pages", "content/pictures")


@pytest.fixture(scope="module")
def small_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's pages, and two of its needs and types: what differs between counties is all there."""
    program = tmp_path_factory.mktemp("program")
    for folder in SITE_TEXTS:
        shutil.copytree(ROOT / folder, program / folder)
    taxonomy = yaml.load((ROOT / "taxonomy.yaml").read_text("utf-8"), yaml.BaseLoader)
    kept = {"needs": ("masennus", "diabetes"), "activity_types": ("vertaisryhma", "neuvonta")}
    taxonomy |= {kind: [term for term in taxonomy[kind] if term["id"] in ids] for kind, ids in kept.items()}
    (program / "taxonomy.yaml").write_text(yaml.safe_dump(taxonomy, allow_unicode=True, sort_keys=False), "utf-8")
    return program


@pytest.mark.parametrize("county", REGIONS, ids=lambda county: county.id)
def test_region_passes_the_check_and_is_built(
    county: County, small_program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(founding, "PROGRAM", small_program)
    monkeypatch.setattr(founding, "COPIED", SITE_TEXTS)
    folder = tmp_path / county.id
    warnings = found_region(folder, county, TODAY)
    assert any(problem.field == "unfinished" for problem in warnings)
    assert all(problem.message.startswith(("Osoite ", "Puhelinnumero ", "Alue on vielä keskeneräinen")) for problem in warnings)
    site = (folder / "content/site.yaml").read_text("utf-8")
    (folder / "content/site.yaml").write_text(site.replace("languages: [fi, sv, en]", "languages: [fi]"), "utf-8")
    build_site(Settings(folder, TODAY))
    built = folder / "build/site/tarve/masennus/vertaisryhma"
    assert {path.parent.name for path in built.glob("*/index.html")} == {"koko-alue", *(one.id for one in places_of(county))}
    page = (built / places_of(county)[0].id / "index.html").read_text("utf-8")
    assert "Esimerkkiyhdistys ry" in page
    assert county.publisher["fi"] in page
    assert county.whole["fi"] in (built / "index.html").read_text("utf-8")
    shutil.rmtree(folder)


def test_copied_program_builds_its_own_region_in_three_languages(tmp_path: Path) -> None:
    folder = region(tmp_path / "helsinki", "helsinki")

    def python(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert Path(python("-c", "import generator; print(generator.__file__)").strip()).is_relative_to(folder)
    assert "Ei virheitä" in python("-m", "generator", "--today", str(TODAY), "check")
    python("-m", "generator", "--today", str(TODAY), "build")
    swedish = (folder / "build/site/sv/tarve/masennus/vertaisryhma/helsinki/index.html").read_text("utf-8")
    assert "i Helsingfors" in swedish
    assert "Kamratstödsgrupp på torsdagar" in swedish


def test_taxonomy_differs_from_the_sample_in_municipalities_only(kainuu: Path) -> None:
    mine, sample = ((folder / "taxonomy.yaml").read_text("utf-8").splitlines() for folder in (kainuu, ROOT))
    until = sample.index(next(line for line in sample if line.startswith("municipalities:")))
    assert mine[:until] == sample[:until]
    assert mine[until].startswith("municipalities: # Kainuu; ")
    assert yaml.safe_load("\n".join(mine[until:]))["municipalities"][0] == {
        "id": "hyrynsalmi",
        "code": "105",
        "label": {"fi": "Hyrynsalmi", "sv": "Hyrynsalmi"},
        "locative": "Hyrynsalmella",
        "centre": [64.667, 28.533],
    }


def test_nothing_tells_of_the_sample_region(kainuu: Path) -> None:
    texts = [path for path in (kainuu / "content").rglob("*") if path.suffix in (".md", ".yaml")]
    files = [*texts, kainuu / "README.md", kainuu / "Makefile"]
    assert [(path.name, word) for path in files for word in OF_THE_SAMPLE if word in path.read_text("utf-8")] == []


def test_region_has_what_a_fork_would_need_and_no_tests_of_the_sample(kainuu: Path) -> None:
    assert {".github", ".gitignore", "LICENSE", "Makefile", "README.md", "deploy", "docs", "requirements.txt"} <= set(
        leftovers(kainuu)
    )
    assert (kainuu / ".github/workflows/check.yml").is_file()
    assert not (kainuu / ".github/workflows/tests.yml").exists()
    assert {"deploy.yml", "links.yml", "pages.yml", "upkeep.yml"} <= set(leftovers(kainuu / ".github/workflows"))
    assert "package-ecosystem: pip" not in (kainuu / ".github/dependabot.yml").read_text("utf-8")
    assert {"site.yaml", "template.yaml", "github.yaml", "requirements.txt"} <= set(leftovers(kainuu / "deploy"))
    assert leftovers(kainuu / "deploy/regions") == ["malli.toml"]
    assert not (kainuu / "tests").exists()
    assert not list(kainuu.rglob("__pycache__"))
    assert "/content/private/" in (kainuu / ".gitignore").read_text("utf-8").splitlines()


def test_settings_are_a_real_region_s_and_take_no_requests(kainuu: Path) -> None:
    site = load_content(Settings(kainuu, TODAY)).site
    assert (site.sample, site.unfinished, site.referral.protection) == (None, True, "none")
    assert (site.region.fi, site.whole_region.sv, site.publisher.en) == (
        "Kainuu",
        "Hela Kajanaland",
        "Wellbeing services county of Kainuu",
    )


@pytest.mark.parametrize("text", ["README.md", "content/site.yaml", "content/organisations/esimerkkiyhdistys.yaml"])
def test_every_name_is_filled_in(kainuu: Path, text: str) -> None:
    assert "$" not in (kainuu / text).read_text("utf-8")


def test_readme_leads_to_files_that_are_there(kainuu: Path) -> None:
    readme = (kainuu / "README.md").read_text("utf-8")
    for path in ("docs/kayttoonotto.md", "docs/muokkaaminen.md", "docs/yllapito.md", "CHANGELOG.md"):
        assert f"({path})" in readme
        assert (kainuu / path).is_file()
    assert "*Hyrynsalmi*" in readme


def test_only_aland_is_told_about_its_language(tmp_path: Path, kainuu: Path) -> None:
    assert "Ahvenanmaan ainoa virallinen kieli" in (region(tmp_path / "aland", "ahvenanmaa") / "README.md").read_text("utf-8")
    assert "virallinen kieli" not in (kainuu / "README.md").read_text("utf-8")


@pytest.mark.skipif(not shutil.which("make"), reason="make is not here")
@pytest.mark.parametrize("target", ["serve", "check", "build"])
def test_makefile_knows_the_commands_of_the_readme(kainuu: Path, target: str) -> None:
    assert f"make {target}" in (kainuu / "README.md").read_text("utf-8")
    done = subprocess.run(["make", "--dry-run", target], cwd=kainuu, capture_output=True, text=True, check=True)
    assert f".venv/bin/tarjotin {target}" in done.stdout


# While it is unfinished


def test_what_an_unfinished_region_is_warned_about_is_an_error_once_it_is_finished(tmp_path: Path) -> None:
    folder = region(tmp_path / "kainuu")
    warned = {(one.file, one.line) for one in load_content(Settings(folder, TODAY)).warnings if one.field != "unfinished"}
    file = folder / "content/site.yaml"
    file.write_text(file.read_text("utf-8").replace("unfinished: true\n", ""), "utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(Settings(folder, TODAY))
    assert {(one.file, one.line) for one in caught.value.problems if one.severity == "error"} == warned
    assert len(warned) > 20


@pytest.mark.parametrize("unfinished", [True, False])
def test_unfinished_region_says_so_on_every_page_and_keeps_search_engines_out(unfinished: bool) -> None:
    files = render(make_content(site=make_site(unfinished=unfinished, languages=["fi"])))
    told = [path for path, text in files.items() if path.endswith(".html") and "Sivusto on vielä tekeillä" in text]
    pages = [path for path, text in files.items() if path.endswith(".html") and "<footer" in text]
    assert told == (pages if unfinished else [])
    assert ("Disallow: /\n" in files["/robots.txt"]) is unfinished


def test_unfinished_region_sends_no_mail(tmp_path: Path) -> None:
    with pytest.raises(NoPost, match="Keskeneräisestä alueesta ei lähetetä viestejä"):
        connect_post(make_content(site=make_site(unfinished=True)), tmp_path, {"FROM_ADDRESS": "x@example.fi"})


def test_municipality_without_a_known_form_is_named_without_bending_it() -> None:
    taxonomy = make_taxonomy()
    first = taxonomy.municipalities[0].model_copy(update={"locative": None})
    bare = taxonomy.model_copy(update={"municipalities": (first, *taxonomy.municipalities[1:])})
    page = render(make_content(bare))["/kunta/kuopio/index.html"]
    assert "<h1>Järjestöjen tuki kunnassa Nimi</h1>" in page


# The command


def test_command_says_what_was_made_and_what_comes_next(tmp_path: Path) -> None:
    result = init(str(tmp_path / "pk"), "--county", "Pohjois-Karjala")
    assert result.exit_code == 0
    assert f"Luotiin {tmp_path / 'pk'}: Pohjois-Karjala, 13 kuntaa. Vaihdettavaa on 28 kohdassa." in result.output
    assert "make serve" in result.output
    assert leftovers(tmp_path) == ["pk"]


def test_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "kainuu").mkdir()
    assert init(str(tmp_path / "kainuu"), "--county", "kainuu").exit_code == 0
    assert (tmp_path / "kainuu" / "taxonomy.yaml").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["uusi"], "Anna joko alue (--county pohjois-karjala) tai koko maa (--all)."),
        (["uusi", "--county", "kainuu", "--all"], "Anna joko alue"),
        (["uusi", "--county", "kainu"], 'Tarkoititko "kainuu"?'),
        (["taynna", "--county", "kainuu"], "ei ole tyhjä. Anna uuden kansion nimi tai tyhjennä kansio."),
        (["tiedosto", "--county", "kainuu"], "on tiedosto. Anna uuden kansion nimi."),
        (["puuttuu/uusi", "--county", "kainuu"], "ei ole. Luo se ensin."),
        ([str(ROOT), "--county", "kainuu"], "ei voi olla ohjelman kansion sisällä"),
        ([str(ROOT / "kainuu"), "--county", "kainuu"], "ei voi olla ohjelman kansion sisällä"),
    ],
    ids=["neither", "both", "misspelt", "full", "a-file", "no-parent", "the-program", "in-the-program"],
)
def test_refusal_is_a_sentence_and_leaves_everything_as_it_was(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taynna").mkdir()
    (tmp_path / "taynna" / "oma.txt").write_text("oma", "utf-8")
    (tmp_path / "tiedosto").write_text("", "utf-8")
    result = init(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert leftovers(tmp_path) == ["taynna", "tiedosto"]
    assert leftovers(tmp_path / "taynna") == ["oma.txt"]
    assert not (ROOT / "kainuu").exists()


@pytest.fixture
def broken_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program's files that a test may break."""
    program = tmp_path / "program"
    for name in (*founding.COPIED, "taxonomy.yaml"):
        (program / name).parent.mkdir(parents=True, exist_ok=True)
        founding._copy(ROOT / name, program / name)
    monkeypatch.setattr(founding, "PROGRAM", program)
    return program


def test_failure_on_the_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(founding, "_adapt_pages", full)
    (tmp_path / "kainuu").mkdir()
    result = init(str(tmp_path / "kainuu"), "--county", "kainuu")
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert leftovers(tmp_path) == ["kainuu"]
    assert leftovers(tmp_path / "kainuu") == []


def test_program_whose_sample_is_broken_makes_no_region(tmp_path: Path, broken_program: Path) -> None:
    (broken_program / "content/pages/ohjeet.sv.md").write_text('---\ntitle: x\n---\n"I Kuopio finns en grupp\n', "utf-8")
    result = init(str(tmp_path / "kainuu"), "--county", "kainuu")
    assert result.exit_code == 1
    assert result.output.endswith("Kansiota ei luotu.\n")
    assert leftovers(tmp_path) == ["program"]


def test_region_s_own_copy_says_where_the_command_belongs(tmp_path: Path, broken_program: Path) -> None:
    page = broken_program / "content/pages/saavutettavuus.fi.md"
    page.write_text(page.read_text("utf-8").replace("Pohjois-Savon esimerkkialue", "Lapin hyvinvointialue"), "utf-8")
    result = init(str(tmp_path / "kainuu"), "--county", "kainuu")
    assert result.exit_code == 1
    assert "Aja komento ohjelman omassa kansiossa" in result.output


def test_installation_without_the_source_says_so(tmp_path: Path, broken_program: Path) -> None:
    (broken_program / "requirements.txt").unlink()
    result = init(str(tmp_path / "kainuu"), "--county", "kainuu")
    assert result.exit_code == 1
    assert "puuttuu requirements.txt). Kloonaa ohjelman varasto" in result.output


def test_example_is_told_in_the_files_that_the_readme_says_to_delete(kainuu: Path) -> None:
    sources = load_sources(kainuu)
    assert sources.organisation_names == {SLUG}
    assert [document.name for document in sources.private or ()] == [SLUG]


# The wheel


def test_wheel_has_the_tables_and_the_starter() -> None:
    files = {file.relative_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    folders = [ROOT / "generator" / "data", STARTER]
    wanted = [path.relative_to(ROOT).as_posix() for folder in folders for path in folder.iterdir()]
    assert len(wanted) > 8
    assert set(wanted) <= files
