"""The command line: what it says, in which language, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jinja2 import TemplateSyntaxError, UndefinedError

from generator.cli import main
from tests.builders import ROOT, make_project

ORGANISATION = "content/organisations/esimerkki-ry.yaml"
COMMANDS = ["build", "catalogue", "check", "counts", "digest", "import", "init", "new", "poster", "review", "serve", "summary"]


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return make_project(tmp_path / "region")


def run(region: Path, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--root", str(region), "--today", "2026-11-21", *arguments], input=typed)


def last_line(result: Result) -> str:
    return result.output.splitlines()[-1]


def change(region: Path, old: str, new: str, file: str = ORGANISATION) -> None:
    text = (region / file).read_text("utf-8")
    assert old in text
    (region / file).write_text(text.replace(old, new), "utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Help and options


@pytest.mark.parametrize("command", [None, *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_finnish(command: str | None, option: str) -> None:
    result = CliRunner().invoke(main, [*([command] if command else []), option])
    assert result.exit_code == 0
    told = result.output.replace("Show this message and exit.", "")  # click's own
    assert any(letter in told for letter in "äö")
    assert not any(word in told.lower().split() for word in ("the", "and", "file", "site"))


def test_help_lists_every_command() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    assert [command for command in COMMANDS if f"\n  {command} " not in output] == []


@pytest.mark.parametrize("day", ["huomenna", "21.11.2026", "2026-02-30", "2026-11-21T10:00", ""])
def test_bad_day_is_told_and_nothing_is_done(day: str, region: Path) -> None:
    result = CliRunner().invoke(main, ["--root", str(region), "--today", day, "build"])
    assert result.exit_code == 2
    assert f'päivä "{day}" ei kelpaa. Kirjoita se muodossa 2026-11-21.' in result.output
    assert not (region / "build").exists()


@pytest.mark.parametrize(
    "arguments",
    [["tuntematon"], ["check", "--tuntematon"], ["check", "--format", "xml"], ["new"], ["serve", "--port", "70000"]],
    ids=" ".join,
)
def test_wrong_use_ends_in_exit_code_2(arguments: list[str], region: Path) -> None:
    assert run(region, *arguments).exit_code == 2


def test_sample_content_is_checked_against_its_own_day_whatever_the_clock_says(region: Path) -> None:
    change(region, "confirmed_on: 2026-09-01", "confirmed_on: 2026-11-21")
    for clock in ("2026-01-01", "2031-01-01"):
        assert CliRunner().invoke(main, ["--root", str(region), "--today", clock, "check"]).exit_code == 0
    change(region, "confirmed_on: 2026-11-21", "confirmed_on: 2026-11-22")
    assert CliRunner().invoke(main, ["--root", str(region), "--today", "2031-01-01", "check"]).exit_code == 1


def test_module_runs_as_the_command_does_whatever_the_console_speaks(region: Path) -> None:
    change(region, "website: https:", "website: http:")
    command = [sys.executable, "-m", "generator", "--root", str(region), "--today", "2026-11-21", "check"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert "1 virhe 10 tiedostossa. Sivustoa ei muodostettu." in done.stdout.decode("utf-8")
    assert done.stderr == b""


# check


@pytest.mark.parametrize(
    ("changes", "code", "last"),
    [
        pytest.param([], 0, "Ei virheitä 10 tiedostossa. Sisältö on kunnossa.", id="clean"),
        pytest.param(
            [("pitch: Täällä", "pitch: {fi: Täällä, sv: Här}\n# ")],
            0,
            "Ei virheitä, 1 varoitus 10 tiedostossa. Sisältö on kunnossa.",
            id="one-warning",
        ),
        pytest.param(
            [("pitch: Täällä", "pitch: {fi: Täällä, sv: Här, en: Here}\n# ")],
            0,
            "Ei virheitä, 2 varoitusta 10 tiedostossa. Sisältö on kunnossa.",
            id="two-warnings",
        ),
        pytest.param([("https:", "http:")], 1, "1 virhe 10 tiedostossa. Sivustoa ei muodostettu.", id="one-error"),
        pytest.param(
            [("https:", "http:"), ("confirmed_on: 2026", "confirmed_on: 26")],
            1,
            "2 virhettä 10 tiedostossa. Sivustoa ei muodostettu.",
            id="two-errors",
        ),
        pytest.param(
            [("pitch: Täällä", "pitch: {fi: Täällä, sv: Här}\n# "), ("[masennus]", "[masenus]")],
            1,
            "1 virhe, 1 varoitus 10 tiedostossa. Sivustoa ei muodostettu.",
            id="both",
        ),
    ],
)
def test_last_line_and_exit_code_tell_the_truth(changes: list[tuple[str, str]], code: int, last: str, region: Path) -> None:
    for old, new in changes:
        change(region, old, new)
    for command in ("check", "build") if code else ("check",):
        result = run(region, command)
        assert (result.exit_code, last_line(result)) == (code, last)


def test_warning_is_shown_as_one(region: Path) -> None:
    change(region, "pitch: Täällä", "pitch: {fi: Täällä, sv: Här}\n# ")
    text = run(region, "check").output
    assert f"{ORGANISATION}:5  description\n  Varoitus: Käännös (sv) puuttuu" in text
    assert run(region, "check", "--format", "github").output.startswith(f"::warning file={ORGANISATION},line=5::Käännös (sv)")
    assert json.loads(run(region, "check", "--format", "json").output)["problems"][0]["severity"] == "warning"


def test_check_writes_nothing(region: Path) -> None:
    before = tree(region)
    run(region, "check")
    assert tree(region) == before


def test_folder_without_a_project_is_told(tmp_path: Path) -> None:
    result = run(tmp_path / "olematon", "check")
    assert result.exit_code == 1
    assert "content/site.yaml:1\n  Tiedosto puuttuu." in result.output
    assert "taxonomy.yaml:1\n  Tiedosto puuttuu." in result.output
    assert not (tmp_path / "olematon").exists()


# build


def test_build_reports_what_it_wrote(region: Path) -> None:
    first = run(region, "build")
    files = len(tree(region / "build" / "site"))
    assert first.exit_code == 0
    assert f"1 järjestö, 1 toiminta, {files} tiedostoa: {files} uutta, 0 muuttunutta, 0 poistettua." in last_line(first)
    assert f"{files} tiedostoa: 0 uutta, 0 muuttunutta, 0 poistettua." in last_line(run(region, "build"))


def test_build_reports_what_changed_and_went(region: Path) -> None:
    run(region, "build")
    before = tree(region / "build" / "site")
    (region / ORGANISATION).rename(region / "content/organisations/toinen-ry.yaml")
    (region / "content/private/esimerkki-ry.yaml").rename(region / "content/private/toinen-ry.yaml")
    report = json.loads(run(region, "build", "--json").output)
    after = tree(region / "build" / "site")
    shared = set(before) & set(after)
    assert report["new"] == len(set(after) - set(before)) > 0
    assert report["removed"] == len(set(before) - set(after)) > 0
    assert report["changed"] == sum(before[path] != after[path] for path in shared) > 0
    assert report["unchanged"] == sum(before[path] == after[path] for path in shared) > 0


def test_build_as_json_is_one_document(region: Path) -> None:
    change(region, "pitch: Täällä", "pitch: {fi: Täällä, sv: Här}\n# ")
    report = json.loads(run(region, "build", "--json").output)
    assert (report["organisations"], report["activities"]) == (1, 1)
    assert report["files"] == report["new"] == len(tree(region / "build" / "site"))
    assert [one["field"] for one in report["warnings"]] == ["description"]


def test_refused_build_as_json_is_one_document(region: Path) -> None:
    change(region, "https:", "http:")
    result = run(region, "build", "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert [(one["file"], one["line"], one["field"]) for one in told["problems"]] == [(ORGANISATION, 5, "website")]
    assert told["files"] == 10


def test_warnings_do_not_stop_a_build_and_are_shown_when_asked(region: Path) -> None:
    change(region, "pitch: Täällä", "pitch: {fi: Täällä, sv: Här}\n# ")
    quiet, verbose = run(region, "build"), run(region, "build", "--verbose")
    assert (quiet.exit_code, verbose.exit_code) == (0, 0)
    assert "Varoitus" not in quiet.output
    assert "Varoitus: Käännös (sv) puuttuu" in verbose.output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("until: 2027-01-31", "until: 9999-12-31", id="capacity"),
        pytest.param("to: 2027-05-13", "to: 9999-12-31", id="season"),
        pytest.param("review:", "pauses: [{from: 2026-11-01, to: 9999-12-31}]\nreview:", id="pause"),
        pytest.param("confirmed_on: 2026-09-01", "confirmed_on: 0001-01-01", id="confirmation"),
    ],
)
def test_day_at_the_end_of_the_calendar_does_not_crash_a_build(old: str, new: str, region: Path) -> None:
    change(region, old, new)
    result = run(region, "build")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 1)


def test_what_the_disk_refuses_is_told_in_a_sentence(region: Path) -> None:
    (region / "build").write_text("tiedosto, jonka paikalla pitäisi olla kansio")
    result = run(region, "build")
    assert result.exit_code == 1
    assert "Levylle kirjoittaminen tai lukeminen ei onnistunut" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("error", "piece"),
    [
        (TemplateSyntaxError("unexpected '}'", 12, filename="pages/home.html"), "Sivupohjassa on virhe (pages/home.html:12)"),
        (UndefinedError("'otsikko' is undefined"), "Sivupohjassa on virhe: 'otsikko' is undefined"),
    ],
    ids=["syntax", "undefined"],
)
def test_broken_template_is_told_in_a_sentence(
    error: Exception, piece: str, region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("generator.pipeline.build_site", broken)
    result = run(region, "build")
    assert result.exit_code == 1
    assert piece in result.output
    assert result.output.rstrip().endswith("Sivustoa ei muodostettu.")


def test_recover_has_nothing_to_do_when_nothing_was_begun(region: Path) -> None:
    run(region, "build")
    before = tree(region / "build")
    result = run(region, "build", "--recover")
    assert (result.exit_code, result.output) == (0, "Mikään julkaisu ei ole kesken.\n")
    assert tree(region / "build") == before


class Killed(BaseException):
    """What no program can catch in earnest."""


def kill_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies after so many files have been put in place."""
    replace, done = os.replace, []

    def replace_or_die(*given: object) -> None:
        if len(done) == count:
            raise Killed
        done.append(given)
        replace(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", replace_or_die)


@pytest.mark.parametrize("count", [1, 3], ids=["after-the-journal", "between-files"])
def test_recover_finishes_what_was_begun(count: int, region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(region, "build")
    change(region, "name: Savon Esimerkki ry", "name: Kallaveden Esimerkki ry")
    with monkeypatch.context() as context:
        kill_after(count, context)
        with pytest.raises(Killed):
            run(region, "build")
    change(region, "https:", "http:")  # broken content does not stand in the way of finishing
    result = run(region, "build", "--recover")
    assert (result.exit_code, result.output) == (0, "Kesken jäänyt julkaisu vietiin loppuun.\n")
    assert sorted(path.name for path in (region / "build").iterdir()) == ["cache", "lambda", "site"]
    pages = [raw for path, raw in tree(region / "build" / "site").items() if path.endswith(".html")]
    assert not any(b"Savon Esimerkki" in raw for raw in pages)
    assert any(b"Kallaveden Esimerkki" in raw for raw in pages)


def test_kill_before_the_commit_leaves_the_old_site(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(region, "build")
    before = tree(region / "build" / "site")
    change(region, "name: Savon Esimerkki ry", "name: Kallaveden Esimerkki ry")
    with monkeypatch.context() as context:
        kill_after(0, context)
        with pytest.raises(Killed):
            run(region, "build")
    assert run(region, "build", "--recover").output == "Mikään julkaisu ei ole kesken.\n"
    assert tree(region / "build" / "site") == before


# new


ANSWERS = {
    "name": "Kallaveden Kerho ry",
    "pitch": "Täällä juttelet muiden kanssa.",
    "phone": "017 000 0202",
    "email": "toimisto@kerho.example.fi",
    "activity": "Tiistairyhmä",
    "type": "vertaisryhma",
    "need": "masennus",
    "municipality": "kuopio",
    "confirmed_by": "sihteeri",
}
NEW = "content/organisations/kallaveden-kerho.yaml"


def typed(**answers: str | list[str]) -> str:
    """What is typed, a line an answer; a list when the first answers are refused."""
    lines: list[str] = []
    for key, usual in ANSWERS.items():
        answer = answers.get(key, usual)
        lines += [answer] if isinstance(answer, str) else answer
    return "\n".join(lines) + "\n"


def test_new_writes_a_file_that_is_valid_as_it_is(region: Path) -> None:
    result = run(region, "new", "kallaveden-kerho", typed=typed())
    assert result.exit_code == 0
    assert last_line(result) == f"Luotiin {NEW}. Täydennä se ja tarkista komennolla: tarjotin check"
    assert last_line(run(region, "check")) == "Ei virheitä 12 tiedostossa. Sisältö on kunnossa."
    assert 'data_maintainers: ["toimisto@kerho.example.fi"]' in (region / "content/private/kallaveden-kerho.yaml").read_text(
        "utf-8"
    )
    assert "Kallaveden Kerho ry" in (region / NEW).read_text("utf-8")


def test_new_does_not_claim_a_confirmation_that_nobody_gave(region: Path) -> None:
    run(region, "new", "kallaveden-kerho", typed=typed(confirmed_by=""))
    assert "\nreview:" not in (region / NEW).read_text("utf-8")
    assert run(region, "check").exit_code == 0


@pytest.mark.parametrize(
    ("key", "bad", "said"),
    [
        pytest.param("pitch", "x" * 151, "(151 merkkiä, enintään 150)", id="long-pitch"),
        pytest.param("phone", "0101", 'Puhelinnumero "0101" ei kelpaa.', id="phone"),
        pytest.param("phone", "0" * 41, "(41 merkkiä, enintään 40)", id="long-phone"),
        pytest.param("email", "toimisto", 'Sähköpostiosoite "toimisto" ei kelpaa.', id="email"),
        pytest.param("type", "vertaisrymä", 'Tarkoititko "vertaisryhmä"?', id="type"),
        pytest.param("need", "masenus", 'Tarkoititko "masennus"?', id="need"),
        pytest.param("municipality", "esbo", 'Tarkoititko "espoo"?', id="municipality"),
        pytest.param("name", "x" * 121, "(121 merkkiä, enintään 120)", id="long-name"),
        pytest.param("activity", "x" * 81, "(81 merkkiä, enintään 80)", id="long-activity"),
        pytest.param("confirmed_by", "x" * 161, "(161 merkkiä, enintään 160)", id="long-confirmed-by"),
        pytest.param("name", "Kerho\x7f", "merkki, joka ei näy kaikille", id="invisible-character"),
        pytest.param("confirmed_by", "sihteeri\x7f", "merkki, joka ei näy kaikille", id="invisible-character-at-the-end"),
    ],
)
def test_new_asks_again_after_a_bad_answer(key: str, bad: str, said: str, region: Path) -> None:
    result = run(region, "new", "kallaveden-kerho", typed=typed(**{key: [bad, ANSWERS[key]]}))
    assert said in result.output
    assert result.exit_code == 0, result.exception
    assert last_line(run(region, "check")) == "Ei virheitä 12 tiedostossa. Sisältö on kunnossa."


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"type": "Vertaisryhmä", "need": "MASENNUS JA MIELIALA", "municipality": " Kuopio "}, id="labels"),
        pytest.param({"name": 'Kerho "Kulma": nro #1 {fi} & muut', "activity": "- *Tiistai* @ 13 | %"}, id="yaml-signs"),
        pytest.param({"name": "Kerho 🙂 ÄÖ", "pitch": "true", "activity": "2026-09-01"}, id="looks-like-another-type"),
        pytest.param({"activity": "Kaikki"}, id="name-that-is-a-reserved-address"),
        pytest.param({"activity": "!!!"}, id="name-without-letters"),
        pytest.param({"activity": "ы" * 80}, id="name-in-another-alphabet"),
        pytest.param({"confirmed_by": "puheenjohtaja, sihteeri}"}, id="confirmed-by-with-a-bracket"),
    ],
)
def test_new_writes_a_valid_file_from_whatever_is_typed(answers: dict[str, str], region: Path) -> None:
    result = run(region, "new", "kallaveden-kerho", typed=typed(**answers))
    assert result.exit_code == 0, result.exception
    assert run(region, "check").output == "Ei virheitä 12 tiedostossa. Sisältö on kunnossa.\n"


@pytest.mark.parametrize(
    ("slug", "piece"),
    [
        pytest.param("esimerkki-ry", "on jo olemassa", id="taken"),
        pytest.param("vanha-kerho", "jo", id="former-address-of-another"),
        pytest.param("Kallaveden Kerho", '"kallaveden-kerho"', id="capitals-and-space"),
        pytest.param("hämeen-kerho", '"hameen-kerho"', id="letters"),
        pytest.param("../kerho", '"kerho"', id="path"),
        pytest.param("uusi", "varattu", id="reserved"),
        pytest.param("a" * 61, "ei kelpaa", id="long"),
    ],
)
def test_new_refuses_a_taken_or_bad_address_before_it_asks_anything(slug: str, piece: str, region: Path) -> None:
    change(region, "review:", "former_slugs: [vanha-kerho]\nreview:")
    before = tree(region)
    result = run(region, "new", slug, typed="")
    assert result.exit_code == 1
    assert piece in result.output
    assert "Järjestön nimi" not in result.output
    assert tree(region) == before


@pytest.mark.parametrize("lines", [0, 1, 5, 8])
def test_new_that_is_interrupted_leaves_no_file(lines: int, region: Path) -> None:
    before = tree(region)
    result = run(region, "new", "kallaveden-kerho", typed="".join(typed().splitlines(keepends=True)[:lines]))
    assert result.exit_code == 1
    assert tree(region) == before


def test_new_refuses_when_the_content_is_broken(region: Path) -> None:
    change(region, "https:", "http:")
    before = tree(region)
    result = run(region, "new", "kallaveden-kerho", typed=typed())
    assert (result.exit_code, last_line(result)) == (1, "1 virhe 10 tiedostossa. Tiedostoa ei luotu.")
    assert tree(region) == before


def test_new_in_a_copy_without_private_addresses_writes_only_what_is_public(region: Path) -> None:
    for path in (region / "content" / "private").iterdir():
        path.unlink()
    (region / "content" / "private").rmdir()
    assert run(region, "new", "kallaveden-kerho", typed=typed()).exit_code == 0
    assert (region / NEW).is_file()
    assert not (region / "content" / "private").exists()
