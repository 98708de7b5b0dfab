"""The feed of changes (Atom, RFC 4287): an entry for each association that has changed of late, with its last change."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from html import escape

from generator.exports.ids import organisation_id, stable_id
from generator.exports.public import Published, joined
from generator.models import Organisation

MOST_ENTRIES = 100
NAME = "muutokset.xml"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom_feed(published: Published, told: Callable[[str], str]) -> tuple[str, bytes]:
    """`told` gives what an association's entry tells of it (`told_of`)."""
    return NAME, joined(_feed(published, told))


def told_of(published: Published, slug: str, it: Organisation) -> str:
    return f"""<id>urn:uuid:{organisation_id(slug)}</id>
<title>{escape(it.name, quote=False)}</title>
<link rel="alternate" type="text/html" href="{escape(published.page_of(slug))}"/>
<summary>{escape(it.pitch.fi, quote=False)}</summary>"""


def newest(published: Published) -> list[tuple[datetime, str]]:
    """(time, slug), newest first: from git, or from the day of confirmation where git does not tell."""
    changes = published.content.changes
    found = []
    for slug, one in published.content.known.items():
        if not published.has(slug):
            continue
        if slug in changes:
            found.append((changes[slug], slug))
        elif one.review:
            found.append((datetime.combine(one.review.confirmed_on, time(), UTC), slug))
    return sorted(found, key=lambda pair: (-pair[0].timestamp(), pair[1]))[:MOST_ENTRIES]


def _feed(published: Published, told: Callable[[str], str]) -> Iterator[str]:
    site, words = published.content.site, published.voice.texts["open_data"]
    entries = newest(published)
    home = published.address("/avoin-data/")
    yield f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fi">
<id>urn:uuid:{stable_id("feed", home)}</id>
<title>{escape(words["feed"].format(site=site.name.fi, region=site.region.fi), quote=False)}</title>
<updated>{_time(entries[0][0] if entries else _NEVER)}</updated>
<author><name>{escape(site.publisher.fi, quote=False)}</name></author>
<rights>CC BY 4.0</rights>
<link rel="self" type="application/atom+xml" href="{escape(home + NAME)}"/>
<link rel="alternate" type="text/html" href="{escape(home)}"/>
"""
    for changed, slug in entries:
        yield f"<entry>\n{told(slug)}\n<updated>{_time(changed)}</updated>\n</entry>\n"
    yield "</feed>\n"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
