"""Where proposals wait, as the command line finds them: in the repositories of the working folder."""

from dataclasses import dataclass
from pathlib import Path

from generator.local_edit import NotReady, forges
from lambda_edit.forge import Forge, ForgeDown


@dataclass(frozen=True)
class Places:
    """The forge of the content, that of the private addresses (which may be the same), and the folder of the addresses in it."""

    public: Forge
    private: Forge
    folder: str


def open_places(root: Path, private_folder: str) -> Places:
    """Raises ForgeDown when the folder has no history."""
    try:
        return Places(*forges(root, private_folder))
    except NotReady as error:
        raise ForgeDown(str(error)) from None
