"""A build that is killed at any moment, or meets a full disk, leaves the old site whole, or after recovery the new one; and the
next build is right whatever was left behind."""

import os
import random
import signal
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from generator.building import output, publish, reading
from generator.building.cache import Cache
from generator.building.lock import Busy, only_build
from generator.building.output import recover
from generator.pipeline import Settings, build_site
from tests.builders import TODAY, write_project, written_organisation

Files = dict[str, bytes]
KILLS = 50

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills a group of processes that are copies of this one")


def associations(word: str) -> dict[str, dict[str, object]]:
    needs = ("masennus", "diabetes", "kriisi")
    return {
        f"yhdistys-{word if at == 0 else at}": written_organisation(
            name=f"Yhdistys {'abcdefg'[at] * 3} ry",
            pitch=f"Sana on {word}.",
            contacts=[{"role": "Toimisto", "phone": f"017 000 010{at}"}],
            activities=[{"needs": [needs[at % 3]]}],
        )
        for at in range(6)
    }


@pytest.fixture
def regions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, dict[str, Files]]:
    """A region, and what its site is with each of two contents."""
    for module in (publish, reading):
        monkeypatch.setattr(module, "MANY", 0)
        monkeypatch.setattr(module, "TOGETHER", 2)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # waiting for the disk would tell nothing: the power stays on
    wanted = {}
    for word in ("vanha", "uusi"):
        root = write_project(tmp_path / word, associations(word), sample=TODAY, languages=["fi"])
        build_site(Settings(root, TODAY))
        wanted[word] = files_of(root)
    return tmp_path / "vanha", wanted


def files_of(root: Path) -> Files:
    site = root / "build" / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def kill_a_build(root: Path, after: float) -> bool:
    """Builds in a group of processes of its own, and kills all of them after some seconds. Returns whether they were at it."""
    child = os.fork()
    if child == 0:  # never back into the test: the copy would go on with it, and tell the same results
        status = 1
        try:
            os.setpgid(0, 0)
            build_site(Settings(root, TODAY, jobs=2))
            status = 0
        finally:
            os._exit(status)
    with suppress(PermissionError, ProcessLookupError):  # whoever of the two comes first
        os.setpgid(child, child)
    sleep(after)
    ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        wait_until_free(root / "build")
    assert ended == 0 or status == 0
    return not ended


def wait_until_free(build: Path) -> None:
    """Its workers were killed with it, but may take a moment to let go of the lock."""
    for _ in range(600):
        with suppress(Busy), only_build(build):
            return
        sleep(0.05)
    pytest.fail("somebody still builds")


def test_fifty_kills_leave_the_old_site_or_the_new_one(regions: tuple[Path, dict[str, Files]], tmp_path: Path) -> None:
    root, wanted = regions
    stored = {
        word: {path.name: path.read_bytes() for path in (tmp_path / word / "content/organisations").iterdir()} for word in wanted
    }
    chance, standing = random.Random(50), "vanha"
    killed, longest = 0, 0.6
    for number in range(KILLS):
        word = chance.choice(["vanha", "uusi"])
        put(root, stored[word])
        was_killed = kill_a_build(root, chance.uniform(0.0, longest))
        longest = longest * 1.1 if was_killed else longest * 0.8  # about half of the builds come to their end
        killed += was_killed
        journal = (root / "build" / "journal.json").exists()
        recover(root / "build")
        found = files_of(root)
        assert found == wanted[word] if journal or not was_killed else found in (wanted[standing], wanted[word]), number
        standing = word if found == wanted[word] else standing
        if number % 10 == 9:
            build_site(Settings(root, TODAY, jobs=2))
            assert files_of(root) == wanted[word]
            standing = word
    assert killed > KILLS / 5


class Killed(BaseException):
    """Stands for a kill at one moment."""


@pytest.mark.parametrize("moment", ["keep_fact", "keep_parts", "keep_shared"])
@pytest.mark.parametrize("back_at_once", [True, False])
def test_kill_before_the_cache_is_told_leaves_nothing_to_believe_in(
    moment: str, *, back_at_once: bool, regions: tuple[Path, dict[str, Files]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, wanted = regions
    stored = {
        word: {path.name: path.read_bytes() for path in (tmp_path / word / "content/organisations").iterdir()} for word in wanted
    }

    def killed(*_: object) -> None:
        raise Killed

    put(root, stored["uusi"])
    with monkeypatch.context() as patch:
        patch.setattr(Cache, moment, killed)
        with pytest.raises(Killed):
            build_site(Settings(root, TODAY))
    for word in ("vanha", "uusi", "vanha") if back_at_once else ("uusi", "vanha"):
        put(root, stored[word])
        build_site(Settings(root, TODAY), verify=back_at_once)  # makes every page again
        assert files_of(root) == wanted[word]


def put(root: Path, files: dict[str, bytes]) -> None:
    folder = root / "content" / "organisations"
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, raw in files.items():
        (folder / name).write_bytes(raw)


@pytest.mark.parametrize("room", [0, 1, 5])
def test_full_disk_leaves_the_old_site_and_the_next_build_is_right(
    room: int, regions: tuple[Path, dict[str, Files]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, wanted = regions
    put(root, {path.name: path.read_bytes() for path in (tmp_path / "uusi/content/organisations").iterdir()})
    write, written = output._write, []

    def until_full(full: str, raw: bytes) -> None:
        if len(written) >= room:
            write(full, raw[: len(raw) // 2])
            raise OSError(28, "No space left on device", full)
        written.append(full)
        write(full, raw)

    with monkeypatch.context() as patch:
        patch.setattr(output, "_write", until_full)
        with pytest.raises(OSError, match="No space left"):
            build_site(Settings(root, TODAY, jobs=2))
    assert files_of(root) == wanted["vanha"]
    build_site(Settings(root, TODAY))
    assert files_of(root) == wanted["uusi"]
