"""The preview's mailbox, asked beside the page that a test is about."""

from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser, LexborNode


def sections(page: Page) -> list[LexborNode]:
    """What is told of each mail so far, newest first."""
    answer = page.request.get("/_posti/")
    assert answer.ok
    return LexborHTMLParser(answer.text()).css("section")


def mails(page: Page) -> list[str]:
    """The texts of the mails so far, newest first."""
    return [text_of(section) for section in sections(page)]


def newest_to(page: Page, address: str) -> str:
    return next(text_of(section) for section in sections(page) if any(address in fact.text() for fact in section.css("dd")))


def text_of(section: LexborNode) -> str:
    [text] = section.css(".mail-text")
    return text.text()


def set_mood(page: Page, mood: str) -> None:
    """How the next mails go: ok, not_sent or uncertain."""
    assert page.request.post("/_posti/tila", form={"mood": mood}).ok
