"""What Lighthouse says of the home page and of results, as a phone on a slow network sees them: medians of five runs each.

`make lighthouse` runs it; it needs Node.js, npm and Chromium, and is no part of the tests. Gates: docs/yllapito.md.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / ".tools" / "lighthouse"
VERSION = "12.8.2"  # the last that runs on Node.js 20
PAGES = ("/", "/tarve/masennus/vertaisryhma/kuopio/", "/tarve/yksinaisyys/kaikki/koko-alue/")
ROUNDS = 5
# What the phone that Lighthouse emulates (Moto G Power 2022) gets in its own test of a processor, as Chromium's calibration
# of its throttling has it (devtools-frontend, CalibrationController). This machine is slowed down to that, not by a fixed factor.
PHONE_INDEX = 264
# Audit → its limit; the score is the only one that must be at least as large.
GATES = {"score": 99, "largest-contentful-paint": 1300, "total-blocking-time": 50, "cumulative-layout-shift": 0.01}
BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"


def main() -> int:
    site = ROOT / "build" / "site"
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if not browser or not shutil.which("npm"):
        print("Lighthouse needs Chromium and npm: sudo apt-get install chromium npm")
        return 1
    if not (site / "index.html").is_file():
        print("There is no site yet: make build")
        return 1
    command = install()
    with served(site) as address:
        index = run(command, browser, address + PAGES[0])["environment"]["benchmarkIndex"]
        slowdown = max(1, round(index / PHONE_INDEX, 2))
        measured = {page: median_of(measure(command, browser, address + page, slowdown) for _ in range(ROUNDS)) for page in PAGES}
    print(f"this machine {index:g}, a phone {PHONE_INDEX}: slowed down {slowdown:g} times")
    for page, values in measured.items():
        print(page, *(f"{name} {value:g}{'' if passes(name, value) else ' (!)'}" for name, value in values.items()), sep="\n  ")
    return 0 if all(passes(name, value) for values in measured.values() for name, value in values.items()) else 1


def install() -> Path:
    if not (TOOLS / "node_modules").is_dir():
        wanted = f"lighthouse@{VERSION}"
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", str(TOOLS), wanted], check=True)
    return TOOLS / "node_modules" / ".bin" / "lighthouse"


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site, compressed as a content delivery network would send it."""
    app = Starlette(routes=[Mount("/", StaticFiles(directory=site, html=True))], middleware=[Middleware(GZipMiddleware)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def measure(command: Path, browser: str, url: str, slowdown: float) -> dict[str, float]:
    told = run(command, browser, url, f"--throttling.cpuSlowdownMultiplier={slowdown}")
    audits = {name: told["audits"][name]["numericValue"] for name in GATES if name != "score"}
    return {"score": 100 * told["categories"]["performance"]["score"], **audits}


def run(command: Path, browser: str, url: str, *more: str) -> dict[str, Any]:
    """What one run of Lighthouse tells."""
    arguments = [str(command), url, "--output=json", "--quiet", "--only-categories=performance", f"--chrome-flags={FLAGS}", *more]
    done = subprocess.run(arguments, capture_output=True, check=True, env={**os.environ, "CHROME_PATH": browser})
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def median_of(rounds: Iterator[dict[str, float]]) -> dict[str, float]:
    rows = list(rounds)
    return {name: round(statistics.median(row[name] for row in rows), 3) for name in GATES}


def passes(name: str, value: float) -> bool:
    return value >= GATES[name] if name == "score" else value <= GATES[name]


if __name__ == "__main__":
    sys.exit(main())
