"""What leads outside: every link and every mail address of the content, with the files that name it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.checked import Content

_LINK = re.compile(r"https?://[^\s<>\"'`\\^{|}\[\]]+")
_DOMAIN = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[\w-]+)")
_SITE_S_OWN = {"url", "base_path", "history_url"}

PRIVATE = "yksityinen osoite"


@dataclass
class Outside:
    """Link → files; mail domain → files. `private` domains are of addresses that are never published: only the file is told."""

    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    domains: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    private: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def gather(content: Content) -> Outside:
    found = Outside()
    for file, value in _public(content):
        for text in _texts(value):
            for link in _LINK.findall(text):
                found.links[_without_sentence(link)].add(file)
            for domain in _DOMAIN.findall(text):
                found.domains[domain.lower()].add(file)
    for slug, addresses in content.private.items():
        for text in _texts(addresses.model_dump(mode="json")):
            for domain in _DOMAIN.findall(text):
                found.private[domain.lower()].add(f"{content.site.private_folder}/{slug}.yaml")
    return found


def _public(content: Content) -> Iterator[tuple[str, Any]]:
    site = content.site.model_dump(mode="json")
    yield "content/site.yaml", {key: value for key, value in site.items() if key not in _SITE_S_OWN}
    yield "taxonomy.yaml", content.taxonomy.model_dump(mode="json")
    for slug, one in content.organisations.items():
        if one.status != "closed":
            yield f"content/organisations/{slug}.yaml", one.model_dump(mode="json")
    for (slug, language), page in content.pages.items():
        yield f"content/pages/{slug}.{language}.md", page.body


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _without_sentence(link: str) -> str:
    """Without the sentence's own punctuation after it; a bracket that the link itself has opened stays."""
    while link.endswith(tuple(".,;:!?*_")) or (link.endswith(")") and link.count(")") > link.count("(")):
        link = link[:-1]
    return link
