"""Where proposals wait, as the command line finds them: at GitHub when the environment names a repository there, else in the
repositories of the working folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.preview.local_edit import NotReady, forges
from lambda_edit.connecting import connect_forges
from lambda_edit.forge import Forge, ForgeDown


class NoHistory(ForgeDown):
    """The folder is no repository: nothing can wait in it."""


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
    try:
        return Places(*forges(root, private_folder))
    except NotReady as error:
        raise NoHistory(str(error)) from None


def _at_github(private_folder: str, environment: Mapping[str, str]) -> Places:
    try:
        public, private = connect_forges(environment)
    except KeyError as error:
        raise ForgeDown(f"Ympäristömuuttuja {error.args[0]} puuttuu. Katso docs/yllapito.md.") from None
    return Places(public, private, (environment.get("PRIVATE_FOLDER") or private_folder).strip("/"))
