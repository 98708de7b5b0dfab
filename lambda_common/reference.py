"""References, "HT-7K3M-9Q" of a contact request and "ME-7K3M-9Q" of an edit: made from the key, readable over the telephone, with
a check character at the end."""

import hashlib
import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L; 31 characters, a prime, so that one error or swap always shows
REQUEST, EDIT = "HT", "ME"
_PATTERN = re.compile(rf"([A-Z]{{2}})-([{ALPHABET}]{{4}})-([{ALPHABET}]{{2}})")


def reference_of(key: str, kind: str = REQUEST) -> str:
    number = int.from_bytes(hashlib.sha256(b"viite:" + key.encode("utf-8", "replace")).digest()[:8], "big")
    characters = ""
    for _ in range(5):
        number, place = divmod(number, len(ALPHABET))
        characters += ALPHABET[place]
    characters += _check_character(characters)
    return f"{kind}-{characters[:4]}-{characters[4:]}"


def is_reference(text: str, kind: str = REQUEST) -> bool:
    match = _PATTERN.fullmatch(text)
    return match is not None and match[1] == kind and _check_character(match[2] + match[3][0]) == match[3][1]


def _check_character(characters: str) -> str:
    weighted = sum(weight * ALPHABET.index(character) for weight, character in enumerate(characters, start=2))
    return ALPHABET[weighted % len(ALPHABET)]
