"""The files of the site that are no pages: robots.txt, sitemaps and build.json."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from generator.dates import requests_until
from generator.models import FreshnessLimits

URLS_PER_SITEMAP = 45_000  # the protocol's limit is 50,000 (sitemaps.org)


class Sitemaps:
    """Takes the addresses of indexed pages while the pages are made, and gives a file whenever one is full."""

    def __init__(self, origin: str, base_path: str) -> None:
        self._origin = origin.rstrip("/")
        self._base_path = base_path
        self._addresses: list[str] = []
        self._names: list[str] = []

    def add(self, address: str) -> Iterator[tuple[str, bytes]]:
        self._addresses.append(address)
        if len(self._addresses) == URLS_PER_SITEMAP:
            yield self._take()

    def of_need(self, need: str, addresses: list[str]) -> tuple[str, bytes]:
        """The sitemap of one need's pages, which are a third of the limit when a whole country is on the site."""
        return need_sitemap(need), self._document("urlset", "url", addresses)

    def rest(self, others: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """What is left, and the index of all, with the others' names."""
        if self._addresses:
            yield self._take()
        addresses = [self._base_path + name.removeprefix("/") for name in (*self._names, *others)]
        yield "/sitemap.xml", self._document("sitemapindex", "sitemap", addresses)

    def _take(self) -> tuple[str, bytes]:
        name = f"/sitemap-{len(self._names) + 1}.xml"
        raw = self._document("urlset", "url", self._addresses)
        self._names.append(name)
        self._addresses.clear()
        return name, raw

    def _document(self, root: str, element: str, addresses: list[str]) -> bytes:
        rows = "".join(f"<{element}><loc>{escape(self._origin + one, quote=False)}</loc></{element}>\n" for one in addresses)
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return f'{head}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'.encode()


def need_sitemap(need: str) -> str:
    return f"/sitemap-tarve-{need}.xml"


def robots(origin: str, base_path: str, *, is_unfinished: bool) -> tuple[str, bytes]:
    if is_unfinished:
        return "/robots.txt", b"User-agent: *\nDisallow: /\n"
    return "/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {origin.rstrip('/')}{base_path}sitemap.xml\n".encode()


def build_record(build_id: str, today: date, limits: FreshnessLimits) -> tuple[str, bytes]:
    """When and from what the site was made, and how long its contact request pages trust that: here only, so that no page
    changes for it."""
    told = {"id": build_id, "date": str(today), "requests_until": str(requests_until(today, limits))}
    return "/build.json", (json.dumps(told) + "\n").encode()
