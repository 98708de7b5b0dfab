"""The contact request in a browser, against the function behind `tarjotin serve`: request, mail, failures, answer, tray."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from generator.pipeline import Settings
from generator.preview.serve import Preview, make_app
from tests.browser.mailbox import mails, set_mood
from tests.builders import TODAY, WRITTEN_POLICY, WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = pytest.mark.browser
PHONE = "040 765 4321"


@dataclass(frozen=True)
class Served:
    address: str
    preview: Preview


def region(target: Path, **site: Any) -> Path:
    """Two associations that take requests, in sample content whose day is fixed. Senders are not verified, unless asked."""
    organisations = {
        slug: written_organisation(
            name=name,
            contacts=[{"role": "Toimisto", "phone": phone}],
            activities=[{"id": "kerho", "name": "Kerho"}, {"id": "ryhma", "name": "Ryhmä"}],
            referral=WRITTEN_REFERRAL,
        )
        for slug, name, phone in (("kerho", "Kerho ry", "017 000 0001"), ("seura", "Seura ry", "017 000 0002"))
    }
    project = write_project(target, organisations, sample=TODAY, **{"referral": WRITTEN_POLICY, **site})
    private = project / "content" / "private"
    private.mkdir()
    for slug in organisations:
        lines = f"referral_email: ohjaus@{slug}.example.fi\ndata_maintainers: [toimisto@{slug}.example.fi]\n"
        (private / f"{slug}.yaml").write_text(lines, "utf-8")
    return project


@contextmanager
def serving(project: Path) -> Iterator[Served]:
    preview = Preview(Settings(project, TODAY, is_preview=True))
    preview.rebuild()
    assert preview.problems == []
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = make_app(preview, asyncio.Event(), address)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield Served(address, preview)
    finally:
        server.force_exit = True
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(region(tmp_path_factory.mktemp("served") / "project")) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    context = chromium.new_context(base_url=served.address)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    # The preview's script keeps a stream open, which belongs to the preview and not to the page.
    context.route("**/_esikatselu/*", lambda route: route.abort())
    yield context.new_page()
    context.close()


def fill(page: Page) -> None:
    page.get_by_label("Nimesi tai tehtävänimikkeesi").fill("Hoitaja")
    page.locator("[name=sender_unit]").fill("Terveysasema")
    page.locator("[name=sender_email]").fill("hoitaja@hva.example.fi")
    page.locator("[name=phone]").fill(PHONE)
    for association in page.locator("[data-association]").all():
        association.locator("[value=kerho]").check()
        association.locator("[name=consent]").check()


def send(page: Page) -> None:
    page.locator("form[data-referral] button[type=submit]").click()


def test_request_becomes_one_mail_and_its_answer_comes_back(page: Page) -> None:
    before = len(mails(page))
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    outcome = page.locator("[data-association] [data-outcome]")
    expect(outcome).to_contain_text(re.compile(r"HT-\w{4}-\w{2}"))
    reference = re.search(r"HT-\w{4}-\w{2}", outcome.inner_text())
    assert reference
    page.get_by_role("button", name="Kopioi").click()
    expect(outcome).to_contain_text("kopioitu")
    record = page.evaluate("navigator.clipboard.readText()")
    assert reference[0] in record
    assert PHONE not in record
    [mail] = mails(page)[: len(mails(page)) - before]
    assert PHONE.replace(" ", "") in mail.replace(" ", "")
    link = re.search(r"http\S+/vastaa/#\S+\.contacted", mail)
    assert link
    page.goto(link[0])
    expect(page.locator("[name=answer][value=contacted]")).to_be_checked()
    assert len(mails(page)) == before + 1  # opening the link has sent nothing
    page.locator("form[data-answer] button[type=submit]").click()
    expect(page.locator("form[data-answer] [data-outcome]")).not_to_be_empty()
    newest = mails(page)
    assert len(newest) == before + 2
    assert reference[0] in newest[0]
    assert PHONE.replace(" ", "") not in newest[0].replace(" ", "")


def test_request_that_was_not_sent_keeps_its_fields_and_goes_once_when_tried_again(page: Page) -> None:
    before = len(mails(page))
    set_mood(page, "not_sent")
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    outcome = page.locator("[data-association] [data-outcome]")
    expect(outcome).to_contain_text("Ei lähetetty")
    expect(outcome).to_contain_text("017 000 0001")
    assert page.locator("[name=phone]").input_value() == PHONE
    set_mood(page, "ok")
    send(page)
    expect(outcome).to_contain_text("HT-")
    assert len(mails(page)) == before + 1


def test_request_without_confirmation_says_so_and_is_not_sent_again(page: Page) -> None:
    before = len(mails(page))
    set_mood(page, "uncertain")
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    outcome = page.locator("[data-association] [data-outcome]")
    expect(outcome).to_contain_text("älä lähetä uudelleen")
    set_mood(page, "ok")
    send(page)
    expect(outcome).to_contain_text("älä lähetä uudelleen")
    assert len(mails(page)) == before + 1


def test_mailbox_keeps_how_the_next_mails_are_to_go(page: Page) -> None:
    page.goto("/_posti/")
    page.get_by_label("Postipalvelu").select_option("not_sent")
    with page.expect_navigation():
        page.get_by_role("button", name="Vaihda").click()
    expect(page.get_by_label("Postipalvelu")).to_have_value("not_sent")
    set_mood(page, "ok")
    page.reload()
    expect(page.get_by_label("Postipalvelu")).to_have_value("ok")


def test_faults_are_told_in_a_summary_that_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    send(page)
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    assert page.title().startswith("Virhe: ")
    summary.get_by_role("link").first.click()
    expect(page.locator("[name=sender_name]")).to_be_focused()
    expect(page.locator("[name=sender_name]")).to_have_attribute("aria-invalid", "true")


def test_someone_who_asks_for_themselves_is_not_asked_for_a_work_address(page: Page) -> None:
    page.goto("/ohjaa/kerho/#itse")
    expect(page.locator("[name=sender_email]")).to_be_hidden()
    page.locator("[name=phone]").fill("040 111 2222")
    page.locator("[value=ryhma]").check()
    page.locator("[name=consent]").check()
    send(page)
    expect(page.locator("[data-association] [data-outcome]")).to_contain_text("HT-")


def test_tray_sends_a_request_of_its_own_to_each_association_and_is_then_empty(page: Page) -> None:
    before = len(mails(page))
    for slug in ("kerho", "seura"):
        page.goto(f"/jarjesto/{slug}/")
        page.locator(f"[data-tray={slug}]").click()
    expect(page.locator("[data-tray-link]")).to_contain_text("2")
    page.goto("/tarjotin/")
    expect(page.locator("[data-association]")).to_have_count(2)
    expect(page.locator("[data-tray-list] h2")).to_have_text(["Kerho ry", "Seura ry"])
    fill(page)
    send(page)
    for outcome in page.locator("[data-association] [data-outcome]").all():
        expect(outcome).to_contain_text("HT-")
    assert len(mails(page)) == before + 2
    assert page.evaluate("sessionStorage.getItem('tarjotin')") == "[]"


def test_nothing_about_the_client_is_left_in_storage_or_addresses(page: Page) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    expect(page.locator("[data-association] [data-outcome]")).to_contain_text("HT-")
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    digits = PHONE.replace(" ", "")
    assert digits not in kept.replace(" ", "")
    assert not [address for address in addresses if digits in address.replace("%20", "").replace("+", "")]


# What comes between the page and the function


def outcome_of(page: Page) -> Any:
    return page.locator("[data-association] [data-outcome]")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (504, "<html>Gateway Timeout</html>", "Emme saaneet vahvistusta"),
        (503, '{"message": "Service Unavailable"}', "Emme saaneet vahvistusta"),
        (429, '{"message": "Too Many Requests"}', "Pyyntöjä on tullut nyt liikaa"),
        (403, "<html>Request blocked</html>", "Ei lähetetty"),
    ],
)
def test_answer_that_is_not_the_functions_is_not_taken_for_a_refusal_to_send(
    page: Page, status: int, body: str, told: str
) -> None:
    page.route("**/api/ohjaus", lambda route: route.fulfill(status=status, body=body))
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    expect(outcome_of(page)).to_contain_text(told)


def test_cancellation_tells_whether_it_arrived(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    page.route("**/api/peruutus", lambda route: route.fulfill(status=503, json={}))
    for _ in range(2):
        page.get_by_role("button", name="Peru pyyntö").click()
        expect(outcome_of(page).get_by_text("Peruutus ei ehkä mennyt perille. Soita 017")).to_have_count(1)
    page.unroute("**/api/peruutus")
    page.get_by_role("button", name="Peru pyyntö").click()
    expect(outcome_of(page)).to_contain_text("Peruutus on lähetetty.")
    expect(outcome_of(page)).not_to_contain_text("ei ehkä mennyt perille")
    assert "peru" in mails(page)[0].lower()


def test_browsers_arrow_brings_back_no_tick_of_the_previous_client(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    for name in ("voicemail", "may_name", "consent"):
        page.locator(f"[name={name}]").check()
    page.goto("/tietosuoja/")
    page.go_back()
    expect(page.locator("form[data-referral]")).to_be_visible()
    assert page.locator("form[data-referral] input[type=checkbox]:not([name=tell_late]):checked").count() == 0


def test_skip_link_keeps_what_was_written_on_the_tray(page: Page) -> None:
    page.goto("/tarjotin/#jarjestot=kerho.seura")
    page.locator("[name=phone]").fill(PHONE)
    page.evaluate("location.hash = '#main'")
    page.wait_for_timeout(500)  # a reload would have begun
    expect(page.locator("[name=phone]")).to_have_value(PHONE)


def test_link_of_another_request_in_the_same_tab_answers_that_one(page: Page) -> None:
    asked: list[str] = []
    page.route(
        "**/api/vastaus", lambda route: (asked.append(route.request.post_data_json["token"]), route.fulfill(status=403))[1]
    )
    page.goto("/vastaa/#eka.contacted")
    page.evaluate("location.hash = '#toka.full'")
    expect(page.locator("[name=answer][value=full]")).to_be_checked()
    page.locator("form[data-answer] button[type=submit]").click()
    expect(page.locator("form[data-answer] [data-outcome]")).not_to_be_empty()
    assert asked == ["toka"]


def test_passing_fault_leaves_the_tray_as_it_was(page: Page) -> None:
    page.route("**/jarjesto/kerho/", lambda route: route.fulfill(status=503))
    page.goto("/tarjotin/#jarjestot=kerho.seura")
    expect(page.locator("[data-tray-list] h2")).to_have_text(["Seura ry"])
    page.unroute("**/jarjesto/kerho/")
    page.reload()
    expect(page.locator("[data-tray-list] h2")).to_have_text(["Kerho ry", "Seura ry"])


def test_workstation_that_stores_nothing_has_the_form_and_a_shared_tray(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('x', 'SecurityError'); } })"
    )
    page.goto("/ohjaa/kerho/")
    expect(page.locator("form[data-referral]")).to_be_visible()
    page.goto("/tarjotin/#jarjestot=kerho.seura")
    expect(page.locator("[data-tray-list] h2")).to_have_text(["Kerho ry", "Seura ry"])


def test_lost_connection_is_uncertain_and_none_at_all_is_not_sent(page: Page) -> None:
    page.route("**/api/ohjaus", lambda route: route.abort())
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("Emme saaneet vahvistusta")
    page.context.set_offline(True)
    send(page)
    expect(outcome_of(page)).to_contain_text("Ei lähetetty")
    assert page.locator("[name=phone]").input_value() == PHONE


def test_proof_that_became_too_old_is_made_anew_without_asking(page: Page) -> None:
    before = len(mails(page))
    answers = [{"status": 403, "json": {"code": "proof"}}]

    def once(route: Route) -> None:
        route.fulfill(**answers.pop()) if answers else route.continue_()

    page.route("**/api/ohjaus", once)
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    assert len(mails(page)) == before + 1


def test_data_that_changed_meanwhile_is_shown_and_the_fields_stay(page: Page, served: Served) -> None:
    file = served.preview.settings.root / "content" / "organisations" / "seura.yaml"
    written = file.read_text("utf-8")
    page.goto("/ohjaa/seura/")
    fill(page)
    try:
        file.write_text(written.replace("017 000 0002", "017 000 0009").replace("Ryhmä", "Uusi ryhmä"), "utf-8")
        served.preview.rebuild()
        send(page)
        expect(outcome_of(page)).to_contain_text("Järjestö on muuttanut tietojaan")
        expect(page.get_by_text("Uusi ryhmä")).to_be_visible()
        expect(page.locator("[data-told=plan-b]")).to_contain_text("017 000 0009")
        assert page.locator("[name=phone]").input_value() == PHONE
        assert page.locator("[value=kerho]").is_checked()
        assert not page.locator("[name=consent]").is_checked()
        page.locator("[name=consent]").check()
        send(page)
        expect(outcome_of(page)).to_contain_text("HT-")
    finally:
        file.write_text(written, "utf-8")
        served.preview.rebuild()


# Without a mouse, without a script, without the previous client


def test_request_is_made_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    typed = {
        "sender_name": "Hoitaja",
        "sender_unit": "Terveysasema",
        "sender_email": "hoitaja@hva.example.fi",
        "phone": PHONE,
    }
    for _ in range(60):
        page.keyboard.press("Tab")
        name, kind = page.evaluate(
            "(({ name, type, form }) => [name, form?.dataset.referral === '' ? type : ''])(document.activeElement)"
        )
        if name in typed:
            page.keyboard.type(typed[name])
        elif name == "consent" or (name or "").startswith("activity-"):
            page.keyboard.press("Space")
        elif kind == "submit":
            break
    page.keyboard.press("Enter")
    expect(outcome_of(page)).to_contain_text("HT-")


def test_without_javascript_the_page_shows_how_to_call_instead_of_a_dead_form(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.address, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/ohjaa/kerho/")
        expect(page.locator("form[data-referral]")).to_be_hidden()
        # The emulation stops scripts but still reads a page as if there were some, so the words are looked for in its source.
        assert "Lomake tarvitsee JavaScriptin." in page.locator("[data-told=plan-b] noscript").inner_html()
        expect(page.get_by_role("link", name="017 000 0001").first).to_be_visible()
        expect(page.get_by_text("Voit sanoa näin")).to_be_visible()
    finally:
        context.close()


def test_page_that_comes_back_from_the_browsers_memory_is_empty(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    fill(page)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.locator("[name=phone]").input_value() == ""
    assert not page.locator("[name=consent]").is_checked()


# On paper, and on the client's own phone


def test_tray_on_paper_has_a_code_for_each_association_that_opens_its_form_for_the_client(page: Page, served: Served) -> None:
    for slug in ("kerho", "seura"):
        page.goto(f"/jarjesto/{slug}/")
        page.locator(f"[data-tray={slug}]").click()
    page.goto("/tarjotin/")
    expect(page.locator("[data-tray-list] img.qr")).to_have_count(2)
    page.emulate_media(media="print")
    for picture in page.locator("img.qr").all():
        picture.evaluate("(image) => image.decode()")
    paper = Image.open(BytesIO(page.screenshot(full_page=True)))
    codes = {code.text for code in zxingcpp.read_barcodes(paper)}
    site = json.loads((served.preview.settings.build / "lambda" / "recipients.json").read_text("utf-8"))["site"]
    assert codes == {f"{site}/ohjaa/kerho/#itse", f"{site}/ohjaa/seura/#itse"}
    for shown in ("Kerho ry", "017 000 0001", "Seura ry", "017 000 0002"):
        expect(page.get_by_text(shown).first).to_be_visible()
    for hidden in ("header", "footer", "form[data-referral]"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_region_that_sends_no_client_data_shows_numbers_and_the_clients_own_way(chromium: Browser, tmp_path: Path) -> None:
    project = region(tmp_path / "project", referral={"protection": "none", "sender_domains": ["hva.example.fi"]})
    with serving(project) as found:
        context = chromium.new_context(base_url=found.address)
        page = context.new_page()
        page.route("**/_esikatselu/*", lambda route: route.abort())
        page.goto("/ohjaa/kerho/")
        expect(page.get_by_text("Tällä alueella ammattilainen ei lähetä asiakkaan tietoja")).to_be_visible()
        expect(page.locator("[data-own-phone]")).to_be_visible()
        page.locator("[name=sender][value=self]").check()
        expect(page.get_by_text("Tällä alueella ammattilainen ei lähetä asiakkaan tietoja")).to_be_hidden()
        page.locator("[name=phone]").fill("040 111 2222")
        page.locator("[value=ryhma]").check()
        page.locator("[name=consent]").check()
        send(page)
        expect(outcome_of(page)).to_contain_text("HT-")
        context.close()


def test_group_that_is_full_can_be_marked_full_for_eight_weeks(page: Page) -> None:
    page.goto("/ohjaa/kerho/")
    fill(page)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")
    link = re.search(r"http\S+/vastaa/#\S+\.full", mails(page)[0])
    assert link
    page.goto(link[0])
    page.locator("form[data-answer] button[type=submit]").click()
    page.clock.set_fixed_time("2026-11-23T12:00:00Z")
    page.get_by_role("link", name="Merkitse ryhmä täydeksi").click()
    marked = page.locator(".item[data-key=activities]").filter(has=page.locator("input[value=full]:checked"))
    expect(marked).to_have_count(1)
    assert marked.locator('[data-key="activities.capacity.until"] input').input_value() == "2027-01-18"
    page.get_by_role("button", name="Tarkista muutokset").click()
    expect(page.locator("[data-view=review]")).to_contain_text("Kerho")


def run_reminders(page: Page) -> list[str]:
    """The texts of what the button of the mailbox has sent, newest first."""
    before = len(mails(page))
    page.goto("/_posti/")
    with page.expect_navigation():
        page.get_by_role("button", name="Aja muistutukset").click()
    found = mails(page)
    return found[: len(found) - before]


def sent_to(page: Page, slug: str, *, tell: bool) -> None:
    page.goto(f"/ohjaa/{slug}/")
    fill(page)
    page.get_by_label("Kerro minulle, jos yhdistys ei vastaa ajoissa").set_checked(tell)
    send(page)
    expect(outcome_of(page)).to_contain_text("HT-")


@pytest.fixture
def _nothing_waits(page: Page) -> None:
    """What other tests have left has been reminded of."""
    run_reminders(page)


@pytest.mark.usefixtures("_nothing_waits")
def test_unanswered_request_is_reminded_once_and_the_professional_hears_when_wanted(page: Page) -> None:
    sent_to(page, "kerho", tell=True)
    sender, association = run_reminders(page)
    assert "Yhdistys ei ole vastannut" in sender
    assert "Muistutus: yhteydenottopyyntö HT-" in association
    assert PHONE.replace(" ", "") not in (sender + association).replace(" ", "")
    assert run_reminders(page) == []
    sent_to(page, "kerho", tell=False)
    (only,) = run_reminders(page)
    assert "Vastaa alkuperäisen viestin linkeistä." in only


@pytest.mark.usefixtures("_nothing_waits")
def test_no_reminder_comes_after_an_answer(page: Page) -> None:
    sent_to(page, "kerho", tell=True)
    link = re.search(r"http\S+/vastaa/#\S+\.contacted", mails(page)[0])
    assert link
    page.goto(link[0])
    page.locator("form[data-answer] button[type=submit]").click()
    expect(page.locator("form[data-answer] [data-outcome]")).to_contain_text("Kiitos")
    assert run_reminders(page) == []


@pytest.mark.usefixtures("_nothing_waits")
def test_reminders_are_ended_and_started_again_by_one_press_and_not_by_opening_the_page(page: Page) -> None:
    sent_to(page, "seura", tell=False)
    (reminder,) = run_reminders(page)
    link = re.search(r"http\S+/muistutukset/#\S+", reminder)
    assert link
    page.goto(link[0])
    page.wait_for_load_state("networkidle")
    sent_to(page, "seura", tell=False)
    assert len(run_reminders(page)) == 1  # opening the link has ended nothing
    page.goto(link[0])
    page.get_by_role("button", name="Lopeta muistutukset").click()
    expect(page.locator("[data-outcome]")).to_have_text("Muistutukset on lopetettu vuodeksi.")
    sent_to(page, "seura", tell=False)
    assert run_reminders(page) == []
    page.goto(link[0])
    page.get_by_role("button", name="Aloita muistutukset taas").click()
    expect(page.locator("[data-outcome]")).to_have_text("Muistutukset tulevat taas.")
    expect(page.get_by_role("button", name="Lopeta muistutukset")).to_be_enabled()
    sent_to(page, "seura", tell=False)
    assert len(run_reminders(page)) == 1
