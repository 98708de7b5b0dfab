"""Where the site is in each of its languages: the first one's pages are at the root, the others' under their code."""

from collections.abc import Sequence


def front_page(address: str, language: str, languages: Sequence[str]) -> str:
    """The front page in a language, without a slash at its end; the first language's where the site has no such language.
    `address`: that of the whole site, without one too."""
    return f"{address}/{language}" if language in languages[1:] else address
