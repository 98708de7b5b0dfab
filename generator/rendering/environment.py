"""The one Jinja2 environment of a language: autoescape, strict undefined, and the words of the interface."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from generator import PROGRAM
from generator.content import Fault, parse_yaml, read_text
from generator.dates import Period
from generator.markdown import render_markdown
from generator.models import Site, Text
from generator.problems import ContentError, Problem
from generator.rendering import typography
from generator.rendering.templates import CompiledTemplates, QuickEnvironment
from lambda_common.languages import front_page

TEMPLATES = PROGRAM / "site_templates"
ALWAYS = Markup("")


@dataclass(frozen=True)
class Voice:
    """One language of the site: its code, its address prefix (base path and language), and how texts are said in it."""

    language: str
    prefix: str
    texts: dict[str, Any]

    def url(self, path: str) -> str:
        """The address of a page or file of the site, from a path that begins with /."""
        return self.prefix + path.removeprefix("/")

    def plain(self, text: Text) -> str:
        """A text in this language, or in Finnish where it is not written."""
        written: str | None = getattr(text, self.language)
        return written or text.fi

    def marked(self, text: Text, markup: Markup) -> Markup:
        """Markup of a text, marked as Finnish where it is not written in this language."""
        if getattr(text, self.language):
            return markup
        return Markup('<span lang="fi">{}</span>').format(markup)

    def local(self, text: Text) -> Markup:
        written: str | None = getattr(text, self.language)
        return escape(written) if written else self.marked(text, escape(text.fi))

    def heading(self, text: Text) -> Markup:
        """For headings and links, where a long word must be able to break."""
        return self.marked(text, typography.hyphenate(self.plain(text)))

    def markdown(self, text: Text, top: int) -> Markup:
        markup = render_markdown(self.plain(text), top=top, prefix=self.prefix)
        if getattr(text, self.language):
            return markup
        return Markup('<div lang="fi">{}</div>').format(markup)

    def day(self, value: date) -> str:
        return typography.day(value, self.language)

    def span(self, first: date, last: date) -> str:
        return typography.span(first, last, self.language)


def load_voice(language: str, site: Site) -> Voice:
    """The words of a language. Raises ContentError when the file is broken."""
    folder = TEMPLATES / "texts"
    name = f"{language}.yaml"
    try:
        texts = parse_yaml(read_text(folder / name, folder))
    except Fault as fault:
        problem = Problem(f"site_templates/texts/{name}", fault.line, "", fault.message)
        raise ContentError([problem], 1) from None
    prefix = front_page(site.base_path.rstrip("/"), language, site.languages)
    return Voice(language, f"{prefix}/", texts)


def dated(period: Period, today: date) -> Markup:
    """The attributes of something that holds only in a period: the days for the browser, and `hidden` as of the build."""
    if period.first is None and period.last is None:
        return ALWAYS
    days = [f'data-{name}="{day}"' for name, day in (("from", period.first), ("to", period.last)) if day]
    hidden = [] if period.includes(today) else ["hidden"]
    return Markup(" " + " ".join(days + hidden))  # noqa: S704 - dates only


def data_block(data: Any) -> Markup:
    """JSON for a data block of a page: `<` is written as \\u003c, so that no text can end the block."""
    return as_data(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def as_data(written: str) -> Markup:
    """The same for JSON that is written already."""
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def make_environment(voice: Voice, site: Site, today: date, **shared: object) -> Environment:
    environment = QuickEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        auto_reload=False,  # an environment lives as long as a build: looking for changes would cost more than rendering
        bytecode_cache=CompiledTemplates(TEMPLATES / "__pycache__", voice.language, voice.texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        local=voice.local,
        heading=voice.heading,
        markdown=voice.markdown,
        hyphenate=typography.hyphenate,
        day=voice.day,
        phone=typography.phone,
    )
    environment.globals.update(
        t=voice.texts,
        language=voice.language,
        voice=voice,
        url=voice.url,
        site=site,
        plural=typography.plural,
        dated=lambda period: dated(period, today),
        **shared,
    )
    return environment
