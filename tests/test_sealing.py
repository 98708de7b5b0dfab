"""Keys as they are written, and the Python that the shipped JavaScript is held against: by published vectors and by a library."""

import json
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models import PrivateAddresses
from generator.referrals import facts_hash, recipients_record, referral_slugs
from generator.request_keys import DEMO_KEYS, is_public_key, is_wrapped_key, key_id
from tests import sealing
from tests.builders import ROOT, TODAY, WRITTEN_POLICY, WRITTEN_REFERRAL, make_content, make_organisation, make_site, render
from tests.sealing import KnownKey
from tests.tools.make_demo_keys import PASSPHRASES, demo_keys

DECISION = ROOT / "docs" / "paatokset" / "0002-salaus.md"
WORDS = (ROOT / "site_templates" / "words" / "tunnuslause.txt").read_text("utf-8").split()
WORDS_IN_A_PASSPHRASE = 8

KEY, OTHER = KnownKey("a", "aurinko kettu"), KnownKey("b", "hilla joutsen")
INFO = sealing.info_of("kerho", KEY.id, "HT-7K3M-9Q", "20261126T0915Z")
SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def vector() -> dict[str, str]:
    """The one of the decision: there it is read by people, here by the tests."""
    found = re.search(r"```json\n(.*?)```", DECISION.read_text("utf-8"), re.DOTALL)
    assert found
    read: dict[str, str] = json.loads(found[1])
    return read


# The Python that the JavaScript is held against


def test_python_gives_the_values_published_in_rfc_9180() -> None:
    """Appendix A.3.1: the same KEM and KDF, with AES-128-GCM."""
    ephemeral = sealing.private_key(bytes.fromhex("4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb"))
    recipient = sealing.private_key(bytes.fromhex("f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2"))
    enc, public = sealing.public_bytes(ephemeral), sealing.public_bytes(recipient)
    shared = sealing.shared_secret(ephemeral, public, enc, public)
    key, nonce = sealing.key_and_nonce(shared, b"Ode on a Grecian Urn", sealing.AES_128)
    sealed = AESGCM(key).encrypt(nonce, b"Beauty is truth, truth beauty", b"Count-0")
    assert shared.hex() == "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8"
    assert (key.hex(), nonce.hex()) == ("868c066ef58aae6dc589b6cfdd18f97e", "4e0bc5018beba4bf004cca59")
    assert sealed.hex() == "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"
    assert sealing.shared_secret(recipient, enc, enc, public) == shared


@given(st.binary(max_size=2048), st.text(max_size=200).filter(lambda text: text.isprintable()))
@settings(max_examples=60, deadline=None)
def test_python_and_the_library_open_what_the_other_has_sealed(plain: bytes, info: str) -> None:
    theirs = SUITE.encrypt(plain, KEY.private.public_key(), info=info.encode())
    assert sealing.unseal(KEY.private, info, theirs) == plain
    assert SUITE.decrypt(sealing.seal(KEY.public, info, plain), KEY.private, info=info.encode()) == plain


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_altered_bit_never_opens(data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(KEY.public, INFO, b"Matti 040 123 4567"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises((InvalidTag, ValueError)):
        sealing.unseal(KEY.private, INFO, bytes(sealed))


@pytest.mark.parametrize("part", range(4), ids=["organisation", "key", "reference", "time"])
def test_request_does_not_open_under_another_name(part: int) -> None:
    said = ["kerho", KEY.id, "HT-7K3M-9Q", "20261126T0915Z"]
    sealed = sealing.seal(KEY.public, sealing.info_of(*said), b"x")
    said[part] += "x"
    with pytest.raises(InvalidTag):
        sealing.unseal(KEY.private, sealing.info_of(*said), sealed)


def test_request_sealed_to_one_association_does_not_open_as_anothers() -> None:
    with pytest.raises(InvalidTag):
        sealing.unseal(OTHER.private, INFO, sealing.seal(KEY.public, INFO, b"x"))


def test_vector_of_the_decision_is_what_it_says() -> None:
    found = vector()
    recipient = sealing.private_key(bytes.fromhex(found["recipient_private"]))
    info = sealing.info_of(found["organisation"], found["key_id"], found["reference"], found["time"])
    opened = SUITE.decrypt(sealing.decoded(found["sealed"]), recipient, info=info.encode())
    assert opened.decode().rstrip(" ") == found["plain"]
    assert len(opened) == sealing.STEP
    public = bytes.fromhex(found["recipient_public"])
    own = sealing.unwrap(sealing.decoded(found["wrapped"]), public, found["passphrase"])
    assert sealing.public_bytes(own) == public
    assert key_id(sealing.as_text(public)) == found["key_id"]


# Words


def test_passphrase_has_the_strength_that_is_promised() -> None:
    assert math.log2(len(WORDS)) * WORDS_IN_A_PASSPHRASE >= 77
    script = (ROOT / "site_templates" / "scripts" / "key" / "key.js").read_text("utf-8")
    assert f"const WORDS = {WORDS_IN_A_PASSPHRASE};" in script


def test_words_stay_apart_when_they_are_tidied_and_are_easy_to_write() -> None:
    assert len({sealing.tidied(word) for word in WORDS}) == len(WORDS)
    assert [word for word in WORDS if not re.fullmatch("[a-zäö]{3,9}", word)] == []
    assert sorted(WORDS) == WORDS


# Keys as they are written


def test_public_key_has_to_be_a_point_of_the_curve() -> None:
    raw = KEY.public
    assert is_public_key(sealing.as_text(raw))
    wrong = (
        raw[:-1],
        raw + b"\0",
        b"\x05" + raw[1:],
        raw[:-1] + bytes([raw[-1] ^ 1]),
        b"\x04" + b"\xff" * 64,
        b"\x04" + b"\0" * 64,
    )
    assert [one for one in wrong if is_public_key(sealing.as_text(one))] == []
    assert not is_public_key(sealing.as_text(raw) + "=")
    assert not is_public_key("å" * 87)


def test_wrapped_key_has_one_length() -> None:
    wrapped = KEY.written()["wrapped"]
    assert is_wrapped_key(wrapped)
    assert not is_wrapped_key(wrapped[:-4])


def make_sealed(*keys: KnownKey, **changes: Any) -> Any:
    days = ("2026-11-10", "2026-05-04", "2026-01-01")
    written = [key.written(day) for key, day in zip(keys, days, strict=False)]
    return make_organisation(referral=WRITTEN_REFERRAL, request_keys=written, **changes)


@pytest.mark.parametrize(
    "days", [["2026-01-01", "2026-11-01"], ["2026-11-01", "2026-11-01"]], ids=["oldest first", "the same key twice"]
)
def test_keys_in_the_wrong_order_or_twice_are_refused(days: list[str]) -> None:
    keys = [KEY, OTHER] if days[0] < days[1] else [KEY, KEY]
    with pytest.raises(ValueError, match="keys_order"):
        make_organisation(request_keys=[key.written(day) for key, day in zip(keys, days, strict=True)])


def test_third_key_is_refused() -> None:
    with pytest.raises(ValueError, match="too_long"):
        make_sealed(KEY, OTHER, KnownKey("c", "x"))


def test_new_key_makes_open_pages_older_than_the_data() -> None:
    hashes = {facts_hash(make_sealed(*keys)) for keys in ((), (KEY,), (OTHER,), (OTHER, KEY))}
    assert len(hashes) == 3, "the key that is sealed to counts, the one before it does not"


def test_sample_keys_are_those_of_the_documented_passphrases() -> None:
    assert {key.id for key in demo_keys().values()} == DEMO_KEYS
    for words in PASSPHRASES.values():
        assert len(words.split()) == WORDS_IN_A_PASSPHRASE
        assert set(words.split()) <= set(WORDS)
    told = (ROOT / "docs" / "tietosuoja" / "salattu-pyynto.md").read_text("utf-8")
    assert [words for words in PASSPHRASES.values() if words not in told] == []


def test_region_that_seals_everything_has_others_called() -> None:
    content = make_content(
        site=make_site(referral={**WRITTEN_POLICY, "protection": "sealed"}),
        suljettu=make_sealed(KEY),
        avoin=make_organisation(referral=WRITTEN_REFERRAL),
    )
    assert referral_slugs(content, TODAY) == ["suljettu"]
    private = PrivateAddresses(referral_email="ohjaus@example.fi", data_maintainers=("toimisto@example.fi",))
    record = recipients_record(replace(content, private=dict.fromkeys(content.organisations, private)), TODAY, [])
    assert {slug: one["key_id"] for slug, one in record["organisations"].items()} == {"suljettu": KEY.id}
    files = render(content)
    assert "/ohjaa/suljettu/index.html" in files
    assert "/ohjaa/avoin/index.html" not in files
    assert "tel:+358170000101" in files["/jarjesto/avoin/index.html"]


def test_key_file_has_both_keys_and_nothing_private_in_the_open() -> None:
    files = render(make_content(site=make_site(referral=WRITTEN_POLICY), kerho=make_sealed(KEY, OTHER, former_slugs=["vanha"])))
    told = json.loads(files["/avaa/kerho.json"])
    assert [key["id"] for key in told["keys"]] == [KEY.id, OTHER.id]
    assert files["/avaa/vanha.json"] == files["/avaa/kerho.json"]
    number = KEY.private.private_numbers().private_value.to_bytes(32, "big")
    for text in files.values():
        assert sealing.as_text(number) not in text
        assert number.hex() not in text
    assert f'data-seal-key="{told["keys"][0]["public"]}"' in files["/ohjaa/kerho/index.html"]
