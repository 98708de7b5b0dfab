"""How texts are set on a poster: with their language, and so that no word is wider than the paper."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from generator.models import Text
from generator.rendering import typography
from generator.rendering.environment import Voice

LONGEST_WORD = 34  # letters without a joint; a real Finnish word is shorter
LONGEST_ADDRESS = 60
ZERO_WIDTH_SPACE = "\u200b"

_RUN = re.compile(rf"[^\s\u00ad\u200b-]{{{LONGEST_WORD + 1},}}")
_ADDRESS_JOINT = re.compile(r"(?<=[./@_?&=])(?=\w)")

_LEGAL_FORM = re.compile(r" (?=r[yf]$)")  # stays with the name


@dataclass(frozen=True)
class Wording:
    voice: Voice

    def words(self, *keys: str) -> Any:
        """Words of the interface, by their place in texts/<language>.yaml."""
        found: Any = self.voice.texts
        for key in keys:
            found = found[key]
        return found

    def said(self, text: Text) -> dict[str, str]:
        """A text with the language that it is in: this one, or Finnish where it is not written."""
        is_written = bool(getattr(text, self.voice.language))
        return {"text": self.breakable(self.voice.plain(text)), "lang": self.voice.language if is_written else "fi"}

    def breakable(self, text: str) -> str:
        """Text that can go to the next line at the joints of compounds, in addresses, and anywhere in what is no word."""
        jointed = _LEGAL_FORM.sub("\u00a0", typography.soft_hyphens(text))
        if "@" in text or "/" in text or "." in text.rstrip("."):
            jointed = _ADDRESS_JOINT.sub(ZERO_WIDTH_SPACE, jointed)
        return _RUN.sub(_broken, jointed)


def _broken(run: re.Match[str]) -> str:
    return ZERO_WIDTH_SPACE.join(run[0][at : at + 12] for at in range(0, len(run[0]), 12))


def host(address: str) -> str:
    """An address as it can be typed: without https://, and of a long one only the host."""
    short = address.removeprefix("https://").rstrip("/")
    return short if len(short) <= LONGEST_ADDRESS else str(urlsplit(address).hostname)


def telephone(number: str) -> dict[str, str]:
    return {"shown": typography.phone(number), "dialled": number}
