"""What every request is handled with, and the files that it may touch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any

from generator.content import Document, Fault, parse_yaml
from generator.models import PrivateAddresses
from generator.problems import Problem
from generator.shapes import shape
from lambda_common.services import Services
from lambda_edit.forge import File, Forge, Proposal
from lambda_edit.settings import Settings

ORGANISATIONS = "content/organisations"


@dataclass(frozen=True)
class Desk:
    """`private` keeps the addresses; it may be the same forge as `public`. `pause` waits so many seconds."""

    services: Services
    settings: Settings
    public: Forge
    private: Forge
    pause: Callable[[float], None] = sleep

    @property
    def now(self) -> datetime:
        return self.services.now()


@dataclass(frozen=True)
class Version:
    """One state of a file, and what is written in it; a file that is not there has neither text nor blob."""

    text: str
    blob: str
    written: dict[str, Any]


NOTHING = Version("", "", {})


def organisation_path(slug: str) -> str:
    return f"{ORGANISATIONS}/{slug}.yaml"


def addresses_path(settings: Settings, slug: str) -> str:
    """In the private forge; its folder is "" when the forge keeps nothing else."""
    return f"{settings.private_folder}/{slug}.yaml" if settings.private_folder else f"{slug}.yaml"


def version_of(file: File | None) -> Version:
    """What cannot be read counts as empty: every field of it then differs, and nothing is lost unseen."""
    return NOTHING if file is None else Version(file.text, file.blob, parsed(file.text))


def parsed(text: str) -> dict[str, Any]:
    try:
        return parse_yaml(text)
    except Fault:
        return {}


def read_organisation(desk: Desk, slug: str, at: str = "") -> Version:
    """`at`: a branch or a commit; the main branch when empty."""
    return version_of(desk.public.read(organisation_path(slug), at))


def read_addresses(desk: Desk, slug: str, at: str = "") -> Version:
    return version_of(desk.private.read(addresses_path(desk.settings, slug), at))


def as_addresses(version: Version) -> PrivateAddresses | None:
    """The private addresses as the program knows them; None when there are none, or they are not in order."""
    problems: list[Problem] = []
    return shape(PrivateAddresses, Document("", "", "", version.written), problems) if version.blob else None


def document_of(slug: str, written: dict[str, Any]) -> Document:
    """A file as it would be after the change, for the checks. Their line numbers mean nothing."""
    return Document(organisation_path(slug), slug, "", written)


def branch_of(kind: str, slug: str) -> str:
    return f"{kind}/{slug}"


def kind_of(proposal: Proposal) -> str:
    return proposal.id.partition("/")[0]


def open_proposal(forge: Forge, branch: str) -> Proposal | None:
    return next((one for one in forge.proposals() if one.id == branch), None)
