"""The languages that a site may have. Imports nothing, so that the command line knows them without the models."""

from typing import Literal

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
