"""Markdown to a safe subset: no HTML, no images, and links only where a reader expects to be taken."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# A line in which Markdown has nothing to find: it begins with a letter and has no sign that could mean anything.
_PLAIN_LINE = r"""[^\W\d_][^\x00-\x1f\x7f"#$&*+<=>@\[\\\]^_`{|}~]*(?<!\s)"""
_PLAIN = re.compile(rf"{_PLAIN_LINE}(?:\n+{_PLAIN_LINE})*\n*")
_ALLOWED_LINK = re.compile(r"(https://|mailto:|tel:|/[^/]|/$|#)", re.IGNORECASE)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable(["image", "html_block", "html_inline"])
    reader.validateLink = lambda url: _ALLOWED_LINK.match(url.strip()) is not None  # type: ignore[method-assign]
    return reader


_READER = _reader()


@lru_cache(8)  # the pages of one association come one after another
def render_markdown(text: str, *, top: int, prefix: str) -> Markup:
    """Markup of a text. Its highest heading becomes level `top`; links within the site get the `prefix` (base path, language)."""
    if _PLAIN.fullmatch(text):  # most descriptions
        return Markup("".join(f"<p>{one}</p>\n" for one in re.split(r"\n\n+", text.rstrip("\n"))))  # noqa: S704 - no sign of markup
    return _marked(text, top, prefix)


def _marked(text: str, top: int, prefix: str) -> Markup:
    tokens = _READER.parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = top - min(levels, default=top)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        for child in token.children or ():
            _prefix_link(child, prefix)
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704 - raw HTML is off


def text_blocks(text: str) -> list[tuple[str, str]]:
    """The text without markup, for paper: ("heading" | "item" | "paragraph", words) one after another; an address of another site
    follows the words that lead to it."""
    found, kinds = [], ["paragraph"]
    for token in _READER.parse(text):
        if token.type in ("heading_open", "list_item_open"):
            kinds.append("heading" if token.type == "heading_open" else "item")
        elif token.type in ("heading_close", "list_item_close"):
            kinds.pop()
        elif token.type == "inline":
            found.append((kinds[-1], _words(token.children or [])))
        elif token.content.strip():  # code
            found.append((kinds[-1], token.content.strip()))
    return found


def _words(tokens: list[Token]) -> str:
    said, address = "", ""
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
        elif token.type == "link_close" and ":" in address and address.partition(":")[2].strip("/") not in said:
            said += f" ({address.removeprefix('mailto:').removeprefix('tel:')})"
        said += " " if token.type in ("softbreak", "hardbreak") else token.content
    return said


@lru_cache(256)  # the pages of running text, which `serve` checks at every change
def internal_links(text: str) -> list[str]:
    """The addresses within the site that a text links to."""
    if "](" not in text and "]:" not in text:  # every other kind of link names its scheme
        return []
    children = (child for token in _READER.parse(text) for child in token.children or ())
    found = (str(child.attrs.get("href", "")) for child in children if child.type == "link_open")
    return [href for href in found if href.startswith("/")]


def _prefix_link(token: Token, prefix: str) -> None:
    href = token.attrs.get("href")
    if token.type == "link_open" and isinstance(href, str) and href.startswith("/"):
        token.attrs["href"] = prefix + href.removeprefix("/")
