"""When each association's file last changed, read from git: the dates of the newest commits and nobody's words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from lambda_edit.forge import ForgeDown
from lambda_edit.git import Failed, Git

FOLDER = "content/organisations"
MOST_COMMITS = 1000

_COMMIT = "\x01"


def last_changes(root: Path) -> Mapping[str, datetime]:
    """The time of the newest commit to each association's file, in UTC. Empty without git or history.

    In a shallow copy the oldest commit seems to have made every file, so what only that one tells is left out."""
    git = Git(root)
    try:
        cut = _where_cut(git)
        told = git.run("log", f"--max-count={MOST_COMMITS}", f"--format={_COMMIT}%H %cI", "--name-only", "--", FOLDER)
    except (ForgeDown, Failed):
        return {}
    found: dict[str, datetime] = {}
    for commit, time, slugs in _commits(told.decode("utf-8", "replace")):
        if commit not in cut:
            for slug in slugs:
                found.setdefault(slug, time)
    return found


def _where_cut(git: Git) -> frozenset[str]:
    """The commits whose parents a shallow copy does not have."""
    listed = Path(git.text("rev-parse", "--path-format=absolute", "--git-path", "shallow"))
    return frozenset(listed.read_text("ascii").split()) if listed.is_file() else frozenset()


def _commits(told: str) -> Iterator[tuple[str, datetime, list[str]]]:
    for part in told.split(_COMMIT)[1:]:
        head, *paths = part.split("\n")
        commit, _, time = head.partition(" ")
        slugs = [PurePosixPath(path).stem for path in paths if path.endswith(".yaml")]
        yield commit, datetime.fromisoformat(time).astimezone(UTC), slugs
