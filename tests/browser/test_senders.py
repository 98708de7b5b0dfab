"""Verified senders in a browser: a mailbox is proven by link or by code, the form keeps what was typed, one press forgets."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.browser.mailbox import mails, newest_to, set_mood
from tests.browser.rules import violations
from tests.browser.test_referral import PHONE, Served, fill, outcome_of, region, send, serving
from tests.browser.test_sealing import CLIENT, NOTE, NUMBER, leaks, with_keys
from tests.browser.test_sealing import KEY as SEAL_KEY
from tests.builders import WRITTEN_POLICY

pytestmark = pytest.mark.browser

MINNA, PEKKA = "minna@hva.example.fi", "pekka@hva.example.fi"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """ "Kerho" reads plain mail, "seura" has a key."""
    project = region(tmp_path_factory.mktemp("verified") / "project", referral={**WRITTEN_POLICY, "senders": "verified"})
    with serving(with_keys(project, "seura", SEAL_KEY)) as found:
        yield found


def new_context(chromium: Browser, served: Served, **options: Any) -> BrowserContext:
    context = chromium.new_context(base_url=served.address, **options)
    context.route("**/_esikatselu/*", lambda route: route.abort())
    return context


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    found = new_context(chromium, served)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(autouse=True)
def _light_and_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One light proof of work, and no cap: test_referral.py does the real work, tests/referral counts."""
    for name, value in {"COST": 1, "FEWEST_TRIES": 1, "MORE_TRIES": 3}.items():
        monkeypatch.setattr(f"lambda_common.proof.{name}", value)
    monkeypatch.setattr("lambda_referral.proving.MAILS_A_DAY", 1000)


def proven(page: Page) -> Any:
    return page.locator("[data-sender-proven]")


def told(page: Page) -> Any:
    return page.locator("[data-sender-outcome]")


def ask(page: Page, address: str = MINNA) -> None:
    page.locator("[name=sender_email]").fill(address)
    page.get_by_role("button", name="Lähetä vahvistusviesti").click()
    expect(told(page)).to_contain_text(f"Lähetimme viestin osoitteeseen {address}")


def link_in(mail: str) -> str:
    found = re.search(r"http\S+/lahettaja/#t=\S+", mail)
    assert found
    return found[0]


def code_in(mail: str) -> str:
    found = re.search(r"Koodi: (\w{4} \w{4})", mail)
    assert found
    return found[1]


def prove(page: Page, address: str = MINNA) -> None:
    """By the code of the mail, in the form itself."""
    ask(page, address)
    page.get_by_label("Koodi viestistä").fill(code_in(newest_to(page, address)))
    page.get_by_role("button", name="Vahvista", exact=True).click()
    expect(proven(page)).to_contain_text(f"Lähettäjä: {address}, vahvistettu")


def write(page: Page) -> None:
    """All but the sender's address."""
    page.locator("[name=sender_name]").fill("Hoitaja")
    page.locator("[name=sender_unit]").fill("Terveysasema")
    page.locator("[name=phone]").fill(PHONE)
    for association in page.locator("[data-association]").all():
        association.locator("[value=kerho]").check()
        association.locator("[name=consent]").check()


def kept(page: Page) -> dict[str, Any] | None:
    found = page.evaluate("localStorage.getItem('lahettaja')")
    return json.loads(found) if found else None


# Proving, sending, forgetting


def test_mailbox_is_proven_by_the_link_in_another_tab_while_the_form_waits(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    write(page)
    send(page)
    expect(page.locator("[data-errors]")).to_contain_text("Vahvista ensin työsähköpostisi.")
    ask(page)
    link = page.context.new_page()
    before = len(mails(page))
    link.goto(link_in(newest_to(page, MINNA)))
    assert link.url.endswith("/lahettaja/")  # the token has left the address
    expect(link.locator("[data-sender-address]")).to_have_text(MINNA)
    assert kept(page) is None  # opening the page has proven nothing
    link.get_by_role("button", name="Vahvista tässä selaimessa").click()
    expect(told(link)).to_contain_text("Palaa lomakkeelle")
    expect(proven(link)).to_contain_text(MINNA)
    expect(proven(page)).to_contain_text(f"Lähettäjä: {MINNA}, vahvistettu")
    expect(told(page)).to_have_text("Työsähköposti on vahvistettu.")
    expect(page.locator("[data-errors]")).to_be_hidden()
    assert page.locator("[name=phone]").input_value() == PHONE
    assert page.locator("[name=consent]").is_checked()
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    assert len(mails(page)) == before + 1
    assert "Pyytäjän työsähköposti: Vahvistettu, hva.example.fi" in mails(page)[0]


def test_browser_remembers_the_proof_and_nothing_of_the_client(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    prove(page)
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    assert set(page.evaluate("Object.keys(localStorage)")) == {"lahettaja"}
    assert set(kept(page) or {}) == {"token", "email", "until"}
    page.goto("/ohjaa/kerho/")
    expect(proven(page)).to_contain_text(MINNA)
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")


def test_code_is_pasted_as_it_comes_and_a_link_too(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    ask(page)
    code = page.get_by_label("Koodi viestistä")
    code.fill("abcd-2345")
    code.press("Enter")
    expect(page.locator("#e-sender_code")).to_contain_text("Koodi ei kelpaa")
    code.fill("0OIL")
    code.press("Enter")
    expect(page.locator("#e-sender_code")).to_contain_text("Kirjoita kahdeksan merkkiä")
    mail = newest_to(page, MINNA)
    code.fill(f" {link_in(mail)}x ")
    code.press("Enter")
    expect(page.locator("#e-sender_code")).to_contain_text("Linkki ei kelpaa")
    assert outcome_of(page).inner_text() == ""  # Enter has not sent the form
    code.fill(f"  {link_in(mail)}\n")
    code.press("Enter")
    expect(proven(page)).to_contain_text(MINNA)
    expect(page.locator("[data-sender-text]")).to_be_focused()
    page.get_by_role("button", name="Unohda tältä koneelta").click()
    ask(page)
    code.fill(code_in(newest_to(page, MINNA)).lower().replace(" ", "-"))
    code.press("Enter")
    expect(proven(page)).to_contain_text(MINNA)


def test_code_that_was_tried_too_often_asks_for_a_new_message(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    ask(page)
    code = page.get_by_label("Koodi viestistä")
    right = code_in(newest_to(page, MINNA))
    for _ in range(5):
        code.fill("2222 2222")
        with page.expect_response("**/api/lahettajatunnus"):
            code.press("Enter")
        expect(told(page)).to_have_text("")
    code.fill(right)
    code.press("Enter")
    expect(page.locator("#e-sender_code")).to_contain_text("liian monta kertaa")


def test_shared_workstation_shows_whose_address_it_is_and_forgets_it_at_one_press_in_every_tab(
    page: Page, context: BrowserContext
) -> None:
    page.goto("/ohjaa/kerho/")
    prove(page, MINNA)
    other = context.new_page()
    other.goto("/ohjaa/seura/")
    other.locator("[name=phone]").fill(PHONE)
    for tab in (page, other):
        tab.locator("[name=sender_name]").fill("Minna Mallikas")
        tab.locator("[name=sender_unit]").fill("Terveysasema")
    expect(proven(other)).to_contain_text(f"Lähettäjä: {MINNA}")
    expect(proven(other)).to_contain_text("Etkö ole sinä?")
    page.get_by_role("button", name="Unohda tältä koneelta").click()
    expect(told(page)).to_have_text("Osoite on unohdettu tältä koneelta.")
    expect(page.locator("[name=sender_email]")).to_be_focused()
    assert page.locator("[name=sender_email]").input_value() == ""
    assert kept(page) is None
    expect(proven(other)).to_be_hidden()
    assert other.locator("[name=sender_token]").input_value() == ""
    assert other.locator("[name=phone]").input_value() == PHONE
    for tab in (page, other):
        assert [tab.locator(f"[name={name}]").input_value() for name in ("sender_name", "sender_unit")] == ["", ""]
        assert tab.evaluate("sessionStorage.getItem('nimi')") is None
    prove(page, PEKKA)
    expect(proven(other)).to_contain_text(f"Lähettäjä: {PEKKA}")
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    sent = context.new_page()
    sent.goto("/_posti/")
    newest = sent.locator("section").first
    expect(newest).to_contain_text(PEKKA)
    expect(newest).not_to_contain_text(MINNA)


def test_answer_comes_to_the_proven_address(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    prove(page)
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    link = re.search(r"http\S+/vastaa/#\S+\.contacted", mails(page)[0])
    assert link
    page.goto(link[0])
    page.locator("form[data-answer] button[type=submit]").click()
    expect(page.locator("form[data-answer] [data-outcome]")).to_contain_text("Kiitos")
    page.goto("/_posti/")
    expect(page.locator("section").first).to_contain_text("Vastaus yhteydenottopyyntöön")
    expect(page.locator("section").first).to_contain_text(MINNA)


def test_sealed_request_carries_the_proof_outside_the_seal(page: Page) -> None:
    bodies: list[dict[str, Any]] = []
    page.on("request", lambda request: bodies.append(request.post_data_json) if "/api/ohjaus" in request.url else None)
    page.goto("/ohjaa/seura/")
    prove(page)
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    [body] = bodies
    assert {"sender_token", "sealed"} <= set(body)
    assert not {"sender_email", "sender_name", "phone"} & set(body)
    assert "Vahvistettu, hva.example.fi" in mails(page)[0]


def test_tray_is_sent_with_one_proof(page: Page) -> None:
    for slug in ("kerho", "seura"):
        page.goto(f"/jarjesto/{slug}/")
        page.locator(f"[data-tray={slug}]").click()
    page.goto("/tarjotin/")
    expect(page.locator("[data-association]")).to_have_count(2)
    prove(page)
    write(page)
    send(page)
    for outcome in page.locator("[data-association] [data-outcome]").all():
        expect(outcome).to_contain_text("HT-")


def test_resident_is_not_asked_to_prove_anything(page: Page) -> None:
    page.goto("/ohjaa/kerho/#itse")
    expect(page.locator("[data-sender]")).to_be_hidden()
    page.locator("[name=phone]").fill(PHONE)
    page.locator("[value=ryhma]").check()
    page.locator("[name=consent]").check()
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")


# When it does not hold


def test_proof_that_the_function_no_longer_takes_is_asked_anew_and_the_fields_stay(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    page.evaluate(
        "localStorage.setItem('lahettaja', JSON.stringify({token: 'AAAA', email: 'minna@hva.example.fi', until: '2099-01-01'}))"
    )
    page.reload()
    expect(proven(page)).to_contain_text(MINNA)
    write(page)
    send(page)
    expect(page.locator("[data-errors]")).to_contain_text("Vahvista ensin työsähköpostisi.")
    expect(page.locator("#e-sender_email")).to_be_visible()
    assert outcome_of(page).inner_text() == ""
    assert kept(page) is None
    assert page.locator("[name=phone]").input_value() == PHONE
    prove(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")


def test_old_proof_is_asked_anew_with_its_address_filled_in(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    page.evaluate(
        "localStorage.setItem('lahettaja', JSON.stringify({token: 'AAAA', email: 'minna@hva.example.fi', until: '2026-01-01'}))"
    )
    page.reload()
    expect(proven(page)).to_be_hidden()
    expect(told(page)).to_have_text("Vahvistus on vanhentunut. Vahvista osoite uudelleen.")
    assert page.locator("[name=sender_email]").input_value() == MINNA
    assert page.locator("[name=sender_token]").input_value() == ""


@pytest.mark.parametrize("rubbish", ["", "null", "{", '"x"', "7", "[]"])
def test_rubbish_in_the_storage_is_no_proof(page: Page, rubbish: str) -> None:
    page.goto("/ohjaa/kerho/")
    page.evaluate(f"localStorage.setItem('lahettaja', {json.dumps(rubbish)})")
    page.reload()
    send(page)
    expect(page.locator("[data-errors]")).to_contain_text("Vahvista ensin työsähköpostisi.")


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('x', 'SecurityError'); } })"


def test_browser_that_stores_nothing_keeps_the_proof_for_the_page_and_says_so(page: Page) -> None:
    page.add_init_script(BLOCKED)
    page.goto("/ohjaa/kerho/")
    prove(page)
    expect(proven(page)).to_contain_text("Tämä selain ei tallenna vahvistusta.")
    address = link_in(newest_to(page, MINNA))
    write(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    link = page.context.new_page()
    link.add_init_script(BLOCKED)
    link.goto(address)
    link.get_by_role("button", name="Vahvista tässä selaimessa").click()
    expect(told(link)).to_contain_text("kirjoita sinne viestin koodi")


def test_link_page_without_a_link_tells_what_this_browser_holds(page: Page) -> None:
    page.goto("/lahettaja/")
    expect(page.locator("[data-sender-none]")).to_be_visible()
    page.goto("/ohjaa/kerho/")
    prove(page)
    page.goto("/lahettaja/")
    expect(proven(page)).to_contain_text(MINNA)
    page.get_by_role("button", name="Unohda tältä koneelta").click()
    expect(page.locator("[data-sender-none]")).to_be_visible()
    assert kept(page) is None


def test_altered_link_says_what_to_do(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    ask(page)
    link = link_in(newest_to(page, MINNA))
    start, end = link.split("#t=")
    page.goto(f"{start}#t={'A' if end[0] != 'A' else 'B'}{end[1:]}")  # its signature
    page.get_by_role("button", name="Vahvista tässä selaimessa").click()
    expect(told(page)).to_contain_text("Linkki ei kelpaa")
    page.goto("/ohjaa/kerho/")
    page.goto(link[:-9])  # cut by the mail program
    expect(told(page)).to_contain_text("Linkki ei kelpaa")
    expect(page.get_by_role("button", name="Vahvista tässä selaimessa")).to_be_hidden()
    assert kept(page) is None


@pytest.mark.parametrize(
    ("address", "said"), [("", "Tarkista sähköpostiosoite"), ("minna@gmail.com", "Käytä työsähköpostia")], ids=["none", "private"]
)
def test_address_outside_the_region_is_told_beside_the_field(page: Page, address: str, said: str) -> None:
    page.goto("/ohjaa/kerho/")
    field = page.locator("[name=sender_email]")
    field.fill(address)
    field.press("Enter")
    expect(page.locator("#e-sender_email")).to_contain_text(said)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("mood", "said", "offers_code"),
    [("not_sent", "Viestiä ei lähetetty", False), ("uncertain", "Emme tiedä, lähtikö viesti", True)],
)
def test_mail_that_failed_is_told_truly(page: Page, mood: str, said: str, offers_code: bool) -> None:
    set_mood(page, mood)
    try:
        page.goto("/ohjaa/kerho/")
        page.locator("[name=sender_email]").fill(MINNA)
        page.get_by_role("button", name="Lähetä vahvistusviesti").click()
        expect(told(page)).to_contain_text(said)
        assert page.get_by_label("Koodi viestistä").is_visible() == offers_code
    finally:
        set_mood(page, "ok")


def test_too_many_mails_are_told_and_the_form_stays(page: Page) -> None:
    page.route("**/api/lahettaja", lambda route: route.fulfill(status=429, json={"code": "too_many"}))
    page.goto("/ohjaa/kerho/")
    page.locator("[name=sender_email]").fill(MINNA)
    page.get_by_role("button", name="Lähetä vahvistusviesti").click()
    expect(told(page)).to_contain_text("Yritä huomenna tai soita")


def test_page_that_is_older_than_the_regions_decision_says_to_reload(chromium: Browser, tmp_path: Any) -> None:
    """The form of an open region, answered by a function that already asks for a proof."""
    with serving(region(tmp_path / "project")) as found:
        context = new_context(chromium, found)
        page = context.new_page()

        def refuse(route: Route) -> None:
            route.fulfill(status=403, json={"code": "sender"})

        page.route("**/api/ohjaus", refuse)
        page.goto("/ohjaa/kerho/")
        assert page.locator("[data-sender]").count() == 0
        assert "vahvistaja" not in page.content()
        fill(page)
        send(page)
        expect(outcome_of(page)).to_contain_text("Lataa sivu uudelleen")
        assert page.goto("/lahettaja/").status == 404  # type: ignore[union-attr]
        context.close()


# Nothing leaks, everybody can use it


def test_client_is_in_no_request_of_the_proving_and_the_sender_in_no_address(page: Page) -> None:
    seen: list[Request] = []

    def see(request: Request) -> None:
        seen.append(request)

    page.context.on("request", see)
    page.goto("/ohjaa/kerho/")
    page.locator("[name=client_name]").fill(CLIENT)
    page.locator("[name=phone]").fill(NUMBER)
    page.locator("[name=note]").fill(NOTE)
    prove(page)
    link = page.context.new_page()
    link.goto(link_in(newest_to(page, MINNA)))
    link.get_by_role("button", name="Vahvista tässä selaimessa").click()
    expect(told(link)).to_contain_text("Palaa lomakkeelle")
    proving = [request for request in seen if "/api/lahettaja" in request.url]
    assert len(proving) == 3
    assert {tuple(sorted(request.post_data_json)) for request in proving} == {
        ("email", "key", "language", "proof", "website"),
        ("code", "email", "key"),
        ("token",),
    }
    token = (kept(page) or {})["token"]
    sent = [f"{one.url.partition('#')[0]} {one.headers}" for one in seen if "/_posti/" not in one.url]
    assert not [one for one in sent if "minna" in one or token in one or "t=" in one]
    assert not leaks("\n".join(f"{one.url} {one.headers} {one.post_data}" for one in seen))


STATES = ("asking", "asked", "proven", "link", "done", "none")


def in_state(page: Page, state: str, language: str = "") -> None:
    page.goto(f"{language}/ohjaa/kerho/")
    if state in ("asked", "proven", "link", "done"):
        page.locator("[name=sender_email]").fill(MINNA)
        page.locator("[data-sender-ask]").click()
        expect(page.locator("[data-sender-code]")).to_be_visible()
    mail = newest_to(page, MINNA) if state in ("proven", "link", "done") else ""
    if state == "proven":
        page.locator("[data-sender-code] input").fill(link_in(mail.replace(f"{language}/lahettaja", "/lahettaja")))
        page.locator("[data-sender-use]").click()
        expect(proven(page)).to_be_visible()
    if state in ("link", "done"):
        page.goto(link_in(mail.replace(f"{language}/lahettaja", "/lahettaja")).replace("/lahettaja", f"{language}/lahettaja"))
    if state == "done":
        page.locator("[data-sender-confirm] button").click()
        expect(proven(page)).to_be_visible()
    if state == "none":
        page.goto(f"{language}/lahettaja/")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_can_be_used_by_everybody(page: Page, state: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    in_state(page, state)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = [
        box
        for one in page.locator("[data-sender] button:visible, [data-sender-page] button:visible").all()
        if (box := one.bounding_box()) and box["height"] < 44
    ]
    assert small == []


@pytest.mark.parametrize("language", ["/sv", "/en"])
def test_round_works_in_every_language(page: Page, language: str) -> None:
    in_state(page, "done", language)
    assert (kept(page) or {})["email"] == MINNA
    page.goto(f"{language}/ohjaa/kerho/")
    expect(proven(page)).to_contain_text(MINNA)
