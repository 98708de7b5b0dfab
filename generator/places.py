"""Where proposals wait, as this machine finds them: at GitHub when the environment names a repository there, else in the
repositories of the working folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lambda_edit.connecting import connect_forges
from lambda_edit.desk import ORGANISATIONS
from lambda_edit.forge import Forge, ForgeDown
from lambda_edit.git import Git
from lambda_edit.local_git import LocalGit


class NoHistory(ForgeDown):
    """The folder is no repository: nothing can wait in it. Says why."""


@dataclass(frozen=True)
class Places:
    """The forge of the content, that of the private addresses (which may be the same), and the folder of the addresses in it."""

    public: Forge
    private: Forge
    folder: str


def open_places(root: Path, private_folder: str, environment: Mapping[str, str]) -> Places:
    """`environment` as of the edit function: REPOSITORY and what goes with it. Raises ForgeDown; NoHistory for a folder without
    history."""
    if environment.get("REPOSITORY"):
        return _at_github(private_folder, environment)
    return local_places(root, private_folder)


def _at_github(private_folder: str, environment: Mapping[str, str]) -> Places:
    try:
        public, private = connect_forges(environment)
    except KeyError as error:
        raise ForgeDown(f"Ympäristömuuttuja {error.args[0]} puuttuu. Katso docs/yllapito.md.") from None
    return Places(public, private, (environment.get("PRIVATE_FOLDER") or private_folder).strip("/"))


def local_places(root: Path, private_folder: str) -> Places:
    """One forge keeps both, unless the addresses are a repository of their own. Raises NoHistory."""
    public = LocalGit(root)
    try:
        public.names(ORGANISATIONS)
    except ForgeDown as error:
        raise NoHistory(str(error)) from None
    place = root / private_folder
    if not place.is_dir() or _top(place) == _top(root):
        return Places(public, public, private_folder)
    return Places(public, LocalGit(place), "")


def _top(folder: Path) -> str:
    try:
        return Git(folder).text("rev-parse", "--show-toplevel")
    except ForgeDown:
        return ""
