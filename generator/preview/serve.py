"""`tarjotin serve`: the site on this machine, built anew and reloaded when content, templates or the taxonomy change.

A broken file never takes the last good site away: its problems are shown over the page until they are mended.
"""

import asyncio
import gc
import json
import os
import secrets
import socket
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from watchfiles import awatch

from generator.building.lock import Busy
from generator.building.publish import Progress, without_progress
from generator.building.report import failure_sentence, is_template_error, summary
from generator.checked import Content
from generator.content import base_path_of
from generator.pages import Plan
from generator.pipeline import Settings, build_site, judged_day, load_content, plan_site
from generator.preview.gallery import render_gallery
from generator.preview.local_api import INBOX, PROPOSALS, LocalApi
from generator.preview.running import Running, announced
from generator.problems import ContentError, Problem
from generator.rendering.environment import TEMPLATES
from generator.rendering.site import make_frames

INJECTED = b'<link rel="stylesheet" href="/_esikatselu/preview.css"><script src="/_esikatselu/preview.js" defer></script></head>'
# In place of the site's worker: a preview is never shown from a store, and a worker that was left at this address goes away.
NO_WORKER = (
    "oninstall=()=>skipWaiting();"
    "onactivate=(event)=>event.waitUntil(caches.keys().then((names)=>Promise.all(names.filter((name)=>name.startsWith('/')).map((name)=>caches.delete(name))))"
    ".then(()=>registration.unregister()))"
)
SECONDS_BETWEEN_TRIES = 0.5
NOTHING_YET = (
    "<!doctype html><html lang=fi><head><meta charset=utf-8><title>Esikatselu</title></head>"
    "<body><h1>Sivustoa ei voi vielä näyttää</h1><p>Korjaa alla olevat kohdat. Sivu päivittyy itsestään.</p></body></html>"
)


@dataclass
class Preview:
    """The site as it was last built, and what is wrong with the content now."""

    settings: Settings
    version: int = 0
    summary: str = ""
    problems: list[Problem] = field(default_factory=list)
    base_path: str = "/"
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def rebuild(self, progress: Progress = without_progress) -> str:
        """Builds, and returns the sentence to tell in the terminal. What is wrong with content, templates or the disk becomes
        problems. Raises Busy."""
        try:
            report = build_site(self.settings, progress)
            self.base_path = report.base_path
        except Busy:
            raise
        except ContentError as error:
            self.problems = error.problems
            self.summary = summary(error.problems, error.files, verdict="Näet viimeisimmän ehjän sivuston.")
            return self.summary
        except Exception as error:
            said = failure_sentence(error)
            if said is None and not isinstance(error, KeyError):  # a text that a template asks for and that is not there
                raise
            of_templates = said is None or is_template_error(error)
            said = said or f"Tekstiä {error} ei ole. Lisää se kansioon site_templates/texts."
            self.problems = [Problem("site_templates" if of_templates else "build", 1, "", said)]
            self.summary = f"{'Sivupohjissa' if of_templates else 'Levyllä'} on virhe. Näet viimeisimmän ehjän sivuston."
            return f"{self.summary} {said}"
        finally:
            self.settings = replace(self.settings, jobs=1)  # from now on in a thread, where no process may be copied from
        self.problems = list(report.warnings)
        self.summary = "Huomautuksia sisällöstä"
        self.version += 1
        return str(report)

    def state(self) -> str:
        problems = [problem.as_json() for problem in self.problems]
        return json.dumps({"version": self.version, "summary": self.summary, "problems": problems}, ensure_ascii=False)

    async def follow(self) -> AsyncIterator[str]:
        """The state now, and again after every change."""
        while True:
            yield f"data: {self.state()}\n\n"
            async with self.changed:
                await self.changed.wait()

    async def watch(self, stop: asyncio.Event) -> None:
        places = [self.settings.root / "content", self.settings.root / "taxonomy.yaml", TEMPLATES]
        async for _ in awatch(*(place for place in places if place.exists()), stop_event=stop, step=50, debounce=300):
            gc.disable()  # it would take a fifth of the time that someone waits; after that there is time for it
            try:
                click.echo(await self._rebuilt())
            except Exception:  # noqa: BLE001 - a fault of the program: the next change may be built all the same
                traceback.print_exc()
            finally:
                gc.enable()
            async with self.changed:
                self.changed.notify_all()
            gc.collect()

    async def _rebuilt(self) -> str:
        """When another preview of the same folder is building, after it."""
        while True:
            try:
                return await asyncio.to_thread(self.rebuild)
            except Busy:
                await asyncio.sleep(SECONDS_BETWEEN_TRIES)


def shown(raw: bytes, status: int = 200) -> Response:
    """A page with the preview's own script, never kept by the browser."""
    return HTMLResponse(raw.replace(b"</head>", INJECTED, 1), status, {"Cache-Control": "no-store"})


class SiteFiles(StaticFiles):
    """The built site, with the preview's script added to each page as it is sent; the files stay as they are."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            return self._page(Path(str(self.directory)) / "404.html", 404)
        name = str(getattr(response, "path", ""))
        return self._page(Path(name), response.status_code) if name.endswith(".html") else response

    async def check_config(self) -> None:
        """The folder comes with the first build that succeeds."""

    def _page(self, file: Path, status: int) -> Response:
        return shown(file.read_bytes() if file.is_file() else NOTHING_YET.encode(), status)


class PreviewPages:
    """What only a preview has: its events, the gallery of components, the mail that was sent."""

    def __init__(self, preview: Preview, api: LocalApi) -> None:
        self._preview, self._api = preview, api

    def routes(self) -> list[Route]:
        addresses = {"/_esikatselu/tapahtumat": self.events, "/_galleria/": self.gallery, INBOX: self.inbox}
        return [
            *(Route(address, page) for address, page in addresses.items()),
            Route(f"{self._preview.base_path}sw.js", self.no_worker),
        ]

    async def events(self, _: Request) -> Response:
        return StreamingResponse(self._preview.follow(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def gallery(self, _: Request) -> Response:
        return await self._of_content(render_gallery)

    async def inbox(self, _: Request) -> Response:
        return await self._of_content(self._inbox)

    def _inbox(self, content: Content, plan: Plan, today: date) -> bytes:
        frame = make_frames(content, plan, today, hashed=False)[0]
        return frame.render(
            "pages/inbox.html", title="Posti", description="Lähetetyt viestit", path="/", is_indexed=False, **self._api.state()
        )

    async def _of_content(self, render: Callable[[Content, Plan, date], bytes]) -> Response:
        """A page that is made of the content as it is now; while that is broken, one that says what to mend."""
        settings = self._preview.settings
        try:
            content = await asyncio.to_thread(load_content, settings)
        except ContentError:
            return shown(NOTHING_YET.encode(), 503)
        return shown(await asyncio.to_thread(render, content, plan_site(content, settings), judged_day(content, settings)))

    async def no_worker(self, _: Request) -> Response:
        return Response(NO_WORKER, media_type="text/javascript", headers={"Cache-Control": "no-store"})

    async def to_base(self, _: Request) -> Response:
        return RedirectResponse(self._preview.base_path)


def make_app(preview: Preview, stop: asyncio.Event, origin: str = "http://127.0.0.1", key: bytes = b"") -> Starlette:
    """The preview as an application; `origin` is the address that it is opened at, `key` signs its links."""
    site = SiteFiles(directory=preview.settings.build / "site", html=True, check_dir=False)
    api = LocalApi(preview.settings.root, preview.settings.build, origin, key=key or secrets.token_bytes(32))
    pages = PreviewPages(preview, api)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(preview.watch(stop))
        yield
        stop.set()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    routes: list[Any] = [
        *pages.routes(),
        Mount("/_esikatselu", StaticFiles(directory=TEMPLATES / "preview")),
        *api.routes(),
        Mount(preview.base_path.rstrip("/"), site),
    ]
    if preview.base_path != "/":
        routes.append(Route("/", pages.to_base))
    return Starlette(routes=routes, lifespan=lifespan)


class Server(uvicorn.Server):
    """Ends open event streams at Ctrl-C, which would otherwise keep the server waiting for ever."""

    def __init__(self, config: uvicorn.Config, stop: asyncio.Event) -> None:
        super().__init__(config)
        self._stop = stop

    def handle_exit(self, sig: int, frame: Any) -> None:
        self._stop.set()
        self.force_exit = True
        super().handle_exit(sig, frame)


def run_server(settings: Settings, port: int, progress: Progress) -> None:
    """Serves until it is stopped. Raises OSError when the port is taken."""
    listening = _listen(port)
    preview = Preview(settings, base_path=base_path_of(settings.root))
    click.echo(preview.rebuild(progress))
    for problem in preview.problems:
        click.echo(f"{problem.file}:{problem.line}  {problem.message}")
    stop = asyncio.Event()
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    address = f"{origin}{preview.base_path}"
    click.echo(f"Sivusto: {address}\nOsat ja niiden tilat: {origin}/_galleria/\nPosti: {origin}{INBOX}")
    click.echo(f"Muutokset: {origin}{PROPOSALS}\nLopeta: Ctrl+C")
    running = Running(origin, address.rstrip("/"), secrets.token_bytes(32))
    config = uvicorn.Config(make_app(preview, stop, origin, running.secret), log_level="warning", lifespan="on")
    with suppress(KeyboardInterrupt), announced(settings.build, running):
        Server(config, stop).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    if os.name == "posix":  # on Windows it would let two servers share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise click.ClickException(f"Portti {port} on jo käytössä. Valitse toinen: tarjotin serve --port {port + 1}") from None
    return listening
