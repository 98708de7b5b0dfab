"""Git's own program, asked one thing at a time."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lambda_edit.forge import ForgeDown

NOT_READY = "Kansio ei ole git-säilö, jossa on ainakin yksi tallennus. Aja: git init, git add ., git commit -m alku"

_SECONDS = 30
# As the program expects them, whatever a user's own settings say.
_SETTINGS = ("core.quotePath=false", f"core.hooksPath={os.devnull}", "i18n.commitEncoding=UTF-8", "i18n.logOutputEncoding=UTF-8")


class Failed(Exception):
    """Git ended with this code."""

    def __init__(self, code: int, command: str) -> None:
        self.code = code
        super().__init__(command)


class Git:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *command: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What git says. Raises Failed, or ForgeDown when there is no git or it does not end."""
        git = shutil.which("git")
        if git is None or not self._folder.is_dir():
            raise ForgeDown(NOT_READY)
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603  (no shell; branches and paths are checked before they come here)
                [git, *settings, *command],
                cwd=self._folder,
                input=stdin,
                env={**own, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **(env or {})},
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            raise ForgeDown(f"git {command[0]}") from None
        if done.returncode:
            raise Failed(done.returncode, f"git {command[0]}")
        return done.stdout

    def text(self, *command: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """The same without the last newline. Raises ForgeDown."""
        try:
            return self.run(*command, stdin=stdin, env=env).decode("utf-8", "replace").rstrip("\n")
        except Failed as failed:
            raise ForgeDown(str(failed)) from None

    def blob(self, name: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file's content; None when nothing has that name, or something else."""
        head, _, rest = self.run("cat-file", "--batch", stdin=f"{name}\n".encode()).partition(b"\n")
        parts = head.split()
        return (parts[0].decode(), rest[:-1]) if len(parts) == 3 and parts[1] == b"blob" else None
