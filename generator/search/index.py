"""The index of the search: what can be found, with the stems of its words, as JSON that the page's script reads."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from generator.codes import needs_by_code
from generator.combinations import Combination
from generator.models import WHOLE_REGION, Municipality, Sought
from generator.postal import postal_codes_of
from generator.rendering import typography
from generator.rendering.frame import Frame
from generator.search.vocabulary import ENDINGS, FILLERS, TAILS
from generator.search.words import key, stems, words_of

WHOLE = 90  # associations that still fit into the one file; more are cut into files by the first letters of their words
SHARED = 50  # a word in more than one association in so many is shared by too many to look associations up by
MOST_OFFERED = 3
ENTRIES = "search"  # what other parts know of associations by
SHORT = 3
Entry = list[Any]
_BETWEEN_WORDS = re.compile(r"[^\w]+")


def search_files(frame: Frame) -> Iterator[tuple[str, bytes]]:
    """/haku/<language>.json, and in a large region /haku/<language>/<two letters>.json of the associations."""
    language = frame.voice.language
    named = [slug for slug, one in frame.content.known.items() if one.status != "closed"]
    made = zip(named, frame.known(entry_name(language), named), strict=True)
    listed = {slug: entry or search_entry(slug, frame) for slug, entry in made}
    shards = _shards(listed) if len(listed) > WHOLE else {}
    for letters, entries in shards.items():
        yield f"/haku/{language}/{letters}.json", _json(entries)
    found = {"shards": sorted(shards)} if shards else {"organisations": list(listed.values())}
    yield f"/haku/{language}.json", _json(search_index(frame) | found)


def search_index(frame: Frame) -> dict[str, Any]:
    """All but the associations: [id, label, stems] of each need and activity type, of a municipality its numbers too."""
    taxonomy, voice = frame.content.taxonomy, frame.voice
    language = voice.language
    numbers = {need.id: at for at, need in enumerate(taxonomy.needs)}
    return {
        "prefix": voice.prefix,
        "words": voice.texts["search"],
        "guidance": _guidance(frame),
        "endings": ENDINGS[language],
        "fillers": _stems_of(FILLERS[language], language),
        "tails": _stems_of(TAILS[language], language),
        "needs": [[one.id, voice.plain(one.label), _stems(one, language)] for one in taxonomy.needs],
        "types": [
            [one.id, voice.plain(one.label), _stems(one, language), _most_offered(one.id, frame)]
            for one in taxonomy.activity_types
        ],
        "places": [_place(one, voice.plain(one.label)) for one in taxonomy.municipalities],
        "icpc2": _numbered(needs_by_code(taxonomy, lambda need: need.icpc2), numbers),
        "icd10": _numbered(needs_by_code(taxonomy, lambda need: need.icd10), numbers),
    }


def _numbered(codes: Mapping[str, tuple[str, ...]], numbers: Mapping[str, int]) -> dict[str, list[int]]:
    return {code.replace(".", ""): [numbers[need] for need in needs] for code, needs in codes.items()}


def _guidance(frame: Frame) -> dict[str, str]:
    it, voice = frame.content.site.guidance, frame.voice
    return {"name": voice.plain(it.name), "phone": it.phone, "shown": typography.phone(it.phone), "hours": voice.plain(it.hours)}


def _most_offered(kind: str, frame: Frame) -> list[int]:
    """The needs, by their place in the taxonomy, that most associations meet with a kind of activity."""
    counts = [frame.combinations.count(Combination(need.id, kind, WHOLE_REGION)) for need in frame.content.taxonomy.needs]
    return sorted((at for at, count in enumerate(counts) if count), key=lambda at: -counts[at])[:MOST_OFFERED]


def _place(place: Municipality, label: str) -> Entry:
    """A municipality is known by its names in every language and by its numbers: its own and the postal codes."""
    names = {place.label.fi, place.label.sv or place.label.fi, label}
    known = dict.fromkeys(stem for name in sorted(names) for word in words_of(name) for stem in stems(word, "fi"))
    known |= dict.fromkeys(key(word) for word in words_of(place.locative or ""))
    return [place.id, label, " ".join(known), " ".join((place.code, *postal_codes_of(place.code)))]


def _stems(term: Sought, language: str) -> str:
    """The stems of a need's or activity type's words. Those only in phrases ("tyypin 2 diabetes") are marked with ~."""
    phrases = [words_of(one) for words in (term.synonyms, term.search_words) for one in getattr(words, language)]
    fillers = _stems_of(FILLERS[language], language)
    alone = [word for words in phrases if len(words) == 1 for word in words]
    alone += ["".join(words) for words in phrases if all(key(word) in fillers for word in words)]  # "en halua elää"
    strong = dict.fromkeys(
        stem for word in words_of(getattr(term.label, language) or term.label.fi) for stem in stems(word, language)
    )
    strong = dict.fromkeys(stem for stem in strong if stem not in fillers)
    strong |= dict.fromkeys(stem for word in alone for stem in stems(word, language))
    together = dict.fromkeys(
        stem for words in phrases for word in words if len(word) > 1 for stem in _longer_stems(word, language)
    )
    weak = [f"~{stem}" for stem in together if stem not in strong and stem not in fillers]
    return " ".join((*strong, *weak))


def _longer_stems(word: str, language: str) -> Iterator[str]:
    """The word's key, and its other stems unless they are so short that half the language begins with them ("pään": pä, pam)."""
    return (stem for at, stem in enumerate(stems(word, language)) if not at or len(stem) > SHORT)


@cache
def _stems_of(words: str, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stem for word in words_of(words) for stem in stems(word, language)))


def entry_name(language: str) -> str:
    return f"{ENTRIES}/{language}"


def search_entry(slug: str, frame: Frame) -> Entry:
    """[slug, name, [id, name] of each activity]"""
    organisation = frame.content.organisations[slug]
    activities = [[one.id, frame.voice.plain(one.name)] for one in organisation.activities]
    return [slug, organisation.name, activities]


def _shards(listed: Mapping[str, Entry]) -> dict[str, list[Entry]]:
    """The associations by the first two letters of each word of their name and of their activities' names. A word that many share
    ("yhdistys") tells nothing of any, and would make its file heavy."""
    words = {slug: _named_words(entry) for slug, entry in listed.items()}
    shared = Counter(word for named in words.values() for word in named)
    shards: dict[str, list[Entry]] = defaultdict(list)
    for slug, entry in listed.items():
        for letters in dict.fromkeys(word[:2] for word in words[slug] if shared[word] * SHARED < len(listed)):
            shards[letters].append(entry)
    return shards


def _named_words(entry: Entry) -> dict[str, None]:
    _, name, activities = entry
    keys = (key(word) for text in (name, *(said for _, said in activities)) for word in _BETWEEN_WORDS.split(text))
    return dict.fromkeys(word for word in keys if len(word) > 1)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
