"""A run of `tarjotin links`: checks, and tells what somebody has to mend. Told in Markdown: the weekly issue is this text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.checked import Content
from generator.linkcheck.gather import PRIVATE, Outside, gather
from generator.linkcheck.mail import Names, check_domains
from generator.linkcheck.verdict import Verdict
from generator.linkcheck.web import Manners, check_links
from generator.problems import counted

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Finding:
    what: str
    verdict: Verdict
    files: tuple[str, ...]


def run_links(content: Content, manners: Manners, names: Names, tell: Tell) -> bool:
    """False when something is broken."""
    outside = gather(content)
    found = list(_findings(outside, manners, names))
    broken = [one for one in found if one.verdict.is_broken]
    unclear = [one for one in found if not one.verdict.is_broken]
    for line in _lines(broken, unclear):
        tell(line)
    size = (
        f"{counted(len(outside.links), 'linkki', 'linkkiä')} ja {counted(len(outside.domains), 'verkkotunnus', 'verkkotunnusta')}"
    )
    tell(f"Tarkistettiin {size}. Rikki {len(broken)}, epäselviä {len(unclear)}.")
    return not broken


def manners_of(content: Content) -> Manners:
    return Manners(agent=f"Hyvinvointitarjotin-linkit (+{content.site.url}; {content.site.feedback_email})")


def _findings(outside: Outside, manners: Manners, names: Names) -> Iterator[Finding]:
    """Only what is not fine. Of an address that is not published, not even the domain is told."""
    for link, verdict in check_links(outside.links, manners).items():
        if verdict.reason:
            yield Finding(f"<{link}>", verdict, tuple(sorted(outside.links[link])))
    domains = check_domains({*outside.domains, *outside.private}, names)
    for domain, verdict in domains.items():
        if verdict.reason and domain in outside.domains:
            yield Finding(f"sähköposti @{domain}", verdict, tuple(sorted(outside.domains[domain])))
        if verdict.reason and domain in outside.private:
            yield Finding(PRIVATE, verdict, tuple(sorted(outside.private[domain])))


def _lines(broken: list[Finding], unclear: list[Finding]) -> Iterator[str]:
    if broken:
        yield "## Rikki\n\nSoita järjestöön tai etsi uusi osoite, ja korjaa se tiedostoon tai muokkauslomakkeella.\n"
        yield from (_line(one) for one in broken)
        yield ""
    if unclear:
        yield "## Epäselvää\n\nPalvelin ei vastannut tai ei päästä robotteja. Avaa linkki itse, jos se on tässä joka viikko.\n"
        yield from (_line(one) for one in unclear)
        yield ""


def _line(one: Finding) -> str:
    files = ", ".join(f"`{file}`" for file in one.files)
    return f"- {one.what}: {one.verdict.reason}. {files}"
