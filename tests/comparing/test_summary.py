"""What a pull request changes, told from two points of a repository's history."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from generator.cli import main
from generator.comparing import comparison, summary
from generator.comparing.comparison import changed_slugs
from generator.comparing.revisions import Unknown, commit_of, content_at
from generator.comparing.summary import MARK, fenced, summary_of, tidy
from tests.builders import ROOT, WithoutAliases, make_project

TODAY = date(2026, 11, 21)
FILE = "content/organisations/esimerkki-ry.yaml"
PRIVATE = "content/private/esimerkki-ry.yaml"
IDENTITY = ["-c", "user.name=Esimerkki", "-c", "user.email=esimerkki@example.fi", "-c", "commit.gpgsign=false"]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *IDENTITY, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Muutos", "--allow-empty")


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A repository of the smallest valid region; `main` is its first commit, and `muutos` is checked out."""
    root = make_project(tmp_path / "region")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    git(root, "checkout", "--quiet", "-b", "muutos")
    return root


def change(root: Path, old: str, new: str, file: str = FILE) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), "utf-8")


def told(root: Path) -> str:
    commit(root)
    return summary_of(root, "main", "muutos", TODAY)


def outside_fences(text: str) -> str:
    """What Markdown would read as Markdown."""
    return re.sub(r"(?ms)^(`{3,})[a-z]*\n.*?^\1$", "", text)


# What it tells


def test_field_is_told_with_its_name_and_both_values(region: Path) -> None:
    change(region, "017 000 0101", "017 000 0102")
    text = told(region)
    assert text.startswith(MARK)
    assert "Muuttuu 1 järjestö." in text
    assert "### esimerkki-ry\n" in text
    assert "```diff\n  Yhteystiedot: puhelin (contacts.0.phone)\n- 017 000 0101\n+ 017 000 0102\n```" in text
    assert "Tarkistus: kunnossa." in text


def test_completeness_is_told_before_and_after(region: Path) -> None:
    change(region, "    summary:", "    for_whom: Aikuisille\n    summary:")
    before, after = re.search(r"täydellisyys: (\d+) → (\d+) / 100", told(region)).groups()  # type: ignore[union-attr]
    assert int(before) < int(after) <= 100


def test_unchanged_completeness_is_told_once(region: Path) -> None:
    change(region, "017 000 0101", "017 000 0102")
    assert re.search(r"täydellisyys: \d+ / 100", told(region))


def test_new_association_is_told_as_new_and_its_likely_double_named(region: Path) -> None:
    text = (region / FILE).read_text("utf-8")
    (region / "content/organisations/toinen.yaml").write_text(text, "utf-8")
    (region / "content/private/toinen.yaml").write_bytes((region / PRIVATE).read_bytes())
    said = told(region)
    assert "### toinen (uusi)" in said
    assert "Onko sama jo mukana?\n\n```\nesimerkki-ry\n```" in said


def test_removed_association_is_told_without_its_values(region: Path) -> None:
    text = (region / FILE).read_text("utf-8")
    (region / "content/organisations/toinen.yaml").write_text(text.replace("017 000 0101", "017 000 0199"), "utf-8")
    (region / "content/private/toinen.yaml").write_bytes((region / PRIVATE).read_bytes())
    commit(region)
    git(region, "branch", "--force", "main", "muutos")
    (region / "content/organisations/toinen.yaml").unlink()
    (region / "content/private/toinen.yaml").unlink()
    said = told(region)
    assert "### toinen (poistettu)" in said
    assert "0199" not in said


def test_comment_is_no_change_of_content(region: Path) -> None:
    change(region, "review:", "# huomautus\nreview:")
    said = told(region)
    assert "Sisältö ei muutu: vain huomautuksia, järjestystä tai kirjoitusasua." in said
    assert "Yksikään sivu ei muutu." in said


def test_change_of_code_only_says_so(region: Path) -> None:
    (region / "koodi.py").write_text("x = 1\n")
    said = told(region)
    assert "Järjestöjen tiedot eivät muutu." in said
    assert "koodi.py" not in said


def test_shared_files_are_named_and_pages_not_counted(region: Path) -> None:
    change(region, "sample:", "# huomautus\nsample:", "content/site.yaml")
    said = told(region)
    assert "Muut sisältötiedostot:\n\n```\ncontent/site.yaml\n```" in said
    assert "Muutos koskee koko alueen tiedostoja, joten moni sivu voi muuttua." in said


def test_error_is_told_and_pages_are_not_compared(region: Path) -> None:
    change(region, "[masennus]", "[masenus]")
    said = told(region)
    assert "Tarkistus: 1 virhe. Virhe estää julkaisun." in said
    assert 'Tarkoititko "masennus"?' in said
    assert "Sivuja ei voi verrata ennen kuin virheet on korjattu." in said


def test_file_that_cannot_be_read_is_told(region: Path) -> None:
    (region / FILE).write_text("name: [\n", "utf-8")
    said = told(region)
    assert "Tiedostoa ei voi lukea." in said
    assert "virhe" in said


def test_what_others_have_merged_since_is_not_told(region: Path) -> None:
    change(region, "017 000 0101", "017 000 0102")
    commit(region)
    git(region, "checkout", "--quiet", "main")
    change(region, "Esimerkki ry", "Esimerkki Toinen ry")
    commit(region)
    git(region, "checkout", "--quiet", "muutos")
    said = told(region)
    assert "0102" in said
    assert "Toinen" not in said


# The pages


def pages_of(text: str) -> list[str]:
    found = re.search(r"### Sivut\n\n.*?\n\n```\n(.*?)\n```", text, re.DOTALL)
    return found[1].splitlines() if found else []


def test_pages_that_show_the_change_are_listed_and_no_others(region: Path) -> None:
    change(region, "pitch: ", "pitch: Uusi lause. ")
    said = told(region)
    assert "/jarjesto/esimerkki-ry/" in pages_of(said)
    assert any(path.startswith("/tarve/masennus/") for path in pages_of(said))
    assert not any(path in ("/", "/tietoa/") or path.startswith("/tarve/diabetes/") for path in pages_of(said))


def test_only_the_first_pages_are_listed_and_all_counted(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "MOST_PAGES", 2)
    change(region, "pitch: ", "pitch: Uusi lause. ")
    said = told(region)
    assert len(pages_of(said)) == 2
    assert int(re.search(r"Muuttuu (\d+) suomenkielistä sivua", said)[1]) > 2  # type: ignore[index]
    assert "Niistä 2 ensimmäistä:" in said


def test_compared_pages_are_all_that_the_whole_site_would_show(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing only some pages must not miss one: against every page of the site."""
    change(region, "[masennus]", "[masennus, diabetes]") if "diabetes" in (region / "taxonomy.yaml").read_text() else None
    change(region, "municipalities: [kuopio", "municipalities: [espoo")
    change(region, ", espoo]", "]")
    monkeypatch.setattr(summary, "MOST_PAGES", 10_000)
    some = pages_of(told(region))
    monkeypatch.setattr(comparison, "_can_change", lambda page, needs: True)
    assert some == pages_of(told(region))
    assert some


# What it never does


SECRET = "salainen-osoite"


def test_private_values_are_never_told(region: Path) -> None:
    change(region, "ohjaus@", f"{SECRET}@", PRIVATE)
    said = told(region)
    assert "Yksityisiä osoitteita muuttuu 1 tiedostossa. Niitä ei näytetä." in said
    assert SECRET not in said


@pytest.mark.parametrize("written", [f"{SECRET}: x\n", f"referral_email: {SECRET}\n", f"data_maintainers: [{SECRET}\n"])
def test_problems_of_private_files_are_counted_and_not_told(region: Path, written: str) -> None:
    (region / PRIVATE).write_text(written, "utf-8")
    said = told(region)
    assert "Yksityisissä tiedostoissa: " in said
    assert SECRET not in said


def test_moving_the_private_folder_shows_nothing_of_it(region: Path) -> None:
    change(region, "sample:", "private_folder: content/muu\nsample:", "content/site.yaml")
    change(region, "ohjaus@", f"{SECRET}@", PRIVATE)
    (region / "content/muu").mkdir()
    (region / "content/muu/esimerkki-ry.yaml").write_text(f"referral_email: {SECRET}\n", "utf-8")
    assert SECRET not in told(region)


HOSTILE = [
    pytest.param("```\n@everyone", id="closes a fence"),
    pytest.param("`````` Fixes #1", id="long run of backticks"),
    pytest.param("~~~\n# Otsikko", id="other fence"),
    pytest.param("<!-- x --></details><img src=x>", id="markup"),
    pytest.param("- [x](javascript:alert(1)) @everyone", id="link"),
    pytest.param("rivi\n```diff\n- toinen", id="fence of the same kind"),
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_value_stays_in_its_fence(region: Path, value: str) -> None:
    written = yaml.safe_load((region / FILE).read_text("utf-8"))
    activity = written["activities"][0]
    hostile = {**activity, "name": value, "id": "uusi`x", "summary": value}
    written |= {"name": value, "activities": [activity, hostile]}
    (region / FILE).write_text(yaml.dump(written, Dumper=WithoutAliases), "utf-8")
    said = told(region)
    last = value.splitlines()[-1]
    assert last.strip("`") in said
    assert last not in outside_fences(said)
    assert "@everyone" not in outside_fences(said)


@pytest.mark.parametrize("name", ["@everyone", "a b", "x`y", "Ä"])
def test_file_with_a_hostile_name_is_not_named_outside_a_fence(region: Path, name: str) -> None:
    (region / f"content/organisations/{name}.yaml").write_bytes((region / FILE).read_bytes())
    said = told(region)
    assert "### tiedosto, jonka nimi ei kelpaa (uusi)" in said
    assert name not in outside_fences(said).replace("Älä", "")


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b", "\x85", "\u2028", "\x1b", "\r", "\ufeff"])
def test_characters_that_hide_or_turn_text_are_shown(character: str) -> None:
    assert tidy(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize("text", ["x", "```", "a ````` b", "`" * 40])
def test_fence_is_longer_than_any_run_inside(text: str) -> None:
    first, *_, last = fenced(text).split("\n")
    assert first == last
    assert first not in text


def test_long_value_is_cut_and_its_length_told(region: Path) -> None:
    change(region, "Olemme pieni yhdistys.", "a" * 5000)
    said = told(region)
    assert "… (yhteensä 5000 merkkiä)" in said
    assert "a" * 1000 not in said


def test_text_that_a_forge_would_refuse_loses_its_values(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(region, "017 000 0101", "017 000 0102")
    monkeypatch.setattr(summary, "LONGEST", 300)
    said = told(region)
    assert len(said) <= 301
    assert "(pitkä, katso muutetut tiedostot)" in said
    assert "0102" not in said


def test_many_associations_are_counted_after_the_first(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "MOST_TOLD", 1)
    text = (region / FILE).read_text("utf-8")
    for number in range(3):
        (region / f"content/organisations/uusi-{number}.yaml").write_text(text, "utf-8")
    said = told(region)
    assert said.count("\n### ") == 2  # the first, and the pages
    assert "Näiden lisäksi muuttuu 2 järjestöä." in said


# The history


def test_no_attribute_of_a_commit_hides_a_file(region: Path) -> None:
    (region / ".gitattributes").write_text("content/organisations/*.yaml export-ignore\n*.yaml export-subst\n")
    change(region, "017 000 0101", "017 000 0102")
    assert "+ 017 000 0102" in told(region)


def test_links_are_left_out(region: Path) -> None:
    (region / "content/organisations/linkki.yaml").symlink_to("/etc/hostname")
    commit(region)
    with content_at(region, commit_of(region, "muutos")) as folder:
        assert not (folder / "content/organisations/linkki.yaml").exists()
        assert (folder / FILE).is_file()


def test_working_folder_is_left_alone(region: Path) -> None:
    commit(region)
    change(region, "017 000 0101", "017 000 0109")
    before = git(region, "status", "--porcelain")
    summary_of(region, "main", "muutos", TODAY)
    assert git(region, "status", "--porcelain") == before != ""


@pytest.mark.parametrize("name", ["olematon", "--output=x", "", "HEAD:content"])
def test_unknown_version_is_told(region: Path, name: str) -> None:
    with pytest.raises(Unknown, match="ei löydy"):
        commit_of(region, name)


def test_paths_of_associations_are_told_from_others() -> None:
    paths = [FILE, PRIVATE, "content/organisations/x.yml", "content/organisations/a/b.yaml", "taxonomy.yaml"]
    assert changed_slugs(paths) == ["esimerkki-ry"]


# The command


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", str(TODAY), "summary", *arguments])


def test_command_prints_the_markdown(region: Path) -> None:
    change(region, "017 000 0101", "017 000 0102")
    commit(region)
    result = run(region, "main")
    assert (result.exit_code, result.output) == (0, summary_of(region, "main", "HEAD", TODAY))


def test_command_tells_of_an_unknown_version_and_of_a_folder_without_history(region: Path, tmp_path: Path) -> None:
    for root in (region, make_project(tmp_path / "ilman")):
        result = run(root, "olematon")
        assert result.exit_code == 1
        assert " ei löydy. Hae historia (git fetch) tai tarkista nimi." in result.output


def test_check_for_a_log_that_others_read_tells_nothing_of_private_files(region: Path) -> None:
    (region / PRIVATE).write_text(f"{SECRET}: x\ndata_maintainers: [{SECRET}]\n", "utf-8")
    arguments = ["--root", str(region), "--today", str(TODAY), "check"]
    result = CliRunner().invoke(main, [*arguments, "--format", "github"])
    assert result.exit_code == 1
    assert f"::error file={PRIVATE},line=1::Yksityisessä tiedostossa on huomautettavaa." in result.output
    assert SECRET not in result.output
    assert SECRET in CliRunner().invoke(main, arguments).output


# The workflow


# What holds for every workflow: test_workflows.py.
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text("utf-8"))


def steps() -> Iterator[dict[str, object]]:
    for job in WORKFLOW["jobs"].values():
        yield from job["steps"]


def test_job_that_may_write_runs_nothing_of_the_pull_request() -> None:
    job = WORKFLOW["jobs"]["comment"]
    assert not any("checkout" in str(step.get("uses")) for step in job["steps"])
    assert "head.repo.full_name == github.repository" in job["if"]
    assert MARK in str(job["steps"])


def test_only_the_site_is_offered_as_an_artifact() -> None:
    uploads = {step["with"]["name"]: step["with"]["path"] for step in steps() if "upload" in str(step.get("uses"))}  # type: ignore[index]
    assert uploads == {"summary": "summary.md", "preview": "preview.tar.gz"}
    assert any("tar -C build -czf preview.tar.gz site\n" in str(step.get("run")) for step in steps())
