"""A run of the check: what is told, what is sent, and that nothing is sent twice, whatever breaks."""

import asyncio
import json
import os
import socket
import stat
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from generator.checked import Content
from generator.cli import main
from generator.mails.journal import FileStore
from generator.mails.post import AWS_NEEDS, NoPost, Post, PreviewMailer, Tally, connect_post
from generator.models import PrivateAddresses
from generator.preview.local_api import LocalApi
from generator.preview.running import INTAKE, KEY_HEADER, Running, announced, find_preview, intake_key
from generator.review.rounds import Due, Round, check_days
from generator.review.run import Wanted, calls, letters, overview, run_review, send_letters
from lambda_common.local import LocalMailer, LocalStore
from lambda_common.services import Item, Mail, NotSent, Services, StoreDown, Uncertain
from lambda_edit.links import is_for, read_link
from tests.builders import make_content, make_organisation, make_project, make_site, make_taxonomy

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECRETS = [b"s" * 32]
ADDRESSES = {"eka": ("a@eka.example.fi", "b@eka.example.fi"), "toka": ("a@toka.example.fi",)}


def region(**addresses: tuple[str, ...]) -> Content:
    addresses = addresses or ADDRESSES
    content = make_content(make_taxonomy(), **{slug: make_organisation(name=f"{slug} ry") for slug in addresses})
    private = {slug: PrivateAddresses(data_maintainers=found) for slug, found in addresses.items() if found}
    return replace(content, private=private)


def make_post(mailer: Any = None, store: Any = None) -> Post:
    services = Services(mailer or LocalMailer(), store or LocalStore(), lambda: NOW)
    return Post(services, SECRETS, "https://tarjotin.example.fi", "kokeeksi")


REQUESTS = [Due("eka", TODAY, Round.REQUEST), Due("toka", TODAY, Round.REMINDER)]


def sent_to(post: Post) -> list[str]:
    mailer = post.services.mailer
    assert isinstance(mailer, LocalMailer)
    return [mail.to for mail in mailer.outbox]


# Who gets a mail, and who a call


def test_each_maintainer_gets_a_mail_of_their_own_once() -> None:
    content = region(eka=("a@eka.example.fi", "b@eka.example.fi", "a@eka.example.fi"))
    assert [one.address for one in letters(content, REQUESTS[:1])] == ["a@eka.example.fi", "b@eka.example.fi"]


def test_association_without_an_address_is_called() -> None:
    content = region(eka=(), toka=("a@toka.example.fi",))
    assert calls(content, REQUESTS) == REQUESTS[:1]
    assert [one.due.slug for one in letters(content, REQUESTS)] == ["toka"]


def test_third_round_is_a_call_and_no_mail() -> None:
    due = [Due("eka", TODAY, Round.PHONE)]
    assert letters(region(), due) == []
    assert calls(region(), due) == due


def test_list_tells_names_and_days_but_no_address() -> None:
    told = "\n".join(overview(region(), [*REQUESTS, Due("eka", TODAY, Round.PHONE)]))
    assert "eka: eka ry. Pyyntöpäivä 1.3.2027, vahvistettu 1.9.2026, 2 osoitetta" in told
    assert "puh. 017 000 0101" in told
    assert "@" not in told


# Sending


def test_links_of_each_mail_are_valid_for_its_reader_only_and_for_sixty_days() -> None:
    post = make_post()
    send_letters(region(), letters(region(), REQUESTS), post, TODAY)
    mailer = post.services.mailer
    assert isinstance(mailer, LocalMailer)
    for mail in mailer.outbox:
        for purpose, page in (("confirm", "vahvista"), ("edit", "muokkaa")):
            written = next(line for line in mail.text.splitlines() if f"/{page}/" in line and "#t=" in line)
            link = read_link(SECRETS, purpose, written, NOW.replace(month=4, day=29))  # type: ignore[arg-type]
            slug = mail.to.partition("@")[2].removesuffix(".example.fi")
            assert (link.slug, is_for(SECRETS, link, [mail.to])) == (slug, mail.to)


def test_second_run_sends_nothing() -> None:
    post, content = make_post(), region()
    chosen = letters(content, REQUESTS)
    first, second = send_letters(content, chosen, post, TODAY), send_letters(content, chosen, post, TODAY)
    assert (dict(first.counts), dict(second.counts)) == ({"sent": 3}, {"already": 3})
    assert sent_to(post) == ["a@eka.example.fi", "b@eka.example.fi", "a@toka.example.fi"]


def test_next_round_and_next_check_send_again() -> None:
    post, content = make_post(), region()
    for due in (Due("eka", TODAY, Round.REQUEST), Due("eka", TODAY, Round.REMINDER), Due("eka", date(2027, 9, 1), Round.REQUEST)):
        assert dict(send_letters(content, letters(content, [due]), post, TODAY).counts) == {"sent": 2}


@dataclass
class Troubled(LocalMailer):
    """Fails in its own way for some addresses."""

    troubles: dict[str, Exception | type[BaseException]] = field(default_factory=dict)

    def send(self, mail: Mail) -> None:
        if mail.to in self.troubles:
            raise self.troubles[mail.to]
        super().send(mail)


def test_mail_that_fails_does_not_stop_the_others_and_is_tried_again() -> None:
    mailer = Troubled(troubles={"a@eka.example.fi": NotSent()})
    post, content = make_post(mailer), region()
    chosen = letters(content, REQUESTS)
    tally = send_letters(content, chosen, post, TODAY)
    assert (dict(tally.counts), tally.is_whole) == ({"failed": 1, "sent": 2}, False)
    mailer.troubles.clear()
    assert dict(send_letters(content, chosen, post, TODAY).counts) == {"sent": 1, "already": 2}


def test_mail_that_may_have_left_is_not_sent_again() -> None:
    post, content = make_post(Troubled(troubles={"a@eka.example.fi": Uncertain()})), region()
    chosen = letters(content, REQUESTS)
    for expected in ({"uncertain": 1, "sent": 2}, {"uncertain": 1, "already": 2}):
        assert dict(send_letters(content, chosen, post, TODAY).counts) == expected


@pytest.mark.parametrize("method", ["put_new", "get"])
def test_store_that_is_down_sends_nothing(method: str) -> None:
    store = LocalStore()
    post, content = make_post(store=store), region()
    chosen = letters(content, REQUESTS)
    if method == "get":
        send_letters(content, chosen, post, TODAY)
    store.failing = {method}
    before = sent_to(post)
    assert dict(send_letters(content, chosen, post, TODAY).counts) == {"failed": 3}
    assert sent_to(post) == before


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"sent": 1}, "Lähetettiin 1 viesti kokeeksi."),
        ({}, "Lähetettiin 0 viestiä kokeeksi."),
        (
            {"sent": 2, "already": 3, "uncertain": 1, "failed": 5},
            "Lähetettiin 2 viestiä kokeeksi, 3 oli jo lähetetty, 1 jäi epävarmaksi (ei lähetetä uudelleen), "
            "5 ei lähtenyt (aja komento uudelleen).",
        ),
    ],
)
def test_last_line_tells_how_each_mail_went(counts: dict[str, int], sentence: str) -> None:
    tally = Tally()
    tally.counts.update(counts)
    assert tally.sentence("kokeeksi") == sentence


# The journal


def item(state: str = "sending") -> Item:
    return Item(state, "yritys", 2_000_000_000, organisation="eka")


def test_journal_remembers_over_runs(tmp_path: Path) -> None:
    path = tmp_path / "review" / "sent.jsonl"
    first = FileStore(path=path)
    assert first.put_new("a", item())
    first.set_state("a", "sent")
    assert first.put_new("b", item())
    first.delete("b", "yritys")
    second = FileStore(path=path)
    assert not second.put_new("a", item())
    assert second.get("a") == item("sent")
    assert second.get("b") is None


def test_run_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    path, content = tmp_path / "sent.jsonl", region()
    chosen = letters(content, REQUESTS)
    mailer = Troubled(troubles={"b@eka.example.fi": KeyboardInterrupt})
    with pytest.raises(KeyboardInterrupt):
        send_letters(content, chosen, make_post(mailer, FileStore(path=path)), TODAY)
    mailer.troubles.clear()
    tally = send_letters(content, chosen, make_post(mailer, FileStore(path=path)), TODAY)
    assert dict(tally.counts) == {"already": 1, "uncertain": 1, "sent": 1}
    assert [mail.to for mail in mailer.outbox] == ["a@eka.example.fi", "a@toka.example.fi"]


def test_line_that_was_cut_short_is_forgotten_and_harms_no_other(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    FileStore(path=path).put_new("a", item())
    with path.open("a", encoding="utf-8") as file:
        file.write('\n{"key":"b","sta')
    store = FileStore(path=path)
    assert store.get("a")
    assert store.put_new("c", item())
    again = FileStore(path=path)
    assert again.get("c")
    assert again.get("b") is None


def test_journal_holds_no_address(tmp_path: Path) -> None:
    path, content = tmp_path / "sent.jsonl", region()
    send_letters(content, letters(content, REQUESTS), make_post(store=FileStore(path=path)), TODAY)
    written = path.read_text("utf-8")
    assert written.count('"state":"sent"') == 3
    assert "@" not in written


def test_journal_that_cannot_be_written_sends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    post, content = make_post(store=FileStore(path=tmp_path / "file" / "sent.jsonl")), region()
    assert dict(send_letters(content, letters(content, REQUESTS), post, TODAY).counts) == {"failed": 3}
    assert sent_to(post) == []


def test_journal_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "sent.jsonl").mkdir()
    with pytest.raises(StoreDown):
        FileStore(path=tmp_path / "sent.jsonl")


# Where mails leave


AWS = dict.fromkeys(AWS_NEEDS, "x") | {"SECRETS": "s" * 32, "AWS_REGION": "eu-north-1"}


def test_sample_content_is_never_mailed_outside(tmp_path: Path) -> None:
    content = replace(region(), site=make_site(sample={"today": "2026-11-21"}))
    with pytest.raises(NoPost, match="Mallisisällöstä ei lähetetä"):
        connect_post(content, tmp_path, AWS)


def test_mail_service_of_the_environment_is_used() -> None:
    post = connect_post(region(), Path(), AWS)
    assert (post.site, list(post.secrets), post.place) == (
        "https://tarjotin.example.fi",
        [b"s" * 32],
        "sähköpostipalvelun kautta",
    )
    assert connect_post(region(), Path(), AWS | {"SITE": "https://toinen.example.fi/"}).site == "https://toinen.example.fi"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"TABLE": "", "CONFIGURATION_SET": ""}, "puuttuu: CONFIGURATION_SET, TABLE"),
        ({"SECRETS": "lyhyt"}, "vähintään 32 merkkiä"),
    ],
)
def test_environment_that_lacks_something_is_told(changes: dict[str, str], said: str) -> None:
    with pytest.raises(NoPost, match=said):
        connect_post(region(), Path(), AWS | changes)


def test_without_a_preview_there_is_nowhere_to_send(tmp_path: Path) -> None:
    with pytest.raises(NoPost, match="make serve"):
        connect_post(region(), tmp_path, {})


def test_preview_that_was_killed_is_noticed(tmp_path: Path) -> None:
    running = Running("http://127.0.0.1:9", "http://127.0.0.1:9", b"k" * 32)
    with announced(tmp_path / "build" / "preview", running), pytest.raises(NoPost, match="make serve"):
        connect_post(region(), tmp_path, {})


def test_something_else_at_a_killed_previews_port_is_no_preview(tmp_path: Path) -> None:
    def answer(server: socket.socket) -> None:
        line, _ = server.accept()
        with line:
            line.recv(1000)
            line.sendall(b"SSH-2.0-other\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=answer, args=(server,))
        thread.start()
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        with (
            announced(tmp_path / "build" / "preview", Running(origin, origin, b"k" * 32)),
            pytest.raises(NoPost, match="make serve"),
        ):
            connect_post(region(), tmp_path, {})
        thread.join()


def test_preview_is_announced_while_the_preview_runs_and_only_for_this_user(tmp_path: Path) -> None:
    running = Running("http://127.0.0.1:8000", "http://127.0.0.1:8000/tarjotin", b"k" * 32)
    with announced(tmp_path, running):
        assert find_preview(tmp_path) == running
        if os.name == "posix":
            assert stat.S_IMODE((tmp_path / "serve.json").stat().st_mode) == 0o600
    assert find_preview(tmp_path) is None


@pytest.mark.parametrize(
    "written", ["", "{}", "[]", "null", '{"origin": 1, "front": 2, "secret": 3}', '{"origin": "", "front": "", "secret": "x"}']
)
def test_broken_announcement_is_none(tmp_path: Path, written: str) -> None:
    (tmp_path / "serve.json").write_text(written)
    assert find_preview(tmp_path) is None


# The preview's mailbox


@pytest.fixture
def api(tmp_path: Path) -> LocalApi:
    return LocalApi(tmp_path, tmp_path, "http://127.0.0.1", key=b"k" * 32)


def ask(api: LocalApi, method: str, headers: Any, body: str = "") -> int:
    """The status of an answer of the preview."""

    async def asked() -> int:
        transport = httpx.ASGITransport(Starlette(routes=api.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://preview") as client:
            return (await client.request(method, INTAKE, headers=headers, content=body)).status_code

    return asyncio.run(asked())


WRITTEN_MAIL = {"to": "a@b.example.fi", "subject": "s", "text": "t", "html": "h", "reply_to": "r", "headers": {}, "tags": {}}


@pytest.mark.parametrize("headers", [{}, {KEY_HEADER: "väärä".encode()}, {KEY_HEADER: intake_key(b"x" * 32)}])
def test_mailbox_takes_mails_only_from_who_knows_its_key(api: LocalApi, headers: dict[str, Any]) -> None:
    body = json.dumps(WRITTEN_MAIL)
    assert [ask(api, method, headers, body) for method in ("POST", "GET")] == [403, 403]
    assert api.mailer.outbox == []
    assert ask(api, "POST", {KEY_HEADER: intake_key(api.key)}, body) == 204
    assert api.mailer.outbox == [Mail(**WRITTEN_MAIL)]


def test_preview_mailer_tells_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    mailer = PreviewMailer(Running("http://127.0.0.1:9", "", b"k"))
    mail = Mail("a@b.example.fi", "s", "t", "h", "r")

    def answers(found: int | Exception) -> None:
        def call(*_: Any) -> int:
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(PreviewMailer, "call", call)

    answers(204)
    mailer.send(mail)
    for found, expected in ((403, NotSent), (ConnectionRefusedError(), NotSent), (TimeoutError(), Uncertain)):
        answers(found)  # type: ignore[arg-type]
        with pytest.raises(expected):
            mailer.send(mail)


# The command


def run(root: Path, *arguments: str) -> Any:
    return CliRunner().invoke(main, ["--root", str(root), *arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A region of one association, "esimerkki-ry", which has never confirmed its data."""
    root = make_project(tmp_path / "region")
    path = root / "content" / "organisations" / "esimerkki-ry.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("review")), "utf-8")
    return root


CHECK_DAY = check_days("esimerkki-ry", 2027)[0]


@pytest.mark.parametrize(
    "arguments", [["review", "--today", str(CHECK_DAY)], ["--today", str(CHECK_DAY), "review"]], ids=" ".join
)
def test_dry_run_tells_and_sends_nothing(project: Path, arguments: list[str]) -> None:
    result = run(project, *arguments)
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == f"Tarkistukset {CHECK_DAY.day}.{CHECK_DAY.month}.2027"
    assert "esimerkki-ry: " in result.output
    assert result.output.splitlines()[-1].endswith("Mitään ei lähetetty. Lähetä: tarjotin review --send")
    assert not (project / "build").exists()


def test_sample_content_is_reviewed_as_of_its_own_day_when_none_is_given(project: Path) -> None:
    assert run(project, "review").output.splitlines()[0] == "Tarkistukset 21.11.2026"


def test_quiet_time_is_told() -> None:
    told: list[str] = []
    assert run_review(region(), Path(), Wanted(date(2027, 7, 5)), told.append, environment={})
    assert told == ["Tarkistukset 5.7.2027", "Heinäkuussa ja 15.12.–6.1. ketään ei pyydetä tarkistamaan tietojaan."]


def test_one_association_can_be_chosen() -> None:
    told: list[str] = []
    run_review(region(), Path(), Wanted(TODAY, slug="toka"), told.append)
    assert [line.partition(":")[0].strip() for line in told if " ry." in line] == ["toka"]


def test_checks_from_before_the_beginning_are_left_alone() -> None:
    told: list[str] = []
    run_review(region(), Path(), Wanted(TODAY, since=TODAY), told.append)
    assert told[1:] == ["Lähtisi 0 pyyntöä ja 0 muistutusta. Soitettavia 0. Mitään ei lähetetty. Lähetä: tarjotin review --send"]


@pytest.mark.parametrize("option", ["--today", "--since"])
def test_bad_day_is_told(project: Path, option: str) -> None:
    result = run(project, "review", option, "1.3.2027")
    assert result.exit_code == 2
    assert 'päivä "1.3.2027" ei kelpaa' in result.output


def test_sending_without_a_place_ends_in_exit_code_1(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FROM_ADDRESS", raising=False)
    result = run(project, "review", "--today", str(CHECK_DAY), "--send")
    assert result.exit_code == 1
    assert "Ei ole, minne lähettää." in result.output


def test_content_with_an_error_is_not_mailed_about(project: Path) -> None:
    (project / "content" / "site.yaml").write_text("name: x\n", "utf-8")
    result = run(project, "review", "--send")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].endswith("Mitään ei lähetetty.")


def test_mails_of_a_run_come_to_the_mailbox_of_the_preview(project: Path, api: LocalApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FROM_ADDRESS", raising=False)

    def call(mailer: PreviewMailer, method: str, body: str) -> int:
        return ask(api, method, {KEY_HEADER: intake_key(mailer.running.secret)}, body)

    monkeypatch.setattr(PreviewMailer, "call", call)
    with announced(project / "build" / "preview", Running("http://127.0.0.1:8000", "http://127.0.0.1:8000", api.key)):
        first, second = (run(project, "review", "--today", str(CHECK_DAY), "--send") for _ in range(2))
    assert [mail.to for mail in api.mailer.outbox] == ["toimisto@esimerkki.example.fi"]
    assert "http://127.0.0.1:8000/vahvista/esimerkki-ry/#t=" in api.mailer.outbox[0].text
    assert first.output.splitlines()[-1] == (
        "Lähetettiin 1 viesti esikatselun postiin http://127.0.0.1:8000/_posti/. Soitettavia 0."
    )
    assert second.output.splitlines()[-1].endswith("1 oli jo lähetetty. Soitettavia 0.")
    assert "@" not in first.output
    assert json.loads((project / "build" / "review" / "sent.jsonl").read_text("utf-8").splitlines()[-1])["state"] == "sent"
