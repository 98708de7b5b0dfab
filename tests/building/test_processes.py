"""Work shared out to several processes, of which the one that asks is one."""

import multiprocessing
import os
import signal
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from generator.building import processes


def done(number: int) -> tuple[int, int]:
    if number < 0:
        raise ValueError("a negative number")
    return number, os.getpid()


class Noted:
    """Leaves a file named after each process that begins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self) -> None:
        (self.folder / str(os.getpid())).touch()


@pytest.fixture(params=["fork", "spawn"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(processes, "KIND", request.param)
    return str(request.param)


def test_every_piece_is_done_once_also_in_this_process(kind: str, tmp_path: Path) -> None:
    with processes.several(3, done, Noted(tmp_path)) as shared_out:
        first, second = list(shared_out(range(60))), list(shared_out(range(60)))
    begun = {int(path.name) for path in tmp_path.iterdir()}
    for made in (first, second):
        assert sorted(number for number, _ in made) == list(range(60))
        assert {process for _, process in made} <= begun | {os.getpid()}
        assert os.getpid() in {process for _, process in made}
    assert 1 <= len(begun) <= 2
    assert os.getpid() not in begun


def test_one_job_needs_no_other_process(tmp_path: Path) -> None:
    with processes.several(1, done, Noted(tmp_path)) as shared_out:
        assert list(shared_out(range(3))) == [(number, os.getpid()) for number in range(3)]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("at", [0, 59])
def test_what_goes_wrong_in_any_process_is_told(kind: str, at: int) -> None:
    pieces = list(range(60))
    pieces[at] = -1
    with processes.several(2, done) as shared_out, pytest.raises(ValueError, match="a negative number"):
        list(shared_out(pieces))


def die(number: int) -> int:
    if multiprocessing.parent_process():
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.skipif(sys.platform != "linux", reason="kills a process")
def test_a_process_that_dies_is_told_of_instead_of_waited_for() -> None:
    with processes.several(2, die) as shared_out, pytest.raises(BrokenProcessPool):
        list(shared_out(range(60)))
