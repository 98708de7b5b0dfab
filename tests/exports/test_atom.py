"""The feed of changes, and the dates that git tells for it."""

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from generator.changes import last_changes
from generator.checked import Content
from generator.exports import atom
from generator.exports.ids import organisation_id
from tests.builders import make_content, make_organisation
from tests.exports.builders import files

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(content: Content) -> ElementTree.Element:
    return ElementTree.fromstring(files(content)["muutokset.xml"])


def told(content: Content) -> list[tuple[str, str]]:
    return [
        (entry.findtext(f"{ATOM}title", ""), entry.findtext(f"{ATOM}updated", "")) for entry in feed(content).iter(f"{ATOM}entry")
    ]


def confirmed(day: str) -> dict[str, str]:
    return {"confirmed_on": day, "confirmed_by": "sihteeri"}


def test_newest_change_comes_first_and_the_feed_is_as_new() -> None:
    content = make_content(
        a=make_organisation(name="A", review=confirmed("2026-03-01")),
        b=make_organisation(name="B", review=confirmed("2026-09-01")),
        c=make_organisation(name="C", review=None),
    )
    changed = {"a": datetime(2026, 10, 1, 12, 30, tzinfo=UTC)}
    assert told(replace(content, changes=changed)) == [("A", "2026-10-01T12:30:00Z"), ("B", "2026-09-01T00:00:00Z")]
    assert told(content) == [("B", "2026-09-01T00:00:00Z"), ("A", "2026-03-01T00:00:00Z")]
    assert feed(replace(content, changes=changed)).findtext(f"{ATOM}updated") == "2026-10-01T12:30:00Z"


def test_feed_has_what_the_standard_asks_even_when_nothing_has_changed() -> None:
    for content in (make_content(), make_content(kerho=make_organisation(name='A & "B" <i>'))):
        found = feed(content)
        for element in (found, *found.iter(f"{ATOM}entry")):
            assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
            assert element.find(f"{ATOM}link[@rel='alternate']") is not None
        assert found.findtext(f"{ATOM}author/{ATOM}name") == "Esimerkkialue"
    (entry,) = found.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{organisation_id('kerho')}"
    assert entry.findtext(f"{ATOM}title") == 'A & "B" <i>'


def test_feed_is_not_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "MOST_ENTRIES", 2)
    assert len(told(make_content(**{name: make_organisation() for name in "abcd"}))) == 2


# Git

DAYS = ("2026-01-05T10:00:00+02:00", "2026-02-05T10:00:00+02:00", "2026-03-05T10:00:00+02:00")


def git(folder: Path, *command: str, day: str = DAYS[0]) -> None:
    who = {f"GIT_{role}_{fact}": "x@example.fi" for role in ("AUTHOR", "COMMITTER") for fact in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_COMMITTER_DATE": day, "GIT_AUTHOR_DATE": DAYS[0]}
    subprocess.run(["git", *command], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Two associations, of which the second is changed later, and something else later still."""
    if not shutil.which("git"):
        pytest.skip("Needs git")
    root = tmp_path / "region"
    folder = root / "content" / "organisations"
    folder.mkdir(parents=True)
    git(root, "init", "--quiet")
    for name, text, day in (("a", "1", DAYS[0]), ("b", "1", DAYS[0]), ("b", "2", DAYS[1]), ("../muu", "1", DAYS[2])):
        (folder / f"{name}.yaml").write_text(text)
        git(root, "add", ".")
        git(root, "commit", "--quiet", "-m", f"[{name}] Salainen nimi", day=day)
    return root


def test_git_tells_when_each_file_last_changed(history: Path) -> None:
    assert last_changes(history) == {"a": datetime(2026, 1, 5, 8, tzinfo=UTC), "b": datetime(2026, 2, 5, 8, tzinfo=UTC)}


def test_project_may_be_a_folder_of_a_repository(history: Path) -> None:
    outer = history.parent / "ulompi"
    shutil.copytree(history / "content", outer / "alue" / "content")
    git(outer, "init", "--quiet")
    git(outer, "add", ".")
    git(outer, "commit", "--quiet", "-m", "alku", day=DAYS[1])
    assert last_changes(outer / "alue").keys() == {"a", "b"}


@pytest.mark.parametrize(("depth", "known"), [(1, set()), (2, set()), (3, {"b"}), (4, {"b"}), (5, {"a", "b"})])
def test_shallow_copy_tells_only_what_it_knows(history: Path, tmp_path: Path, depth: int, known: set[str]) -> None:
    """Its oldest commit has no parent there, and seems to have made every file on its day."""
    copy = tmp_path / f"copy-{depth}"
    git(tmp_path, "clone", "--quiet", "--depth", str(depth), history.as_uri(), str(copy))
    whole = last_changes(history)
    assert last_changes(copy) == {slug: whole[slug] for slug in known}


def test_without_history_git_tells_nothing(tmp_path: Path) -> None:
    assert last_changes(tmp_path) == {}
    git(tmp_path, "init", "--quiet")
    assert last_changes(tmp_path) == {}
    assert last_changes(tmp_path / "ei-ole") == {}
