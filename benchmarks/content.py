"""Content of any size in this project's own format, for measuring. Fictional, and the same for the same seed.

    python -m benchmarks.content country build/bench/country

The skew is what a real register shows: most associations are small and work in one or two municipalities, some cover their
corner of the country, a few are everywhere; large municipalities have many times more than small ones.
"""

import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
TODAY = "2026-11-21"
WEIGHTS = (60, 30, 10)  # of associations in one to three municipalities, in a corner of the region, and in very many
SYLLABLES = "ka la ve to mi su ra ne po hi lu se jo ma ti ko va ri tu le pa so ny ha ki mu re ta vi lo na pe".split()  # noqa: SIM905
WORDS = """
ryhmässä jutellaan kahvitellaan ulkoillaan harjoitellaan yhdessä rauhassa vertaisten kanssa ohjaajan tuella arjen asioista
jaksamisesta liikunnasta ravinnosta etuuksista harrastuksista lähellä kotia ilman kiirettä joka toinen viikko kevään ajan
""".split()  # noqa: SIM905
DAYS = ("Maanantaisin", "Tiistaisin", "Keskiviikkoisin", "Torstaisin", "Joka toinen perjantai", "Kuun ensimmäinen lauantai")


@dataclass(frozen=True)
class Size:
    """How much content. `wide` and `national` are the shares of associations that cover the whole region, and the country."""

    organisations: int
    municipalities: int
    wide: float
    national: float


SIZES = {
    "tiny": Size(12, 5, 0.1, 0.1),
    "region": Size(458, 19, 0.2, 0.03),
    "country": Size(10_000, 308, 0.0, 0.0015),
}


def write_content(target: Path, size: Size, seed: int = 6, *, takes_requests: bool = True) -> Path:
    """A whole project in `target`, with Finnish only: another language changes the number of pages, not their kind."""
    chance = random.Random(seed)
    taxonomy = yaml.load((ROOT / "taxonomy.yaml").read_text("utf-8"), yaml.BaseLoader)
    taxonomy["municipalities"] = list(_municipalities(taxonomy["municipalities"], size.municipalities, chance))
    site = yaml.load((ROOT / "content" / "site.yaml").read_text("utf-8"), yaml.BaseLoader)
    for folder in ("pages", "pictures"):
        shutil.copytree(ROOT / "content" / folder, target / "content" / folder)
    _write(target / "taxonomy.yaml", taxonomy)
    if not takes_requests:
        del site["referral"]
    _write(target / "content" / "site.yaml", {**site, "languages": ["fi"], "sample": {"today": TODAY}})
    terms = {kind: [term["id"] for term in taxonomy[kind]] for kind in taxonomy}
    made = _Maker(chance, size, terms)
    for number in range(size.organisations):
        slug, organisation, private = made.organisation(number)
        _write(target / "content" / "organisations" / f"{slug}.yaml", organisation)
        if private:
            _write(target / "content" / "private" / f"{slug}.yaml", private)
    return target


def _write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    path.write_text(yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1000), "utf-8")


def _municipalities(known: list[dict[str, Any]], count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The real ones of the sample region, then as many made ones as are missing, spread over the country."""
    yield from known[:count]
    for number in range(len(known), count):
        name = f"{_word(chance, 2).capitalize()}kunta {number}"
        centre = [f"{chance.uniform(60, 68):.3f}", f"{chance.uniform(21, 30):.3f}"]
        yield {"id": f"kunta-{number}", "code": f"{number:03}", "label": name, "locative": f"{name}:ssa", "centre": centre}


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables))


class _Maker:
    def __init__(self, chance: random.Random, size: Size, terms: dict[str, list[str]]) -> None:
        self._chance, self._size, self._terms = chance, size, terms
        self._municipalities = chance.sample(terms["municipalities"], len(terms["municipalities"]))
        # Zipf's law without its extreme: the tenth municipality has a seventh of what the first has.
        self._weights = {
            kind: list(accumulate(1 / (rank + 1.5) ** power for rank in range(len(terms[kind]))))
            for kind, power in (("municipalities", 0.9), ("needs", 0.5), ("activity_types", 0.7))
        }

    def organisation(self, number: int) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
        chance = self._chance
        name = f"{_word(chance, 3).capitalize()}n Esimerkki{_word(chance, 4)} ry"
        slug = name.removesuffix(" ry").lower().replace(" ", "-")
        domain = f"{slug[:40]}.example.fi"
        scope, places = self._reach()
        needs = self._some("needs", chance.choices((2, 3, 4, 5, 6), (30, 30, 20, 12, 8))[0])
        count = chance.choices((1, 2, 3, 4), (40, 30, 20, 10))[0]
        activities = [self._activity(at, needs, places) for at in range(count)]
        referral = {
            "responsible": "Toiminnanohjaaja",
            "first_contact": "call",
            "within_working_days": 3,
            "promise": self._text(14),
        }
        takes_requests = chance.random() < 0.5
        organisation = {
            "name": name,
            "scope": scope,
            "pitch": self._text(12),
            "description": "\n\n".join(self._text(25) for _ in range(3))
            + f"\n\n- **Ryhmä:** {self._text(6)}\n- {self._text(6)}\n",
            "website": f"https://{domain}",
            "contacts": [
                {"role": "Toimisto", "phone": f"017 000 {number % 10_000:04}", "email": f"toimisto@{domain}"},
                {"role": "Toiminnanohjaaja", "email": f"ohjaus@{domain}"},
            ][: chance.choice((1, 2))],
            "activities": activities,
            **({"referral": referral} if takes_requests else {}),
            "review": {"confirmed_on": self._confirmed_on(), "confirmed_by": "sihteeri"},
        }
        private = {"referral_email": f"yhteys@{domain}", "data_maintainers": [f"toimisto@{domain}"]} if takes_requests else None
        return slug, organisation, private

    def _reach(self) -> tuple[str, list[str]]:
        """Scope, and the municipalities of each activity: mostly one to three, some a corner of the region, a few very many."""
        chance, size = self._chance, self._size
        drawn = chance.random()
        if drawn < size.national:
            return "national", []
        if drawn < size.national + size.wide:
            return "regional", ["koko-alue"]
        most = len(self._municipalities)
        low, high = chance.choices(((1, 3), (4, 12), (most // 8, most // 3)), WEIGHTS)[0]
        return "regional", self._some("municipalities", chance.randint(max(1, low), max(1, high)))

    def _some(self, kind: str, count: int) -> list[str]:
        terms = self._municipalities if kind == "municipalities" else self._terms[kind]
        found = self._chance.choices(terms, cum_weights=self._weights[kind], k=count)
        return list(dict.fromkeys(found))

    def _activity(self, at: int, needs: list[str], places: list[str]) -> dict[str, Any]:
        chance = self._chance
        status = chance.choices(("open", "ask", "full"), (60, 35, 5))[0]
        return {
            "id": f"toiminta-{at + 1}",
            "type": self._some("activity_types", 1)[0],
            "name": self._text(3),
            "summary": self._text(18),
            "needs": sorted(chance.sample(needs, chance.randint(1, len(needs)))),
            "target_groups": [chance.choice(self._terms["target_groups"])],
            **({"municipalities": list(places)} if places else {}),
            "languages": ["fi"],
            "when": f"{chance.choice(DAYS)} klo {chance.randint(9, 18)}",
            "where": f"{_word(chance, 3).capitalize()}ntie {chance.randint(1, 60)}",
            "price": chance.choices(("free", "paid"), (9, 1))[0],
            "for_whom": self._text(12),
            "capacity": {"status": status, **({"until": "2027-02-28"} if status == "full" else {})},
        }

    def _text(self, words: int) -> str:
        return " ".join(self._chance.choice(WORDS) for _ in range(words)).capitalize()[:149] + "."

    def _confirmed_on(self) -> str:
        """Mostly within the year; some have not answered for long."""
        year, month = self._chance.choices(((2026, 9), (2026, 3), (2025, 10), (2025, 2)), (60, 28, 9, 3))[0]
        return f"{year}-{month:02}-{self._chance.randint(1, 20):02}"


if __name__ == "__main__":
    write_content(Path(sys.argv[2]), SIZES[sys.argv[1]])
