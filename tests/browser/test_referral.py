"""The contact request in a browser, against the function behind `tarjotin serve`: request, mail, failures, answer, tray."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from generator.pipeline import Settings
from generator.serve import Preview, make_app
from tests.builders import TODAY, WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PHONE = "040 765 4321"


@dataclass(frozen=True)
class Served:
    address: str


def region(target: Path) -> Path:
    """Two associations that take requests, in sample content whose day is fixed."""
    organisations = {
        slug: written_organisation(
            name=name,
            contacts=[{"role": "Toimisto", "phone": phone}],
            activities=[{"id": "kerho", "name": "Kerho"}, {"id": "ryhma", "name": "Ryhmä"}],
            referral=WRITTEN_REFERRAL,
        )
        for slug, name, phone in (("kerho", "Kerho ry", "017 000 0001"), ("seura", "Seura ry", "017 000 0002"))
    }
    project = write_project(target, organisations, sample=TODAY)
    private = project / "content" / "private"
    private.mkdir()
    for slug in organisations:
        lines = f"referral_email: ohjaus@{slug}.example.fi\ndata_maintainers: [toimisto@{slug}.example.fi]\n"
        (private / f"{slug}.yaml").write_text(lines, "utf-8")
    return project


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    preview = Preview(Settings(region(tmp_path_factory.mktemp("served") / "project"), TODAY, is_preview=True))
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
    yield Served(address)
    server.force_exit = True
    server.should_exit = True
    thread.join(10)


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


def set_mood(page: Page, mood: str) -> None:
    other = page.context.new_page()
    other.goto("/_posti/")
    other.locator("#mood").select_option(mood)
    other.get_by_role("button", name="Vaihda").click()
    other.close()


def mails(page: Page) -> list[str]:
    """The texts of the mails so far, newest first."""
    other = page.context.new_page()
    other.goto("/_posti/")
    texts = other.locator(".mail-text").all_inner_texts()
    other.close()
    return texts


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
