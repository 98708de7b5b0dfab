"""Single values of a request: checked and tidied, or refused with a code. A fault never carries the value."""

import re
import unicodedata

import phonenumbers

# What a paste brings along unseen and a name may need in another script: left out, so that nothing hides behind them.
_UNSEEN = dict.fromkeys((0x00AD, 0x200C, 0x200D))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})

_IDENTITY_CODE = re.compile(
    r"(?<!\d)(\d\d)[ ./]?(\d\d)[ ./]?(?:\d\d)?(\d\d) ?([-+A-FU-Y]?) ?(\d{3}) ?([0-9A-FHJ-NPR-Y])(?!\d)", re.ASCII | re.IGNORECASE
)
_CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"

_EMAIL_IN_TEXT = re.compile(r"@|[(\[](?:at|ät)[)\]]", re.IGNORECASE)
_LINK_IN_TEXT = re.compile(
    r"://|\bwww\.|\b[\w-]+\.(?:ai|app|biz|cc|co|com|de|dev|ee|eu|fi|gg|info|io|link|ly|me|net|nu|online|org|page|ru|se|shop|site|to|tv|uk|xyz)\b",
    re.IGNORECASE,
)
_DATE_WITH_YEAR = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.20\d\d(?!\d)")
_DIGITS_TOGETHER = re.compile(r"\d(?:[ ()./:+-]*\d){6,}")

_PHONE = re.compile(r"[+(0][0-9 ()-]{5,23}")
_SAMPLE_PHONE = re.compile(r"\+35817000\d{4}")
_NO_KIND_TO_CALL = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PAGER,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    }
)

# ASCII only, as SES takes them. Without "=" and "?" no address can carry an encoded word ("=?utf-8?…?=") into a header.
_ATOM = r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--[A-Za-z0-9-]{{2,59}}))")
_NOWHERE = frozenset({"arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"})  # RFC 6761 and its kin


class Fault(Exception):
    """A value that cannot be taken; the code is one of fields.CODES."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def tidy(text: str) -> str:
    """One line without stray spaces. Raises Fault at control and direction characters."""
    seen = text.translate(_UNSEEN)
    if any(unicodedata.category(character) in _REFUSED for character in seen if character not in "\t\r\n"):
        raise Fault("control")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def folded(text: str) -> str:
    """The text as a searcher needs it: full-width and foreign digits as 0–9, every dash as "-"."""
    plain = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).translate(_DASHES)
    digits = (str(unicodedata.digit(character)) if character.isdecimal() else character for character in plain)
    return " ".join("".join(digits).split())


def has_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code is in the text, in any spelling of it, with a right or a wrong check character.

    All digits, 040123-4567, are a telephone number, unless the last one is the right check character.
    """
    return any(_is_identity_code(match) for match in _IDENTITY_CODE.finditer(folded(text)))


def _is_identity_code(match: re.Match[str]) -> bool:
    day, month, year, separator, number, check = match.groups()
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return False
    right = _CHECK_CHARACTERS[int(day + month + year + number) % 31] == check.upper()
    return separator.isalpha() or check.isalpha() or (right and bool(separator))


def free_text(text: str) -> str:
    """Words for the association. Raises Fault at what must not travel in words: identity codes, addresses, links, numbers."""
    line = tidy(text)
    searched = folded(line)
    if has_identity_code(line):
        raise Fault("identity_code")
    if _EMAIL_IN_TEXT.search(searched):
        raise Fault("text_email")
    if _LINK_IN_TEXT.search(searched):
        raise Fault("text_link")
    if _has_phone(searched):
        raise Fault("text_phone")
    return line


def _has_phone(text: str) -> bool:
    """Seven digits or more together, unless they read as hours and dates ("9.30-11 13-15", "15.1.2027 klo 9")."""
    runs = _DIGITS_TOGETHER.findall(_DATE_WITH_YEAR.sub("x", text))
    return any(not _reads_as_hours(re.findall(r"\d+", run)) for run in runs)


def _reads_as_hours(groups: list[str]) -> bool:
    singles = sum(len(group) == 1 for group in groups)
    return all(len(group) <= 2 and int(group) < 60 for group in groups) and singles <= len(groups) / 2


def phone(text: str) -> str:
    """The number as +358…. Raises Fault: "identity_code" (looked for first: the parser takes 131052-308T for a number),
    "phone_form", or "phone_kind" for a number that costs the caller or answers by machine."""
    if has_identity_code(text):
        raise Fault("identity_code")
    written = " ".join(text.translate(_DASHES).split())
    if not _PHONE.fullmatch(written):
        raise Fault("phone_form")
    try:
        number = phonenumbers.parse(written, "FI")
    except phonenumbers.NumberParseException:
        raise Fault("phone_form") from None
    return _reachable(number)


def _reachable(number: phonenumbers.PhoneNumber) -> str:
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _SAMPLE_PHONE.fullmatch(dialled):  # the sample region's own numbers, which cannot ring
        return dialled
    if not phonenumbers.is_valid_number(number):
        raise Fault("phone_form")
    if phonenumbers.number_type(number) in _NO_KIND_TO_CALL:
        raise Fault("phone_kind")
    return dialled


def email(text: str) -> str:
    """One bare address, its domain in lower case."""
    bare = text.strip(" ")
    if has_identity_code(bare):
        raise Fault("identity_code")
    match = _EMAIL.fullmatch(bare) if len(bare) <= 254 else None
    if match is None or len(match[1]) > 64 or match[2].rpartition(".")[2].lower() in _NOWHERE:
        raise Fault("email_form")
    return f"{match[1]}@{match[2].lower()}"
