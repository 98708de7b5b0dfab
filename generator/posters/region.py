"""The region that posters are made for: its content, its pages and the voice of each language, on one day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from generator.checked import Content
from generator.models import Language
from generator.pages import Plan
from generator.rendering.environment import Voice, load_voice
from generator.rendering.views import Terms


@dataclass(frozen=True)
class Region:
    content: Content
    plan: Plan
    today: date

    @property
    def languages(self) -> tuple[Language, ...]:
        return self.content.site.languages

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.content.taxonomy)

    @cached_property
    def voices(self) -> dict[str, Voice]:
        return {language: load_voice(language, self.content.site) for language in self.languages}

    def address(self, voice: Voice, path: str) -> str:
        """The whole address of a page in a language."""
        return self.content.site.url.rstrip("/") + voice.url(path)
