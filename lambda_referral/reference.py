"""References, "HT-7K3M-9Q": made from the key, readable over the telephone, with a check character at the end."""

import hashlib
import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L; 31 characters, a prime, so that one error or swap always shows
_PATTERN = re.compile(rf"HT-([{ALPHABET}]{{4}})-([{ALPHABET}]{{2}})")


def reference_of(key: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"viite:" + key.encode("utf-8", "replace")).digest()[:8], "big")
    characters = ""
    for _ in range(5):
        number, place = divmod(number, len(ALPHABET))
        characters += ALPHABET[place]
    characters += _check_character(characters)
    return f"HT-{characters[:4]}-{characters[4:]}"


def is_reference(text: str) -> bool:
    match = _PATTERN.fullmatch(text)
    return match is not None and _check_character(match[1] + match[2][0]) == match[2][1]


def _check_character(characters: str) -> str:
    weighted = sum(weight * ALPHABET.index(character) for weight, character in enumerate(characters, start=2))
    return ALPHABET[weighted % len(ALPHABET)]
