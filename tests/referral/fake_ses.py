"""A mail service that fails on command: SES v2's SendEmail over HTTP on this machine, which counts what reaches it."""

import json
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

Mood = Literal["ok", "late", "close", "cut_short", "garbage", "throttle", "refuse", "forbidden", "broken", "unavailable"]

# Status and SES's own name of the error.
_REFUSALS: dict[Mood, tuple[int, str]] = {
    "throttle": (429, "TooManyRequestsException"),
    "refuse": (400, "MessageRejected"),
    "forbidden": (403, "AccessDeniedException"),
    "broken": (500, "InternalFailure"),
    "unavailable": (503, "ServiceUnavailable"),
}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # twenty threads knock at once


@dataclass
class FakeSes:
    """`accepted` are the mails that SES would have sent on, told or not; `requests` counts every request."""

    mood: Mood = "ok"
    requests: int = 0
    accepted: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    hurry: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: list[Any] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.hurry.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def drop_connections(self) -> None:
        """As a server does with connections that nobody has used for a while."""
        for connection in self._open:
            connection.close_connection = True
            with suppress(OSError):
                connection.connection.shutdown(socket.SHUT_RDWR)

    def receive(self, body: bytes) -> Mood:
        with self._lock:
            self.requests += 1
            if self.mood not in _REFUSALS:
                self.accepted.append(json.loads(body))
        if self.mood == "late":
            self.hurry.wait(timeout=5)
        return self.mood

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        ses = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                ses._open.append(self)
                ses.paths.append(self.path)
                mood = ses.receive(self.rfile.read(int(self.headers["Content-Length"])))
                if mood == "close":
                    self.close_connection = True
                elif mood in _REFUSALS:
                    status, name = _REFUSALS[mood]
                    self._answer(status, b'{"message":"no"}', {"x-amzn-ErrorType": name})
                elif mood == "garbage":
                    self._answer(200, b"<html>not json", {})
                elif mood == "cut_short":
                    self._answer(200, b'{"MessageId":', {"Content-Length": "400"})
                    self.close_connection = True
                elif mood != "late":
                    self._answer(200, b'{"MessageId":"1"}', {})

            def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing to stderr: the canary test reads it."""

        return Handler
