"""How long the search's first answer takes after its index has come, in Chromium whose processor is slowed to a quarter; and how
well it finds. The sample region, and ten thousand made associations."""

import gzip
import json
import shutil
import statistics
from dataclasses import replace
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.lighthouse import FLAGS
from generator.checked import Content
from generator.models import Organisation
from generator.pipeline import Settings, load_content, search_files_of
from generator.search.told import measured_text
from generator.search.trial import open_trial, read_queries

ROOT = Path(__file__).parent.parent
ROUNDS = 7
TYPED = ("masennukseen", "diabetes kuopio", "muistiyhdistys", "masennsu", "surutuki siilinjärvi")
MANY = 10_000
# Opens the index and answers once, as the page does at the first letter; milliseconds.
FIRST_ANSWER = """([index, organisations, text]) => {
  const began = performance.now();
  search.open(index).find(text, organisations, null);
  return performance.now() - began;
}"""


def main() -> None:
    settings = Settings(ROOT, date(2026, 11, 21))
    content = load_content(settings)
    for language in content.site.languages:
        with open_trial(dict(search_files_of(content, settings, language)), language) as trial:
            queries = read_queries((ROOT / "tests" / "search" / f"queries-{language}.json").read_bytes())
            print(language, *measured_text(trial.measure(queries)).splitlines()[-2:])
    many = replace(content, organisations=dict(copies_of(content)), originals={}, facts={})
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=FLAGS.split())
        page = opened.new_page()
        page.add_script_tag(content=(ROOT / "site_templates" / "scripts" / "search" / "find.js").read_text("utf-8"))
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        for name, measured in ((f"{len(content.organisations)} associations", content), (f"{MANY} associations", many)):
            print(f"{name}: first answer {told(page, measured, settings)}")
        opened.close()


def copies_of(content: Content) -> list[tuple[str, Organisation]]:
    """The sample's associations over and over, each with a place of its own in its name."""
    places = [one.label.fi for one in content.taxonomy.municipalities]
    own = list(content.organisations.values())
    return [
        (f"e{at}", own[at % len(own)].model_copy(update={"name": f"{places[at % len(places)]}n {own[at % len(own)].name} {at}"}))
        for at in range(MANY)
    ]


def told(page: Page, content: Content, settings: Settings) -> str:
    files = dict(search_files_of(content, settings, "fi"))
    index = json.loads(files["/haku/fi.json"])
    times, weights = [], []
    for text in TYPED:
        names = {word[:2] for word in text.replace("ä", "a").split()} if "shards" in index else set()
        parts = [files[f"/haku/fi/{name}.json"] for name in names if f"/haku/fi/{name}.json" in files]
        weights.append(sum(len(gzip.compress(raw)) for raw in (files["/haku/fi.json"], *parts)) / 1024)
        found = [one for raw in parts for one in json.loads(raw)]
        organisations = index.get("organisations") or list({one[0]: one for one in found}.values())
        times += [page.evaluate(FIRST_ANSWER, [index, organisations, text]) for _ in range(ROUNDS)]
    return f"median {statistics.median(times):.0f} ms, most {max(times):.0f} ms; {max(weights):.0f} KB fetched at most"


if __name__ == "__main__":
    main()
