"""Takes the pictures of the instruction pages from the region's own site, in each of its languages: python -m tools.draw_pictures

Needs `pip install playwright pillow` and a Chromium (`playwright install chromium`, or the system's own). Run it when the pages
look different, look at the pictures, and commit content/pictures. What a picture shows is told in words in content/pages.
"""

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from generator.combinations import Combination
from generator.languages import LANGUAGES
from generator.pages import (
    HOME,
    JOINING,
    Plan,
    confirmation_path,
    edit_path,
    need_path,
    organisation_path,
    results_path,
    type_path,
)
from generator.pictures import FOLDER
from generator.pipeline import Settings, judged_day, load_content, plan_site
from generator.rendering.frame import Frame
from generator.rendering.renderer import Renderer
from generator.rendering.site import make_frames, stored_folder

WIDTH, COLOURS = 640, 24
# Around the element; around a row of a list, inside it, where nothing cuts it off.
OUTLINE = """it => Object.assign(it.style, {
  outline: "4px solid #b3261e", outlineOffset: it.matches(".row, summary") ? "-4px" : "5px", borderRadius: "6px",
})"""


@dataclass(frozen=True)
class Shot:
    """One picture: from the top of the first element of `begins` on, `height` pixels, with the elements of `marks` outlined."""

    begins: str
    height: int
    marks: tuple[str, ...]
    opens: str = ""  # what is pressed first


# By name, which is that of the file before its language.
SHOTS: Mapping[str, Shot] = {
    "tarve": Shot("main .panel", 180, ("main .panel .row >> nth=0",)),
    "toiminta": Shot("main h1", 400, ("main .rows .row >> nth=1",)),
    "kunta": Shot("main h1", 400, ("main .rows .row >> nth=1",)),
    "kortti": Shot(".card", 560, (".card-pitch >> nth=0", ".card .contact >> nth=0", ".card .freshness >> nth=0")),
    "anna": Shot("[data-give]", 260, ("[data-give] summary",), "[data-give] summary"),
    "muokkaa": Shot(".report", 190, (".report .inline-links a >> nth=0",)),
    "lomake": Shot("[data-form] details", 300, ("[data-form] details input >> nth=0",), "[data-form] summary"),
    "vahvista": Shot("main h1", 340, ()),
}


def addresses(plan: Plan) -> Mapping[str, str]:
    """Which page each picture is of: the first need with associations for a type and a municipality, and the first of these."""
    wanted = next(_with_something(plan))
    slug = next(one.slug for one in plan.combinations.results(wanted).listings if one.slug in plan.editable)
    return {
        "tarve": HOME,
        "toiminta": need_path(wanted.need),
        "kunta": type_path(wanted.need, wanted.type),
        "kortti": results_path(wanted),
        "anna": results_path(wanted),
        "muokkaa": organisation_path(slug),
        "lomake": edit_path(slug),
        "vahvista": confirmation_path(slug),
    }


def _with_something(plan: Plan) -> Iterator[Combination]:
    for need in plan.taxonomy.needs:
        for kind in plan.types[1:] if need.id not in plan.sensitive_needs else ():
            for municipality in plan.municipalities[1:]:
                wanted = Combination(need.id, kind, municipality)
                if not plan.combinations.is_empty(wanted):
                    yield wanted


def write_pages(frames: list[Frame], paths: set[str], folder: Path) -> None:
    """Only the pages that are pictured, with what they load."""
    for file, raw in frames[0].assets.files:
        _write(folder / file[1:], raw)
    for frame in frames:
        renderer, language = Renderer(frame), stored_folder(frame.voice, frame.content.site.base_path)
        for page in frame.plan.pages():
            if page.path in paths:
                _write(folder / f"{language}{page.path}index.html"[1:], renderer.render(page))


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def take(page: Page, shot: Shot) -> bytes:
    if shot.opens:
        page.locator(shot.opens).first.click()
        page.wait_for_timeout(500)
    for mark in shot.marks:
        page.locator(mark).first.evaluate(OUTLINE)
    top = page.locator(shot.begins).first.evaluate("it => it.getBoundingClientRect().top + scrollY")
    return page.screenshot(full_page=True, clip={"x": 0, "y": max(0, top - 8), "width": WIDTH, "height": shot.height})


def small(raw: bytes) -> bytes:
    """Few colours, without loss: text stays sharp."""
    picture = io.BytesIO()
    few = Image.open(io.BytesIO(raw)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    few.save(picture, "WEBP", lossless=True, quality=100, method=6)
    return picture.getvalue()


def put_blanks(folder: Path) -> None:
    """In place of pictures that are not there yet: texts name them, and would not pass the check."""
    folder.mkdir(exist_ok=True)
    blank = io.BytesIO()
    Image.new("RGB", (WIDTH, 1)).save(blank, "PNG")
    for path in (folder / f"{name}-{language}.webp" for name in SHOTS for language in LANGUAGES):
        if not path.exists():
            path.write_bytes(small(blank.getvalue()))


def draw(browser: Browser, address: str, frame: Frame, folder: Path) -> None:
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce", service_workers="block")
    for name, path in addresses(frame.plan).items():
        page.goto(address + frame.voice.url(path))
        page.locator(SHOTS[name].begins).first.wait_for()
        raw = small(take(page, SHOTS[name]))
        (folder / f"{name}-{frame.voice.language}.webp").write_bytes(raw)
        sys.stdout.write(f"{name}-{frame.voice.language}.webp: {len(raw)} tavua\n")
    page.close()


def main(root: Path) -> None:
    settings = Settings(root, datetime.now(ZoneInfo("Europe/Helsinki")).date())
    put_blanks(root / FOLDER)
    content = load_content(settings)
    plan = plan_site(content, settings)
    frames = make_frames(content, plan, judged_day(content, settings))
    with tempfile.TemporaryDirectory() as folder:
        write_pages(frames, {*addresses(plan).values(), JOINING}, Path(folder))
        with served(Path(folder)) as address, sync_playwright() as playwright:
            executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            for frame in frames:
                draw(browser, address, frame, root / FOLDER)
            browser.close()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Ottaa ohjesivujen kuvat alueen omasta sivustosta.")
    arguments.add_argument("root", nargs="?", type=Path, default=Path(), help="projektin kansio (oletus: tämä)")
    main(arguments.parse_args().root.resolve())
