"""Whatever was built before, in however many processes: a build gives what a first build would give, byte for byte."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.building import cache, inputs, processes, publish, reading
from generator.building.inputs import Inputs
from generator.building.lock import Busy, only_build
from generator.building.report import Report
from generator.building.unchanged import unchanged_report
from generator.combinations import ALL_TYPES
from generator.exports.pieces import Pieces
from generator.pipeline import Settings, build_site, load_content, plan_site
from generator.problems import ContentError
from generator.rendering import assets, environment
from generator.rendering.site import DATA, REST, SEARCH, SiteParts, make_frames, part_of_need, part_of_type
from tests.builders import (
    ROOT,
    TODAY,
    WRITTEN_REFERRAL,
    make_content,
    make_organisation,
    make_plan,
    make_taxonomy,
    write_project,
    written_organisation,
)

CONTACT = [{"role": "Toimisto", "phone": "10100"}]
NEEDS, TYPES, PLACES = (
    ("masennus", "diabetes", "kriisi", "vakivalta"),
    ("vertaisryhma", "neuvonta"),
    ("kuopio", "siilinjarvi", "tervo"),
)


def association(**changes: Any) -> dict[str, Any]:
    return written_organisation(contacts=CONTACT, **changes)


ASSOCIATIONS = {
    "eka": association(name="Eka ry", part_of="liitto", referral=WRITTEN_REFERRAL),
    "liitto": association(name="Liitto ry", scope="national", activities=[{"municipalities": []}]),
    "alue": association(name="Alue ry", activities=[{"municipalities": ["koko-alue"], "needs": ["kriisi", "masennus"]}]),
    "etana": association(name="Etäinen ry", activities=[{"municipalities": [], "remote": True}]),
    "kausi": association(
        name="Kausi ry",
        activities=[{"needs": ["diabetes"], "season": {"from": "2026-12-01", "to": "2027-05-15"}}],
        pauses=[{"from": "2027-01-01", "to": "2027-01-31"}],
    ),
    "vanha": association(name="Vanha ry", review={"confirmed_on": "2025-12-10", "confirmed_by": "sihteeri"}),
    "yhtynyt": association(name="Yhtynyt ry", status="closed", merged_into="alue"),
}


@dataclass
class World:
    """A region and the program that builds it, both of which may change."""

    root: Path
    program: Path
    chance: random.Random
    today: date = TODAY
    made: int = 0

    @property
    def folder(self) -> Path:
        return self.root / "content" / "organisations"

    def some(self) -> str:
        return self.chance.choice(sorted(path.stem for path in self.folder.iterdir()))

    def edit(self, slug: str, change: Callable[[dict[str, Any]], Any]) -> None:
        edit_yaml(self.folder / f"{slug}.yaml", change)


def add(world: World) -> None:
    world.made += 1
    new = association(name=f"Uusi {'abcdefghijklmnopqrstuvwxyz'[world.made] * 4} ry", activities=[activity(world)])
    (world.folder / f"uusi-{world.made}.yaml").write_text(yaml.safe_dump(new, allow_unicode=True), "utf-8")


def activity(world: World) -> dict[str, Any]:
    chance = world.chance
    return {
        "type": chance.choice(TYPES),
        "needs": chance.sample(NEEDS, chance.randint(1, 3)),
        "municipalities": chance.choice([["koko-alue"], *([one] for one in PLACES)]),
        "remote": chance.choice(["true", "false"]),
        "capacity": {"status": "full", "until": str(world.today + timedelta(days=chance.randint(1, 90)))},
    }


def say_otherwise(world: World) -> None:
    world.edit(world.some(), lambda it: it.update(pitch=f"Lause {world.chance.random()}."))


def move(world: World) -> None:
    world.edit(world.some(), lambda it: it["activities"][0].update(activity(world)))


def rename(world: World) -> None:
    slug = world.some()
    world.made += 1
    world.edit(slug, lambda it: it.update(former_slugs=[*it.get("former_slugs", []), slug]))
    (world.folder / f"{slug}.yaml").rename(world.folder / f"nimetty-{world.made}.yaml")


def rename_only(world: World) -> None:
    """Another file name that keeps its place among the others, and nothing else."""
    slug = world.some()
    (world.folder / f"{slug}.yaml").rename(world.folder / f"{slug}x.yaml")


def take_another_name(world: World) -> None:
    world.edit(world.some(), lambda it: it.update(name=f"{world.chance.choice('ÄBCDE')}nimi {world.chance.random()} ry"))


def remove(world: World) -> None:
    (world.folder / f"{world.some()}.yaml").unlink()


def close(world: World) -> None:
    world.edit(world.some(), lambda it: it.update(status=world.chance.choice(["closed", "paused", "active"])))


def join_family(world: World) -> None:
    world.edit(world.some(), lambda it: it.update(part_of=world.some()))


def take_requests(world: World) -> None:
    world.edit(world.some(), lambda it: it.update(referral=WRITTEN_REFERRAL))


def confirm(world: World) -> None:
    world.edit(world.some(), lambda it: it.update(review={"confirmed_on": str(world.today), "confirmed_by": "pj"}))


def let_time_pass(world: World) -> None:
    world.today += timedelta(days=world.chance.choice([1, 10, 40, 95, 190]))


def count_answers(world: World) -> None:
    """Of one more association it is known how soon it answers, or of one no more."""
    path = world.root / "content" / "counts.yaml"
    written = yaml.load(path.read_text("utf-8"), yaml.BaseLoader) if path.exists() else {"associations": {}}
    slug, known = world.some(), written["associations"]
    if known.pop(slug, None) is None:
        known[slug] = {"requests": "10", "answers": "5", "usual": world.chance.choice(["days_1", "days_2", "longer"])}
    written["region"] = {"requests": str(5 * world.chance.randint(1, 90))}
    written |= {"from": str(world.today - timedelta(days=390)), "to": str(world.today - timedelta(days=25))}
    path.write_text(yaml.safe_dump(written), "utf-8")


def rename_a_need(world: World) -> None:
    label = f"Tarve {world.chance.random()}"
    edit_yaml(world.root / "taxonomy.yaml", lambda it: world.chance.choice(it["needs"])["label"].update(fi=label))


def reorder_the_types(world: World) -> None:
    edit_yaml(world.root / "taxonomy.yaml", lambda it: it["activity_types"].reverse())


def edit_yaml(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    written = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    change(written)
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")


def change_a_limit(world: World) -> None:
    limits = {"warn_months": world.chance.randint(2, 6), "last_months": 12, "hide_months": world.chance.randint(13, 18)}
    edit_yaml(world.root / "content" / "site.yaml", lambda it: it.update(freshness=limits))


def change_the_card(world: World) -> None:
    swap(world.program / "site_templates/components/card.html", "card-foot", "card-end")


def change_a_word(world: World) -> None:
    swap(world.program / "site_templates/texts/fi.yaml", "Pyydä yhteydenottoa", "Pyydä soittoa")


def change_a_style(world: World) -> None:
    swap(world.program / "site_templates/styles/card.css", "card-pitch", "card-word")


def swap(path: Path, one: str, other: str) -> None:
    """Each for the other: a second time changes back."""
    text = path.read_text("utf-8")
    assert (one in text) != (other in text)
    path.write_text(text.replace(one, other) if one in text else text.replace(other, one), "utf-8")


CHANGES = (add, say_otherwise, move, rename, rename_only, take_another_name, join_family, take_requests, confirm)
EDITS = (*CHANGES, remove, close, let_time_pass, count_answers)
RARE_EDITS = (rename_a_need, reorder_the_types, change_a_limit, change_the_card, change_a_style, change_a_word)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The templates and words, where a test may change them."""
    program = tmp_path / "program"
    shutil.copytree(ROOT / "site_templates", program / "site_templates", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(inputs, "PROGRAM", program)
    for module in (environment, assets):
        monkeypatch.setattr(module, "TEMPLATES", program / "site_templates")
    return program


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is shared out, however little there is of it."""
    for module in (publish, reading):
        monkeypatch.setattr(module, "MANY", 0)
        monkeypatch.setattr(module, "TOGETHER", 2)


def files_of(root: Path) -> dict[str, bytes]:
    build = root / "build"
    folders = (build / "site", build / "lambda")
    return {path.relative_to(build).as_posix(): path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()}


def built_cold(world: World, folder: Path) -> dict[str, bytes]:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(world.root, folder, ignore=shutil.ignore_patterns("build"))
    build_site(Settings(folder, world.today))
    return files_of(folder)


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_the_site_is_what_a_first_build_would_make(seed: int, program: Path, tmp_path: Path) -> None:
    root = write_project(tmp_path / "region", ASSOCIATIONS, languages=["fi", "sv"][: seed + 1])
    world = World(root, program, random.Random(seed))
    build_site(Settings(root, world.today))
    refused = 0
    for step in range(9):
        before, edit = tmp_path / "before", world.chance.choice(RARE_EDITS if step % 3 == 2 else EDITS)
        shutil.copytree(root / "content", before)
        edit(world)
        try:
            build_site(Settings(root, world.today, jobs=2 if step % 4 == 3 else 1))
        except ContentError:
            refused += 1
            shutil.rmtree(root / "content")
            shutil.copytree(before, root / "content")
        else:
            assert differing(files_of(root), built_cold(world, tmp_path / "cold")) == set(), f"{step}: {edit.__name__}"
        shutil.rmtree(before)
    assert refused < 6


def test_every_kind_of_edit_changes_the_site(program: Path, tmp_path: Path) -> None:
    """Else the test above would prove less than it seems to."""
    root = write_project(tmp_path / "region", ASSOCIATIONS, languages=["fi"])
    world = World(root, program, random.Random(1))
    build_site(Settings(root, world.today))
    for edit in (add, say_otherwise, rename, rename_only, count_answers, let_time_pass, *RARE_EDITS):
        before = files_of(root)
        edit(world)
        build_site(Settings(root, world.today))
        assert differing(files_of(root), before) - {"site/build.json"}, edit.__name__
        assert differing(files_of(root), built_cold(world, tmp_path / "cold")) == set(), edit.__name__


def test_file_name_alone_takes_every_link_along(region: Path) -> None:
    shutil.move(region / "content/organisations/kausi.yaml", region / "content/organisations/kausix.yaml")
    build_site(Settings(region, TODAY))
    after = files_of(region)
    shutil.rmtree(region / "build")
    build_site(Settings(region, TODAY))
    assert differing(after, files_of(region)) == set()


@pytest.mark.usefixtures("several")
def test_processes_that_share_nothing_make_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and macOS, where a worker is a new program."""
    one, other = (write_project(tmp_path / name, ASSOCIATIONS, languages=["fi"]) for name in ("one", "other"))
    build_site(Settings(one, TODAY))
    monkeypatch.setattr(processes, "KIND", "spawn")
    build_site(Settings(other, TODAY, jobs=2))
    assert differing(files_of(one), files_of(other)) == set()


# What the keys leave out must not be looked at


class Watched(dict[str, Any]):
    """Tells whose data was asked for."""

    def __init__(self, given: Any) -> None:
        super().__init__(given)
        self.asked: set[str] = set()

    def __getitem__(self, slug: str) -> Any:
        self.asked.add(slug)
        return super().__getitem__(slug)

    def __iter__(self) -> Any:
        raise AssertionError("a part of the site looked at every association")

    items = values = keys = __iter__


def test_pages_look_only_at_the_associations_that_their_keys_are_made_of() -> None:
    content = make_content(make_taxonomy(needs=NEEDS), **{slug: make_organisation(**one) for slug, one in ASSOCIATIONS.items()})
    plan = make_plan(content)
    assert plan.branches  # found before the watch begins, from every association
    watched = Watched(content.organisations)
    parts = SiteParts(make_frames(replace(content, organisations=watched, originals=Watched(content.originals)), plan, TODAY))
    for slug in ASSOCIATIONS:
        watched.asked.clear()
        assert [made.make() for made in parts.files(f"jarjesto/{slug}")]
        assert [name for name, _ in parts.shared(f"jarjesto/{slug}")]
        assert watched.asked <= {slug, *plan.relatives(slug)}
    for need in parts.needs:
        offers = plan.combinations.offers_for(need)
        watched.asked.clear()
        assert [made.make() for made in parts.files(part_of_need(need))]
        assert watched.asked <= {offer.slug for offer in offers}
        for kind in plan.types:
            watched.asked.clear()
            assert [made.make() for made in parts.files(part_of_type(need, kind))]
            assert watched.asked <= {offer.slug for offer in offers if kind in (offer.activity.type, ALL_TYPES)}


def test_pages_about_nobody_look_only_at_what_is_at_hand_of_every_association(region: Path) -> None:
    settings = Settings(region, TODAY)
    content = load_content(settings)
    plan = plan_site(content, settings)
    watched = Watched(content.organisations)
    parts = SiteParts(make_frames(replace(content, organisations=watched, originals=Watched(content.originals)), plan, TODAY))
    assert [made.make() for made in parts.files(REST)]
    assert not watched.asked


COMMON_EDITS: list[tuple[Callable[[dict[str, Any]], Any], set[str]]] = [
    (lambda it: it.update(pitch="Uusi lause."), {DATA}),
    (lambda it: it["activities"][0].update(name="Uusi ryhmä"), {DATA, SEARCH}),
    (lambda it: it["activities"][0].update(needs=["kriisi"]), {DATA, SEARCH, REST}),
    (lambda it: it.update(name="Aivan toinen ry"), {DATA, SEARCH, REST}),
]


@pytest.mark.parametrize(("edit", "made"), COMMON_EDITS)
def test_only_those_common_files_are_made_that_an_edit_may_change(
    edit: Callable[[dict[str, Any]], Any], made: set[str], region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    files = SiteParts.files
    monkeypatch.setattr(SiteParts, "files", lambda self, name: asked.append(name) or files(self, name))
    edit_yaml(region / "content/organisations/vanha.yaml", edit)
    build_site(Settings(region, TODAY))
    assert made == {DATA, SEARCH, REST} & set(asked)


def test_after_an_edit_only_that_association_s_share_of_the_common_files_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_project(tmp_path / "region", ASSOCIATIONS, languages=["fi"])
    build_site(Settings(root, TODAY))
    made: list[str] = []
    make = Pieces.of
    monkeypatch.setattr(Pieces, "of", lambda self, slug: made.append(slug) or make(self, slug))
    edited = root / "content/organisations/vanha.yaml"
    edited.write_text(edited.read_text("utf-8").replace("Vanha ry", "Uusi ry"), "utf-8")
    build_site(Settings(root, TODAY))
    assert made == ["vanha"]


def test_pages_that_show_how_soon_an_association_answers_follow_its_numbers(tmp_path: Path) -> None:
    root = write_project(tmp_path / "region", ASSOCIATIONS, languages=["fi"])
    build_site(Settings(root, TODAY))
    before = files_of(root)
    counts = {"from": "2025-11-01", "to": "2026-10-31", "associations": {"eka": {"answers": 5, "usual": "days_2"}}}
    (root / "content" / "counts.yaml").write_text(yaml.safe_dump(counts), "utf-8")
    build_site(Settings(root, TODAY))
    changed = {path.removeprefix("site/").removesuffix("index.html") for path in differing(files_of(root), before)}
    shown = {path for path, raw in files_of(root).items() if b"Vastaa yleens" in raw}
    assert "site/jarjesto/eka/index.html" in shown
    assert "site/tarve/masennus/kaikki/kuopio/index.html" in shown
    assert not [path for path in changed if path.startswith("jarjesto/") and not path.startswith("jarjesto/eka")]


# What is believed of earlier builds


@pytest.fixture
def region(tmp_path: Path) -> Path:
    root = write_project(tmp_path / "region", ASSOCIATIONS, languages=["fi"])
    build_site(Settings(root, TODAY))
    return root


PAGE = "build/site/jarjesto/eka/index.html"


def test_page_that_was_changed_by_hand_is_put_right_when_everything_is_read(region: Path) -> None:
    before = files_of(region)
    (region / PAGE).write_text("muutettu")
    (region / "build/site/ylimaarainen.html").write_text("lisätty")
    (region / "build/site/robots.txt").unlink()
    report = build_site(Settings(region, TODAY), verify=True)
    assert (report.new, report.changed, report.removed) == (1, 1, 1)
    assert files_of(region) == before


ROOTS = 9 * 4096  # bytes of the pages in which SQLite finds the tables


@pytest.mark.parametrize("loss", ["cache", "site", "copy", "garbage", "damage"])
def test_lost_cache_or_site_costs_only_time(loss: str, region: Path) -> None:
    before = files_of(region)
    if loss == "copy":  # another folder of the same name, with an old page in it
        shutil.copytree(region / "build/site", region / "build/copy")
        shutil.rmtree(region / "build/site")
        (region / "build/copy").rename(region / "build/site")
        (region / PAGE).write_text("vanha")
    elif loss == "garbage":
        (region / "build/cache" / cache.FILE).write_bytes(b"x" * 10_000)
    elif loss == "damage":  # opens, but not all of it can be read
        file = region / "build/cache" / cache.FILE
        with closing(sqlite3.connect(file)) as opened:
            opened.execute("pragma wal_checkpoint(truncate)")
        raw = file.read_bytes()
        file.write_bytes(raw[:ROOTS] + b"\xff" * (len(raw) - ROOTS))
        with pytest.raises(cache.DAMAGED), closing(cache.Cache(region / "build")) as known:
            known.all_shared("card")
        assert last_report(region) is None
    else:
        shutil.rmtree(region / "build" / loss)
    build_site(Settings(region, TODAY))
    assert files_of(region) == before


def test_cache_that_somebody_is_writing_is_left_alone(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(file: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(cache, "_opened", locked)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        build_site(Settings(region, TODAY))
    assert (region / "build/cache" / cache.FILE).exists()


def last_report(region: Path, today: date = TODAY) -> Report | None:
    return unchanged_report(Settings(region, today), Inputs(region, today))


def test_build_with_nothing_to_do_ends_at_once_and_any_change_wakes_it(region: Path) -> None:
    told = last_report(region)
    assert told
    assert (told.new, told.changed, told.unchanged) == (0, 0, told.files)
    assert last_report(region, TODAY + timedelta(days=1)) is None
    (region / "content/organisations/eka.yaml").rename(region / "content/organisations/eka-2.yaml")
    assert last_report(region) is None


def test_second_build_at_once_is_refused_and_the_first_goes_on(region: Path) -> None:
    with only_build(region / "build"), pytest.raises(Busy):
        build_site(Settings(region, TODAY))
    build_site(Settings(region, TODAY))
