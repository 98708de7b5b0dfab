"""What `tarjotin search` prints, in Finnish."""

from collections.abc import Iterator, Mapping, Sequence

from generator.search.trial import FIRST, Link, Measured

KINDS = {"need": "tarve", "results": "järjestöt", "place": "kunta", "organisation": "järjestö", "activity": "toiminta"}


def results_text(links: Sequence[Link]) -> str:
    if not links:
        return "Haulla ei löytynyt mitään. Lisää sana taxonomy.yaml-tiedoston synonyymeihin, jos sen pitäisi löytyä."
    rows = [f"{at}. {link.label} ({KINDS[link.kind]})  /{link.path}" for at, link in enumerate(links, 1)]
    return "\n".join(rows)


def measured_text(measured: Measured) -> str:
    return "\n".join(_rows(measured))


def _rows(measured: Measured) -> Iterator[str]:
    yield from _failed("Ei osunut", measured.misses)
    yield from _failed("Turha osuma", measured.false_hits)
    hits = measured.asked - len(measured.misses)
    yield f"{hits}/{measured.asked} hakua osui {FIRST} ensimmäisen joukkoon ({_percent(measured.hit_rate)})."
    if measured.off_topic:
        yield f"{len(measured.false_hits)}/{measured.off_topic} aiheen ulkopuolista osui ({_percent(measured.false_rate)})."


def _failed(what: str, failed: Mapping[str, list[Link]]) -> Iterator[str]:
    for query, links in failed.items():
        yield f"{what}: {query} → {', '.join(link.label for link in links) or 'ei mitään'}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %".replace(".", ",")
