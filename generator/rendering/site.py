"""The whole site as a stream of (path, bytes): nothing here touches the disk, and no page is kept."""

import hashlib
from collections.abc import Iterator
from datetime import date

from generator.exports.files import data_files
from generator.pages import Plan, organisation_path, referral_path
from generator.rendering.assets import collect_assets
from generator.rendering.environment import Voice, load_voice
from generator.rendering.filters import CHOICES_FILE, filter_choices
from generator.rendering.frame import Frame
from generator.rendering.offline import manifests, worker
from generator.rendering.referral import qr_code
from generator.rendering.renderer import Renderer
from generator.rendering.site_files import Sitemaps, build_record, robots
from generator.rendering.vcard import contact_card
from generator.search.index import search_files
from generator.validation import Content

File = tuple[str, bytes]


def make_frames(content: Content, plan: Plan, today: date, *, hashed: bool = True) -> list[Frame]:
    """A frame for every language of the site. Raises ContentError when the interface words of one are broken."""
    assets = collect_assets(content.site.base_path, hashed=hashed)
    voices = tuple(load_voice(language, content.site) for language in content.site.languages)
    return [Frame(content, plan, assets, today, voice, voices, is_preview=not hashed) for voice in voices]


def render_site(content: Content, plan: Plan, today: date, *, hashed: bool = True) -> Iterator[File]:
    """Every file of the site. Paths begin with / and end as they are stored (…/index.html)."""
    frames = make_frames(content, plan, today, hashed=hashed)
    digest = hashlib.sha256()
    for path, raw in _files(frames):
        digest.update(path.encode())
        digest.update(raw)
        yield path, raw
    yield build_record(digest.hexdigest()[:16], today)


def _files(frames: list[Frame]) -> Iterator[File]:
    site, assets = frames[0].content.site, frames[0].assets
    sitemaps = Sitemaps(site.url, site.base_path)
    renderers = [(Renderer(frame), frame.voice, stored_folder(frame.voice, site.base_path)) for frame in frames]
    yield from assets.files
    for frame, (_, _, folder) in zip(frames, renderers, strict=True):
        yield from search_files(frame)
        yield f"{folder}{CHOICES_FILE}", filter_choices(frame)
    yield from _handed_over(frames[0])
    if not frames[0].is_preview:
        yield worker(assets, frames[0].voices)
        yield from manifests(site, assets, frames[0].voices)
    for page in frames[0].plan.pages():
        for renderer, voice, folder in renderers:
            yield f"{folder}{page.path}index.html", renderer.render(page)
            if page.is_indexed:
                yield from sitemaps.add(voice.url(page.path))
    yield from sitemaps.rest()
    yield from data_files(frames[0].content, frames[0].plan, frames[0].voice)
    yield "/404.html", renderers[0][0].not_found()
    yield robots(site.url, site.base_path, is_unfinished=site.unfinished)


def _handed_over(frame: Frame) -> Iterator[File]:
    """What a client takes along of an association: the code that opens its request form, and its contacts for a phone."""
    origin = frame.content.site.url.rstrip("/")
    for slug in frame.plan.referrals:
        path = referral_path(slug)
        yield f"{path}qr.svg", qr_code(f"{origin}{frame.voice.url(path)}#itse")
    for slug, organisation in frame.content.organisations.items():
        if organisation.status != "closed":
            yield f"{organisation_path(slug)}yhteystieto.vcf", contact_card(slug, organisation, origin, frame.voice)


def stored_folder(voice: Voice, base_path: str) -> str:
    """Where a language's pages are stored: its prefix without the base path, which only the addresses carry."""
    return "/" + voice.prefix.removeprefix(base_path).rstrip("/") if voice.prefix != base_path else ""
