"""A mail as sections, written out as text and as HTML: the same words in both, and all that people wrote escaped."""

from dataclasses import dataclass
from html import escape

# Mails to an association about its own data carry this header, so that a bounce is told of in the right words.
KIND_HEADER, UPKEEP = "X-Tarjotin-Laji", "yllapito"

_BODY = "margin:0 auto;padding:16px;max-width:36em;font:16px/1.5 Arial,sans-serif;color:#1b1b1b;background:#fff"
_HEADING = "margin:24px 0 8px;font-size:20px;line-height:1.3"
_PARAGRAPH = "margin:0 0 12px"
_TEXT = f"{_PARAGRAPH};overflow-wrap:anywhere"
_LABEL = "color:#4a4a4a;font-size:14px"
_VALUE = "font-size:17px;font-weight:bold;overflow-wrap:anywhere"
_CALM_VALUE = "font-size:17px;overflow-wrap:anywhere"
_LINK = "display:block;padding:12px 16px;border:2px solid #0b4f8a;border-radius:6px;color:#0b4f8a;font-weight:bold"


@dataclass(frozen=True)
class Row:
    """A label and its value; `link` is an address to open from the value (tel:, mailto:, https:)."""

    label: str
    value: str
    link: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, paragraphs, rows and links, in this order; what is empty is left out. The rows' values stand out, unless there
    are so many that nothing would."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()
    is_calm: bool = False


def as_text(sections: tuple[Section, ...]) -> str:
    return "\n\n".join("\n".join(_text_lines(section)) for section in sections) + "\n"


def _text_lines(section: Section) -> list[str]:
    lines = [section.heading, "=" * len(section.heading)] if section.heading else []
    lines += section.paragraphs
    lines += [f"{row.label}: {row.value}" for row in section.rows]
    for link in section.links:
        lines += ["", f"{link.label}:", link.value]
    return lines


def as_html(language: str, title: str, sections: tuple[Section, ...]) -> str:
    inside = "".join(_html_section(section, "h2" if number else "h1") for number, section in enumerate(sections))
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"></head><body style="{_BODY}">{inside}</body></html>'
    )


def _html_section(section: Section, level: str) -> str:
    parts = [f'<{level} style="{_HEADING}">{escape(section.heading)}</{level}>'] if section.heading else []
    parts += [f'<p style="{_TEXT}">{escape(paragraph)}</p>' for paragraph in section.paragraphs]
    parts += [_html_row(row, _CALM_VALUE if section.is_calm else _VALUE) for row in section.rows]
    parts += [
        f'<p style="{_PARAGRAPH}"><a style="{_LINK}" href="{escape(link.link)}">{escape(link.label)}</a></p>'
        for link in section.links
    ]
    return "".join(parts)


def _html_row(row: Row, style: str) -> str:
    """`bdi` keeps a name in a right-to-left script from turning the words around it."""
    value = f"<bdi>{escape(row.value)}</bdi>"
    if row.link:
        value = f'<a href="{escape(row.link)}">{value}</a>'
    return (
        f'<p style="{_PARAGRAPH}"><span style="{_LABEL}">{escape(row.label)}</span><br><span style="{style}">{value}</span></p>'
    )
