"""Where the content's history lives, whoever keeps it: reading files, and proposing changes that a coordinator merges or closes.

A region's public content and its private addresses can be two repositories: then each is a forge of its own. No value that a
person wrote stands in the text of an exception here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

# Kinds of branches: an edit, one whose sender nobody knows, what publishes itself, the week's confirmations, and for a moment an
# approved proposal put together anew. No other branch is ours: anyone else's stay untouched, and do not show as proposals.
EDIT, UNVERIFIED, CAPACITY, REVIEWS, ANEW = BRANCHES = ("muokkaus", "ehdotukset", "tilanne", "vahvistukset", "sovitetut")

_BRANCH = re.compile(rf"({'|'.join(BRANCHES)})/[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_PATH = re.compile(r"([A-Za-z0-9_-]+/)*[a-z0-9]+(-[a-z0-9]+)*\.yaml")
_BLOB = re.compile(r"[0-9a-f]{40}")


class ForgeDown(Exception):
    """No answer, or a refusal: what was asked may have been done, and can be asked again. Says why, without values."""


class Changed(Exception):
    """Somebody was first: read again and try anew."""


class NotMergeable(Exception):
    """The main branch has something else at the same place, or a check of the forge's own says no."""


@dataclass(frozen=True)
class File:
    text: str
    blob: str  # git's own name of these bytes, 40 hexadecimal digits


@dataclass(frozen=True)
class Draft:
    """What is to be proposed. `files`: the whole new text by path, None deletes. `replaces`: the blob that a file had where the
    draft was made from ("" for a new one); a path left out is not checked.

    On an open proposal of the same branch the draft is one more commit, title and body replace the old ones, and labels are
    added: who once was unverified stays so."""

    branch: str
    files: Mapping[str, str | None]
    message: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    replaces: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ValueError for a branch or path that a form must never reach, such as .github/workflows/x."""
        if not _BRANCH.fullmatch(self.branch) or not all(_PATH.fullmatch(path) for path in self.files):
            raise ValueError("branch or path")


@dataclass(frozen=True)
class Proposal:
    id: str  # its branch
    head: str  # the commit that was looked at
    title: str
    labels: tuple[str, ...]
    opened_on: date
    files: tuple[str, ...]
    body: str


class Forge(Protocol):
    """Every method raises ForgeDown. In `read`, "" is the main branch; a branch's name or a commit's is another state."""

    def read(self, path: str, branch: str = "") -> File | None: ...

    def read_blob(self, blob: str) -> str | None:
        """The text that had that name once, in whatever file: what a form was made from."""

    def names(self, folder: str) -> list[str]:
        """The file names in a folder of the main branch, in order."""

    def propose(self, draft: Draft) -> Proposal:
        """Opens a proposal, or adds to the open one of the same branch. Proposing again what already stands there makes no new
        commit, so after any failure the same call completes the work. Raises Changed."""

    def proposals(self) -> list[Proposal]:
        """The open ones, oldest first."""

    def base_of(self, proposal: Proposal) -> str:
        """The commit that the proposal starts from: `read(path, base_of(it))` is before, `read(path, it.head)` after."""

    def merge(self, proposal: Proposal, message: str) -> None:
        """One commit on the main branch. Raises Changed when the proposal is no longer the one looked at, NotMergeable."""

    def close(self, proposal: Proposal) -> None:
        """Also deletes the branch. Raises Changed when the proposal is no longer the one looked at."""


def is_blob(text: str) -> bool:
    return _BLOB.fullmatch(text) is not None


def is_path(text: str) -> bool:
    """Whether it is the path of a content file: nothing else is read or written through a forge."""
    return _PATH.fullmatch(text) is not None


def is_ours(branch: str) -> bool:
    return _BRANCH.fullmatch(branch) is not None


def decoded(raw: bytes) -> str | None:
    """A file's text; None when it is not text."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
