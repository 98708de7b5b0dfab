"""The pages on which associations keep their data, against the answers that the function may give."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from generator.content import blob_name, parse_yaml
from generator.pipeline import Settings, build_site
from tests.browser.conftest import Watch, opened, served
from tests.browser.rules import OVERFLOWS, SMALL_TARGETS, violations
from tests.builders import ROOT, TODAY, WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = pytest.mark.browser

HOSTILE = "\"'></script></textarea><img src=x onerror=document.title='taken'><b data-taken>{{7*7}} @everyone `a`"
TOKEN = "abc.DEF-1_2"
TEXT = {"fi": "Torstaisin klo 18", "sv": "Torsdagar kl. 18", "en": "Thursdays at 6 pm"}


def club(**changes: Any) -> dict[str, Any]:
    return written_organisation(
        **{
            "name": "Kallaveden Esimerkkikerho ry",
            "contacts": [{"role": "Toimisto", "phone": "017 000 0101"}, {"role": "Sihteeri", "email": "sihteeri@example.fi"}],
            "activities": [
                {"id": "kerho", "name": "Kerho", "when": TEXT, "capacity": {"status": "open"}},
                {"id": "ryhma", "name": "Ryhmä", "needs": ["diabetes"], "municipalities": "koko-alue"},
            ],
            "pauses": [{"from": "2026-12-20", "to": "2027-01-06"}],
            "referral": WRITTEN_REFERRAL,
            **changes,
        }
    )


@dataclass(frozen=True)
class Region:
    address: str
    folder: Path

    def written(self, slug: str) -> dict[str, Any]:
        return parse_yaml(self.file(slug).read_text("utf-8"))

    def blob(self, slug: str) -> str:
        return blob_name(self.file(slug).read_bytes())

    def file(self, slug: str) -> Path:
        return self.folder / "content" / "organisations" / f"{slug}.yaml"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Region]:
    associations = {
        "kerho": club(),
        "vihainen": club(name=HOSTILE[:110], contacts=[{"role": HOSTILE[:70], "phone": "017 000 0102"}]),
        "suljettu": club(status="closed", activities=[], referral=None),
    }
    folder = write_project(tmp_path_factory.mktemp("edit") / "project", associations, sample=TODAY)
    private = folder / "content" / "private"
    private.mkdir()
    for slug in associations:
        (private / f"{slug}.yaml").write_text("referral_email: a@example.fi\ndata_maintainers: [b@example.fi]\n", "utf-8")
    build_site(Settings(folder, TODAY))
    with served(folder / "build" / "site") as address:
        yield Region(address, folder)


CHALLENGE = {"parameters": {"cost": 1, "keyLength": 32, "keyPrefix": "", "nonce": "00", "salt": "00"}, "signature": "s"}


@dataclass
class Function:
    """What stands in for the function: it answers as it is told, by path, and remembers what it was asked."""

    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        path = route.request.url.partition("/api/")[2].partition("?")[0]
        if path == "haaste":
            route.fulfill(json={"challenge": CHALLENGE})
            return
        self.asked.append((path, json.loads(route.request.post_data or "{}")))
        status, body = self.answers.get(path, (503, {"code": "not_saved"}))
        if status:
            route.fulfill(status=status, json=body)
        else:
            route.abort()

    def said(self, path: str) -> dict[str, Any]:
        """The body of the last request to a path."""
        return [body for asked, body in self.asked if asked == path][-1]

    def waiting(self, **more: Any) -> None:
        self.answers["muokkaus"] = (202, {"code": "waiting", "reference": "ME-ABCD-23", "changes": [], "merged": [], **more})


@pytest.fixture
def function() -> Function:
    return Function()


@pytest.fixture
def page(chromium: Browser, region: Region, function: Function) -> Iterator[Page]:
    """A page on which the function answers, and nothing that was written has become markup."""
    with opened(chromium, region.address, locale="fi-FI", timezone_id="Europe/Helsinki") as (page, watch):
        page.route("**/api/**", function)
        yield page
        assert own_faults(watch) == []
        assert page.locator("[data-taken], img[src=x]").count() == 0


def own_faults(watch: Watch) -> list[str]:
    """The browser tells of every answer that is not 2xx; those are what the tests are about."""
    return [one for one in watch.faults if "Failed to load resource" not in one]


def opens(page: Page, path: str = "/muokkaa/kerho/", token: str = TOKEN) -> None:
    page.goto(f"{path}#t={token}" if token else path)
    expect(page.locator("[data-form] h2, [data-view=start] h2, [data-view=draft] h2").locator("visible=true")).to_have_count(1)


def item(page: Page, part: str, at: int) -> Locator:
    """An item of a list, opened."""
    found = page.locator(f"[data-part={part}] [data-items] > .item").nth(at)
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def answer(around: Locator, path: str, said: str) -> None:
    around.locator(f'[data-path="{path}"]').locator("input, textarea, select").first.fill(said)


def part(page: Page, name: str) -> Locator:
    found = page.locator(f"[data-part={name}] > .item")
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def check(page: Page) -> None:
    page.locator("[data-form] > p > button[type=submit]").click()


def send(page: Page) -> None:
    page.locator("[data-send]").click()


def told(page: Page) -> list[str]:
    """The summary's lines, words only."""
    return [re.sub(r"\s+", " ", line) for line in page.locator("[data-changes] > div").all_inner_texts()]


# Filling and reading


def test_form_that_nobody_touched_says_exactly_what_was_written(page: Page) -> None:
    files = sorted((ROOT / "content" / "organisations").glob("*.yaml"))
    everything = [parse_yaml(file.read_text("utf-8")) for file in files]
    opens(page)
    read_back = page.evaluate(
        """(everything) => everything.map((written) => {
          const root = document.querySelector("[data-edit]");
          edit.document.fill(root, written);
          return edit.document.read(root, written);
        })""",
        everything,
    )
    assert len(everything) > 40
    assert [file.name for file, one, back in zip(files, everything, read_back, strict=True) if one != back] == []


def test_nothing_to_send_is_said_before_sending(page: Page) -> None:
    opens(page)
    check(page)
    expect(page.locator("[data-unchanged]")).to_be_visible()
    expect(page.locator("[data-send]")).to_be_hidden()


def test_change_of_a_phone_number_is_summed_up_and_sent_as_the_only_difference(
    page: Page, function: Function, region: Region
) -> None:
    function.waiting()
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    expect(page.get_by_role("heading", name="Näin tiedot muuttuvat")).to_be_focused()
    assert told(page) == ["Yhteystiedot: Toimisto Puhelin Ennen 017 000 0101 Nyt 017 000 0199"]
    page.locator("#note").fill("Uusi numero 1.12. alkaen")
    send(page)
    expect(page.get_by_role("heading", name="Muutos odottaa hyväksyntää")).to_be_focused()
    expect(page.locator("[data-told]")).to_contain_text("ME-ABCD-23")
    body = function.said("muokkaus")
    wanted = region.written("kerho")
    wanted["contacts"][0]["phone"] = "017 000 0199"
    assert body.pop("written") == wanted
    assert re.fullmatch(r"[0-9a-f-]{36}", body.pop("key"))
    assert body.pop("proof")
    assert body == {
        "slug": "kerho",
        "base": region.blob("kerho"),
        "token": TOKEN,
        "note": "Uusi numero 1.12. alkaen",
        "website": "",
    }


def change_capacity(page: Page) -> None:
    activity = item(page, "activities", 0)
    activity.get_by_label("Täynnä").check()
    answer(activity, "capacity.until", "2027-01-31")


def change_season(page: Page) -> None:
    activity = item(page, "activities", 1)
    answer(activity, "season.from", "2026-09-01")
    answer(activity, "season.to", "2027-05-15")


def change_translation(page: Page) -> None:
    page.get_by_label("Näytä ruotsinkieliset kohdat").check()
    part(page, "basics").locator("#basics-pitch-sv").fill("Kom som du är.")


def stop_requests(page: Page) -> None:
    part(page, "referral").locator("[data-switch]").uncheck()


def take_requests_for_one(page: Page) -> None:
    item(page, "activities", 0).get_by_label("Tähän toimintaan voi lähettää").uncheck()


def choose_places(page: Page) -> None:
    activity = item(page, "activities", 1)
    municipalities = activity.locator('[data-path="municipalities"]')
    municipalities.locator("summary").click()
    municipalities.locator("[data-find]").fill("SIIL")
    expect(municipalities.locator("li:visible")).to_have_count(1)
    municipalities.get_by_label("Siilinjärvi").check()
    expect(municipalities.locator("[data-chosen]")).to_have_text("Siilinjärvi")


def become_national(page: Page) -> None:
    part(page, "basics").get_by_label("Koko maassa").check()


def add_contact(page: Page) -> None:
    page.get_by_role("button", name="Lisää yhteystieto").click()
    contact = item(page, "contacts", 2)
    answer(contact, "role", "Varapuheenjohtaja")
    answer(contact, "phone", "017 000 0103")


def remove_pause(page: Page) -> None:
    item(page, "pauses", 0).get_by_role("button", name="Poista").click()


def duplicate_activity(page: Page) -> None:
    item(page, "activities", 0).get_by_role("button", name="Kopioi pohjaksi").click()
    copy = item(page, "activities", 1)
    answer(copy, "name", "Kerho")


def move_activity(page: Page) -> None:
    item(page, "activities", 1).get_by_role("button", name="Siirrä ylös").click()
    expect(item(page, "activities", 0).get_by_role("button", name="Siirrä ylös")).to_be_focused()


def own_contact(page: Page) -> None:
    activity = item(page, "activities", 0)
    activity.get_by_text("Oma yhteystieto").click()
    answer(activity, "contact.role", "Ohjaaja")
    answer(activity, "contact.email", "ohjaaja@example.fi")


COPY = {
    "id": "kerho-2",
    "type": "vertaisryhma",
    "name": "Kerho",
    "summary": "Ryhmässä jutellaan.",
    "needs": ["masennus"],
    "municipalities": ["kuopio"],
    "when": TEXT,
    "capacity": {"status": "open"},
}

# What a person does → what then differs from the file (dotted places; None: it is gone), and what the summary begins with.
CHANGES: dict[str, tuple[Callable[[Page], None], dict[str, Any], str]] = {
    "capacity": (
        change_capacity,
        {"activities.0.capacity": {"status": "full", "until": "2027-01-31"}},
        "Toiminta: Kerho Tilanne nyt Ennen Paikkoja on Nyt Täynnä",
    ),
    "season": (
        change_season,
        {"activities.1.season": {"from": "2026-09-01", "to": "2027-05-15"}},
        "Toiminta: Ryhmä Kauden ensimmäinen päivä Ennen (tyhjä) Nyt 1.9.2026",
    ),
    "translation": (
        change_translation,
        {"pitch": {"fi": "Voit tulla mukaan sellaisena kuin olet.", "sv": "Kom som du är."}},
        "Esittelylause (ruotsiksi) Ennen (tyhjä) Nyt Kom som du är.",
    ),
    "no requests any more": (stop_requests, {"referral": None}, "Yhteydenottopyynnöt Poistettu"),
    "requests for one": (
        take_requests_for_one,
        {"referral.activities": ["ryhma"]},
        "Yhteydenottopyynnöt Toiminnat, joihin voi lähettää pyynnön Ennen (kaikki) Nyt Ryhmä",
    ),
    "places": (choose_places, {"activities.1.municipalities": ["siilinjarvi"]}, "Toiminta: Ryhmä Kunnat Ennen Koko Pohjois-Savo"),
    "national": (
        become_national,
        {"scope": "national", "activities.0.municipalities": None, "activities.1.municipalities": None},
        "Toiminta: Kerho Kunnat Ennen Kuopio Nyt (tyhjä)",
    ),
    "new contact": (
        add_contact,
        {"contacts.2": {"role": "Varapuheenjohtaja", "phone": "017 000 0103"}},
        "Yhteystiedot: Varapuheenjohtaja Lisätty",
    ),
    "no pause": (remove_pause, {"pauses": None}, "Tauot: 20.12.2026–6.1.2027 Poistettu"),
    "copy": (duplicate_activity, {"activities.1": COPY}, "Toiminta: Kerho Lisätty"),
    "order": (move_activity, {"activities": "turned"}, "Toiminta Järjestys vaihtui"),
    "own contact": (
        own_contact,
        {"activities.0.contact": {"role": "Ohjaaja", "email": "ohjaaja@example.fi"}},
        "Toiminta: Kerho Tehtävä Ennen (tyhjä) Nyt Ohjaaja",
    ),
}


def put(written: dict[str, Any], place: str, value: Any) -> None:
    *around, last = place.split(".")
    inner: Any = written
    for step in around:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    if last.isdigit():
        inner.insert(int(last), value)
    elif value is None:
        del inner[last]
    else:
        inner[last] = inner[last][::-1] if value == "turned" else value


@pytest.mark.parametrize(("do", "differences", "line"), CHANGES.values(), ids=CHANGES)
def test_what_a_person_does_is_what_differs(
    page: Page, function: Function, region: Region, do: Callable[[Page], None], differences: dict[str, Any], line: str
) -> None:
    function.waiting()
    opens(page)
    do(page)
    check(page)
    expect(page.locator("[data-view=review]")).to_be_visible()
    assert any(one.startswith(line) for one in told(page)), told(page)
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()
    wanted = region.written("kerho")
    for place, value in differences.items():
        put(wanted, place, value)
    assert function.said("muokkaus")["written"] == wanted


def test_removed_activity_comes_back_where_it_was(page: Page) -> None:
    opens(page)
    item(page, "activities", 0).get_by_role("button", name="Poista").click()
    expect(page.locator("[data-part=activities] [data-items] > .item")).to_have_count(1)
    undo = page.get_by_role("button", name="Peru poisto")
    expect(undo).to_be_focused()
    undo.click()
    check(page)
    expect(page.locator("[data-unchanged]")).to_be_visible()


def test_preview_follows_what_is_typed(page: Page) -> None:
    opens(page)
    answer(part(page, "basics"), "pitch", "Uusi lause.")
    change_capacity(page)
    card = page.locator("[data-preview] .card")
    expect(card.locator(".card-pitch")).to_have_text("Uusi lause.")
    expect(card.locator(".capacity")).to_have_text("Täynnä 31.1.2027 asti")
    expect(card.locator(".contact")).to_contain_text("017 000 0101")
    expect(card.locator("a, button")).to_have_count(0)


def test_text_that_leaves_its_translations_behind_is_told(page: Page) -> None:
    opens(page)
    answer(item(page, "activities", 0), "when", "Perjantaisin klo 12")
    check(page)
    expect(page.locator("[data-stale] p")).to_have_text(
        ["Ruotsinkielinen teksti on ennallaan. Tarkistakaa sekin.", "Englanninkielinen teksti on ennallaan. Tarkistakaa sekin."]
    )


def test_more_contacts_than_fit_cannot_be_added(page: Page) -> None:
    opens(page)
    add = page.get_by_role("button", name="Lisää yhteystieto")
    for _ in range(6):
        add.click()
    expect(add).to_be_hidden()


# What is wrong


def empty_role(page: Page) -> None:
    answer(item(page, "contacts", 1), "role", "")


def full_without_end(page: Page) -> None:
    item(page, "activities", 0).get_by_label("Täynnä").check()


def too_long(page: Page) -> None:
    answer(part(page, "basics"), "pitch", "a" * 151)


def unreachable(page: Page) -> None:
    answer(item(page, "contacts", 1), "email", "")


def name_without_permission(page: Page) -> None:
    answer(item(page, "contacts", 0), "name", "Maija Esimerkki")


def half_a_season(page: Page) -> None:
    answer(item(page, "activities", 0), "season.to", "2027-05-15")


def nowhere(page: Page) -> None:
    municipalities = item(page, "activities", 0).locator('[data-path="municipalities"]')
    municipalities.locator("summary").click()
    municipalities.get_by_label("Kuopio").uncheck()


def swedish_alone(page: Page) -> None:
    page.get_by_label("Näytä ruotsinkieliset kohdat").check()
    item(page, "activities", 1).locator('[data-path="where"] [data-tongue=sv] input').fill("Torget")


def no_requests_taken(page: Page) -> None:
    for at in (0, 1):
        item(page, "activities", at).get_by_label("Tähän toimintaan voi lähettää").uncheck()


def no_activity(page: Page) -> None:
    for _ in range(2):
        item(page, "activities", 0).get_by_role("button", name="Poista").click()


FAULTS: dict[str, tuple[Callable[[Page], None], str]] = {
    "required": (empty_role, "Täyttäkää tämä kohta: Tehtävä"),
    "until": (full_without_end, "Kertokaa, mihin päivään asti tilanne jatkuu."),
    "too long": (too_long, 'Lyhentäkää kohtaa "Esittelylause". Siihen mahtuu enintään 150 merkkiä.'),
    "no way to reach": (unreachable, "Yhteystiedosta puuttuu puhelin ja sähköposti. Lisätkää ainakin toinen."),
    "name without permission": (name_without_permission, "Henkilön nimi näkyy sivustolla. Merkitkää lupa tai poistakaa nimi."),
    "half a season": (half_a_season, "Täyttäkää tämä kohta: Kauden ensimmäinen päivä"),
    "nowhere": (nowhere, "Valitkaa kunnat, tai merkitkää, että mukaan pääsee puhelimella tai verkossa."),
    "Swedish alone": (swedish_alone, 'Kirjoittakaa kohta "Missä" myös suomeksi.'),
    "requests for nothing": (
        no_requests_taken,
        "Valitkaa ainakin yksi toiminta, johon voi lähettää yhteydenottopyynnön.",
    ),
    "no activity": (no_activity, "Lisätkää ainakin yksi: Toiminta"),
}


@pytest.mark.parametrize(("do", "sentence"), FAULTS.values(), ids=FAULTS)
def test_fault_is_told_in_a_summary_that_leads_to_it(page: Page, do: Callable[[Page], None], sentence: str) -> None:
    opens(page)
    do(page)
    page.evaluate("document.querySelectorAll('.item').forEach((one) => { one.open = false; })")
    check(page)
    summary = page.locator("[data-form] [data-errors]")
    expect(summary).to_be_focused()
    assert page.title().startswith("Virhe: ")
    links = summary.get_by_role("link")
    expect(links).to_have_text([sentence])
    links.first.click()
    focused = page.locator(":focus")
    expect(focused).to_have_count(1)
    if focused.evaluate("(at) => at.matches('input, textarea')"):
        expect(focused).to_have_attribute("aria-invalid", "true")


PROBLEMS = {
    "pitch": '[data-path="pitch"]',
    "pitch.sv": '[data-path="pitch"]',
    "contacts.1.email": '[data-part=contacts] .item:nth-child(2) [data-path="email"]',
    "activities.1.capacity": '[data-part=activities] .item:nth-child(2) [data-path="capacity.status"]',
    "activities.1.needs.0": '[data-part=activities] .item:nth-child(2) [data-path="needs"]',
    "activities.ryhma.when.fi": '[data-part=activities] .item:nth-child(2) [data-path="when"]',
    "activities.0": "[data-part=activities] .item:nth-child(1) .field",
    "pauses.0.to": '[data-part=pauses] [data-path="to"]',
    "referral.promise": '[data-part=referral] [data-path="promise"]',
    "addresses.referral_email": '[data-part=addresses] [data-path="referral_email"]',
    "": "[data-part=basics] .field",
    "nowhere.at.all": "[data-part=basics] .field",
}


@pytest.mark.parametrize(("place", "selector"), PROBLEMS.items(), ids=[place or "whole file" for place in PROBLEMS])
def test_problem_that_the_function_finds_stands_beside_its_field(
    page: Page, function: Function, place: str, selector: str
) -> None:
    function.answers["muokkaus"] = (422, {"code": "invalid", "problems": [{"field": place, "message": f"Korjaa. {HOSTILE}"}]})
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    send(page)
    expect(page.locator("[data-form] [data-errors]")).to_be_focused()
    error = page.locator(selector).first.locator(".field-error")
    expect(error).to_have_text(f"Korjaa. {HOSTILE}")
    expect(error).to_have_attribute("lang", "fi")
    page.locator("[data-form] [data-errors] a").click()
    expect(error).to_be_visible()


# Outcomes

OUTCOMES = {
    "limit": (429, {"code": "limit"}, "Muutoksia on tullut nyt liikaa. Luonnos on tallessa tässä selaimessa."),
    "not saved": (503, {"code": "not_saved"}, "Muutosta ei tallennettu. Luonnos on tallessa tässä selaimessa."),
    "broken": (500, {}, "Muutosta ei tallennettu."),
    "too large": (413, {"code": "too_large"}, "Muutosta ei tallennettu."),
    "no connection": (0, {}, "Muutosta ei tallennettu."),
    "unknown": (422, {"code": "unknown"}, "Järjestöä ei enää löydy."),
    "link": (403, {"code": "link"}, "Muokkauslinkki on vanhentunut"),
    "proof": (403, {"code": "proof"}, "Selain ei ehtinyt varmistaa lähetystä."),
}


@pytest.mark.parametrize(("status", "said", "words"), OUTCOMES.values(), ids=OUTCOMES)
def test_change_that_is_not_taken_is_said_so_and_stays_as_a_draft(
    page: Page, function: Function, status: int, said: dict[str, Any], words: str
) -> None:
    function.answers["muokkaus"] = (status, said)
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    send(page)
    expect(page.locator("[data-view=review] [data-outcome]")).to_contain_text(words)
    assert json.loads(draft(page))["written"]["contacts"][0]["phone"] == "017 000 0199"
    function.waiting()
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()
    first, second = [body for path, body in function.asked if path == "muokkaus"]
    assert first["key"] == second["key"]
    assert page.evaluate("localStorage.getItem('muokkaus:kerho')") is None


def test_second_press_while_sending_does_nothing(page: Page, function: Function) -> None:
    function.waiting()
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('[data-view=review]').requestSubmit()")
    expect(page.locator("[data-view=done]")).to_be_visible()
    assert len(function.asked) == 1


@pytest.mark.parametrize(
    ("status", "said", "heading", "words"),
    [
        (202, {"code": "published", "reference": "ME-ABCD-23", "merged": []}, "Muutos on julkaistu", "muutaman minuutin"),
        (
            202,
            {"code": "waiting", "reference": "ME-ABCD-23", "merged": ["activities.ryhma.when.fi", "website"]},
            "Muutos odottaa hyväksyntää",
            "Toiminta: Ryhmä: Milloin, Verkkosivu. Molemmat muutokset säilyivät.",
        ),
        (200, {"code": "unchanged"}, "Kiitos", "Nämä tiedot on jo julkaistu."),
    ],
    ids=["published", "waiting", "unchanged"],
)
def test_change_that_is_taken_is_said_so(
    page: Page, function: Function, status: int, said: dict[str, Any], heading: str, words: str
) -> None:
    function.answers["muokkaus"] = (status, said)
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    send(page)
    expect(page.get_by_role("heading", name=heading)).to_be_focused()
    expect(page.locator("[data-told]")).to_contain_text(words)


@pytest.mark.parametrize(("code", "words"), [("waiting", "odottaa"), ("published", "on julkaistu"), ("returned", "palautti")])
def test_next_visit_tells_what_became_of_the_change(page: Page, function: Function, code: str, words: str) -> None:
    function.waiting(slug="kerho")
    function.answers["muokkaustila"] = (200, {"code": code})
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    send(page)
    page.get_by_role("button", name="Tee toinen muutos").click()
    expect(page.locator("[data-earlier]")).to_contain_text(words)
    assert function.said("muokkaustila") == {"slug": "kerho", "reference": "ME-ABCD-23"}


# Two editors


def conflicting(region: Region) -> dict[str, Any]:
    """Meanwhile somebody has changed the same phone, another time, and the website."""
    theirs = region.written("kerho")
    theirs["contacts"][0]["phone"] = "017 000 0155"
    theirs["activities"][0]["when"] = {**TEXT, "fi": "Maanantaisin"}
    theirs["website"] = "https://kerho.example.fi"
    return theirs


CONFLICTS = [
    {"field": "contacts.0.phone", "yours": "017 000 0199", "theirs": "017 000 0155"},
    {"field": "activities.kerho.when.fi", "yours": "Perjantaisin", "theirs": "Maanantaisin"},
]


def test_conflict_shows_both_values_and_sends_what_was_chosen_upon_what_is_published(
    page: Page, function: Function, region: Region
) -> None:
    theirs, base = conflicting(region), "f" * 40
    function.answers["muokkaus"] = (409, {"code": "conflict", "base": base, "written": theirs, "conflicts": CONFLICTS})
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    answer(item(page, "activities", 0), "when", "Perjantaisin")
    answer(item(page, "activities", 1), "where", "Tori")
    add_contact(page)
    check(page)
    send(page)
    expect(page.get_by_role("heading", name="Samoja kohtia on muutettu myös muualla")).to_be_focused()
    questions = page.locator("[data-conflicts] fieldset")
    expect(questions.nth(0)).to_contain_text("017 000 0199")
    expect(questions.nth(0)).to_contain_text("017 000 0155")
    questions.nth(1).get_by_label("Maanantaisin").check()
    page.get_by_role("button", name="Jatka", exact=True).click()
    expect(page.locator("[data-view=review]")).to_be_visible()
    assert not any("Milloin" in line or "Verkkosivu" in line for line in told(page))
    function.waiting()
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()
    wanted = theirs
    wanted["contacts"][0]["phone"] = "017 000 0199"
    wanted["contacts"].append({"role": "Varapuheenjohtaja", "phone": "017 000 0103"})
    wanted["activities"][1]["where"] = "Tori"
    body = function.said("muokkaus")
    assert body["written"] == wanted
    assert body["base"] == base


def test_conflict_with_a_removed_activity_can_be_settled_either_way(page: Page, function: Function, region: Region) -> None:
    theirs = region.written("kerho")
    del theirs["activities"][0]
    conflict = {"field": "activities.kerho", "yours": {**COPY, "id": "kerho", "where": "Tori"}, "theirs": None}
    function.answers["muokkaus"] = (409, {"code": "conflict", "base": "e" * 40, "written": theirs, "conflicts": [conflict]})
    opens(page)
    answer(item(page, "activities", 0), "where", "Tori")
    check(page)
    send(page)
    page.locator("[data-conflicts]").get_by_label("(tyhjä)").check()
    page.get_by_role("button", name="Jatka", exact=True).click()
    expect(page.locator("[data-unchanged]")).to_be_visible()


# The draft


def draft(page: Page) -> str:
    """What is kept; a moment after typing."""
    for _ in range(40):
        if found := page.evaluate("localStorage.getItem('muokkaus:kerho')"):
            return str(found)
        page.wait_for_timeout(50)
    pytest.fail("no draft")


def test_draft_is_offered_after_a_crash_and_continued(page: Page, function: Function, region: Region) -> None:
    function.waiting()
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    part(page, "addresses").locator('[data-path="referral_email"] input').fill("uusi@example.fi")
    assert "uusi@example.fi" not in draft(page)
    assert TOKEN not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    again = page.context.new_page()
    again.route("**/api/**", function)
    again.goto("/muokkaa/kerho/")
    expect(again.get_by_role("heading", name="Teillä on keskeneräinen luonnos")).to_be_visible()
    again.get_by_role("button", name="Jatka luonnosta").click()
    check(again)
    assert [line[:40] for line in told(again)] == ["Yhteystiedot: Toimisto Puhelin Ennen 017"]
    send(again)
    expect(again.locator("[data-view=done]")).to_be_visible()
    assert function.said("muokkaus")["base"] == region.blob("kerho")


def test_draft_that_is_discarded_is_gone(page: Page) -> None:
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    assert draft(page)
    page.reload()
    page.get_by_role("button", name="Hylkää luonnos").click()
    expect(page.get_by_role("heading", name="Yhdistyksen tiedot")).to_be_focused()
    assert page.evaluate("localStorage.getItem('muokkaus:kerho')") is None
    check(page)
    expect(page.locator("[data-unchanged]")).to_be_visible()


def test_page_whose_storage_is_forbidden_works_all_the_same(page: Page, function: Function) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })")
    function.waiting()
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()


# The link


def test_code_of_the_link_leaves_the_address_at_once(page: Page) -> None:
    opens(page)
    assert page.url.endswith("/muokkaa/kerho/")
    assert TOKEN not in page.evaluate("JSON.stringify([location.href, history.state, document.referrer])")
    expect(page.locator("[data-part=addresses]")).to_be_visible()
    expect(page.get_by_text("Avasitte sivun ilman muokkauslinkkiä")).to_be_hidden()


def test_without_a_link_the_change_is_sent_as_unverified_and_private_addresses_are_not_asked(
    page: Page, function: Function
) -> None:
    function.waiting()
    opens(page, token="")
    expect(page.get_by_role("heading", name="Avasitte sivun ilman muokkauslinkkiä")).to_be_visible()
    expect(page.locator("[data-part=addresses]")).to_be_hidden()
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    expect(page.get_by_text("Muutos merkitään vahvistamattomaksi.")).to_be_visible()
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()
    assert function.said("muokkaus")["token"] == ""
    assert "addresses" not in function.said("muokkaus")


@pytest.mark.parametrize(
    "pasted",
    [
        TOKEN,
        f" {TOKEN}. ",
        f"{TOKEN[:4]}\n{TOKEN[4:]}",
        f"https://tarjotin.example.fi/muokkaa/kerho/#t={TOKEN}",
        f"<https://tarjotin.example.fi/muokkaa/kerho/#t={TOKEN}>.",
    ],
)
def test_code_can_be_pasted_as_it_comes_from_a_mail(page: Page, function: Function, pasted: str) -> None:
    function.waiting()
    opens(page, token="")
    page.get_by_text("Liitä koodi viestistä").click()
    page.locator("#link-code").fill(pasted)
    page.get_by_role("button", name="Käytä koodia").click()
    expect(page.get_by_text("Avasitte sivun ilman muokkauslinkkiä")).to_be_hidden()
    part(page, "addresses").locator('[data-path="data_maintainers"] textarea').fill("toimisto@example.fi\nsihteeri@example.fi")
    check(page)
    assert told(page) == ["Ketkä pitävät tiedot ajan tasalla toimisto@example.fi, sihteeri@example.fi"]
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()
    body = function.said("muokkaus")
    assert body["token"] == TOKEN
    assert body["addresses"] == {"data_maintainers": ["toimisto@example.fi", "sihteeri@example.fi"]}


def test_link_that_has_expired_brings_back_the_ways_to_get_a_new_one(page: Page, function: Function) -> None:
    function.answers["muokkaus"] = (403, {"code": "link"})
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    check(page)
    send(page)
    expect(page.locator("[data-view=review] [data-outcome]")).to_contain_text("Pyytäkää uusi linkki")
    page.get_by_role("button", name="Palaa muokkaamaan").click()
    expect(page.get_by_text("Pyydä muokkauslinkki sähköpostiin")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "words"),
    [(202, "Jos osoite on yhdistyksen tiedoissa"), (503, "Pyyntöä ei lähetetty"), (0, "Pyyntöä ei lähetetty")],
)
def test_link_is_asked_by_mail(page: Page, function: Function, status: int, words: str) -> None:
    function.answers["muokkauslinkki"] = (status, {"code": "sent_if_known"})
    opens(page, token="")
    page.get_by_text("Pyydä muokkauslinkki sähköpostiin").click()
    ask = page.get_by_role("button", name="Lähetä linkki")
    ask.click()
    expect(page.locator("#link-email-e")).to_be_visible()
    page.locator("#link-email").fill("toimisto@example.fi")
    ask.click()
    expect(page.locator("[data-link-form] [data-outcome]")).to_contain_text(words)
    body = function.said("muokkauslinkki")
    assert body.keys() == {"slug", "email", "key", "proof", "website"}
    assert body["email"] == "toimisto@example.fi"
    expect(page.locator("[data-when=unlinked] a[href='tel:+358170000101']")).to_be_visible()


# Joining


def test_new_association_is_asked_what_for_whom_and_how_and_for_its_commitment(page: Page, function: Function) -> None:
    function.waiting(slug="uusi-esimerkki-ry")
    opens(page, "/muokkaa/uusi/", token="")
    page.get_by_role("button", name="Jatka", exact=True).click()
    expect(page.locator("[data-view=start] [data-errors]")).to_be_focused()
    page.get_by_label("Mitä teette?").fill("Kävelemme yhdessä.")
    page.get_by_label("Kenelle?").fill("Kaikille aikuisille.")
    page.get_by_label("Miten?").select_option("vertaisryhma")
    page.get_by_role("button", name="Jatka", exact=True).click()
    expect(page.locator("[data-form] h2")).to_be_focused()
    basics, contact, activity = part(page, "basics"), item(page, "contacts", 0), item(page, "activities", 0)
    answer(basics, "name", "Uusi Esimerkki ry")
    answer(basics, "pitch", "Voit kävellä kanssamme.")
    answer(basics, "description", "Olemme uusi yhdistys.")
    answer(contact, "role", "Sihteeri")
    answer(contact, "phone", "017 000 0170")
    answer(activity, "name", "Kävelyryhmä Ähtäri")
    for path, label in (("needs", "Masennus ja mieliala"), ("municipalities", "Kuopio")):
        activity.locator(f'[data-path="{path}"] summary').click()
        activity.locator(f'[data-path="{path}"]').get_by_label(label, exact=True).check()
    check(page)
    expect(page.locator("[data-form] [data-errors] a")).to_have_text(["Täyttäkää tämä kohta: Ketkä pitävät tiedot ajan tasalla"])
    part(page, "addresses").locator('[data-path="data_maintainers"] textarea').fill("sihteeri@example.fi")
    check(page)
    expect(page.get_by_role("heading", name="Näin tiedot ilmoitetaan")).to_be_focused()
    send(page)
    expect(page.get_by_text("Ilmoittautuminen tarvitsee sitoumuksen.")).to_be_visible()
    page.get_by_label("Sitoudumme näihin.").check()
    send(page)
    expect(page.locator("[data-told]")).to_contain_text("Koordinaattori ottaa teihin yhteyttä")
    body = function.said("muokkaus")
    assert {name: body[name] for name in ("slug", "base", "token", "commitment", "addresses")} == {
        "slug": "uusi",
        "base": "",
        "token": "",
        "commitment": True,
        "addresses": {"data_maintainers": ["sihteeri@example.fi"]},
    }
    assert body["written"] == {
        "name": "Uusi Esimerkki ry",
        "pitch": "Voit kävellä kanssamme.",
        "description": "Olemme uusi yhdistys.",
        "contacts": [{"role": "Sihteeri", "phone": "017 000 0170"}],
        "activities": [
            {
                "id": "kavelyryhma-ahtari",
                "type": "vertaisryhma",
                "name": "Kävelyryhmä Ähtäri",
                "summary": "Kävelemme yhdessä.",
                "for_whom": "Kaikille aikuisille.",
                "needs": ["masennus"],
                "municipalities": ["kuopio"],
            }
        ],
    }


# In other languages, and with hostile text


@pytest.mark.parametrize(
    ("prefix", "button", "heading"),
    [("/sv", "Granska ändringarna", "Så ändras uppgifterna"), ("/en", "Check the changes", "How the details change")],
)
def test_form_works_in_swedish_and_in_english(
    page: Page, function: Function, region: Region, prefix: str, button: str, heading: str
) -> None:
    function.waiting()
    opens(page, f"{prefix}/muokkaa/kerho/")
    tongue = prefix[1:]
    own = item(page, "activities", 0).locator(f'[data-path="when"] [data-tongue={tongue}] input')
    expect(own).to_be_visible()
    own.fill("?")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=heading)).to_be_focused()
    send(page)
    expect(page.locator("[data-view=done]")).to_be_visible()
    wanted = region.written("kerho")
    wanted["activities"][0]["when"][tongue] = "?"
    assert function.said("muokkaus")["written"] == wanted


def test_hostile_text_stays_text_in_every_field_and_view(page: Page, function: Function, region: Region) -> None:
    opens(page, "/muokkaa/vihainen/")
    expect(page.locator("h1")).to_contain_text("onerror")
    for text in page.locator("[data-form] :is(input[type=text], textarea):visible").all():
        text.fill(HOSTILE[:80])
    activity = item(page, "activities", 0)
    for path in ("name", "summary", "when", "where", "price_note", "accessibility", "for_whom"):
        answer(activity, path, HOSTILE[:79])
    answer(item(page, "contacts", 0), "role", HOSTILE[:79])
    theirs = region.written("vihainen")
    conflict = {"field": f"contacts.0.{HOSTILE}", "yours": HOSTILE, "theirs": {HOSTILE: [HOSTILE]}}
    function.answers["muokkaus"] = (409, {"code": "conflict", "base": "e" * 40, "written": theirs, "conflicts": [conflict]})
    check(page)
    expect(page.locator("[data-changes]")).to_contain_text("onerror")
    send(page)
    expect(page.locator("[data-conflicts]")).to_contain_text("onerror")
    assert page.title() != "taken"


def test_form_that_cannot_be_fetched_says_whom_to_call(page: Page) -> None:
    page.route("**/muokkaa/uusi/", lambda route: route.abort())
    page.goto("/muokkaa/kerho/")
    expect(page.locator("[data-form-failed]")).to_be_visible()
    expect(page.locator("main a[href='tel:+358170000101']")).to_be_visible()


@pytest.mark.parametrize("path", ["/muokkaa/kerho/", "/muokkaa/uusi/", "/vahvista/kerho/", "/osoite/", "/jarjesto/kerho/"])
def test_without_javascript_there_is_a_number_to_call(chromium: Browser, region: Region, path: str) -> None:
    with opened(chromium, region.address, java_script_enabled=False) as (page, watch):
        page.goto(path)
        if path.startswith("/jarjesto"):
            page.get_by_text("Kerro virheestä").click()
        expect(page.locator("main a[href='tel:+358170000101']").locator("visible=true").first).to_be_visible()
        expect(page.locator("main form button:visible")).to_have_count(0)
        assert watch.faults == []


def test_closed_association_has_no_edit_page(page: Page, region: Region) -> None:
    page.goto("/jarjesto/suljettu/")
    expect(page.get_by_text("Muokkaa tietoja")).to_have_count(0)
    assert not (region.folder / "build" / "site" / "muokkaa" / "suljettu").exists()


# Confirming


def test_opening_the_confirmation_or_running_its_scripts_confirms_nothing(page: Page, function: Function) -> None:
    page.goto(f"/vahvista/kerho/#t={TOKEN}")
    assert page.url.endswith("/vahvista/kerho/")
    page.evaluate("document.querySelectorAll('main form').forEach((form) => form.requestSubmit())")
    expect(page.locator("[data-confirmation] [data-errors]")).to_be_focused()
    expect(page.locator("[data-confirmation] [data-errors] a")).to_have_count(4)
    for tick in page.locator("[data-confirmation] input[type=checkbox]").all()[:2]:
        tick.check()
    page.locator("#role").fill("sihteeri")
    page.get_by_role("button", name="Vahvista", exact=True).click()
    expect(page.locator("[data-confirmation] [data-errors] a")).to_have_text(
        ["Merkitkää osa, jos se pitää paikkansa: 3. Toiminta"]
    )
    assert function.asked == []


def confirm(page: Page) -> None:
    page.goto(f"/vahvista/kerho/#t={TOKEN}")
    for tick in page.locator("[data-confirmation] input[type=checkbox]").all():
        tick.check()
    page.locator("#role").fill(" sihteeri ")
    page.get_by_role("button", name="Vahvista", exact=True).click()


def test_confirmation_names_what_was_shown_and_can_be_sent_once(page: Page, function: Function, region: Region) -> None:
    function.answers["vahvistus"] = (202, {"code": "confirmed", "reference": "ME-ABCD-23"})
    confirm(page)
    expect(page.locator("[data-confirmation] [data-outcome]")).to_contain_text("Viite ME-ABCD-23")
    assert function.said("vahvistus") == {
        "token": TOKEN,
        "blob": region.blob("kerho"),
        "parts": ["contacts", "referral", "activities"],
        "role": "sihteeri",
    }
    expect(page.get_by_role("button", name="Vahvista", exact=True)).to_be_disabled()


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (409, "changed", "Tiedot ovat muuttuneet"),
        (403, "link", "Linkki on vanhentunut"),
        (503, "not_saved", "Vahvistusta ei tallennettu"),
        (0, "", "Vahvistusta ei tallennettu"),
    ],
)
def test_confirmation_that_is_not_taken_is_said_so(page: Page, function: Function, status: int, code: str, words: str) -> None:
    function.answers["vahvistus"] = (status, {"code": code})
    confirm(page)
    expect(page.locator("[data-confirmation] [data-outcome]")).to_contain_text(words)
    expect(page.get_by_role("button", name="Vahvista", exact=True)).to_be_enabled()
    expect(page.locator("[data-code-form]")).to_be_visible(visible=code == "link")


def test_confirmation_shows_the_data_as_it_is_published(page: Page) -> None:
    page.goto("/vahvista/kerho/")
    blocks = page.locator("[data-confirmation] section")
    expect(blocks.nth(0)).to_contain_text("017 000 0101")
    expect(blocks.nth(1)).to_contain_text("Soitamme.")
    expect(blocks.nth(2).get_by_role("heading", level=3)).to_have_text(["Kerho", "Ryhmä"])
    expect(page.locator("[data-code-form]")).to_be_visible()


def test_mailbox_is_confirmed_by_a_press_and_not_by_opening_the_page(page: Page, function: Function) -> None:
    function.answers["osoite"] = (202, {"code": "confirmed"})
    page.goto(f"/osoite/#t={TOKEN}")
    expect(page.get_by_role("button", name="Vahvista osoite")).to_be_visible()
    assert function.asked == []
    page.get_by_role("button", name="Vahvista osoite").click()
    expect(page.locator("[data-address] [data-outcome]")).to_have_text("Kiitos! Osoite on vahvistettu.")
    assert function.asked == [("osoite", {"token": TOKEN})]


@pytest.mark.parametrize(
    ("status", "code", "words"), [(403, "link", "Linkki on vanhentunut"), (503, "", "Vahvistusta ei tallennettu")]
)
def test_mailbox_that_could_not_be_confirmed_is_said_so(
    page: Page, function: Function, status: int, code: str, words: str
) -> None:
    function.answers["osoite"] = (status, {"code": code})
    page.goto("/osoite/")
    expect(page.get_by_role("button", name="Vahvista osoite")).to_be_hidden()
    page.get_by_label("Koodi", exact=True).fill(TOKEN)
    page.get_by_role("button", name="Käytä koodia").click()
    page.get_by_role("button", name="Vahvista osoite").click()
    expect(page.locator("[data-address] [data-outcome]")).to_contain_text(words)


# Approving


def proposal(**changes: Any) -> dict[str, Any]:
    return {
        "id": "muokkaus/kerho",
        "head": "a" * 40,
        "slug": "kerho",
        "name": "Kallaveden Esimerkkikerho ry",
        "title": "[kerho] Muuttaa tietoja: yhteystiedot",
        "is_verified": True,
        "opened_on": "2026-11-20",
        "changes": [{"field": "contacts.0.phone", "before": "017 000 0101", "after": "017 000 0199"}],
        "problems": [],
        "duplicates": [],
        "awaiting": [],
        "written": club(),
        **changes,
    }


def approve_page(page: Page, function: Function, *proposals: dict[str, Any]) -> Locator:
    function.answers["hyvaksynta"] = (200, {"proposals": list(proposals)})
    page.goto(f"/hyvaksynta/#t={TOKEN}")
    expect(page.locator("[data-count]")).not_to_have_text("Haetaan…")
    function.answers["hyvaksynta"] = (200, {"code": "done"})
    return page.locator(".proposal")


def test_coordinator_sees_what_waits_field_by_field(page: Page, function: Function) -> None:
    first = proposal(
        changes=[
            {"field": "contacts.0.phone", "before": "017 000 0101", "after": "017 000 0199"},
            {"field": "activities.kerho.when.sv", "before": None, "after": "Torsdagar"},
            {"field": "activities.kerho.needs", "before": ["masennus"], "after": ["masennus", "diabetes"]},
            {"field": "activities", "before": ["kerho", "ryhma"], "after": ["ryhma", "kerho"]},
            {"field": "activities.kerho.remote", "before": None, "after": "true"},
        ],
        is_verified=False,
        problems=[{"field": "activities.0.needs", "message": "Liikaa tarpeita.", "severity": "warning"}],
        duplicates=[{"slug": "vihainen", "name": "Vihainen ry"}],
        awaiting=["register_check"],
    )
    found = approve_page(page, function, first, proposal(id="muokkaus/toinen", name="Toinen ry"))
    assert function.said("hyvaksynta") == {"token": TOKEN, "action": "list"}
    expect(page.locator("[data-count]")).to_have_text("2 muutosta odottaa.")
    rows = [re.sub(r"\s+", " ", row) for row in found.nth(0).locator("[data-changes] > div").all_inner_texts()]
    assert rows == [
        "Yhteystiedot: Toimisto Puhelin Ennen 017 000 0101 Nyt 017 000 0199",
        "Toiminta: Kerho Milloin (ruotsiksi) Ennen (tyhjä) Nyt Torsdagar",
        "Toiminta: Kerho Tarpeet Ennen Masennus ja mieliala Nyt Masennus ja mieliala, Diabetes",
        "Toiminta Ennen Kerho, Ryhmä Nyt Ryhmä, Kerho",
        "Toiminta: Kerho Mukaan pääsee puhelimella tai verkossa Ennen (tyhjä) Nyt Kyllä",
    ]
    expect(found.nth(0).locator("[data-unverified]")).to_be_visible()
    expect(found.nth(0).locator("[data-problems] li")).to_have_text(["Varoitus, Toiminta: Kerho: Tarpeet: Liikaa tarpeita."])
    expect(found.nth(0).get_by_role("link", name="Vihainen ry")).to_have_attribute("href", "/jarjesto/vihainen/")
    expect(found.nth(0).locator("[data-awaiting] li")).to_contain_text(["rekisterinumero"])
    expect(found.nth(1).locator("[data-unverified]")).to_be_hidden()
    found.nth(0).get_by_text("Esikatselu").click()
    expect(found.nth(0).locator(".card-name")).to_have_text("Kallaveden Esimerkkikerho ry")


def do_approve(found: Locator) -> None:
    found.get_by_role("button", name="Hyväksy ja julkaise").click()


def do_return(found: Locator) -> None:
    found.get_by_text("Palauta", exact=True).click()
    found.get_by_label("Miksi palautat?").fill("Numero ei vastaa.")
    found.get_by_role("button", name="Palauta ehdotus").click()


def do_ask(found: Locator) -> None:
    found.get_by_text("Pyydä täydennystä").click()
    found.get_by_label("Milloin").check()
    found.get_by_label("Lisätietoa yhdistykselle").fill("Kiitos!")
    found.get_by_role("button", name="Lähetä pyyntö").click()


HEAD = {"id": "muokkaus/kerho", "head": "a" * 40}


@pytest.mark.parametrize(
    ("do", "body", "words", "left"),
    [
        (do_approve, {"action": "approve", **HEAD}, "Hyväksytty.", "Mikään muutos ei odota. Hyvä!"),
        (do_return, {"action": "return", **HEAD, "reason": "Numero ei vastaa."}, "Palautettu.", "Mikään muutos ei odota. Hyvä!"),
        (
            do_ask,
            {"action": "ask_more", **HEAD, "fields": ["activities.when"], "note": "Kiitos!"},
            "Täydennyspyyntö on lähetetty.",
            "1 muutos odottaa.",
        ),
    ],
    ids=["approve", "return", "ask for more"],
)
def test_coordinator_decides(
    page: Page, function: Function, do: Callable[[Locator], None], body: dict[str, Any], words: str, left: str
) -> None:
    found = approve_page(page, function, proposal())
    do(found)
    expect(found.locator("[data-outcome]")).to_contain_text(words)
    expect(page.locator("[data-count]")).to_have_text(left)
    assert function.said("hyvaksynta") == {"token": TOKEN, **body}


@pytest.mark.parametrize(
    ("changes", "is_by_phone"),
    [
        ({"awaiting": ["old_address"]}, True),
        ({"awaiting": ["new_address"]}, False),
        ({"awaiting": ["register_check"]}, False),
        ({"problems": [{"field": "", "message": "Rikki.", "severity": "error"}]}, False),
    ],
    ids=["old address", "new address", "register", "error"],
)
def test_what_must_not_be_approved_yet_says_why(
    page: Page, function: Function, changes: dict[str, Any], is_by_phone: bool
) -> None:
    found = approve_page(page, function, proposal(**changes))
    expect(found.locator("[data-blocked]")).to_be_visible()
    expect(found.get_by_role("button", name="Hyväksy ja julkaise")).to_be_hidden()
    expect(found.locator("[data-by-phone]")).to_be_visible(visible=is_by_phone)


def test_call_about_an_address_needs_its_number_and_two_callers(page: Page, function: Function) -> None:
    found = approve_page(page, function, proposal(awaiting=["old_address"]))
    function.answers["hyvaksynta"] = (200, {"code": "confirmed", "head": "b" * 40, "awaiting": []})
    found.get_by_text("Osoite vahvistettiin puhelimella").click()
    found.get_by_role("button", name="Kirjaa puhelu").click()
    expect(found.locator("[data-phone] .field-error:visible")).to_have_count(3)
    assert len(function.asked) == 1
    found.get_by_label("Numero, johon soititte").fill("017 000 0101")
    found.get_by_label("Ensimmäisen soittajan tehtävä").fill("koordinaattori")
    found.get_by_label("Toisen soittajan tehtävä").fill("sijainen")
    found.get_by_role("button", name="Kirjaa puhelu").click()
    expect(found.locator("[data-outcome]")).to_contain_text("Puhelu on kirjattu.")
    expect(found.locator("[data-by-phone]")).to_be_hidden()
    assert function.said("hyvaksynta") == {
        "token": TOKEN,
        "action": "address_by_phone",
        **HEAD,
        "number_called": "017 000 0101",
        "callers": ["koordinaattori", "sijainen"],
    }
    do_approve(found)
    expect(found.locator("[data-outcome]")).to_contain_text("Hyväksytty.")
    assert function.said("hyvaksynta")["head"] == "b" * 40


def test_checked_register_makes_way_for_the_approval(page: Page, function: Function) -> None:
    found = approve_page(page, function, proposal(awaiting=["register_check", "test_request"], is_new=True))
    expect(found.locator("[data-facts]")).to_contain_text("Uusi järjestö")
    expect(found.locator("[data-changes] del")).to_have_count(0)
    function.answers["hyvaksynta"] = (200, {"code": "checked", "head": "b" * 40, "awaiting": ["test_request"]})
    found.get_by_role("button", name="Rekisteri on tarkistettu").click()
    expect(found.locator("[data-awaiting] li")).to_have_count(1)
    assert function.said("hyvaksynta") == {"token": TOKEN, "action": "register_checked", **HEAD}
    expect(found.get_by_role("button", name="Hyväksy ja julkaise")).to_be_visible()


def test_week_of_confirmations_is_told_by_association(page: Page, function: Function) -> None:
    changes = [{"field": "kerho.review.confirmed_on", "before": "2026-03-01", "after": "2026-11-20"}]
    found = approve_page(page, function, proposal(name="1 järjestö vahvisti", slug="", changes=changes, written={}))
    expect(found.locator("[data-changes] dt")).to_have_text(re.compile(r"kerho\s*Tarkistuspäivä"))
    expect(found.locator("[data-changes] ins")).to_have_text("20.11.2026")
    expect(found.locator("[data-looks]")).to_be_hidden()


def test_more_than_fits_is_told(page: Page, function: Function) -> None:
    function.answers["hyvaksynta"] = (200, {"proposals": [proposal()], "total": 26})
    page.goto(f"/hyvaksynta/#t={TOKEN}")
    expect(page.locator("[data-count]")).to_have_text("26 muutosta odottaa. Tässä ovat vanhimmat 1.")


@pytest.mark.parametrize("written", ["kerho", "/jarjesto/kerho/", "https://tarjotin.example.fi/sv/jarjesto/kerho/#kerho"])
def test_confirmation_on_the_phone_names_the_association_by_its_page(page: Page, function: Function, written: str) -> None:
    approve_page(page, function)
    page.get_by_text("Yhdistys vahvisti tietonsa puhelimessa").click()
    page.get_by_label("Yhdistyksen sivun osoite").fill(written)
    page.get_by_role("button", name="Kirjaa vahvistus").click()
    expect(page.locator("#role-0-e")).to_be_visible()
    page.get_by_label("Vahvistajan tehtävä").fill("sihteeri")
    page.get_by_role("button", name="Kirjaa vahvistus").click()
    expect(page.locator("[data-confirm-by-phone] [data-outcome]")).to_have_text("Vahvistus on kirjattu.")
    assert function.said("hyvaksynta") == {"token": TOKEN, "action": "confirm_by_phone", "slug": "kerho", "role": "sihteeri"}


def test_what_the_function_refuses_is_told_in_its_own_words(page: Page, function: Function) -> None:
    found = approve_page(page, function, proposal())
    function.answers["hyvaksynta"] = (
        422,
        {"code": "invalid", "problems": [{"field": "reason", "message": f"Ei käy. {HOSTILE}"}]},
    )
    do_return(found)
    expect(found.locator("[data-outcome]")).to_have_text(f"Ei käy. {HOSTILE}")


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (409, "changed", "Ehdotus on muuttunut."),
        (409, "not_mergeable", "Muutosta ei voi julkaista"),
        (409, "awaiting", "Tämä odottaa vielä vahvistusta."),
        (403, "link", "Linkki on vanhentunut."),
        (503, "not_saved", "Ei onnistunut."),
    ],
)
def test_decision_that_is_not_taken_is_said_so(page: Page, function: Function, status: int, code: str, words: str) -> None:
    found = approve_page(page, function, proposal())
    function.answers["hyvaksynta"] = (status, {"code": code})
    do_approve(found)
    expect(found.locator("[data-outcome]")).to_contain_text(words)
    expect(found.get_by_role("button", name="Hyväksy ja julkaise")).to_be_visible()


def test_hostile_proposal_stays_text(page: Page, function: Function) -> None:
    hostile = proposal(
        name=HOSTILE,
        title=HOSTILE,
        changes=[{"field": f"activities.{HOSTILE}.when", "before": {HOSTILE: HOSTILE}, "after": [HOSTILE]}],
        problems=[{"field": HOSTILE, "message": HOSTILE, "severity": HOSTILE}],
        duplicates=[{"slug": "../../x?y#z", "name": HOSTILE}],
        awaiting=[HOSTILE],
        written=club(name=HOSTILE, pitch=HOSTILE, activities=[{"name": HOSTILE, "when": HOSTILE}]),
    )
    found = approve_page(page, function, hostile)
    expect(found.locator("h2")).to_have_text(HOSTILE)
    assert found.locator("[data-duplicates] a").evaluate("(link) => link.pathname") == "/jarjesto/..%2F..%2Fx%3Fy%23z/"


def test_approval_without_a_link_asks_for_the_code(page: Page, function: Function) -> None:
    function.answers["hyvaksynta"] = (403, {"code": "link"})
    page.goto("/hyvaksynta/")
    assert function.asked == []
    page.get_by_label("Koodi", exact=True).fill(TOKEN)
    page.get_by_role("button", name="Käytä koodia").click()
    expect(page.locator("[data-count]")).to_contain_text("Linkki on vanhentunut.")


# "Kerro virheestä"


def report(page: Page) -> None:
    page.goto("/jarjesto/kerho/")
    page.get_by_text("Kerro virheestä").click()
    page.get_by_label("Mikä on väärin?").fill("Numero ei vastaa.")
    page.get_by_role("button", name="Lähetä koordinaattorille").click()


def test_anyone_can_tell_of_an_error(page: Page, function: Function) -> None:
    function.answers["virhe"] = (202, {"code": "sent"})
    report(page)
    expect(page.locator("[data-report] [data-outcome]")).to_contain_text("Kiitos!")
    body = function.said("virhe")
    assert body.pop("key")
    assert body.pop("proof")
    assert body == {"slug": "kerho", "note": "Numero ei vastaa.", "website": ""}


@pytest.mark.parametrize(
    ("status", "code", "words"), [(429, "limit", "Viestejä on tullut nyt liikaa."), (503, "", "Viestiä ei lähetetty.")]
)
def test_report_that_did_not_go_keeps_its_words(page: Page, function: Function, status: int, code: str, words: str) -> None:
    function.answers["virhe"] = (status, {"code": code})
    report(page)
    expect(page.locator("[data-report] [data-outcome]")).to_contain_text(words)
    expect(page.get_by_label("Mikä on väärin?")).to_have_value("Numero ei vastaa.")


@pytest.mark.parametrize(
    ("note", "email", "count"), [("", "", 1), ("a" * 1001, "", 1), ("Väärin.", "ei-osoite", 1), ("", "ei-osoite", 2)]
)
def test_report_is_checked_before_it_is_sent(page: Page, function: Function, note: str, email: str, count: int) -> None:
    page.goto("/jarjesto/kerho/")
    page.get_by_text("Kerro virheestä").click()
    page.locator("#report-note").fill(note)
    page.locator("#report-email").fill(email)
    page.get_by_role("button", name="Lähetä koordinaattorille").click()
    expect(page.locator("[data-report] .field-error:visible")).to_have_count(count)
    assert function.asked == []


# For everyone


def opened_wide(page: Page) -> None:
    """Everything that can be open is open, in every language."""
    opens(page)
    page.get_by_label("Näytä ruotsinkieliset kohdat").check()
    page.get_by_label("Näytä englanninkieliset kohdat").check()
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def summed_up(page: Page) -> None:
    opens(page)
    answer(item(page, "contacts", 0), "phone", "017 000 0199")
    answer(item(page, "activities", 0), "when", "Perjantaisin")
    check(page)


def faulty(page: Page) -> None:
    opens(page)
    unreachable(page)
    check(page)


STATES = {"everything open": opened_wide, "summary": summed_up, "faults": faulty}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_every_state_of_the_form_is_accessible(page: Page, state: Callable[[Page], None]) -> None:
    state(page)
    assert violations(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, page.evaluate(OVERFLOWS), page.evaluate(SMALL_TARGETS)) == (width, [], [])


def test_proposals_are_accessible(page: Page, function: Function) -> None:
    one = proposal(awaiting=["old_address"], duplicates=[{"slug": "a", "name": "Toinen ry"}], is_verified=False)
    approve_page(page, function, one, proposal(id="muokkaus/toinen"))
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert (page.evaluate(OVERFLOWS), page.evaluate(SMALL_TARGETS)) == ([], [])


def test_form_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    opens(page)
    page.locator("[data-part=contacts] .item summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Puhelin").first).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("017 000 0199")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Näin tiedot muuttuvat")).to_be_focused()
