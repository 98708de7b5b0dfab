import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.pipeline import Settings, build_site
from tests.builders import ROOT, TODAY, write_project, written_organisation

# The associations of a small region: every way in which one may show, count or offer another.
ORGANISATIONS = {
    "muokattava": written_organisation(
        name="Muokattava Esimerkkiyhdistys ry",
        contacts=[{"role": "Toimisto", "phone": "017 000 0199"}],
        part_of="liitto",
        activities=[
            {"needs": ["masennus", "kriisi"], "municipalities": ["kuopio"]},
            {"municipalities": ["tervo"], "remote": True},
        ],
    ),
    "liitto": written_organisation(name="Liitto ry", scope="national", activities=[{"municipalities": []}]),
    "alue": written_organisation(name="Ärjy ry", activities=[{"municipalities": ["koko-alue"], "capacity": {"status": "open"}}]),
    "naapuri": written_organisation(name="Öljy ry", activities=[{"municipalities": ["siilinjarvi"]}], review=None),
    "etana": written_organisation(name="ägräs ry", activities=[{"municipalities": [], "remote": True}]),
    "vanha": written_organisation(name="Vanha ry", status="closed", merged_into="alue", former_slugs=["vanhempi"]),
    "kausi": written_organisation(
        name="Kausi ry", activities=[{"needs": ["diabetes"], "season": {"from": "2026-09-01", "to": "2027-05-15"}}]
    ),
    "tauolla": written_organisation(name="Tauko ry", status="paused"),
}


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return write_project(tmp_path / "region", ORGANISATIONS, sample=TODAY)


def files_of(region: Path) -> dict[str, bytes]:
    site = region / "build" / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def built_by_command(region: Path, working_folder: Path, root: str, **environment: str) -> dict[str, bytes]:
    inherited = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    subprocess.run(
        [sys.executable, "-m", "generator", "--root", root, "--today", "2026-11-21", "build"],
        cwd=working_folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        check=True,
        capture_output=True,
    )
    return files_of(region)


def test_same_content_gives_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    here, there = (write_project(tmp_path / name, ORGANISATIONS, sample=TODAY) for name in ("täällä", "toisaalla/syvällä"))
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    first = built_by_command(here, here, ".", TZ="Pacific/Kiritimati", PYTHONHASHSEED="1", LC_ALL="fi_FI.UTF-8")
    second = built_by_command(there, tmp_path, str(there), TZ="Pacific/Pago_Pago", PYTHONHASHSEED="4242", **plain)
    assert len(first) > 100
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_building_over_an_old_site_gives_what_a_first_build_gives(region: Path, tmp_path: Path) -> None:
    fewer = dict(list(ORGANISATIONS.items())[:2])
    grown = write_project(tmp_path / "kasvava", fewer, sample=TODAY)
    build_site(Settings(grown, TODAY))
    for path in (region / "content" / "organisations").iterdir():
        (grown / "content" / "organisations" / path.name).write_bytes(path.read_bytes())
    for root in (region, grown):
        build_site(Settings(root, TODAY))
    assert files_of(grown) == files_of(region)


def changed_by(region: Path, edit: Callable[[Path], None]) -> tuple[dict[str, bytes], set[str]]:
    """Builds, edits the folder of associations and builds again. Returns the first files and the paths that were then written."""
    build_site(Settings(region, TODAY))
    before, times = files_of(region), times_of(region)
    edit(region / "content" / "organisations")
    build_site(Settings(region, TODAY))
    return before, {path for path, time in times_of(region).items() if times.get(path) != time}


def times_of(region: Path) -> dict[str, int]:
    return {path: (region / "build" / "site" / path).stat().st_mtime_ns for path in files_of(region)}


def test_new_phone_number_rewrites_only_the_pages_that_show_it(region: Path) -> None:
    def edit(folder: Path) -> None:
        written = folder / "muokattava.yaml"
        written.write_text(written.read_text("utf-8").replace("017 000 0199", "017 000 0198"), "utf-8")

    before, rewritten = changed_by(region, edit)
    named = {path for path, raw in before.items() if b"Muokattava Esimerkki" in raw.replace("\u00ad".encode(), b"")}
    only_named = {f"{prefix}{path}/index.html" for prefix in ("", "sv/", "en/") for path in ("jarjestot", "jarjesto/liitto")}
    only_named |= {"avoin-data/jarjestot.csv", "avoin-data/muutokset.xml", "haku/fi.json", "haku/sv.json", "haku/en.json"}
    after = files_of(region)
    assert after.keys() == before.keys()
    assert only_named < named
    assert rewritten == (named - only_named) | {"build.json", "avoin-data/yhteystiedot.csv"}
    assert not any(b"0199" in raw for raw in after.values())


def test_new_association_leaves_the_pages_of_other_needs_and_associations_alone(region: Path) -> None:
    """No page holds a number that changes with everything."""

    def join(folder: Path) -> None:
        (folder / "uusin.yaml").write_text((folder / "kausi.yaml").read_text("utf-8").replace("Kausi ry", "Uusin ry"), "utf-8")

    _, written = changed_by(region, join)
    its_own = re.compile(
        r"(sv/|en/)?(index\.html|(tarve/diabetes|(jarjesto|muokkaa|vahvista)/uusin|jarjestot|kunta|tilastot)/.*|upote/(tarve/diabetes|kunta/.*|jarjesto/uusin)/.*|sitemap.*|build\.json|"
        r"haku/(fi|sv|en)\.json|"
        r"avoin-data/(jarjestot\.csv|toiminta\.csv|yhteystiedot\.csv|hsds\.json|fhir\.json|muutokset\.xml))"
    )
    assert {path for path in written if not its_own.fullmatch(path)} == set()
    assert {"tarve/diabetes/vertaisryhma/kuopio/index.html", "en/index.html", "kunta/kuopio/index.html"} < written


def test_changing_and_changing_back_gives_the_first_bytes(region: Path) -> None:
    build_site(Settings(region, TODAY))
    before = files_of(region)
    written = region / "content" / "organisations" / "muokattava.yaml"
    original = written.read_text("utf-8")
    written.unlink()
    build_site(Settings(region, TODAY))
    assert "jarjesto/muokattava/index.html" not in files_of(region)
    written.write_text(original, "utf-8")
    build_site(Settings(region, TODAY))
    assert files_of(region) == before
