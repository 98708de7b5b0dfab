"""Single values: what is taken, and what is refused before anything else looks at it."""

import pytest

from lambda_common.phones import spoken_phone
from lambda_referral.values import Fault, email, free_text, has_identity_code, phone, tidy

# The test number 131052-308T of the Digital and Population Data Services Agency, as people write it.
IDENTITY_CODES = {
    "plain": "131052-308T",
    "small letters": "131052-308t",
    "born in the 2000s": "131002A308N",
    "newer separator": "131052Y308T",
    "en dash": "131052–308T",
    "minus sign": "131052−308T",
    "spaces round the dash": "131052 - 308T",
    "space for a dash": "131052 308T",
    "without a separator": "131052308T",
    "wrong check digit after a letter": "131002A3081",
    "dots in the date": "13.10.52-308T",
    "whole year": "13.10.1952-308T",
    "spaces in the date": "13 10 52-308T",
    "full-width": "１３１０５２－３０８Ｔ",
    "Arabic digits": "١٣١٠٥٢-٣٠٨T",
    "soft hyphen inside": "1310\u00ad52-308T",
    "joiner inside": "131052\u200d-308T",
    "wrong check character": "131052-308U",
    "all digits": "010190-9090",
}
SPELLINGS = pytest.mark.parametrize("code", IDENTITY_CODES.values(), ids=IDENTITY_CODES)


@SPELLINGS
@pytest.mark.parametrize(
    "around", ["{}", "Hetu: {}.", "ks.{}", "{}, kiitos"], ids=["alone", "with label", "stuck", "before comma"]
)
def test_identity_code_is_found_in_any_spelling(code: str, around: str) -> None:
    assert has_identity_code(around.format(code))


@SPELLINGS
def test_identity_code_is_refused_as_such_in_words(code: str) -> None:
    with pytest.raises(Fault) as refused:
        free_text(f"tunnus {code}")
    assert refused.value.code == "identity_code"


@SPELLINGS
def test_identity_code_is_never_taken_for_a_telephone_number(code: str) -> None:
    with pytest.raises(Fault) as refused:
        phone(code)
    assert refused.value.code in {"identity_code", "phone_form"}


def test_identity_code_is_told_apart_from_a_wrong_number() -> None:
    with pytest.raises(Fault, match="identity_code"):
        phone("131052-308T")


@pytest.mark.parametrize("text", ["040123-4567", "klo 9–15", "1.12.2026 klo 12.30", "451052-308T", "131352-308T", "HT-TGEZ-P7"])
def test_ordinary_text_is_not_an_identity_code(text: str) -> None:
    assert not has_identity_code(text)


PHONES = {
    "040 123 4567": "+358401234567",
    "0401234567": "+358401234567",
    "040-1234567": "+358401234567",
    "040–123 4567": "+358401234567",
    "040\u00a0123\u00a04567": "+358401234567",
    "+358 40 123 4567": "+358401234567",
    "+358 (0)40 123 4567": "+358401234567",
    "00358401234567": "+358401234567",
    "(017) 123 4567": "+358171234567",
    "017 000 1234": "+358170001234",
    "0295 123 456": "+358295123456",
    "+46 70 123 45 67": "+46701234567",
    "+372 5123 4567": "+37251234567",
    "040123-4567": "+358401234567",
}


@pytest.mark.parametrize(("written", "dialled"), PHONES.items())
def test_number_is_understood_as_people_write_it(written: str, dialled: str) -> None:
    assert phone(written) == dialled


BAD_PHONES = {
    "emergency": ("112", "phone_form"),
    "short service number": ("116117", "phone_form"),
    "premium": ("0600 12345", "phone_kind"),
    "premium 0700": ("0700 12345", "phone_kind"),
    "premium abroad": ("+1 900 555 0100", "phone_kind"),
    "free of charge": ("0800 123 456", "phone_kind"),
    "name before": ("Maija 0401234567", "phone_form"),
    "name after": ("0401234567 Maija", "phone_form"),
    "full-width digits": ("０４０１２３４５６７", "phone_form"),
    "Arabic digits": ("٠٤٠١٢٣٤٥٦٧", "phone_form"),
    "two numbers": ("0401234567 0501234567", "phone_form"),
    "two with a slash": ("0401234567/0501234567", "phone_form"),
    "extension": ("0401234567;ext=5", "phone_form"),
    "vanity letters": ("040 MAIJAAA", "phone_form"),
    "too short": ("040 12", "phone_form"),
    "without the first zero": ("40 123 4567", "phone_form"),
    "unknown country": ("+999 123 4567", "phone_form"),
    "line break": ("0401234567\r\nBcc: x@example.org", "phone_form"),
    "bidi": ("\u202e0401234567", "phone_form"),
    "NUL": ("0401234567\x00", "phone_form"),
    "only signs": ("+(((((((", "phone_form"),
}


@pytest.mark.parametrize(("written", "code"), BAD_PHONES.values(), ids=BAD_PHONES)
def test_number_that_nobody_should_call_is_refused(written: str, code: str) -> None:
    with pytest.raises(Fault, match=f"^{code}$"):
        phone(written)


def test_number_is_shown_as_it_is_read_aloud() -> None:
    assert spoken_phone("+358401234567") == "040 123 4567"
    assert spoken_phone("+46701234567") == "+46 70 123 45 67"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Maija.Esimerkki@Pohjois-Savo.Example.fi", "Maija.Esimerkki@pohjois-savo.example.fi"),
        (" maija@example.fi ", "maija@example.fi"),
        ("o'brien+tuki@example.fi", "o'brien+tuki@example.fi"),
        ("maija@xn--hyvinvointi-02a.fi", "maija@xn--hyvinvointi-02a.fi"),
    ],
)
def test_bare_address_is_taken(written: str, kept: str) -> None:
    assert email(written) == kept


BAD_EMAILS = {
    "list": "a@example.fi, b@example.fi",
    "list with semicolon": "a@example.fi;b@example.fi",
    "display name": "Maija <maija@example.fi>",
    "line break and Bcc": "maija@example.fi\r\nBcc: x@example.org",
    "line feed": "maija@example.fi\n",
    "next line": "maija@example.fi\x85Bcc: x@example.org",
    "NUL": "maija@example.fi\x00",
    "encoded word": "=?utf-8?q?a=0ABcc=3A_x=40y.fi?=@example.fi",
    "whole encoded word": "=?utf-8?q?a?=",
    "IP literal": "maija@[127.0.0.1]",
    "IPv6 literal": "maija@[IPv6:::1]",
    "IP address": "maija@127.0.0.1",
    "quoted": '"maija esimerkki"@example.fi',
    "comment": "maija(x)@example.fi",
    "two at signs": "maija@esimerkki@example.fi",
    "no domain": "maija@",
    "no dot": "maija@localhost",
    "local network": "maija@palvelin.local",
    "reserved": "maija@example.test",
    "dots in a row": "maija..esimerkki@example.fi",
    "dot at the end": "maija@example.fi.",
    "hyphen first": "maija@-example.fi",
    "letters outside ASCII": "päivi@example.fi",
    "look-alike letter": "maija@ex\u0430mple.fi",
    "full-width at": "maija＠example.fi",
    "joiner": "mai\u200dja@example.fi",
    "local part of 65": "a" * 65 + "@example.fi",
    "too long": "a@" + "b." * 126 + "fi",
    "percent": "maija%0d%0aBcc:x@example.fi",
}


@pytest.mark.parametrize("written", BAD_EMAILS.values(), ids=BAD_EMAILS)
def test_anything_but_one_bare_address_is_refused(written: str) -> None:
    with pytest.raises(Fault):
        email(written)


def test_identity_code_in_an_address_is_refused() -> None:
    with pytest.raises(Fault, match="identity_code"):
        email("131052-308T@example.fi")


BAD_WORDS = {
    "NUL": ("Mai\x00ja", "control"),
    "bidi override": ("Maija \u202eikkremisE", "control"),
    "bidi isolate": ("Maija \u2066x\u2069", "control"),
    "line separator": ("Maija\u2028Bcc: x", "control"),
    "paragraph separator": ("Maija\u2029x", "control"),
    "next line": ("Maija\x85x", "control"),
    "escape": ("Maija\x1b[31m", "control"),
    "lone surrogate": ("Maija\ud800", "control"),
    "private use": ("Maija\ue000", "control"),
    "tag character": ("Maija\U000e0041", "control"),
    "address": ("maija@example.fi", "text_email"),
    "address, hidden": ("maija (at) example.fi", "text_email"),
    "full-width at": ("maija＠example.fi", "text_email"),
    "link": ("katso https://example.fi", "text_link"),
    "link without scheme": ("katso example.fi", "text_link"),
    "link in full-width": ("katso ｅｘａｍｐｌｅ．ｃｏｍ", "text_link"),
    "www": ("www.esimerkki", "text_link"),
    "script link": ("javascript://x", "text_link"),
    "number": ("soita 0401234567", "text_phone"),
    "number in groups": ("soita 040 123 4567", "text_phone"),
    "number with dots": ("040.123.4567", "text_phone"),
    "number without zero": ("40 123 4567", "text_phone"),
    "number digit by digit": ("0 4 0 1 2 3 4 5 6 7", "text_phone"),
    "number in full-width": ("０４０１２３４５６７", "text_phone"),
    "number abroad": ("+46 70 123 45 67", "text_phone"),
    "date of birth": ("syntynyt 13.10.1952", "text_phone"),
}


@pytest.mark.parametrize(("written", "code"), BAD_WORDS.values(), ids=BAD_WORDS)
def test_words_carry_no_addresses_numbers_links_or_hidden_characters(written: str, code: str) -> None:
    with pytest.raises(Fault, match=f"^{code}$"):
        free_text(written)


@pytest.mark.parametrize(
    "words",
    [
        "arkisin klo 9–15",
        "ma 9-11 13-15",
        "klo 09-11, 13-15 ja 17-19",
        "9.30-11.45 13.00-14.00",
        "15.1.2027 klo 9 jälkeen",
        "viikolla 48, ei 1.12. klo 12–14",
        "iltaisin.Ei aamulla",
        "O'Brien-Öhman",
        "Ærøskøbing å",
        "محمد علي",
        "Kulkee rollaattorilla, 2. kerros",
        "=?utf-8?q?a=0ABcc=3A_x=3Dy?=",
    ],
)
def test_ordinary_words_and_times_pass_unchanged(words: str) -> None:
    assert free_text(words) == words


def test_stray_spaces_and_line_breaks_become_single_spaces() -> None:
    assert tidy("  Kulkee\r\n rollaattorilla\t. ") == "Kulkee rollaattorilla ."


def test_a_fault_never_carries_the_value() -> None:
    with pytest.raises(Fault) as refused:
        free_text("maija@example.fi")
    assert refused.value.args == ("text_email",)
    assert refused.value.__cause__ is None
