"""The whole circle in `tarjotin serve`: an edit, the coordinator's approval, a commit, the page. Over a real git repository."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.content import blob_name, parse_yaml
from generator.pipeline import Settings
from generator.preview.serve import Preview, make_app
from lambda_common.services import Mail
from lambda_edit.git import NOT_READY
from lambda_edit.links import make_link
from tests.builders import TODAY, make_project
from tests.edit.builders import new_key, read_lines, solved, token_in
from tests.sealing import KnownKey

SLUG = "esimerkki-ry"
FILE = f"content/organisations/{SLUG}.yaml"
ORIGIN = "http://preview"
MAINTAINER = "toimisto@esimerkki.example.fi"


def git(folder: Path, *command: str) -> str:
    who = ("-c", "user.name=Esimerkki", "-c", "user.email=esimerkki@example.fi", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def begin(folder: Path) -> None:
    (folder / ".gitignore").write_text("build/\n", "utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "alku")


class Desk:
    """The preview, asked without a network."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.preview = Preview(Settings(root, TODAY, is_preview=True))
        self.preview.rebuild()
        self._app = make_app(self.preview, asyncio.Event(), ORIGIN)
        self.api = _api_of(self._app)

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
                return await client.request(method, path, json=body)

        return asyncio.run(call())

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        answer = self.ask("POST", path, body)
        return answer.status_code, answer.json()

    def proof(self, slug: str, key: str) -> str:
        return solved(self.ask("GET", f"/api/haaste?jarjesto={slug}&avain={key}").json()["challenge"])

    def edit(self, change: Callable[[dict[str, Any]], None], **more: Any) -> tuple[int, dict[str, Any]]:
        text, key = self.text(), new_key()
        written = parse_yaml(text)
        change(written)
        body = {"key": key, "slug": SLUG, "base": blob_name(text.encode()), "token": self.link(), "written": written, **more}
        return self.post("/api/muokkaus", {**body, "proof": self.proof(SLUG, key)})

    def link(self) -> str:
        """As a maintainer asks for it by mail."""
        wish = {"slug": SLUG, "email": MAINTAINER, "proof": self.proof(SLUG, new_key())}
        assert self.post("/api/muokkauslinkki", wish) == (202, {"code": "sent_if_known"})
        return token_in(self.mails()[-1])

    def decide(self, action: str, **more: Any) -> tuple[int, dict[str, Any]]:
        opened = self.ask("GET", "/_muutokset/")
        assert opened.status_code == 307
        page, _, token = opened.headers["location"].partition("#t=")
        assert page == f"{ORIGIN}/hyvaksynta/"
        return self.post("/api/hyvaksynta", {"token": token, "action": action, **more})

    def approve(self) -> tuple[int, dict[str, Any]]:
        [one] = self.decide("list")[1]["proposals"]
        return self.decide("approve", id=one["id"], head=one["head"])

    def mails(self) -> list[Mail]:
        return list(self.api.mailer.outbox)

    def text(self, file: str = FILE) -> str:
        return (self.root / file).read_text("utf-8")


def _api_of(app: Any) -> Any:
    route = next(route for route in app.routes if getattr(route, "path", "") == "/api/{name}")
    return route.endpoint.__self__


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambda_edit.linking.SECONDS", 0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    root = make_project(tmp_path)
    begin(root)
    return Desk(root)


def call_another_number(written: dict[str, Any]) -> None:
    written["contacts"][0]["phone"] = "017 000 0299"


def test_phone_number_travels_from_the_form_to_the_page(desk: Desk) -> None:
    before = desk.text()
    status, edited = desk.edit(call_another_number)
    assert (status, edited["code"]) == (202, "waiting")
    assert git(desk.root, "status", "--short") == "", "nobody's working tree is touched"
    [waiting] = desk.decide("list")[1]["proposals"]
    assert [change["field"] for change in waiting["changes"]] == ["contacts.0.phone"]

    assert desk.approve() == (200, {"code": "published", "mails_not_sent": 0})
    changed = read_lines(before, desk.text())
    assert [line[0] for line in changed] == ["-", "+"], changed
    assert git(desk.root, "log", "-1", "--format=%s").startswith(f"[{SLUG}] Muuttaa tietoja: yhteystiedot")
    assert git(desk.root, "diff", "--numstat", "HEAD~1").split() == ["1", "1", FILE]
    assert git(desk.root, "status", "--short") == ""
    assert git(desk.root, "branch", "--list", "muokkaus/*") == ""

    desk.preview.rebuild()
    assert "017 000 0299" in desk.ask("GET", f"/jarjesto/{SLUG}/").text.replace("\u00a0", " ")
    asked = {"slug": SLUG, "reference": edited["reference"]}
    assert desk.post("/api/muokkaustila", asked) == (200, {"code": "published"})
    assert desk.mails()[-1].subject == "Yhdistyksenne tietoja on muutettu"


def test_comments_still_stand(desk: Desk) -> None:
    commented = "# Yhdistyksen tiedot.\n" + desk.text().replace("    phone:", "    # vain arkisin\n    phone:")
    (desk.root / FILE).write_text(commented, "utf-8")
    git(desk.root, "commit", "-qam", "kommentit")
    desk.edit(call_another_number)
    assert desk.approve()[0] == 200
    assert "# Yhdistyksen tiedot." in desk.text()
    assert "    # vain arkisin" in desk.text()


def test_confirmation_changes_the_date_after_the_weekly_merge(desk: Desk) -> None:
    now = desk.api._services.now()
    token = make_link([desk.api.key], "confirm", SLUG, 1, MAINTAINER, now)
    told = {"token": token, "blob": blob_name(desk.text().encode()), "role": "sihteeri"}
    assert desk.post("/api/vahvistus", {**told, "parts": ["contacts"]})[0] == 422
    assert desk.post("/api/vahvistus", {**told, "parts": ["contacts", "referral", "activities"]})[0] == 202
    before = desk.text()
    assert desk.approve()[0] == 200
    assert all("confirmed" in line or "review" in line for line in read_lines(before, desk.text()))
    assert parse_yaml(desk.text())["review"]["confirmed_on"] != parse_yaml(before).get("review", {}).get("confirmed_on")


def test_address_changes_when_both_have_agreed(desk: Desk) -> None:
    private = f"content/private/{SLUG}.yaml"
    old, new = parse_yaml(desk.text(private))["referral_email"], "uusi@esimerkki.example.fi"
    assert desk.edit(lambda written: None, addresses={"referral_email": new})[0] == 202
    assert desk.approve() == (409, {"code": "awaiting", "awaiting": ["old_address", "new_address"]})
    for address in (old, new):
        [mail] = [mail for mail in desk.mails() if mail.to == address and "/osoite/" in mail.text]
        assert desk.post("/api/osoite", {"token": token_in(mail)})[0] == 202
    assert desk.approve()[0] == 200
    assert parse_yaml(desk.text(private))["referral_email"] == new
    assert "awaiting" not in desk.text(private)
    told = git(desk.root, "log", "--all", "--format=%B")
    assert new not in told
    assert old not in told


def test_addresses_of_a_repository_of_their_own_stay_in_it(tmp_path: Path) -> None:
    root = make_project(tmp_path / "julkinen")
    hidden = tmp_path / "osoitteet"
    (root / "content" / "private").rename(hidden)
    site = root / "content" / "site.yaml"
    site.write_text(site.read_text("utf-8") + "private_folder: ../osoitteet\n", "utf-8")
    begin(root)
    begin(hidden)
    desk = Desk(root)
    old, new = parse_yaml((hidden / f"{SLUG}.yaml").read_text("utf-8"))["referral_email"], "uusi@esimerkki.example.fi"
    assert desk.edit(call_another_number, addresses={"referral_email": new})[0] == 202
    for mail in [mail for mail in desk.mails() if "/osoite/" in mail.text]:
        assert desk.post("/api/osoite", {"token": token_in(mail)})[0] == 202
    assert desk.approve()[0] == 200
    assert parse_yaml((hidden / f"{SLUG}.yaml").read_text("utf-8"))["referral_email"] == new
    assert "017 000 0299" in desk.text()
    everything = git(root, "log", "--all", "-p", "--format=%B")
    assert old not in everything
    assert new not in everything


def test_somebodys_own_unsaved_edits_are_not_lost(desk: Desk) -> None:
    desk.edit(call_another_number)
    (desk.root / FILE).write_text(desk.text() + "# kesken\n", "utf-8")
    assert desk.approve() == (409, {"code": "not_mergeable"})
    assert desk.text().endswith("# kesken\n")
    git(desk.root, "checkout", "-q", FILE)
    assert desk.approve()[0] == 200


def test_two_editors_at_once_are_both_kept(desk: Desk) -> None:
    first, second = desk.link(), desk.link()
    text = desk.text()

    def send(token: str, change: Callable[[dict[str, Any]], None]) -> tuple[int, dict[str, Any]]:
        written, key = parse_yaml(text), new_key()
        change(written)
        body = {"key": key, "slug": SLUG, "base": blob_name(text.encode()), "token": token, "written": written}
        return desk.post("/api/muokkaus", {**body, "proof": desk.proof(SLUG, key)})

    assert send(first, call_another_number)[0] == 202
    assert send(second, lambda written: written.update(website="https://uusi.example.fi"))[0] == 202
    assert desk.approve()[0] == 200
    written = parse_yaml(desk.text())
    assert (written["contacts"][0]["phone"], written["website"]) == ("017 000 0299", "https://uusi.example.fi")


def test_folder_without_a_history_is_told_in_a_sentence(tmp_path: Path) -> None:
    desk = Desk(make_project(tmp_path))
    status, body = desk.post("/api/virhe", {})
    assert (status, body) == (503, {"code": "not_saved", "message": NOT_READY})


def test_site_that_was_never_built_is_told_in_a_sentence(tmp_path: Path) -> None:
    root = make_project(tmp_path)
    begin(root)
    (root / FILE).write_text("name: [", "utf-8")
    desk = Desk(root)
    answer = desk.ask("GET", "/_muutokset/")
    assert answer.status_code == 503
    assert "Korjaa ensin" in answer.text
    assert desk.post("/api/muokkaus", {})[0] == 503


def test_form_is_served_beside_the_contact_request(desk: Desk) -> None:
    assert desk.post("/api/muokkaus", {})[0] == 422
    assert desk.ask("GET", "/api/muokkaus").status_code == 405
    assert desk.ask("GET", "/api/tuntematon").status_code == 404
    assert json.loads(desk.ask("GET", f"/api/haaste?jarjesto=uusi&avain={new_key()}").text)["challenge"]


def test_key_travels_from_the_associations_browser_to_the_page_that_seals(desk: Desk) -> None:
    key = KnownKey(SLUG, "aurinko kettu lampi omena polku saari tuuli vene")
    written = key.written()
    offer = {"token": desk.link(), "key": new_key(), "public": written["public"], "wrapped": written["wrapped"]}
    assert desk.post("/api/avain", offer)[0] == 202
    assert desk.approve()[0] == 409, "the mailbox has not agreed yet"
    [question] = [mail for mail in desk.mails() if "/osoite/" in mail.text]
    assert desk.post("/api/osoite", {"token": token_in(question)})[0] == 202
    private = desk.text(f"content/private/{SLUG}.yaml")
    assert desk.approve()[0] == 200
    assert desk.text(f"content/private/{SLUG}.yaml") == private, "nothing is left waiting there"
    assert git(desk.root, "status", "--short") == ""

    desk.preview.rebuild()
    assert desk.preview.problems == []
    told = desk.ask("GET", f"/avaa/{SLUG}.json").json()
    assert [one["id"] for one in told["keys"]] == [key.id]
