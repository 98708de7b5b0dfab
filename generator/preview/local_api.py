"""The functions on this machine: their own code behind their own paths, a store in memory, and a mailbox to see.

Part of `tarjotin serve` only. The switch of the mailbox makes the mail service fail on command, and a button makes a mail bounce,
so that every outcome can be seen in the browser.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from generator.preview.local_edit import LocalEdit, NotReady
from generator.preview.running import INTAKE, KEY_HEADER, SHEETS, intake_key
from lambda_common.local import LocalMailer, LocalStore, Mood, event_about, http_event, local_services
from lambda_common.services import Mail, Services
from lambda_edit.handler import ROUTES as EDIT_ROUTES
from lambda_referral.handler import REMINDERS, handle
from lambda_referral.recipients import Recipients
from lambda_referral.reminders import RemindersNotSent
from lambda_referral.settings import Settings

FROM_ADDRESS = "yhteydenotto@tarjotin.example.fi"
INBOX = "/_posti/"
PROPOSALS = "/_muutokset/"


@dataclass
class LocalApi:
    """The functions with their memory. `root` is the project, `build` where the preview keeps what the build wrote for them;
    `site` is the address of its pages."""

    root: Path
    build: Path
    site: str
    mailer: LocalMailer = field(default_factory=LocalMailer)
    store: LocalStore = field(default_factory=LocalStore)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def _services(self) -> Services:
        return local_services(self.mailer, self.store)

    @property
    def _settings(self) -> Settings:
        """Read anew for each request, because a rebuild may have changed the recipients."""
        return Settings([self.key], FROM_ADDRESS, self.site, Recipients.load(self._recipients))

    @property
    def _recipients(self) -> Path:
        return self.build / "lambda" / "recipients.json"

    @cached_property
    def edit(self) -> LocalEdit:
        return LocalEdit(self.root, self.build / "lambda" / "edit.json", self.site, FROM_ADDRESS, self.key, self._services)

    async def call(self, request: Request) -> Response:
        body = await request.body()
        event = http_event(request.method, request.url.path, request.headers, body, request.query_params)
        answer = await run_in_threadpool(self._answer, event)
        return Response(answer["body"], answer["statusCode"], answer["headers"])

    def _answer(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """The challenge is both functions'; the region may take no contact requests, but it always takes edits."""
        if event["rawPath"] in EDIT_ROUTES or not self._recipients.exists():
            return self.edit.answer(event)
        answer = handle(event, self._services, self._settings)
        assert answer
        return answer

    async def proposals(self, _: Request) -> Response:
        """The coordinator's page, opened with a link that was signed here."""
        try:
            return RedirectResponse(self.edit.approval_url(), headers={"Cache-Control": "no-store"})
        except NotReady as error:
            return PlainTextResponse(str(error), 503)

    async def switch(self, request: Request) -> Response:
        """How the next mails go: ok, not_sent or uncertain."""
        wanted = parse_qs((await request.body()).decode()).get("mood", [""])[0]
        self.mailer.mood = next((mood for mood in get_args(Mood) if mood == wanted), self.mailer.mood)
        return RedirectResponse(INBOX, 303)

    async def bounce(self, request: Request) -> Response:
        mail = self._mail(request)
        if mail:
            services = self._services
            event = event_about(mail, "Bounce", services.now(), FROM_ADDRESS, f"local-{request.path_params['number']}")
            await run_in_threadpool(handle, event, services, self._settings)
        return RedirectResponse(INBOX, 303)

    async def html(self, request: Request) -> Response:
        """The mail's own HTML, with nothing allowed but its inline styles: what a mail program shows."""
        mail = self._mail(request)
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"}
        return HTMLResponse(mail.html if mail else "", 200 if mail else 404, policy)

    async def take_in(self, request: Request) -> Response:
        """A mail of a command that runs beside the preview (tarjotin review --send). Only who can read the preview's key may. GET
        tells only that the preview is here."""
        if not self._is_ours(request):
            return Response(status_code=403)
        if request.method == "POST":
            self.mailer.outbox.append(Mail(**json.loads(await request.body())))
        return Response(status_code=204)

    async def sheet(self, request: Request) -> Response:
        """A sheet of the functions' counters, for a command that runs beside the preview."""
        if not self._is_ours(request):
            return Response(status_code=403)
        return JSONResponse(dict(self.store.read(request.query_params.get("avain", ""))))

    async def remind(self, _: Request) -> Response:
        """The morning's run on each day that something waits for, as if that day had come."""
        for day in sorted(key.removeprefix("w#") for key in self.store.sheets if key.startswith("w#")):
            morning = datetime.fromisoformat(f"{day}T06:20:00+00:00")
            services = local_services(self.mailer, self.store, lambda morning=morning: morning)  # type: ignore[misc]
            with suppress(RemindersNotSent):  # the mailbox's switch says why
                await run_in_threadpool(handle, {"run": REMINDERS}, services, self._settings)
        return RedirectResponse(INBOX, 303)

    def _is_ours(self, request: Request) -> bool:
        """Whether it comes from a command of this user, who alone can read the preview's key."""
        return hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), intake_key(self.key).encode())

    def _mail(self, request: Request) -> Mail | None:
        number: int = request.path_params["number"]
        return self.mailer.outbox[number] if number < len(self.mailer.outbox) else None

    def state(self) -> Mapping[str, Any]:
        """What the mailbox page shows: newest first, with the number by which a mail is called."""
        mails = [(number, mail) for number, mail in enumerate(self.mailer.outbox)]
        return {"mails": mails[::-1], "mood": self.mailer.mood, "moods": get_args(Mood), "sender": FROM_ADDRESS}

    def routes(self) -> list[Route]:
        return [
            Route("/api/{name}", self.call, methods=["GET", "POST", "PUT", "DELETE"]),
            Route(PROPOSALS, self.proposals),
            Route("/_posti/tila", self.switch, methods=["POST"]),
            Route(INTAKE, self.take_in, methods=["GET", "POST"]),
            Route(SHEETS, self.sheet),
            Route("/_posti/muistutukset", self.remind, methods=["POST"]),
            Route("/_posti/{number:int}/palautus", self.bounce, methods=["POST"]),
            Route("/_posti/{number:int}/viesti.html", self.html),
        ]
