"""The contact request on this machine: the function's own code behind its own paths, a store in memory, and a mailbox to see.

Part of `tarjotin serve` only. The switch of the mailbox makes the mail service fail on command, and a button makes a mail bounce,
so that every outcome can be seen in the browser.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lambda_common.local import LocalMailer, LocalStore, Mood, event_about, http_event, local_services
from lambda_common.services import Mail, Services
from lambda_referral.handler import handle
from lambda_referral.recipients import Recipients
from lambda_referral.settings import Settings

FROM_ADDRESS = "yhteydenotto@tarjotin.example.fi"
INBOX = "/_posti/"


@dataclass
class LocalApi:
    """The function with its memory. `record` is the recipients file of the preview; `site` the address of its pages."""

    record: Path
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
        return Settings([self.key], FROM_ADDRESS, self.site, Recipients.load(self.record))

    async def call(self, request: Request) -> Response:
        body = await request.body()
        event = http_event(request.method, request.url.path, request.headers, body, request.query_params)
        answer = await run_in_threadpool(handle, event, self._services, self._settings)
        assert answer
        return Response(answer["body"], answer["statusCode"], answer["headers"])

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
            Route("/_posti/tila", self.switch, methods=["POST"]),
            Route("/_posti/{number:int}/palautus", self.bounce, methods=["POST"]),
            Route("/_posti/{number:int}/viesti.html", self.html),
        ]
