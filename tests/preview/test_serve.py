"""`tarjotin serve`: the preview in this process, and the real command in one of its own."""

import asyncio
import gc
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from jinja2 import TemplateSyntaxError
from selectolax.lexbor import LexborHTMLParser

from generator.building.lock import Busy
from generator.cli import main
from generator.content import base_path_of
from generator.pipeline import Settings
from generator.preview import serve
from generator.preview.gallery import HOSTILE, LONG
from generator.preview.serve import INJECTED, Preview, make_app
from tests.builders import ROOT, TODAY, write_project, written_organisation

SOFT_HYPHEN = "\u00ad"
PAGE = "/jarjesto/yhdistys/"
FILE = "content/organisations/yhdistys.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project", {"yhdistys": written_organisation()}, sample=TODAY)


@pytest.fixture
def preview(project: Path) -> Preview:
    preview = Preview(Settings(project, TODAY, is_preview=True))
    preview.rebuild()
    return preview


class Client:
    """Asks the application directly. (Starlette's own test client wants another HTTP library than the one that is pinned.)"""

    def __init__(self, preview: Preview) -> None:
        self._app = make_app(preview, asyncio.Event())

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._ask(path))

    async def _ask(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://preview", follow_redirects=True) as client:
            return await client.get(path)


@pytest.fixture
def client(preview: Preview) -> Client:
    return Client(preview)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """For tests that change nothing."""
    project = write_project(tmp_path_factory.mktemp("serve"), {"yhdistys": written_organisation()}, sample=TODAY)
    preview = Preview(Settings(project, TODAY, is_preview=True))
    preview.rebuild()
    return Client(preview)


def change(project: Path, old: str, new: str, file: str = FILE) -> None:
    text = (project / file).read_text("utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new), "utf-8")


def heading(markup: str) -> str:
    return LexborHTMLParser(markup).css_first("h1").text().replace(SOFT_HYPHEN, "")


# Pages


@pytest.mark.parametrize("path", ["/", PAGE, "/en/tarve/masennus/kaikki/kuopio/"])
def test_page_is_sent_with_the_preview_script(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer.content.count(INJECTED) == 1
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("base_path", ["/", "/alue/"])
def test_worker_that_another_site_left_at_this_address_is_sent_away(tmp_path: Path, base_path: str) -> None:
    project = write_project(tmp_path, {"yhdistys": written_organisation()}, sample=TODAY, base_path=base_path)
    preview = Preview(Settings(project, TODAY, is_preview=True))
    preview.rebuild()
    answer = Client(preview).get(f"{base_path}sw.js")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/javascript")
    assert answer.headers["cache-control"] == "no-store"
    assert "registration.unregister()" in answer.text
    assert 'rel="manifest"' not in Client(preview).get(base_path).text  # so no page brings one


def test_script_is_added_on_the_way_and_not_to_the_files(client: Client, project: Path) -> None:
    client.get("/")
    assert INJECTED not in (project / "build" / "preview" / "site" / "index.html").read_bytes()
    assert not (project / "build" / "site").exists()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/assets/tarjotin.css", "text/css"),
        ("/assets/tarjotin.js", "text/javascript"),
        ("/_esikatselu/preview.js", "text/javascript"),
        ("/_esikatselu/preview.css", "text/css"),
        ("/robots.txt", "text/plain"),
    ],
)
def test_other_files_are_sent_as_they_are(reader: Client, path: str, kind: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    assert INJECTED not in answer.content


@pytest.mark.parametrize(
    "path", ["/ei-ole/", "/ei/ole.html", "/..%2f..%2f..%2fcontent/site.yaml", "/%2e%2e/%2e%2e/content/site.yaml"]
)
def test_missing_page_is_the_sites_own(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert heading(answer.text) == "Sivua ei löytynyt"
    assert INJECTED in answer.content


def test_address_without_the_last_slash_leads_to_the_page(reader: Client) -> None:
    assert heading(reader.get(PAGE.rstrip("/")).text) == "Savon Esimerkkiyhdistys ry"


def test_site_under_a_path_answers_there_and_the_root_leads_to_it(project: Path) -> None:
    change(project, "base_path: /", "base_path: /tarjotin/", "content/site.yaml")
    preview = Preview(Settings(project, TODAY, is_preview=True))
    preview.rebuild()
    client = Client(preview)
    assert client.get("/").url.path == "/tarjotin/"
    assert client.get(f"/tarjotin{PAGE}").status_code == 200


# The gallery


def test_gallery_shows_every_state_of_a_card_and_escapes_hostile_text(reader: Client) -> None:
    answer = reader.get("/_galleria/")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    tree = LexborHTMLParser(answer.content)
    assert not [script for script in tree.css("script:not([src])") if "alert" in script.text()]
    names = [name.text().replace(SOFT_HYPHEN, "") for name in tree.css(".card-name")]
    assert {HOSTILE, LONG} <= set(names)
    states = {
        word
        for word in ("open", "waitlist", "ask", "full")
        if tree.css_first(f".capacity-{word}") and tree.css_first(f".capacity-{word}:not([hidden])")
    }
    assert states == {"open", "waitlist", "ask", "full"}
    seen = " ".join(part.text() for part in tree.css(".notice:not([hidden]), .freshness > :not([hidden]), .season:not([hidden])"))
    for told in ("Tauolla", "yli puoli vuotta", "yli vuosi", "ei ole vielä vahvistanut", "Alkaa", "Kausi päättyi"):
        assert told in seen


def test_gallery_shows_every_component(reader: Client) -> None:
    tree = LexborHTMLParser(reader.get("/_galleria/").content)
    signs = {"link_row": "row", "summary_list": "summary", "edit_form": "edit", "edit_field": "field"}
    components = [file.stem for file in (ROOT / "site_templates" / "components").iterdir()]
    assert len(components) > 5
    assert [one for one in components if not tree.css_first(f"main .{signs.get(one, one)}")] == []


# Faults


def told(preview: Preview) -> dict[str, Any]:
    return json.loads(preview.state())


def test_broken_file_tells_its_problems_and_keeps_the_last_good_site(client: Client, preview: Preview, project: Path) -> None:
    before = client.get(PAGE).content
    change(project, "kuopio", "kuopoi")
    sentence = preview.rebuild()
    state = told(preview)
    assert sentence == state["summary"]
    assert re.fullmatch(r"1 virhe \d+ tiedostossa\. Näet viimeisimmän ehjän sivuston\.", sentence)
    assert [(problem["file"], problem["field"]) for problem in state["problems"]] == [(FILE, "activities.0.municipalities.0")]
    assert "kuopio" in state["problems"][0]["message"]
    assert client.get(PAGE).content == before


def test_mended_file_takes_the_problems_away_and_asks_browsers_to_reload(client: Client, preview: Preview, project: Path) -> None:
    change(project, "kuopio", "kuopoi")
    preview.rebuild()
    broken = told(preview)["version"]
    change(project, "kuopoi", "tervo")
    preview.rebuild()
    assert told(preview)["problems"] == []
    assert told(preview)["version"] == broken + 1
    assert "Tervo" in client.get(PAGE).text


def test_site_that_was_never_whole_shows_what_to_mend(project: Path) -> None:
    (project / FILE).write_text("name: [", "utf-8")
    preview = Preview(Settings(project, TODAY, is_preview=True))
    preview.rebuild()
    answer = Client(preview).get("/")
    assert heading(answer.text) == "Sivustoa ei voi vielä näyttää"
    assert INJECTED in answer.content
    assert [problem["file"] for problem in told(preview)["problems"]] == [FILE]


@pytest.mark.parametrize("path", ["/_galleria/", "/_posti/"])
def test_page_that_is_made_of_the_content_says_what_to_mend_meanwhile(preview: Preview, project: Path, path: str) -> None:
    change(project, "name: ", "name: [")
    answer = Client(preview).get(path)
    assert (answer.status_code, heading(answer.text)) == (503, "Sivustoa ei voi vielä näyttää")
    assert INJECTED in answer.content
    change(project, "name: [", "name: ")
    assert Client(preview).get(path).status_code == 200


def test_preview_that_began_broken_is_built_without_other_processes_and_under_its_path(project: Path) -> None:
    change(project, "base_path: /", "base_path: /tarjotin/", "content/site.yaml")
    change(project, "name: ", "name: [")
    preview = Preview(Settings(project, TODAY, is_preview=True, jobs=2), base_path=base_path_of(project))
    preview.rebuild()
    assert preview.settings.jobs == 1  # a thread may not be forked from
    client = Client(preview)
    change(project, "name: [", "name: ")
    preview.rebuild()
    assert client.get(f"/tarjotin{PAGE}").status_code == 200


def test_preview_goes_on_after_what_it_cannot_build(preview: Preview, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another preview is building in the same folder; a fault of the program; then the file is built."""
    faults: list[Exception] = [Busy(), RuntimeError("a fault of the program")]
    build = serve.build_site

    def failing(*given: Any) -> Any:
        if faults:
            raise faults.pop(0)
        return build(*given)

    async def saved_twice(*_: Any, **__: Any) -> AsyncIterator[None]:
        yield
        change(project, "Savon Esimerkkiyhdistys", "Savon Uusi Esimerkkiyhdistys")
        yield

    monkeypatch.setattr(serve, "build_site", failing)
    monkeypatch.setattr(serve, "awatch", saved_twice)
    monkeypatch.setattr(serve, "SECONDS_BETWEEN_TRIES", 0)
    asyncio.run(preview.watch(asyncio.Event()))
    assert faults == []
    assert gc.isenabled()
    assert heading(Client(preview).get(PAGE).text) == "Savon Uusi Esimerkkiyhdistys ry"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "index.html"), "Levyllä on virhe."),
        (sqlite3.OperationalError("database or disk is full"), "Levyllä on virhe."),
        (TemplateSyntaxError("unexpected 'end'", 3, filename="card.html"), "Sivupohjissa on virhe."),
        (KeyError("home"), "Sivupohjissa on virhe."),
    ],
)
def test_what_cannot_be_built_is_told_by_what_it_is(
    preview: Preview, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def failing(*_: Any) -> None:
        raise error

    monkeypatch.setattr(serve, "build_site", failing)
    assert preview.rebuild().startswith(f"{said} Näet viimeisimmän ehjän sivuston.")
    assert json.loads(preview.state())["problems"]


def test_warning_is_told_over_the_new_site(preview: Preview, project: Path) -> None:
    change(project, "pitch: Voit tulla mukaan sellaisena kuin olet.", "pitch: {fi: Tule mukaan., sv: Kom med.}")
    preview.rebuild()
    state = told(preview)
    assert state["version"] == 2
    assert [problem["severity"] for problem in state["problems"]] == ["warning"]


def test_event_stream_tells_the_state_at_once_and_after_each_change(preview: Preview) -> None:
    async def listen() -> tuple[str, str]:
        stream = preview.follow()
        first = await anext(stream)
        following = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)  # lets the stream begin to wait
        preview.version = 7
        async with preview.changed:
            preview.changed.notify_all()
        return first, await following

    events = asyncio.run(listen())
    assert all(event.startswith("data: ") and event.endswith("\n\n") for event in events)
    assert [json.loads(event.removeprefix("data: "))["version"] for event in events] == [1, 7]


def test_port_that_is_taken_is_told_in_a_sentence(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(main, ["--root", str(project), "serve", "--port", str(port)])
    assert done.exit_code == 1
    assert f"Portti {port} on jo käytössä. Valitse toinen: tarjotin serve --port {port + 1}" in done.output
    assert not (project / "build").exists()


# The real command


@pytest.fixture
def serving(project: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command and its port. It is stopped in any case, at the latest after a minute."""
    command = [sys.executable, "-m", "generator", "--root", str(project), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8") as process:
        limit = Timer(60, process.kill)
        limit.start()
        try:
            assert process.stdout
            lines: list[str] = []
            while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/", lines[-1] if lines else "")):
                lines.append(process.stdout.readline())
                assert lines[-1], f"the command ended: {''.join(lines)}"
            yield process, int(found[1])
        finally:
            limit.cancel()
            process.kill()


def states(events: HTTPResponse) -> Iterator[dict[str, Any]]:
    """What the event stream tells, as it comes. Raises TimeoutError when nothing comes in 20 seconds."""
    for line in events:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def fetched(port: int, path: str) -> str:
    """The page, once the command answers: it tells its address a moment before that."""
    end = monotonic() + 20
    while True:
        with HTTPConnectionTo(port) as connection, suppress(ConnectionRefusedError):
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        assert monotonic() < end, "the command does not answer"


class HTTPConnectionTo(HTTPConnection):
    """Closed at the end of a with statement."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=20)

    def __enter__(self) -> "HTTPConnectionTo":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def test_command_follows_the_files_survives_a_broken_one_and_stops_at_ctrl_c(
    serving: tuple[subprocess.Popen[str], int], project: Path
) -> None:
    process, port = serving
    assert heading(fetched(port, PAGE)) == "Savon Esimerkkiyhdistys ry"
    with HTTPConnectionTo(port) as connection:
        connection.request("GET", "/_esikatselu/tapahtumat")
        told = states(connection.getresponse())
        assert next(told)["version"] == 1

        change(project, "Savon Esimerkkiyhdistys ry", "Savon Uusi Esimerkki ry")
        assert next(state for state in told if state["version"] > 1)["problems"] == []
        assert heading(fetched(port, PAGE)) == "Savon Uusi Esimerkki ry"

        change(project, "name: Savon Uusi Esimerkki ry", "name: [")
        assert [problem["file"] for problem in next(state for state in told if state["problems"])["problems"]] == [FILE]
        assert heading(fetched(port, PAGE)) == "Savon Uusi Esimerkki ry"

        process.send_signal(signal.SIGINT)  # with the event stream still open
        assert process.wait(timeout=10) == 0
