"""References, working days, settings, the log, and the words of the mails."""

import json
import re
import string
from datetime import date
from pathlib import Path

import pytest

from lambda_common import log
from lambda_common.reference import ALPHABET, is_reference, reference_of
from lambda_common.signing import is_signed, sign
from lambda_common.working_days import due_day
from lambda_referral.settings import Settings
from lambda_referral.texts import LANGUAGES, day_text, language_name, texts
from tests.referral.builders import FROM, SECRETS, SITE, new_key, written_recipients


def test_reference_of_a_key_is_always_the_same() -> None:
    key = new_key()
    assert reference_of(key) == reference_of(key)
    assert re.fullmatch(r"HT-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{2}", reference_of(key))


def test_references_of_different_keys_differ() -> None:
    assert len({reference_of(new_key()) for _ in range(1000)}) > 995


def test_reference_uses_no_letters_that_look_alike() -> None:
    assert not set(ALPHABET) & set("01ILO")


def test_one_wrong_character_is_noticed() -> None:
    reference = reference_of(new_key())
    for place in (3, 4, 5, 6, 8, 9):
        for character in ALPHABET:
            changed = reference[:place] + character + reference[place + 1 :]
            assert is_reference(changed) is (changed == reference)


def test_two_swapped_characters_are_noticed() -> None:
    reference = "HT-" + "2345" + "-" + "6"
    whole = next(reference + last for last in ALPHABET if is_reference(reference + last))
    assert not is_reference(whole[:3] + whole[4] + whole[3] + whole[5:])


@pytest.mark.parametrize("text", ["", "HT-", "ht-tgez-p7", "HT-TGEZ-P7\n", "HT-TGEZ-P7 Bcc: x", "HT-0000-00"])
def test_other_text_is_no_reference(text: str) -> None:
    assert not is_reference(text)


@pytest.mark.parametrize("length", [0, 1, 15])
def test_signature_cut_too_short_proves_nothing(length: int) -> None:
    whole = sign(SECRETS[0], "answer", b"message")
    assert is_signed(SECRETS, "answer", b"message", whole[:16])
    assert not is_signed(SECRETS, "answer", b"message", whole[:length])


def test_signature_for_one_purpose_is_none_for_another() -> None:
    assert not is_signed(SECRETS, "proof", b"message", sign(SECRETS[0], "answer", b"message"))


CHRISTMAS = {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 6)}


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23", 3, "2026-11-26"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-22", 1, "2026-11-23"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-12-23", 1, "2026-12-28"),
        ("2026-12-31", 3, "2027-01-07"),
        ("2026-11-23", 0, "2026-11-23"),
    ],
    ids=[
        "Monday",
        "Friday",
        "Saturday",
        "Sunday",
        "over a weekend",
        "over Christmas",
        "over New Year and Epiphany",
        "the same day",
    ],
)
def test_due_day_counts_working_days_only(start: str, days: int, due: str) -> None:
    assert due_day(date.fromisoformat(start), days, CHRISTMAS) == date.fromisoformat(due)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "recipients.json"
    file.write_text(json.dumps(written_recipients()), "utf-8")
    secrets = ",".join(secret.decode() for secret in SECRETS)
    return {"SECRETS": secrets, "FROM_ADDRESS": FROM, "RECIPIENTS": str(file), "SITE": SITE + "/"}


def test_settings_come_from_the_environment(environment: dict[str, str]) -> None:
    settings = Settings.from_environment(environment)
    assert (tuple(settings.secrets), settings.from_address, settings.site) == (SECRETS, FROM, SITE)


def test_site_is_that_of_the_file_unless_told_otherwise(environment: dict[str, str]) -> None:
    del environment["SITE"]
    assert Settings.from_environment(environment).site == SITE


@pytest.mark.parametrize("secrets", ["", ",", "short", "a" * 32 + ",short"])
def test_weak_or_missing_secret_stops_the_start(environment: dict[str, str], secrets: str) -> None:
    with pytest.raises(ValueError, match="SECRETS"):
        Settings.from_environment({**environment, "SECRETS": secrets})


@pytest.mark.parametrize("name", ["SECRETS", "FROM_ADDRESS", "RECIPIENTS"])
def test_missing_setting_stops_the_start(environment: dict[str, str], name: str) -> None:
    del environment[name]
    with pytest.raises(KeyError, match=name):
        Settings.from_environment(environment)


def test_log_has_its_keys_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    log.write("ohjaus", reference="HT-TGEZ-P7", organisation="savon-esimerkki", code="ok", ms=12)
    line = json.loads(capsys.readouterr().out)
    assert tuple(line) == log.KEYS
    with pytest.raises(TypeError):
        log.write("ohjaus", phone="0401234567")  # type: ignore[call-arg]


@pytest.mark.parametrize("value", ["0401234567", "maija@example.fi", "Maija Esimerkki", "a\nb", "a" * 61, "131052-308T"])
def test_log_leaves_out_what_does_not_look_like_ours(capsys: pytest.CaptureFixture[str], value: str) -> None:
    log.write("ohjaus", reference=value, organisation=value, code=value)
    assert json.loads(capsys.readouterr().out) == {"event": "ohjaus", "ms": 0}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_say_the_same_in_each_language(language: str) -> None:
    assert texts(language).keys() == texts("fi").keys()
    for key, template in texts("fi").items():
        assert placeholders(texts(language)[key]) == placeholders(template), key


def test_no_text_is_used_that_is_not_written() -> None:
    used = set(re.findall(r'"((?:row|answer|answered|closing|notice|subject)\.[a-z_]+)"', "".join(_sources())))
    assert used <= texts("fi").keys()


def _sources() -> list[str]:
    folder = Path(log.__file__).parent
    return [file.read_text("utf-8") for file in folder.glob("*.py")]


def test_day_is_written_as_each_language_writes_it() -> None:
    day = date(2026, 11, 26)
    assert [day_text(language, day) for language in LANGUAGES] == [
        "torstaina 26.11.2026",
        "torsdag 26.11.2026",
        "Thursday 26 November 2026",
    ]


def test_language_without_a_name_is_told_by_its_code() -> None:
    assert language_name("sv", "fse") == "finskt teckenspråk"
    assert language_name("fi", "xyz") == "xyz"
