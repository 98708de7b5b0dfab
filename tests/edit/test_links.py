"""Links in mails: who they let in, and for how long."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from lambda_common.web import Refusal
from lambda_edit.links import DAYS, MOST_DAYS, PAGES, Purpose, is_for, link_url, make_link, read_link

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NEW, OLD, STRANGE = (
    b"a-secret-of-thirty-two-characters",
    b"the-secret-before-it-was-replaced",
    b"somebody-else's-own-long-secret--",
)
ADDRESS = "toimisto@esimerkki.example.fi"
PURPOSES = get_args(Purpose)


def make(purpose: Purpose = "edit", secrets: tuple[bytes, ...] = (NEW, OLD), **more: Any) -> str:
    return make_link(secrets, purpose, "savon-esimerkki", 3, ADDRESS, NOW, **more)


def test_link_says_what_was_put_in() -> None:
    link = read_link((NEW, OLD), "edit", make(blob="f" * 40), NOW)
    assert (link.slug, link.generation, link.said) == ("savon-esimerkki", 3, {"blob": "f" * 40})
    assert len(link.once) >= 12


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("other", PURPOSES)
def test_link_is_good_for_its_own_purpose_only(purpose: Purpose, other: Purpose) -> None:
    token = make(purpose)
    if purpose == other:
        assert read_link((NEW,), other, token, NOW).purpose == purpose
    else:
        with pytest.raises(Refusal):
            read_link((NEW,), other, token, NOW)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_lives_as_long_as_its_purpose_says(purpose: Purpose) -> None:
    token, days = make(purpose), timedelta(days=DAYS[purpose])
    assert read_link((NEW,), purpose, token, NOW + days)
    with pytest.raises(Refusal) as refused:
        read_link((NEW,), purpose, token, NOW + days + timedelta(seconds=1))
    assert (refused.value.status, refused.value.code) == (403, "link")


def test_edit_link_of_the_check_mail_lives_as_long_as_the_check() -> None:
    token = make("edit", days=60)
    assert read_link((NEW,), "edit", token, NOW + timedelta(days=60))
    assert MOST_DAYS == 60


def test_no_link_lives_longer_than_the_longest() -> None:
    token = make("edit", days=1000)
    with pytest.raises(Refusal):
        read_link((NEW,), "edit", token, NOW + timedelta(days=MOST_DAYS, seconds=1))


def test_secret_can_be_replaced_without_breaking_links() -> None:
    token = make(secrets=(OLD,))
    link = read_link((NEW, OLD), "edit", token, NOW)
    assert is_for((NEW, OLD), link, [ADDRESS]) == ADDRESS


def test_dropping_a_secret_ends_its_links() -> None:
    token = make(secrets=(OLD,))
    with pytest.raises(Refusal):
        read_link((NEW,), "edit", token, NOW)


def test_newest_secret_signs() -> None:
    assert read_link((NEW,), "edit", make(secrets=(NEW, OLD)), NOW)


WAYS_TO_PASTE = {
    "full stop": lambda token: token + ".",
    "bracket and stop": lambda token: f"{token}).",
    "angle bracket": lambda token: token + ">",
    "spaces around": lambda token: f"  {token}\n",
    "broken over lines": lambda token: f"{token[:40]}\r\n  {token[40:]}",
    "whole address": lambda token: f"https://tarjotin.example.fi/muokkaa/savon-esimerkki/#t={token}",
    "spare equals sign": lambda token: token + "=",
}


@pytest.mark.parametrize("paste", WAYS_TO_PASTE.values(), ids=WAYS_TO_PASTE)
def test_pasted_link_is_understood(paste: Any) -> None:
    assert read_link((NEW,), "edit", paste(make()), NOW).slug == "savon-esimerkki"


def _turned(token: str, at: int) -> str:
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


BAD = {
    "empty": lambda _: "",
    "nonsense": lambda _: "hei",
    "stranger's": lambda _: make(secrets=(STRANGE,)),
    "changed payload": lambda token: _turned(token, 5),
    "changed time": lambda token: _turned(token, token.index(".") + 2),
    "changed signature": lambda token: _turned(token, len(token) - 10),
    "without signature": lambda token: token.rpartition(".")[0],
    "cut short": lambda token: token[:-4],
    "very long": lambda token: token + "A" * 5000,
    "not ASCII": lambda token: f"ä{token}",
    "surrogate": lambda token: f"\ud800{token}",
    "zero byte": lambda token: f"\x00{token}",
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_bad_link_is_refused_with_one_and_the_same_answer(spoil: Any) -> None:
    with pytest.raises(Refusal) as refused:
        read_link((NEW, OLD), "edit", spoil(make()), NOW)
    assert (refused.value.status, refused.value.code, refused.value.fields) == (403, "link", {})


def test_link_signed_in_the_future_is_refused() -> None:
    token = make_link((NEW,), "edit", "savon-esimerkki", 1, ADDRESS, NOW + timedelta(days=2))
    with pytest.raises(Refusal):
        read_link((NEW,), "edit", token, NOW)


def test_link_belongs_to_the_address_it_was_mailed_to() -> None:
    link = read_link((NEW,), "edit", make(), NOW)
    assert is_for((NEW,), link, ["muu@esimerkki.example.fi", ADDRESS.upper()]) == ADDRESS.upper()
    assert is_for((NEW,), link, ["muu@esimerkki.example.fi"]) == ""
    assert is_for((NEW,), link, []) == ""


def test_link_does_not_tell_the_address() -> None:
    token = make()
    assert ADDRESS.partition("@")[0] not in token
    assert read_link((NEW,), "edit", token, NOW).address.find("toimisto") < 0


def test_two_links_are_never_the_same() -> None:
    assert make() != make()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_token_travels_in_the_fragment(purpose: Purpose) -> None:
    url = link_url("https://tarjotin.example.fi", purpose, "savon-esimerkki", make(purpose))
    assert url.startswith("https://tarjotin.example.fi" + PAGES[purpose].format(slug="savon-esimerkki") + "#t=")
    assert len(url) < 400
