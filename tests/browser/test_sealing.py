"""Sealed requests in a browser, from the tray to the opened request, with everything that passes between written down."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from generator.rendering.assets import _join
from generator.request_keys import is_public_key, is_wrapped_key
from tests import sealing
from tests.browser.conftest import until
from tests.browser.mailbox import mails
from tests.browser.rules import violations
from tests.browser.test_referral import Served, fill, outcome_of, region, send, serving
from tests.builders import ROOT
from tests.sealing import KnownKey
from tests.test_sealing import WORDS, vector

pytestmark = pytest.mark.browser

CLIENT, NUMBER, NOTE = "Kanarialintu", "050 739 1846", "Viherpeippo odottaa pihalla"
SENDER, UNIT = "Punarinta Esimerkki", "Västäräkkiyksikkö"
SECRET = (CLIENT, NUMBER, NUMBER.replace(" ", ""), "+358507391846", "7391846", NOTE, "Viherpeippo", SENDER, "Punarinta", UNIT)
KEY = KnownKey("kerho", "aurinko kettu lampi omena polku saari tuuli vene")
EARLIER = KnownKey("kerho-vanha", "hilla joutsen kivi laulu metsä porras silta vaahtera")
OTHERS = KnownKey("toinen", "ankkuri harakka kello mustikka nuotio puuro sauna tähti")


def with_keys(project: Path, slug: str, *keys: KnownKey) -> Path:
    """The association's keys, the newest first."""
    file = project / "content" / "organisations" / f"{slug}.yaml"
    written = yaml.safe_load(file.read_text("utf-8"))
    days = ("2026-11-10", "2026-05-04")
    written["request_keys"] = [key.written(day) for key, day in zip(keys, days, strict=False)]
    file.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")
    return project


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """ "Kerho" is sealed to, "seura" has no key."""
    with serving(with_keys(region(tmp_path_factory.mktemp("sealed") / "project"), "kerho", KEY, EARLIER)) as found:
        yield found


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    found = chromium.new_context(base_url=served.address)
    found.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    found.route("**/_esikatselu/*", lambda route: route.abort())
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def spellings(text: str) -> set[str]:
    """A text as it could hide in traffic: plain, escaped, in percent, hexadecimal, base64 at each offset, UTF-16, backwards."""
    raw = text.encode()
    found = {
        text,
        text[::-1],
        quote(text),
        quote(text, safe=""),
        json.dumps(text)[1:-1],
        raw.hex(),
        text.encode("utf-16-le").hex(),
    }
    found |= {text.replace(" ", "+"), "".join(f"%{byte:02X}" for byte in raw), text.encode("utf-16-be").hex()}
    for shift in range(3):
        for encoded in (raw, text.encode("utf-16-le")):
            found.add(base64.b64encode(b"\x00" * shift + encoded).decode().rstrip("=")[4 if shift else 0 : -1])
    found |= {one.replace("+", "-").replace("/", "_") for one in set(found)}
    return {one.lower() for one in found if len(one) > 5}


SPELLINGS = frozenset(one for text in SECRET for one in spellings(text))


def leaks(text: str) -> set[str]:
    low = text.lower()
    return {one for one in SPELLINGS if one in low}


def test_leaks_would_be_noticed() -> None:
    for text in SECRET:
        for hidden in (text, json.dumps({"a": text}), base64.b64encode(f"ab{text}cd".encode()).decode(), quote(text)):
            assert leaks(f"x {hidden} y"), hidden
        assert leaks(f"x {text.encode('utf-16-le').hex()} {text[::-1]} y")


class Traffic:
    """All that leaves the browser and all that comes back, as text and as raw bytes in Latin-1."""

    def __init__(self, context: BrowserContext) -> None:
        self.seen: list[str] = []
        context.on("request", lambda request: self.seen.append(f"{request.url} {request.headers} {request.post_data or ''}"))
        context.on("response", lambda answer: self.seen.append(f"{answer.url} {answer.headers}"))
        context.on("requestfinished", self._body)

    def _body(self, request: Any) -> None:
        if "/api/" in request.url or request.url.endswith(".json"):
            self.seen.append(request.response().text())

    @property
    def text(self) -> str:
        return "\n".join(self.seen)


def write(page: Page) -> None:
    fill(page)
    page.locator("[name=sender_name]").fill(SENDER)
    page.locator("[name=sender_unit]").fill(UNIT)
    page.locator("[name=client_name]").fill(CLIENT)
    page.locator("[name=phone]").fill(NUMBER)
    page.locator("[name=note]").fill(NOTE)


def sent_request(page: Page, path: str = "/ohjaa/kerho/") -> str:
    """The mail of a sealed request that was just sent."""
    page.goto(path)
    write(page)
    send(page)
    expect(outcome_of(page).first).to_contain_text("HT-")
    return mails(page)[0]


def link_in(mail: str) -> str:
    found = re.search(r"http\S+/avaa/#\S+", mail)
    assert found
    return found[0]


def type_passphrase(page: Page, words: str) -> None:
    page.get_by_label("Tunnuslause").fill(words)
    page.get_by_role("button", name="Avaa", exact=True).click()


def open_request(page: Page, address: str, words: str = KEY.words) -> None:
    page.goto("about:blank")
    page.goto(address)
    type_passphrase(page, words)


# The whole round


def test_request_goes_from_the_tray_to_the_association_and_nobody_between_can_read_it(
    context: BrowserContext, served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    traffic, page = Traffic(context), context.new_page()
    page.goto("/jarjesto/kerho/")
    page.locator("[data-tray=kerho]").click()
    page.goto("/tarjotin/")
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    mail = mails(page)[0]
    assert "Pyyntö on salattu" in mail
    assert leaks(mail) == set()
    reader = context.new_page()
    open_request(reader, link_in(mail))
    opened = reader.locator("[data-request]")
    expect(opened).to_be_visible()
    for shown in (CLIENT, NUMBER, NOTE, SENDER, UNIT, "Soittamalla", "Kerho"):
        expect(opened).to_contain_text(shown)
    assert reader.url.endswith("/avaa/")  # the code has left the address
    opened.get_by_role("link", name="Otin yhteyttä").click()
    expect(reader.locator("[name=answer][value=contacted]")).to_be_checked()
    reader.locator("form[data-answer] button[type=submit]").click()
    expect(reader.locator("form[data-answer] [data-outcome]")).to_contain_text("Kiitos")
    assert "Yhdistys on ottanut yhteyttä" in mails(page)[0]
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert leaks(kept.replace(SENDER, "")) == set()  # the sender's own name stays in their own browser
    assert "/api/ohjaus" in traffic.text
    assert leaks(traffic.text) == set()
    assert leaks("".join(capfd.readouterr())) == set()
    files = [path for path in served.preview.settings.root.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if leaks(path.read_bytes().decode("latin-1"))] == []


def test_association_without_a_key_is_sent_to_as_before(page: Page) -> None:
    page.goto("/ohjaa/seura/")
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url))
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    assert CLIENT in mails(page)[0]
    assert [one for one in scripts if "sinetti" in one] == []


def test_request_that_was_not_sent_is_the_same_in_every_bit_when_tried_again(page: Page) -> None:
    bodies: list[dict[str, Any]] = []

    def first_is_lost(route: Route) -> None:
        bodies.append(json.loads(route.request.post_data))
        route.fulfill(status=503, json={"code": "not_sent"}) if len(bodies) == 1 else route.continue_()

    page.route("**/api/ohjaus", first_is_lost)
    page.goto("/ohjaa/kerho/")
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("Ei lähetetty")
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    assert bodies[0] == bodies[1]


def test_nothing_is_sent_in_the_open_when_sealing_fails(page: Page) -> None:
    sent: list[str] = []
    page.route("**/assets/sinetti*.js", lambda route: route.abort())
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/ohjaa/kerho/")
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("Ei lähetetty")
    assert [one for one in sent if "/api/ohjaus" in one] == []


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("note", "131052-308T", "henkilötunnus"),
        ("note", "soita 040 123 4567", "Poista puhelinnumero"),
        ("note", "kirjoita a@example.fi", "Poista sähköpostiosoite"),
        ("note", "katso www.example.fi", "Poista linkki"),
        ("safe_time", "tai 040 123 4567", "Poista puhelinnumero"),
        ("client_name", "http://x.fi", "Poista linkki"),
        ("phone", "0600 12345", "Järjestö ei voi soittaa"),
    ],
)
def test_what_the_function_would_refuse_is_refused_before_it_is_sealed(page: Page, field: str, text: str, told: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/ohjaa/kerho/")
    write(page)
    page.locator(f"[name={field}]").fill(text)
    send(page)
    expect(page.locator("[data-errors]")).to_contain_text(told)
    assert [one for one in sent if "/api/ohjaus" in one] == []


@pytest.mark.parametrize("text", ["klo 9.30–11 ja 13–15", "15.1.2027 klo 9", "anna soida pitkään"])
def test_hours_and_dates_are_not_taken_for_numbers(page: Page, text: str) -> None:
    page.goto("/ohjaa/kerho/")
    write(page)
    page.locator("[name=safe_time]").fill(text)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")


# What can be wrong when opening


@pytest.fixture(scope="module")
def code(chromium: Browser, served: Served) -> str:
    found = chromium.new_context(base_url=served.address)
    found.route("**/_esikatselu/*", lambda route: route.abort())
    made = link_in(sent_request(found.new_page())).partition("#")[2]
    found.close()
    return made


def changed(code: str, **parts: str) -> str:
    names = ("version", "organisation", "key", "reference", "time", "due", "token", "length", "sealed")
    said = dict(zip(names, code.split("."), strict=True))
    return ".".join({**said, **parts}.values())


def problem(page: Page) -> Any:
    return page.locator("[data-problem]")


def test_wrong_passphrase_says_whose_is_needed_and_the_right_one_still_opens(page: Page, code: str) -> None:
    open_request(page, f"/avaa/#{code}", OTHERS.words)
    expect(problem(page)).to_contain_text("Tunnuslause ei ole oikea")
    expect(problem(page)).to_contain_text("Kerho ry")
    expect(page.locator("[data-unopened]")).to_be_visible()
    type_passphrase(page, KEY.words)
    expect(page.locator("[data-request]")).to_contain_text(CLIENT)
    expect(problem(page)).to_be_hidden()


@pytest.mark.parametrize(
    "typed",
    [
        KEY.words.upper(),
        KEY.words.replace(" ", ", "),
        f"  {KEY.words.replace(' ', '  ')}.",
        "1. aurinko 2. kettu 3. lampi 4. omena 5. polku 6. saari 7. tuuli 8. vene",
    ],
)
def test_words_are_understood_as_people_write_them(page: Page, code: str, typed: str) -> None:
    open_request(page, f"/avaa/#{code}", typed)
    expect(page.locator("[data-request]")).to_contain_text(CLIENT)


@pytest.mark.parametrize("part", ["sealed", "reference", "time", "organisation"])
def test_request_that_was_altered_does_not_open_and_says_so(page: Page, code: str, served: Served, part: str) -> None:
    said = dict(zip(("version", "organisation", "key", "reference"), code.split("."), strict=False))
    sealed = code.rpartition(".")[2]
    other = {
        "sealed": sealed[:200] + ("A" if sealed[200] != "A" else "B") + sealed[201:],
        "reference": said["reference"][:-1] + ("A" if said["reference"][-1] != "A" else "B"),
        "time": "20260101T0000Z",
        "organisation": "seura",
    }
    if part == "organisation":
        page.route("**/avaa/seura.json", lambda route: route.fulfill(path=_keys_of_kerho(served)))
    open_request(page, f"/avaa/#{changed(code, **{part: other[part]})}")
    expect(problem(page)).to_contain_text("Pyyntö on muuttunut matkalla")
    expect(page.locator("[data-request]")).to_be_hidden()


def _keys_of_kerho(served: Served) -> Path:
    [found] = served.preview.settings.build.rglob("avaa/kerho.json")
    return found


@pytest.mark.parametrize("kept", [40, 90, -1, -300])
def test_code_that_a_mail_program_cut_is_told_apart_and_the_whole_mail_can_be_pasted(page: Page, code: str, kept: int) -> None:
    page.goto("about:blank")
    page.goto(f"/avaa/#{code[:kept]}")
    expect(problem(page)).to_contain_text("Koodista puuttuu loppu")
    quoted = "\n".join(f"> {code[at : at + 60]}" for at in range(0, len(code), 60))
    page.get_by_label("Koodi tai koko viesti").fill(f"Hei!\n> Avaa pyyntö:\n{quoted}\n> Poista tämä viesti.")
    page.get_by_role("button", name="Jatka").click()
    type_passphrase(page, KEY.words)
    expect(page.locator("[data-request]")).to_contain_text(CLIENT)


def test_page_without_a_code_asks_for_it_and_says_when_there_is_none(page: Page) -> None:
    page.goto("/avaa/")
    expect(problem(page)).to_be_hidden()
    page.get_by_label("Koodi tai koko viesti").fill("Hei, tässä ei ole mitään.")
    page.get_by_role("button", name="Jatka").click()
    expect(problem(page)).to_contain_text("Tekstissä ei ole salattua pyyntöä")


def test_key_that_is_gone_and_an_association_that_is_not_here_have_sentences_of_their_own(page: Page, code: str) -> None:
    page.goto(f"/avaa/#{changed(code, key='0123456789abcdef')}")
    expect(problem(page)).to_contain_text("ei ole enää yhdistyksen Kerho ry käytössä")
    expect(page.locator("[data-unopened]")).to_be_visible()
    page.goto("about:blank")
    page.goto(f"/avaa/#{changed(code, organisation='muualla')}")
    expect(problem(page)).to_contain_text("muualla")
    expect(problem(page)).to_contain_text("ei ole täällä avainta")


def test_lost_connection_is_told(page: Page, code: str) -> None:
    page.route("**/avaa/*.json", lambda route: route.abort())
    page.goto(f"/avaa/#{code}")
    expect(problem(page)).to_contain_text("Tarkistakaa verkkoyhteys")


def test_sender_hears_when_a_request_could_not_be_opened(page: Page, code: str) -> None:
    open_request(page, f"/avaa/#{code}", OTHERS.words)
    page.get_by_role("link", name="En saanut pyyntöä auki").click()
    expect(page.locator("[name=answer][value=unopened]")).to_be_checked()
    page.locator("form[data-answer] button[type=submit]").click()
    expect(page.locator("form[data-answer] [data-outcome]")).to_contain_text("Kiitos")
    assert "Yhdistys ei saanut pyyntöä auki" in mails(page)[0]


def test_earlier_key_still_opens_what_was_sealed_to_it(page: Page, code: str) -> None:
    said = code.split(".")
    info = sealing.info_of("kerho", EARLIER.id, said[3], said[4])
    plain = sealing.padded({"client_name": CLIENT, "sender": "self", "contact_by": "call", "phone": NUMBER, "language": "fi"})
    sealed = sealing.as_text(sealing.seal(EARLIER.public, info, plain))
    open_request(page, f"/avaa/#{changed(code, key=EARLIER.id, sealed=sealed, length=str(len(sealed)))}", EARLIER.words)
    expect(page.locator("[data-request]")).to_contain_text(CLIENT)


def test_opened_request_is_text_even_when_a_stranger_sealed_markup_and_odd_values(page: Page, code: str) -> None:
    said = code.split(".")
    info = sealing.info_of("kerho", KEY.id, said[3], said[4])
    hostile = {
        "client_name": "<img src=x onerror=alert(1)>",
        "sender": "nobody",
        "phone": "javascript:alert(1)",
        "email": "javascript:alert(1)@x",
        "note": "a" * 5000,
        "whose": ["client"],
        "language": {"x": 1},
        "unknown": "Outo",
    }
    sealed = sealing.as_text(sealing.seal(KEY.public, info, sealing.padded(hostile)))
    open_request(page, f"/avaa/#{changed(code, sealed=sealed, length=str(len(sealed)))}")
    opened = page.locator("[data-request]")
    expect(opened).to_contain_text("<img src=x")
    assert opened.locator("img").count() == 0
    assert opened.locator("dl a").count() == 0
    assert "Outo" not in opened.inner_text()
    assert "a" * 201 not in opened.inner_text()


def test_opened_request_is_copied_printed_and_closed_and_nothing_stays(page: Page, code: str) -> None:
    open_request(page, f"/avaa/#{code}")
    expect(page.locator("[data-request]")).to_contain_text(CLIENT)
    page.get_by_role("button", name="Kopioi").click()
    expect(page.get_by_role("button", name="Kopioitu")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    for told in (CLIENT, NUMBER, NOTE, "HT-"):
        assert told in copied
    page.emulate_media(media="print")
    expect(page.locator("[data-request]")).to_contain_text(CLIENT)
    for hidden in ("h1", "[data-copy]", "[data-request] a.button"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.emulate_media(media="screen")
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie, location.href])")
    assert leaks(kept) == set()
    assert code[-60:] not in kept
    page.get_by_role("button", name="Sulje pyyntö").click()
    expect(page.get_by_label("Koodi tai koko viesti")).to_be_visible()
    assert CLIENT not in page.content()
    page.go_back()
    assert CLIENT not in page.content()


# The shipped scripts against the Python that shares no line with them


@pytest.fixture(scope="module")
def opener(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page that has the bundle of opening, in which sealing is too."""
    found = chromium.new_context(base_url=served.address)
    page = found.new_page()
    page.goto("/avaa/")
    until(page, "Boolean(window.sealing?.wrapping)")
    yield page
    found.close()


SEAL = """async ([recipient, info, plain]) => {
  const { sealing } = window;
  return sealing.toText(await sealing.seal(sealing.toBytes(recipient), info, sealing.toBytes(plain)));
}"""
OPEN = """async ([number, recipient, info, sealed]) => {
  const { sealing } = window;
  const raw = sealing.toBytes(recipient);
  const [x, y] = [raw.slice(1, 33), raw.slice(33)].map(sealing.toText);
  const jwk = { kty: "EC", crv: "P-256", x, y, d: number };
  const key = await crypto.subtle.importKey("jwk", jwk, sealing.CURVE, false, ["deriveBits"]);
  return sealing.open(key, raw, info, sealing.toBytes(sealed)).then(sealing.toText, () => "refused");
}"""
WITH_EPHEMERAL = """async ([recipient, info, plain, x, y, d]) => {
  const { sealing } = window;
  const jwk = { kty: "EC", crv: "P-256", x, y };
  const pair = {
    publicKey: await crypto.subtle.importKey("jwk", jwk, sealing.CURVE, true, []),
    privateKey: await crypto.subtle.importKey("jwk", { ...jwk, d }, sealing.CURVE, true, ["deriveBits"]),
  };
  return sealing.toText(await sealing.seal(sealing.toBytes(recipient), info, sealing.toBytes(plain), pair));
}"""


def text_of(raw: bytes) -> str:
    return sealing.as_text(raw)


def number_of(key: KnownKey) -> str:
    return text_of(key.private.private_numbers().private_value.to_bytes(32, "big"))


def opened_by_script(page: Page, key: KnownKey, info: str, sealed: bytes) -> bytes | None:
    told = page.evaluate(OPEN, [number_of(key), text_of(key.public), info, text_of(sealed)])
    return None if told == "refused" else sealing.decoded(told)


def test_script_gives_the_vector_of_the_decision_bit_by_bit(opener: Page) -> None:
    found = vector()
    info = sealing.info_of(found["organisation"], found["key_id"], found["reference"], found["time"])
    raw, ephemeral = bytes.fromhex(found["recipient_public"]), bytes.fromhex(found["ephemeral_public"])
    plain = found["plain"].encode() + b" " * (-len(found["plain"].encode()) % sealing.STEP)
    parts = [text_of(ephemeral[1:33]), text_of(ephemeral[33:]), text_of(bytes.fromhex(found["ephemeral_private"]))]
    assert opener.evaluate(WITH_EPHEMERAL, [text_of(raw), info, text_of(plain), *parts]) == found["sealed"]
    assert opener.evaluate("(raw) => window.sealing.keyId(window.sealing.toBytes(raw))", text_of(raw)) == found["key_id"]
    names = [found[name] for name in ("organisation", "key_id", "reference", "time")]
    assert opener.evaluate("(names) => window.sealing.infoOf(...names)", names) == info
    unwrapped = """async ([wrapped, recipient, words, info, sealed]) => {
      const { sealing } = window;
      const raw = sealing.toBytes(recipient);
      const key = await sealing.wrapping.unwrap(sealing.toBytes(wrapped), raw, words);
      return sealing.toText(await sealing.open(key, raw, info, sealing.toBytes(sealed)));
    }"""
    given = [found["wrapped"], text_of(raw), found["passphrase"], info, found["sealed"]]
    assert sealing.decoded(opener.evaluate(unwrapped, given)) == plain


INFOS = st.text(max_size=120, alphabet=st.characters(exclude_categories=["Cs"]))


@given(plain=st.binary(min_size=1, max_size=2048), info=INFOS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_script_and_python_open_what_the_other_has_sealed(opener: Page, plain: bytes, info: str) -> None:
    assert opened_by_script(opener, KEY, info, sealing.seal(KEY.public, info, plain)) == plain
    by_script = sealing.decoded(opener.evaluate(SEAL, [text_of(KEY.public), info, text_of(plain)]))
    assert sealing.unseal(KEY.private, info, by_script) == plain
    assert opened_by_script(opener, OTHERS, info, by_script) is None


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_altered_bit_never_opens_in_the_script(opener: Page, data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(KEY.public, "x", b"Matti 040 123 4567"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    assert opened_by_script(opener, KEY, "x", bytes(sealed)) is None


def test_public_key_that_is_no_point_of_the_curve_is_refused_by_the_script(opener: Page) -> None:
    wrong = KEY.public[:-1] + bytes([KEY.public[-1] ^ 1])
    with pytest.raises(Error):
        opener.evaluate(SEAL, [text_of(wrong), "x", text_of(b"x")])


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("Äiti, ISÄ\n3. talo–kissa")
def test_words_are_tidied_alike(opener: Page, typed: str) -> None:
    shown = "".join(one for one in typed if not "\ud800" <= one <= "\udfff")
    assert opener.evaluate("(words) => window.sealing.wrapping.tidied(words)", shown) == sealing.tidied(shown)


def test_reference_is_the_functions_own(page: Page) -> None:
    """What is bound to the seal has to be what the function makes of the same key, or nothing would open."""
    for _ in range(3):
        mail = sent_request(page)
        said, sealed = sealing.read_code(link_in(mail).partition("#")[2])
        assert said["reference"] in mail.splitlines()[0]
        info = sealing.info_of("kerho", said["key"], said["reference"], said["time"])
        assert json.loads(sealing.unseal(KEY.private, info, sealed))["client_name"] == CLIENT
        assert len(sealed) == 65 + 512 + 16, "every usual request is as long as any other"


# The page of keys


def make_key(page: Page) -> list[str]:
    """The words that the page shows."""
    page.goto("about:blank")
    page.goto("/avain/#t=koodi")
    page.get_by_role("button", name="Tee avain").click()
    expect(page.locator("[data-drawn] li")).to_have_count(8)
    return page.locator("[data-drawn] li").all_inner_texts()


def test_key_is_made_in_the_browser_and_leaves_it_wrapped_by_the_words_that_were_shown(page: Page) -> None:
    sent: list[dict[str, Any]] = []

    def take(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(status=202, json={"code": "waiting", "reference": "ME-7K3M-9Q"})

    page.route("**/api/avain", take)
    words = make_key(page)
    assert page.url.endswith("/avain/")
    page.get_by_role("button", name="Sanat ovat tallessa").click()
    page.get_by_label("Tunnuslause").fill(" ".join(words[:-1]))
    page.get_by_role("button", name="Ota avain käyttöön").click()
    expect(page.locator("[data-problem]")).to_contain_text("Sanat eivät ole samat")
    assert sent == []
    page.get_by_label("Tunnuslause").fill(" ".join(words))
    page.get_by_role("button", name="Ota avain käyttöön").click()
    expect(page.locator("[data-step=sent]")).to_be_visible()
    expect(page.locator("[data-step=sent]")).to_contain_text("Vahvistakaa avain viestin linkistä")
    [body] = sent
    assert set(body) == {"token", "key", "public", "wrapped"}
    assert body["token"] == "koodi"
    assert is_public_key(body["public"])
    assert is_wrapped_key(body["wrapped"])
    public = sealing.decoded(body["public"])
    own = sealing.unwrap(sealing.decoded(body["wrapped"]), public, " ".join(words))
    assert sealing.public_bytes(own) == public
    with pytest.raises(InvalidTag):
        sealing.unwrap(sealing.decoded(body["wrapped"]), public, " ".join(reversed(words)))
    for word in words:
        assert word not in page.locator("[data-key-page]").inner_text().split()
        assert word not in json.dumps(body)
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert not [word for word in words if word in kept]


def test_words_come_from_the_list_and_are_others_each_time(page: Page) -> None:
    first, second = make_key(page), make_key(page)
    assert set(first) | set(second) <= set(WORDS)
    assert first != second


def test_every_word_is_as_likely_as_another(opener: Page) -> None:
    """The draw of the page, on a list whose length leaves a remainder: what would favour its first words is thrown away."""
    source = (ROOT / "site_templates" / "scripts" / "key" / "key.js").read_text("utf-8")
    found = re.search(r"const draw = .*?\n  };", source, re.DOTALL)
    assert found
    tried = """(source) => {
      const given = [65535, 65001, 7, 64999];
      const crypto = { getRandomValues: (into) => { into[0] = given.shift(); return into; } };
      const draw = new Function("crypto", `${source}; return draw;`)(crypto);
      return [draw(1000), draw(1000), given.length];
    }"""
    assert opener.evaluate(tried, found[0]) == [7, 999, 0]


def test_paper_has_the_words_and_how_to_keep_them_and_nothing_else(page: Page) -> None:
    words = make_key(page)
    page.emulate_media(media="print")
    for word in words:
        expect(page.locator("[data-drawn]")).to_contain_text(word)
    expect(page.get_by_text("pankkitunnusluku")).to_be_visible()
    for hidden in ("h1", "[data-print]", "[data-next]", ".help"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [(403, "link", "vanhentunut"), (503, "not_saved", "ei tallennettu"), (429, "limit", "liikaa"), (500, "", "ei tallennettu")],
)
def test_key_that_was_not_taken_says_why_and_can_be_tried_again(page: Page, status: int, code: str, told: str) -> None:
    page.route("**/api/avain", lambda route: route.fulfill(status=status, json={"code": code}))
    words = make_key(page)
    page.get_by_role("button", name="Sanat ovat tallessa").click()
    page.get_by_label("Tunnuslause").fill(" ".join(words))
    page.get_by_role("button", name="Ota avain käyttöön").click()
    expect(page.locator("[data-problem]")).to_contain_text(told)
    expect(page.get_by_label("Tunnuslause")).to_be_visible()


def test_page_of_keys_without_a_link_says_where_to_get_one(page: Page) -> None:
    page.goto("/avain/")
    expect(page.locator("[data-step=none]")).to_contain_text("muokkauslinkki")
    expect(page.locator("#code")).to_be_visible()


# Weight


def test_scripts_of_sealing_weigh_less_than_six_kilobytes_and_load_only_where_used(page: Page) -> None:
    own = ("scripts/sealing/*.js", "scripts/seal/*.js", "scripts/open/*.js", "scripts/key/*.js")
    assert len(gzip.compress(_join("avaus.js", own), 9)) <= 6 * 1024
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    for path in ("/", "/jarjesto/kerho/", "/ohjaa/seura/", "/ohjaa/kerho/", "/vastaa/", "/tarjotin/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert [url for url in loaded if any(name in url for name in ("sinetti", "avaus", "avain", "tunnuslause"))] == []
    page.goto("/ohjaa/kerho/")
    page.locator("[name=sender_name]").focus()
    until(page, "Boolean(window.sealing?.request)")
    assert [url for url in loaded if "sinetti" in url]


# For everyone


def test_every_step_is_accessible_and_fits(page: Page, code: str) -> None:
    def check(step: str) -> None:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
        assert violations(page) == [], step

    open_request(page, f"/avaa/#{code}", OTHERS.words)
    expect(problem(page)).to_be_visible()
    check("wrong passphrase")
    type_passphrase(page, KEY.words)
    expect(page.locator("[data-request]")).to_be_visible()
    check("opened")
    make_key(page)
    check("words")
    page.get_by_role("button", name="Sanat ovat tallessa").click()
    check("typing")


def test_request_is_opened_with_the_keyboard_alone(page: Page, code: str) -> None:
    page.goto("about:blank")
    page.goto(f"/avaa/#{code}")
    expect(page.get_by_label("Tunnuslause")).to_be_focused()
    page.keyboard.type(KEY.words)
    page.keyboard.press("Enter")
    expect(page.locator("[data-request] h2")).to_be_focused()
