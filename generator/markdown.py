"""Markdown to a safe subset: no HTML, and links only where a reader expects to be taken. Pictures only in the region's own
running text, and only the site's own."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A line in which Markdown has nothing to find: it begins with a letter and has no sign that could mean anything.
_PLAIN_LINE = r"""[^\W\d_][^\x00-\x1f\x7f"#$&*+<=>@\[\\\]^_`{|}~]*(?<!\s)"""
_PLAIN = re.compile(rf"{_PLAIN_LINE}(?:\n+{_PLAIN_LINE})*\n*")
_ALLOWED_LINK = re.compile(r"(https://|mailto:|tel:|/[^/]|/$|#)", re.IGNORECASE)


class Shown(NamedTuple):
    """Where a picture is found, and how large it is."""

    address: str
    width: int
    height: int


@cache
def _reader(*, with_pictures: bool = False) -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - an edit of a plain text needs none

    left_out = ["html_block", "html_inline", *([] if with_pictures else ["image"])]
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable(left_out)
    reader.validateLink = lambda url: _ALLOWED_LINK.match(url.strip()) is not None  # type: ignore[method-assign]
    return reader


@lru_cache(8)  # the pages of one association come one after another
def render_markdown(text: str, *, top: int, prefix: str) -> Markup:
    """Markup of a text. Its highest heading becomes level `top`; links within the site get the `prefix` (base path, language)."""
    if _PLAIN.fullmatch(text):  # most descriptions
        return Markup("".join(f"<p>{one}</p>\n" for one in re.split(r"\n\n+", text.rstrip("\n"))))  # noqa: S704 - no sign of markup
    return _marked(text, top, prefix)


def _marked(text: str, top: int, prefix: str) -> Markup:
    return _markup(_reader(), _reader().parse(text), top, prefix)


def render_page_text(text: str, *, top: int, prefix: str, pictures: Mapping[str, Shown]) -> Markup:
    """The same for running text, where a picture may stand. It is known by the address that it is written with; an unknown one
    is its words."""
    tokens = _reader(with_pictures=True).parse(text)
    for image in _images(tokens):
        shown = pictures.get(str(image.attrs["src"]))
        if shown:
            image.attrs |= {"src": shown.address, "width": shown.width, "height": shown.height, "loading": "lazy"}
        else:
            image.type = "text"
    return _markup(_reader(with_pictures=True), tokens, top, prefix)


class Mentioned(NamedTuple):
    """What a running text refers to: addresses within the site (a picture is no link), and (address, alternative text) of each
    picture."""

    links: list[str]
    pictures: list[tuple[str, str]]

    @classmethod
    def of(cls, text: str) -> "Mentioned":
        tokens = _reader(with_pictures=True).parse(text)
        pictures = [(str(image.attrs["src"]), image.content.strip()) for image in _images(tokens)]
        return cls(_links(tokens), pictures)


def _images(tokens: "list[Token]") -> "Iterator[Token]":
    return (child for token in tokens for child in token.children or () if child.type == "image")


def _markup(reader: "MarkdownIt", tokens: "list[Token]", top: int, prefix: str) -> Markup:
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = top - min(levels, default=top)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        for child in token.children or ():
            _prefix_link(child, prefix)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - raw HTML is off


def text_blocks(text: str) -> list[tuple[str, str]]:
    """The text without markup, for paper: ("heading" | "item" | "paragraph", words) one after another; an address of another site
    follows the words that lead to it."""
    found, kinds = [], ["paragraph"]
    for token in _reader().parse(text):
        if token.type in ("heading_open", "list_item_open"):
            kinds.append("heading" if token.type == "heading_open" else "item")
        elif token.type in ("heading_close", "list_item_close"):
            kinds.pop()
        elif token.type == "inline":
            found.append((kinds[-1], _words(token.children or [])))
        elif token.content.strip():  # code
            found.append((kinds[-1], token.content.strip()))
    return found


def _words(tokens: "list[Token]") -> str:
    said, address = "", ""
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
        elif token.type == "link_close" and ":" in address and address.partition(":")[2].strip("/") not in said:
            said += f" ({address.removeprefix('mailto:').removeprefix('tel:')})"
        said += " " if token.type in ("softbreak", "hardbreak") else token.content
    return said


def internal_links(text: str) -> list[str]:
    """The addresses within the site that an association's text links to."""
    if "](" not in text and "]:" not in text:  # every other kind of link names its scheme
        return []
    return _links(_reader().parse(text))


def _links(tokens: "list[Token]") -> list[str]:
    children = (child for token in tokens for child in token.children or ())
    found = (str(child.attrs.get("href", "")) for child in children if child.type == "link_open")
    return [href for href in found if href.startswith("/")]


def _prefix_link(token: "Token", prefix: str) -> None:
    href = token.attrs.get("href")
    if token.type == "link_open" and isinstance(href, str) and href.startswith("/"):
        token.attrs["href"] = prefix + href.removeprefix("/")
