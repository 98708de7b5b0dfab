"""Confirmations that wait at GitHub: the check must not remind those who have answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.places import NoHistory, open_places
from generator.review.rounds import check_days
from lambda_edit.desk import organisation_path
from lambda_edit.forge import REVIEWS, Draft, ForgeDown
from tests.builders import make_project
from tests.edit.fake_github import MAIN, REPOSITORY, TOKEN, FakeGitHub

SLUG = "esimerkki-ry"
DAY = check_days(SLUG, 2027)[0]
FILE = organisation_path(SLUG)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A region of one association, which has never confirmed its data; in no repository."""
    root = make_project(tmp_path / "region")
    lines = (root / FILE).read_text("utf-8").splitlines(keepends=True)
    (root / FILE).write_text("".join(line for line in lines if not line.startswith("review")), "utf-8")
    return root


@pytest.fixture
def github(root: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub() as github:
        github.push(MAIN, {FILE: (root / FILE).read_text("utf-8")}, "Alku")
        yield github


def environment(github: FakeGitHub) -> dict[str, str]:
    return {"REPOSITORY": REPOSITORY, "GITHUB_URL": github.url, "GITHUB_TOKEN": TOKEN}


def review(root: Path, variables: dict[str, str]) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "review", "--today", DAY.isoformat()], env=variables)


def confirm(github: FakeGitHub) -> None:
    """As the edit function does: a proposal of the week, not yet merged."""
    text = github.text(FILE)
    public = open_places(Path(), "", environment(github)).public
    public.propose(Draft(f"{REVIEWS}/2027-10", {FILE: f"{text}review: {{confirmed_on: {DAY}}}\n"}, "[vahvistukset] x", "x", ""))


def test_who_has_confirmed_at_github_is_not_asked(root: Path, github: FakeGitHub) -> None:
    assert f"{SLUG}: " in review(root, environment(github)).output
    confirm(github)
    told = review(root, environment(github))
    assert told.exit_code == 0
    assert SLUG not in told.output
    assert f"{SLUG}: " in review(root, {}).output  # this folder knows nothing of it
    assert github.faults == []


def test_nobody_is_asked_when_github_does_not_answer(root: Path, github: FakeGitHub) -> None:
    github.moods = dict.fromkeys(range(20), "unavailable")
    told = review(root, environment(github))
    assert told.exit_code == 1
    assert told.output.startswith("Odottavia vahvistuksia ei saatu luettua (")
    assert told.output.endswith("Mitään ei lähetetty. Aja komento uudelleen.\n")


def test_missing_setting_is_named(root: Path, github: FakeGitHub) -> None:
    told = review(root, {"REPOSITORY": REPOSITORY, "GITHUB_TOKEN": "", "GITHUB_APP": "1"})
    assert told.exit_code == 1
    assert "Ympäristömuuttuja GITHUB_INSTALLATION puuttuu. Katso docs/yllapito.md." in told.output


def test_addresses_are_where_the_environment_says(github: FakeGitHub) -> None:
    assert open_places(Path(), "content/private", environment(github)).folder == "content/private"
    own = {**environment(github), "PRIVATE_REPOSITORY": "esimerkkialue/osoitteet", "PRIVATE_FOLDER": "/"}
    places = open_places(Path(), "content/private", own)
    assert (places.folder, places.private is places.public) == ("", False)


def test_folder_without_history_is_told_from_a_forge_that_is_down(tmp_path: Path) -> None:
    assert issubclass(NoHistory, ForgeDown)
    with pytest.raises(NoHistory):
        open_places(tmp_path, "content/private", {})
