import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from generator.building import output
from generator.building.output import finish, open_stage, recover, stored_paths

Files = dict[str, bytes]
OLD: Files = {
    "/index.html": b"vanha etusivu",
    "/jarjesto/pysyva/index.html": b"sama",
    "/jarjesto/poistuva/index.html": b"poistuu",
    "/vanha/kansio/syvalla/index.html": b"poistuu kansioineen",
    "/vanha/kansio/toinen.html": b"poistuu",
}
NEW: Files = {
    "/index.html": b"uusi etusivu",
    "/jarjesto/pysyva/index.html": b"sama",
    "/jarjesto/uusi/index.html": b"uusi",
    "/uusi/kansio/syvalla/index.html": b"uusi kansioineen",
}
# What changes the disk; pathlib and shutil go through these.
STEPS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")


class Crash(BaseException):
    """The power goes: nothing may catch it, and nothing after it happens."""


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk would tell nothing here: the power goes only in play."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return tmp_path / "build"


def stored(build: Path) -> Files:
    site = build / "site"
    return {"/" + path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def empty_folders(build: Path) -> list[Path]:
    return [path for path in build.rglob("*") if path.is_dir() and not any(path.iterdir())]


def leftovers(build: Path) -> set[str]:
    return {path.name for path in build.iterdir()} - {"site"}


def write_site(build: Path, files: Iterable[tuple[str, bytes]]) -> output.Written:
    """As a build of one process puts its files in place (publish.py)."""
    recover(build)
    stage = open_stage(build)
    stale = stored_paths(build)
    new = count = unchanged = 0
    for path, raw in files:
        count += 1
        if path in stale and stage.is_same(path, raw):
            unchanged += 1
        else:
            new += path not in stale
            stage.add(path, raw)
        stale.discard(path)
    finish(build, stage.is_first, stage.placed, stale)
    return output.Written(new, count - new - unchanged, len(stale), unchanged)


def write(build: Path, files: Files) -> output.Written:
    return write_site(build, iter(files.items()))


# What is written


def test_first_build_is_made_aside_and_renamed(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = recorded(monkeypatch, "rename")
    written = write(build, OLD)
    assert moves == [(str(build / "site.new"), str(build / "site"))]
    assert stored(build) == OLD
    assert leftovers(build) == set()
    assert (written.new, written.changed, written.removed, written.unchanged) == (5, 0, 0, 0)


def recorded(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[tuple[str, ...]]:
    """The paths of what the named functions of `os` do from now on."""
    calls: list[tuple[str, ...]] = []

    def watch(function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*paths: Any, **more: Any) -> Any:
            result = function(*paths, **more)
            calls.append(tuple(map(str, paths)))
            return result

        return watched

    for name in names:
        monkeypatch.setattr(os, name, watch(getattr(os, name)))
    return calls


def test_later_build_tells_what_came_changed_went_and_stayed(build: Path) -> None:
    write(build, OLD)
    written = write(build, NEW)
    assert stored(build) == NEW
    assert leftovers(build) == set()
    assert (written.new, written.changed, written.removed, written.unchanged) == (2, 1, 3, 1)
    assert written.files == len(NEW)


def test_unchanged_file_is_not_touched(build: Path) -> None:
    write(build, OLD)
    paths = {path: build / f"site{path}" for path in OLD}
    for path in paths.values():
        os.utime(path, ns=(1_000, 1_000))
    write(build, NEW)
    touched = {path for path, file in paths.items() if file.exists() and file.stat().st_mtime_ns != 1_000}
    assert touched == {"/index.html"}


def test_same_site_again_changes_nothing(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(build, OLD)
    moves = recorded(monkeypatch, "replace", "rename")
    written = write(build, OLD)
    assert moves == []
    assert leftovers(build) == set()
    assert (written.unchanged, written.files) == (5, 5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"a", b"b", id="same length"),
        pytest.param(b"a", b"ab", id="longer"),
        pytest.param(b"ab", b"a", id="shorter"),
        pytest.param(b"a", b"", id="emptied"),
        pytest.param(b"", b"a", id="filled"),
    ],
)
def test_change_of_any_kind_is_noticed(build: Path, before: bytes, after: bytes) -> None:
    write(build, {"/a.html": before})
    assert write(build, {"/a.html": after}).changed == 1
    assert stored(build) == {"/a.html": after}


def test_stale_files_go_last_and_take_their_empty_folders_along(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(build, OLD)
    site = str(build / "site")
    calls = recorded(monkeypatch, "replace", "unlink")
    write(build, NEW)
    in_site = [path.removeprefix(site) for *_, path in calls if path.startswith(site)]
    assert set(in_site[:3]) == {"/index.html", "/jarjesto/uusi/index.html", "/uusi/kansio/syvalla/index.html"}
    assert set(in_site[3:]) == OLD.keys() - NEW.keys()
    assert not (build / "site" / "vanha").exists()
    assert empty_folders(build) == []


def test_folder_of_the_site_is_never_removed_to_be_filled_again(build: Path) -> None:
    write(build, OLD)
    site = (build / "site").stat().st_ino
    write(build, {"/aivan-muuta.html": b"uusi"})
    assert (build / "site").stat().st_ino == site


# When it is cut short


def crash_at(monkeypatch: pytest.MonkeyPatch, number: int, action: Callable[[], Any]) -> bool:
    """Runs `action` with the power going just before its step of that number. Returns whether it came so far."""
    left = number

    def guard(function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Crash
            return function(*arguments, **named)

        return guarded

    with monkeypatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, guard(getattr(os, name)))
        patch.setattr(output, "_write", guard(output._write))
        try:
            action()
        except Crash:
            return True
    return False


def crashes(
    monkeypatch: pytest.MonkeyPatch, folder: Path, prepare: Callable[[Path], Any], action: Callable[[Path], Any]
) -> Iterator[Path]:
    """A prepared build folder for every step at which the power can go, until the action ends by itself."""
    for number in range(1_000):
        build = folder / str(number)
        prepare(build)
        if not crash_at(monkeypatch, number, lambda build=build: action(build)):
            return
        yield build
    pytest.fail("the action never ended")


def write_old(build: Path) -> None:
    write(build, OLD)


def write_new(build: Path) -> None:
    write(build, NEW)


def test_first_build_that_is_cut_short_leaves_no_site_or_the_whole_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cut = list(crashes(monkeypatch, tmp_path, lambda _: None, write_new))
    assert len(cut) > len(NEW)
    for build in cut:
        assert stored(build) in ({}, NEW)
        write(build, NEW)
        assert stored(build) == NEW
        assert leftovers(build) == set()


def test_build_that_is_cut_short_leaves_the_old_site_or_after_recovery_the_new(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cut = list(crashes(monkeypatch, tmp_path, write_old, write_new))
    with_journal = [build for build in cut if (build / "journal.json").exists()]
    assert 0 < len(with_journal) < len(cut)
    for build in cut:
        has_journal, halfway = build in with_journal, stored(build)
        assert has_journal or halfway in (OLD, NEW)
        assert all(content in (OLD.get(path), NEW.get(path)) for path, content in halfway.items())
        assert recover(build) is has_journal
        assert stored(build) == (NEW if has_journal else halfway)
        assert empty_folders(build / "site") == []
        assert leftovers(build) <= {"journal.json.new"}


def test_recovery_that_is_cut_short_can_be_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def leave_a_journal(build: Path) -> None:
        write(build, OLD)
        with monkeypatch.context() as patch:
            patch.setattr(output, "_put_in_place", Mock(side_effect=Crash))
            with pytest.raises(Crash):
                write(build, NEW)

    cut = list(crashes(monkeypatch, tmp_path, leave_a_journal, recover))
    assert len(cut) > len(NEW)
    for build in cut:
        recover(build)
        assert (stored(build), empty_folders(build), leftovers(build)) == (NEW, [], set())


def test_next_build_finishes_what_was_begun_before_it_writes_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    newest = {**NEW, "/index.html": b"uusin etusivu"}
    for build in crashes(monkeypatch, tmp_path, write_old, write_new):
        write(build, newest)
        assert stored(build) == newest
        assert leftovers(build) <= {"journal.json.new"}
        assert empty_folders(build) == []


def test_half_written_journal_is_no_journal(build: Path) -> None:
    write(build, OLD)
    (build / "staged").mkdir()
    (build / "staged" / "0").write_bytes(b"uusi")
    (build / "journal.json.new").write_text('{"place": ["/index.html"')
    assert recover(build) is False
    assert stored(build) == OLD
    write(build, NEW)
    assert stored(build) == NEW
    assert leftovers(build) == set()


def test_recovery_without_anything_to_recover_changes_nothing(build: Path) -> None:
    assert recover(build) is False
    write(build, OLD)
    assert recover(build) is False
    assert stored(build) == OLD


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("rendered", range(len(NEW) + 1))
def test_fault_while_rendering_leaves_the_old_site_and_no_journal(build: Path, rendered: int, error: type[BaseException]) -> None:
    def failing() -> Iterator[tuple[str, bytes]]:
        yield from list(NEW.items())[:rendered]
        raise error

    write(build, OLD)
    with pytest.raises(error):
        write_site(build, failing())
    assert stored(build) == OLD
    assert not (build / "journal.json").exists()
    write(build, NEW)
    assert (stored(build), leftovers(build)) == (NEW, set())


def test_full_disk_while_staging_leaves_the_old_site(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(full: str, raw: bytes) -> None:
        Path(full).write_bytes(raw[: len(raw) // 2])
        raise OSError(28, "No space left on device")

    write(build, OLD)
    monkeypatch.setattr(output, "_write", half)
    with pytest.raises(OSError, match="No space left"):
        write(build, NEW)
    assert stored(build) == OLD
    assert recover(build) is False


def test_site_that_failed_on_its_first_day_does_not_appear(build: Path) -> None:
    def failing() -> Iterator[tuple[str, bytes]]:
        yield "/index.html", b"puolikas"
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the one above
        write_site(build, failing())
    assert not (build / "site").exists()
