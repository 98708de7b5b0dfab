"""Single values: what people write in one place, checked and tidied. A fault carries the code of its sentence (problems.py)."""

import re
from datetime import date
from typing import Annotated, Any

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from generator.request_keys import is_public_key, is_wrapped_key

RESERVED_SLUGS = frozenset({"uusi", "kaikki", "koko-alue"})

# Numbers for sample content: no subscriber number in an area begins with 0, so these cannot ring.
SAMPLE_PHONE = re.compile(r"\+35817000[0-9]{4}")
SAMPLE_ADDRESS = re.compile(r"[\w.@-]*\bexample\.(fi|org)\b")  # within a text
SAMPLE_DOMAIN = re.compile(r"(^|[./@])example\.(fi|org)(?=$|[/:?#])")

_SPACES = re.compile(r"[ \t\r\n]+")
POSSIBLE_YEARS = range(2000, 2100)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?(-[A-Z][0-9]{2}(\.[0-9]{1,2})?)?")
_PHONE = re.compile(r"\+?[0-9()][0-9 ()-]{1,30}")  # a parser of phone numbers would read letters as vanity digits
_HTTPS = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}(:\d+)?([/?#][^\s\"<>\\^`{|}]*)?", re.IGNORECASE)
# What nearly everybody writes, and a full check, 50 times slower, would give back as it is. Within every limit on a part.
_PLAIN_EMAIL = re.compile(r"(?=.{6,64}$)[a-z0-9]+([._-][a-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*\.)+(fi|com|net|org|eu|info)")
# What nobody can see or read aloud: control characters, and those to which only some font gives a shape (a bullet out of Word).
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)


def fault(code: str, **facts: object) -> PydanticCustomError:
    """A fault in a value, told later by the sentence of that code."""
    return PydanticCustomError(code, code, facts)


def multiple_of(number: int, step: int) -> int:
    if number % step:
        raise fault("figure_step", found=number, step=step)
    return number


def slugify(text: str) -> str:
    """What a text could be as an identifier: "Ystävätoiminta & kahvi" → "ystavatoiminta-kahvi"."""
    plain = text.lower().translate(str.maketrans("äåö", "aao"))
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "esimerkki"


def plain(text: str) -> str:
    if _CONTROL.search(text):
        raise fault("text_control")
    return text


def one_line(text: str) -> str:
    if text.isprintable() and "  " not in text:  # nothing to find fault with or to tidy, as nearly always
        return text.strip()
    return _SPACES.sub(" ", plain(text)).strip()


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise fault("date_form", found=value) from None
        if day.year not in POSSIBLE_YEARS:
            raise fault("date_year", found=value)
        return day
    raise fault("date_form", found=str(value))


def _identifier(text: str) -> str:
    if not _SLUG.fullmatch(text) or len(text) > 60:
        raise fault("slug_form", found=text, wanted=slugify(text))
    return text


def _slug(text: str) -> str:
    if text in RESERVED_SLUGS:
        raise fault("slug_reserved", found=text)
    return _identifier(text)


def _url(text: str) -> str:
    if not _HTTPS.fullmatch(text):
        raise fault("url_form", found=text)
    return text


def dialled(text: str) -> str:
    """A number that could be dialled, in its international form +358…; short service numbers (112, 116 117) as they are."""
    written = " ".join(text.split())
    if not _PHONE.fullmatch(written):
        raise fault("phone_form", found=text)
    digits = written.replace(" ", "")
    if re.fullmatch(r"1[0-9]{2}|116[0-9]{3}|10[0-9]{3}", digits):
        return digits
    try:
        number = phonenumbers.parse(written, "FI")
    except phonenumbers.NumberParseException:
        raise fault("phone_form", found=text) from None
    dialled_as = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if SAMPLE_PHONE.fullmatch(dialled_as) or phonenumbers.is_valid_number(number):
        return dialled_as
    raise fault("phone_form", found=text)


def _spoken_phone(text: str) -> str:
    """A number checked, but kept as people know it: 080 005 005."""
    dialled(text)
    return one_line(text)


def _email(text: str) -> str:
    if _PLAIN_EMAIL.fullmatch(text):
        return text
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to import, and seldom needed

    try:
        return validate_email(text, check_deliverability=False, test_environment=False).normalized
    except EmailNotValidError:
        raise fault("email_form", found=text) from None


def _domain(text: str) -> str:
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", text):
        raise fault("domain_form", found=text)
    return text


def _origin(text: str) -> str:
    """scheme://host[:port], as browsers write it (RFC 6454): lower case, without a path."""
    if not re.fullmatch(r"https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(:[0-9]{1,5})?", text):
        raise fault("origin_form", found=text)
    return text


def _business_id(text: str) -> str:
    from stdnum.fi import ytunnus  # noqa: PLC0415 - brings the whole of TLS with it, and few files need it

    if not re.fullmatch(r"[0-9]{7}-[0-9]", text) or not ytunnus.is_valid(text):
        raise fault("business_id_form", found=text)
    return text


def _public_key(text: str) -> str:
    if not is_public_key(text):
        raise fault("key_form")
    return text


def _wrapped_key(text: str) -> str:
    if not is_wrapped_key(text):
        raise fault("key_form")
    return text


def _key_id(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{16}", text):
        raise fault("key_form")
    return text


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise fault("code_form", found=text)
    return text


def _municipality_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{3}", text):
        raise fault("municipality_code_form", found=text)
    return text


def _base_path(text: str) -> str:
    if not re.fullmatch(r"/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*", text):
        raise fault("base_path_form", found=text)
    return text


Line = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(one_line)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(one_line)]
Day = Annotated[date, BeforeValidator(_date)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Slug = Annotated[str, AfterValidator(_slug)]
Url = Annotated[str, Field(max_length=300), AfterValidator(_url)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(dialled)]
SpokenPhone = Annotated[str, Field(max_length=40), AfterValidator(_spoken_phone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Origin = Annotated[str, Field(max_length=300), AfterValidator(_origin)]
Domain = Annotated[str, AfterValidator(_domain)]
BusinessId = Annotated[str, AfterValidator(_business_id)]
CodeRange = Annotated[str, AfterValidator(_code)]
BasePath = Annotated[str, AfterValidator(_base_path)]
KeyId = Annotated[str, AfterValidator(_key_id)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
WrappedKey = Annotated[str, AfterValidator(_wrapped_key)]
MunicipalityCode = Annotated[str, AfterValidator(_municipality_code)]
