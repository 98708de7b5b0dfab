"""Words as the search compares them: a key that forgives spelling, and the stems that a word has in its inflected forms.

Finnish stems change inside (tauti : taudin, syöpä : syövän, yksinäinen : yksinäisen), so that cutting endings off what is typed
finds no common part. Here each word of the index gives every stem that it can have, and the script in the browser asks only
whether what is typed begins with one of them and goes on as an ending may. Rules: VISK, Iso suomen kielioppi, § 41–56
(consonant gradation) and § 63–67 (stems).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

VOWELS = "aeiouyåäö"
# The consonants before a stem's final vowel: strong grade → weak. Doubled letters need no rule, since the key makes them single.
WEAK = {
    "nk": ("ng",),
    "mp": ("mm",),
    "nt": ("nn",),
    "lt": ("ll",),
    "rt": ("rr",),
    "lk": ("l", "lj"),
    "rk": ("r", "rj"),
    "k": ("", "v"),
    "p": ("v",),
    "t": ("d",),
}
STRONG = {"ng": ("nk",), "mm": ("mp",), "nn": ("nt",), "ll": ("lt",), "rr": ("rt",), "d": ("t",), "v": ("p",)}
ONLY_BEFORE = {"lj": "ei", "rj": "ei", "v": "uy"}  # jälki : jäljen but velka : velan; puku : puvun but joki : joen
NO_GRADATION = re.compile(r"(?:[sth]k|[sct]t|[sk]p|kk|pp|tt)$")


@lru_cache(16_384)
def key(text: str) -> str:
    """The letters and digits of a text, small, without marks, doubled ones once: "Yksinäisyyttä" → "yksinaisyta". "AA" stays.
    A z is written as it sounds: "Alzheimer" → "altsheimer".

    The script search/find.js makes the same key of what is typed; a test holds the two together.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
    letters = re.sub(r"[^a-z0-9]", "", plain.replace("z", "ts"))
    return letters if len(set(letters)) == 1 else re.sub(r"(.)\1+", r"\1", letters)


def words_of(text: str) -> list[str]:
    """The words of a text; one with a hyphen is one word, as it may be typed with or without: "MS-tauti" → ["mstauti"]."""
    return [word for part in re.split(r"[^\w-]+", text.lower()) if (word := part.replace("-", "").replace("_", ""))]


@lru_cache(16_384)
def stems(word: str, language: str) -> tuple[str, ...]:
    """Keys with which a form of the word may begin, the word's own key first."""
    found = _finnish(word) if language == "fi" else _germanic(word)
    return tuple(dict.fromkeys(key(one) for one in (word, *found) if len(key(one)) >= min(3, len(key(word)))))


def _germanic(word: str) -> Iterator[str]:
    """Swedish and English change little: a final vowel may go (flicka : flickor), y becomes ie."""
    if len(word) > 4 and word[-1] in "aey":
        yield word[:-1]


def _finnish(word: str) -> Iterator[str]:
    for stem in _inflected(word):
        yield stem
        yield from _graded(stem, WEAK)
        if word.endswith(("e", "t", "as", "äs", "n")):  # what is written shows the weak grade
            yield from _graded(stem, STRONG)


def _inflected(word: str) -> Iterator[str]:
    """The stems before gradation, by how the word ends."""
    for ending, replacements in ENDINGS:
        if word.endswith(ending):
            yield from (word[: len(word) - len(ending)] + one for one in replacements)
            return
    if word.endswith(("a", "ä")):
        yield from (word, *(word[:-1] + vowel for vowel in _plural_vowels(word)))
    elif word.endswith("t") and word[-2:-1] and word[-2] in VOWELS:  # a plural: huumeet, sytostaatit
        yield from _singular(word[:-1])
    else:
        yield word


ENDINGS = (
    ("minen", ("minen", "mis", "")),
    ("nen", ("nen", "s")),
    ("set", ("s", "nen")),
    ("sen", ("s", "nen")),
    ("uus", ("uus", "uud", "uut", "uuks")),
    ("yys", ("yys", "yyd", "yyt", "yyks")),
    ("us", ("us", "uks", "ud", "ut")),
    ("ys", ("ys", "yks", "yd", "yt")),
    ("mies", ("mies", "miehe")),
    ("es", ("es", "eks")),
    ("os", ("os", "oks")),
    ("ös", ("ös", "öks")),
    ("as", ("a", "aks")),
    ("äs", ("ä",)),
    ("is", ("i", "iks")),
    ("ton", ("ton", "ttom")),
    ("tön", ("tön", "ttöm")),
    ("in", ("in", "im", "i", "e")),
    ("än", ("än", "äm", "ä")),
    ("an", ("an", "a")),
    ("on", ("on", "o")),
    ("en", ("en", "e", "i")),
    ("un", ("un", "u")),
    ("yn", ("yn", "y")),
    ("ön", ("ön", "ö")),
    ("nut", ("nu", "nee")),
    ("nyt", ("ny", "nee")),
    ("llut", ("llu", "llee")),
    ("vesi", ("vesi", "vede", "vete")),
    ("lapsi", ("lapsi", "lapse", "last")),
    ("i", ("i", "e")),
)


def _plural_vowels(word: str) -> str:
    """What a final a becomes in the plural: in two syllables the first vowel decides (velka : velkoja, koira : koiria)."""
    vowels = re.findall(rf"[{VOWELS}]+", word)
    if word.endswith("ä"):
        return "i" if len(vowels) == 2 else "öi"
    return "oi" if len(vowels) != 2 else "i" if vowels[0][0] in "ou" else "o"


def _singular(stem: str) -> Iterator[str]:
    """What the word of a plural may begin with: its own vowel, and the i of the other plural cases."""
    yield stem
    if stem[-1] in "aäei":
        yield stem[:-1] + "i"
    if stem[-1] == "i":
        yield stem[:-1] + "e"


def _graded(stem: str, grades: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The stem with the consonants before its final vowels in the other grade."""
    parts = re.fullmatch(rf"(.*?)([^{VOWELS}]+)([{VOWELS}]{{1,2}})", stem)
    if not parts or NO_GRADATION.search(parts[2]):
        return
    before, consonants, vowels = parts.groups()
    ending = next((one for one in (consonants[-2:], consonants[-1:]) if one in grades), None)
    if not ending or not before:
        return
    for other in grades[ending]:
        allowed = VOWELS if ending == "p" else ONLY_BEFORE.get(other, VOWELS)
        if vowels[0] in allowed:
            yield before + consonants.removesuffix(ending) + other + vowels
