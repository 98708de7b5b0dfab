"""The same pages as a Hugo project, made in Hugo's own fast ways: pages from a content adapter, data from files, every card a
cached partial. What belongs on which page, and in which order, is given to it ready, so it has less to do than we have.

The frame of the pages is the real one, with Hugo's actions in the holes; cards and associations are Go templates of their own.
"""

import json
import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.comparable import ComparablePlan
from generator.pages import LISTINGS_PER_PAGE, ResultsPage
from generator.pipeline import Settings, judged_day, load_content, plan_site
from generator.rendering.frame import Frame
from generator.rendering.results import ResultsRenderer, helplines, way_out
from generator.rendering.site import make_frames
from generator.rendering.views import municipality_label, type_label

TEMPLATES = Path(__file__).parent / "hugo"
CONFIG = {
    "baseURL": "https://tarjotin.example.fi/",
    "languageCode": "fi",
    "disableKinds": ["taxonomy", "term", "RSS", "sitemap", "section", "404"],
    "outputs": {"home": ["html"], "page": ["html"]},
}
# What Hugo puts in the holes of the frame. The texts are data of the page.
ACTIONS = {
    "path": "{{ .Params.at }}",
    "robots": "",
    "page_mark": "{{ .Params.mark }}",
    "found": '{{ partial "found.html" . }}',
    "remote": "",
    "keep": "{{ if .Params.keep }} data-keep{{ end }}",
    "give": "{{ index hugo.Data.frame.give .Params.need | safeHTML }}",
    "filters": "{{ if gt (len .Params.cards) 1 }}{{ hugo.Data.frame.filters | safeHTML }}{{ end }}",
    "remember": "{{ index hugo.Data.frame.remember .Params.municipality | safeHTML }}",
    "alternatives": "",
    "way_out": "{{ index hugo.Data.frame.way_out .Params.need | safeHTML }}",
    "helplines": "{{ index hugo.Data.frame.helplines .Params.need | safeHTML }}",
    "need_heading": "{{ .Params.need_label }}",
    "type_and_place": "{{ .Params.where }}",
    "need_href": "/tarve/{{ .Params.need }}/",
    "type_href": "/tarve/{{ .Params.need }}/{{ .Params.kind }}/",
}


def write_hugo_project(target: Path, settings: Settings) -> None:
    content = load_content(settings)
    today = judged_day(content, settings)
    plan = plan_site(content, settings)
    frame = make_frames(content, plan, today)[0]
    shutil.copytree(TEMPLATES, target, dirs_exist_ok=True)
    (target / "hugo.json").write_text(json.dumps(CONFIG), "utf-8")
    (target / "data").mkdir(parents=True)
    shutil.copytree(settings.root / "content" / "organisations", target / "data" / "organisations")
    _write_frame(target, frame)
    pages = list(_results(frame))
    (target / "data" / "plan.json").write_text(json.dumps(pages, ensure_ascii=False), "utf-8")


def _write_frame(target: Path, frame: Frame) -> None:
    """The layout of results pages, and with another main part that of associations and the home page."""
    pieces = ResultsRenderer(frame)._page.pieces
    paper = "".join(one.decode() if isinstance(one, bytes) else ACTIONS[one] for one in ResultsRenderer(frame)._paper.pieces)
    actions = {**ACTIONS, "paper": paper}
    markup = "".join(one.decode() if isinstance(one, bytes) else actions.get(one, f"{{{{ .Params.{one} }}}}") for one in pieces)
    layouts = target / "layouts"
    (layouts / "results").mkdir(parents=True, exist_ok=True)
    (layouts / "results" / "page.html").write_text(markup, "utf-8")
    for name, title in (("organisation/page", "{{ .Title }}"), ("home", "Etusivu")):
        (layouts / name).parent.mkdir(exist_ok=True)
        before, _, after = markup.partition('<main id="main" tabindex="-1">')
        main = f'<main>{{{{ partial "{name.partition("/")[0]}.html" . }}}}</main>'
        other = before + main + after.rpartition("</main>")[2]
        other = re.sub(r"<title>.*?</title>", f"<title>{title}</title>", other)
        other = re.sub(r'<nav class="breadcrumb".*?</nav>', "", other, flags=re.DOTALL)
        other = re.sub(
            r'(name="description" content|property="og:(?:title|description)" content)="[^"]*"', r'\1="{{ .Title }}"', other
        )
        (layouts / f"{name}.html").write_text(other, "utf-8")
    needs = [need.id for need in frame.content.taxonomy.needs]
    parts = {
        "way_out": {one: str(way_out(frame, one)) for one in needs},
        "helplines": {one: str(helplines(frame, one)) for one in needs},
    }
    voice, terms = frame.voice, frame.terms
    renderer = ResultsRenderer(frame)
    words = {
        **parts,
        "give": {one: renderer._give(one).decode() for one in needs},
        "filters": renderer._filters.decode(),
        "remember": {one: renderer._remember(one).decode() for one in frame.plan.municipalities},
        "types": {one: type_label(one, terms, voice) for one in terms.types},
        "needs": {one: voice.plain(term.label) for one, term in terms.needs.items()},
        "places": {one: municipality_label(one, terms, frame.content.site, voice) for one in frame.plan.municipalities},
        "target_groups": {one: voice.plain(term.label) for one, term in terms.target_groups.items()},
        "groups": [
            {
                "label": voice.plain(group.label),
                "needs": [need.id for need in frame.content.taxonomy.needs if need.group == group.id],
            }
            for group in frame.content.taxonomy.need_groups
        ],
    }
    (target / "data" / "frame.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")


def _results(frame: Frame) -> Iterator[dict[str, Any]]:
    plan, voice = frame.plan, frame.voice
    comparable = ComparablePlan(plan.organisations, plan.taxonomy, plan.combinations)
    renderer = ResultsRenderer(frame)
    for need in plan.taxonomy.needs:
        for page in chain.from_iterable(comparable.type_pages(need.id, kind) for kind in plan.types):
            assert isinstance(page, ResultsPage)
            wanted, first = page.wanted, (page.number - 1) * LISTINGS_PER_PAGE
            results = plan.combinations.results(wanted)
            yield {
                "path": page.path.strip("/"),
                "at": page.path.removeprefix("/"),
                "need": need.id,
                "kind": wanted.type,
                "municipality": wanted.municipality,
                "keep": bool(frame.keep([need.id], [one.slug for one in results.listings])),
                "need_label": voice.plain(need.label),
                "type_label": type_label(wanted.type, frame.terms, voice),
                "municipality_label": municipality_label(wanted.municipality, frame.terms, frame.content.site, voice),
                "where": renderer._type_and_place(wanted.type, wanted.municipality).decode(),
                "mark": "" if page.number == 1 else f", sivu {page.number}",
                "total": len(results.listings),
                "pages": page.pages,
                "number": page.number,
                "cards": [
                    [one.slug, int(one.place), list(one.activities)]
                    for one in results.listings[first : first + LISTINGS_PER_PAGE]
                ],
            }
