"""Shared fixtures: the repository, a copy of its content to break, and the whole site built once."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

import pytest

from generator.building.lock import Busy, only_build
from generator.checked import Content
from generator.pipeline import Settings, load_content
from tests.builders import ROOT, TODAY


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def content() -> Content:
    """The repository's own content, checked."""
    return load_content(Settings(ROOT, TODAY))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the repository's content that a test may change."""
    return copy_project(tmp_path / "project")


def copy_project(target: Path) -> Path:
    shutil.copytree(ROOT / "content", target / "content")
    shutil.copy(ROOT / "taxonomy.yaml", target / "taxonomy.yaml")
    return target


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the whole sample site, not to be written to. One worker builds it, with all processors; the others wait."""
    own = tmp_path_factory.getbasetemp()
    project = (own if worker_id == "master" else own.parent) / "sample-region"
    with waited_for(project.with_suffix(".lock")):
        if not (project / "build" / "site").exists():
            copy_project(project)
            command = [sys.executable, "-m", "generator", "--root", str(project), "--today", str(TODAY), "build"]
            subprocess.run(command, check=True, capture_output=True)
    return project / "build" / "site"


@contextmanager
def waited_for(folder: Path) -> Iterator[None]:
    """Alone with what the folder stands for."""
    while True:
        with suppress(Busy), only_build(folder):
            yield
            return
        sleep(0.2)
