"""A real browser, and the built site behind a real address. Every page that a test opens is watched: an error in the console, a
refusal by the content security policy or a request to another host fails the test."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")  # not session: a running Playwright would get in the way of other tests' event loops
def chromium() -> Iterator[Browser]:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first has no windows, and is fast
    executable = next((found for name in names if (found := shutil.which(name))), None)
    if not executable:
        pytest.skip("There is no Chromium here; to run the browser tests: sudo apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


BLOCKED = "Service Worker registration blocked by Playwright"


class SiteHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address (without the last /) where a built site answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SiteHandler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:  # also when a test fails inside: the thread would keep the whole run from ending
            server.shutdown()
            thread.join()


@pytest.fixture(scope="package")
def address(chromium: Browser, site: Path) -> Iterator[str]:
    """The address of the whole sample site; without Chromium it is not even built."""
    with served(site) as found:
        yield found


@dataclass
class Watch:
    """What a page asked for and complained about."""

    own: str
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self.asked(request.url))
        page.on("console", lambda message: self.said(message.type, message.text))
        page.on("pageerror", lambda error: self.said("error", str(error)))

    def asked(self, url: str) -> None:
        self.requests.append(url)
        if not url.startswith(f"{self.own}/"):
            self.faults.append(f"request to {url}")

    def said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and BLOCKED not in text:
            self.faults.append(f"{kind}: {text}")


@contextmanager
def opened(chromium: Browser, address: str, **context: Any) -> Iterator[tuple[Page, Watch]]:
    """A page of a new visitor, whose relative addresses are of the site. Without a service worker unless asked: one would answer
    in place of what a test puts on the way."""
    with closing(chromium.new_context(base_url=address, **{"service_workers": "block", **context})) as visitor:
        page, watch = visitor.new_page(), Watch(address)
        watch.follow(page)
        yield page, watch


@pytest.fixture
def watched(chromium: Browser, address: str) -> Iterator[tuple[Page, Watch]]:
    with opened(chromium, address) as (page, watch):
        yield page, watch


@pytest.fixture
def page(watched: tuple[Page, Watch]) -> Iterator[Page]:
    page, watch = watched
    yield page
    assert not watch.faults


def until(page: Page, expression: str) -> None:
    """Waits for something to be true on a page whose policy lets no text be run: Playwright's own waiting does that."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")
