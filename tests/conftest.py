"""Shared fixtures: the repository, a copy of its content to break, and the whole site built once."""

import shutil
from pathlib import Path

import pytest

from generator.checked import Content
from generator.pipeline import Settings, build_site, load_content
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
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole sample site, built once a worker."""
    project = copy_project(tmp_path_factory.mktemp("region") / "project")
    build_site(Settings(project, TODAY))
    return project / "build" / "site"
