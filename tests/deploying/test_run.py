"""A deploy from one site to the next: the order, and what a failure at any point leaves."""

from datetime import timedelta
from pathlib import Path

import pytest

from generator.deploying.aws import AwsSaysNo
from generator.deploying.checks import Refused
from generator.deploying.plan import EVERYTHING, GRACE, MANY_PATHS
from generator.deploying.run import plan_deploy, tell_plan
from generator.deploying.state import STATE
from tests.builders import TODAY
from tests.deploying.builders import (
    MemoryBucket,
    MemoryDistribution,
    broken_links,
    deploy,
    fail_at,
    new_site,
    old_site,
    page,
    site_of,
    write_site,
)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return write_site(tmp_path / "build", old_site())


@pytest.fixture
def bucket(build: Path) -> MemoryBucket:
    """With the old site in it."""
    made = MemoryBucket()
    deploy(build, made)
    made.changes.clear()
    return made


def at(bucket: MemoryBucket, change: str) -> int:
    return bucket.changes.index(change)


def test_first_run_takes_everything_and_the_second_nothing(build: Path) -> None:
    bucket, distribution = MemoryBucket(), MemoryDistribution()
    told = deploy(build, bucket, distribution)
    assert site_of(bucket) == old_site()
    assert told[-1] == "Sivusto on viety: 11 tiedostoa, poistettiin 0 tiedostoa, ennallaan 0."
    bucket.changes.clear()
    assert deploy(build, bucket, distribution) == ["Sivusto on ajan tasalla, mitään ei tarvinnut viedä (11 tiedostoa)."]
    assert bucket.changes == []
    assert distribution.asked == []


def test_one_edit_takes_only_what_changed(build: Path, bucket: MemoryBucket) -> None:
    distribution = MemoryDistribution()
    write_site(build, {**old_site(), "/tietoa/index.html": page("t1", "/", text="Uutta"), "/build.json": b"2"})
    deploy(build, bucket, distribution)
    assert [one for one in bucket.changes if STATE not in one] == ["+/tietoa/index.html", "+/build.json"]
    assert distribution.asked == [("/build.json", "/tietoa/", "/tietoa/index.html")]


def test_assets_come_first_then_new_pages_then_changed_ones_and_what_nothing_uses_goes_last(
    build: Path, bucket: MemoryBucket
) -> None:
    deploy(write_site(build, new_site()), bucket)
    order = ["+/assets/t2.css", "+/jarjesto/c/index.html", "+/haku/fi.json", "+/index.html", "+/sw.js", "-/jarjesto/b/index.html"]
    places = [at(bucket, change) for change in order]
    assert places == sorted(places)


def test_site_is_whole_whenever_the_deploy_breaks_off_and_the_next_one_completes_it(tmp_path: Path) -> None:
    build = tmp_path / "build"
    changes = 0
    for count in range(100):
        bucket, distribution = MemoryBucket(), MemoryDistribution()
        deploy(write_site(build, old_site()), bucket)
        bucket.before = fail_at(count)
        try:
            deploy(write_site(build, new_site()), bucket, distribution)
            break
        except AwsSaysNo:
            changes += 1
        assert broken_links(bucket.files) == [], f"after {count} changes"
        bucket.before = lambda change: None
        deploy(build, bucket, distribution)
        assert site_of(bucket) == {**new_site(), "/assets/t1.css": b"1"}
        assert distribution.asked
        assert {path for asked in distribution.asked for path in asked} >= {"/", "/jarjesto/a/", "/jarjesto/b/", "/sw.js"}
    assert changes > 12


def test_wholeness_is_seen_to_break_when_the_order_is_wrong() -> None:
    assert broken_links({**old_site(), "/index.html": new_site()["/index.html"]}) == ["/jarjesto/c/", "/assets/t2.css"]


def test_old_assets_stay_for_a_week_and_are_not_counted_anew_each_day(build: Path, bucket: MemoryBucket) -> None:
    write_site(build, new_site())
    deploy(build, bucket)
    deploy(build, bucket, today=TODAY + timedelta(3))
    deploy(build, bucket, today=TODAY + GRACE - timedelta(1))
    assert "/assets/t1.css" in bucket.files
    deploy(build, bucket, today=TODAY + GRACE)
    assert site_of(bucket) == new_site()
    bucket.changes.clear()
    deploy(build, bucket, today=TODAY + GRACE)
    assert bucket.changes == []


def test_asset_that_comes_back_is_kept(build: Path, bucket: MemoryBucket) -> None:
    deploy(write_site(build, new_site()), bucket)
    deploy(write_site(build, old_site()), bucket, today=TODAY + timedelta(1))
    deploy(build, bucket, today=TODAY + GRACE)
    assert "/assets/t1.css" in bucket.files


def test_nothing_changed_but_the_rules_and_every_file_is_served_anew(
    build: Path, bucket: MemoryBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.deploying.plan.rules_mark", lambda: "other")
    bucket.before = fail_at(5)
    with pytest.raises(AwsSaysNo):
        deploy(build, bucket)
    bucket.before, bucket.changes = lambda change: None, []
    deploy(build, bucket)  # those that were done before the failure are not told from the rest: all of them again
    assert len([one for one in bucket.changes if STATE not in one]) == len(old_site())
    bucket.changes.clear()
    deploy(build, bucket)
    assert bucket.changes == []


def test_cache_that_could_not_be_emptied_is_emptied_by_the_next_run(build: Path, bucket: MemoryBucket) -> None:
    write_site(build, {**old_site(), "/tietoa/index.html": b"x"})
    with pytest.raises(AwsSaysNo):
        deploy(build, bucket, MemoryDistribution(is_down=True))
    again = MemoryDistribution()
    deploy(build, bucket, again)
    assert again.asked == [("/tietoa/", "/tietoa/index.html")]


def test_many_changes_empty_the_whole_cache_with_one_path(build: Path, bucket: MemoryBucket) -> None:
    distribution = MemoryDistribution()
    deploy(write_site(build, {**old_site(), **{f"/{n}/index.html": b"x" for n in range(MANY_PATHS)}}), bucket, distribution)
    assert distribution.asked == [(EVERYTHING,)]


def test_bucket_with_files_of_others_is_left_alone(build: Path) -> None:
    bucket = MemoryBucket({"/tilinpaatos.pdf": b"important"})
    with pytest.raises(Refused, match=r"tiedostoja, joita tämä ohjelma ei ole vienyt\. Tarkista nimi"):
        deploy(build, bucket)
    assert bucket.changes == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"version": 2}', b'{"version": 1}'], ids=str)
def test_unreadable_state_stops_the_deploy(raw: bytes, build: Path, bucket: MemoryBucket) -> None:
    bucket.files[STATE] = raw
    with pytest.raises(Refused, match=r"Ota ohjelman uusin versio"):
        deploy(build, bucket)


def test_file_of_an_unknown_type_stops_before_anything_is_moved(build: Path) -> None:
    bucket = MemoryBucket()
    write_site(build, {**old_site(), "/salaisuus.pem": b"x"})
    with pytest.raises(Refused, match=r"/salaisuus\.pem tyyppiä ei tunneta"):
        deploy(build, bucket)
    assert bucket.changes == []


def test_plan_is_told_in_order_with_a_limit_and_changes_nothing(build: Path, bucket: MemoryBucket) -> None:
    told: list[str] = []
    write_site(build, {**new_site(), **{f"/jarjesto/d{n}/index.html": b"x" for n in range(30)}})
    plan = plan_deploy(build, bucket, TODAY)
    tell_plan(plan, told.append, everything=False)
    headings = [line for line in told if not line.startswith("  ")]
    assert headings == [
        "Uudet tyylit ja skriptit (1)",
        "Uudet tiedostot (32)",
        "Muuttuneet hakemistot ja tiedostot (1)",
        "Muuttuneet sivut (4)",
        "Viimeisenä (2)",
        "Poistetaan lopuksi (2)",
        "Vanhat tyylit ja skriptit säilyvät viikon (1).",
        "CloudFrontin välimuistista tyhjennetään: /*",
        "Vietävänä 40 tiedostoa, poistettavana 2 tiedostoa, ennallaan 1. Mitään ei viety. Vie: tarjotin deploy",
    ]
    assert "  … ja 12 muuta (--verbose näyttää kaikki)" in told
    tell_plan(plan, told.append, everything=True)
    assert "  /jarjesto/d29/index.html" in told
    assert bucket.changes == []
