"""A git repository on this machine as a forge: the whole loop of an edit runs on a laptop.

A proposal is a branch, and its title, text and labels are the last line of its newest commit's message. Proposing touches neither
the working tree nor the index: whoever is editing there by hand sees nothing of it until a proposal is merged.
"""

import json
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lambda_common.working_days import finnish_day
from lambda_edit.forge import (
    BRANCHES,
    Changed,
    Draft,
    File,
    ForgeDown,
    NotMergeable,
    Proposal,
    decoded,
    is_blob,
    is_ours,
    is_path,
)
from lambda_edit.git import NOT_READY, Failed, Git

_IDENTITY = {"NAME": "Hyvinvointitarjotin", "EMAIL": "tarjotin@localhost"}
_TOLD = "Ehdotus: "
_NOTHING = "0" * 40


class LocalGit:
    """`root` is a folder in the working tree; paths are relative to it. The main branch is the one that is checked out."""

    def __init__(self, root: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._git, self._now, self._lock = Git(root), now, threading.RLock()

    def read(self, path: str, branch: str = "") -> File | None:
        self._head()
        ref = _ref(branch)
        found = self._git.blob(f"{ref}:{self._prefix()}{path}") if ref and is_path(path) else None
        text = decoded(found[1]) if found else None
        return None if found is None or text is None else File(text, found[0])

    def read_blob(self, blob: str) -> str | None:
        self._head()
        found = self._git.blob(blob) if is_blob(blob) else None
        return decoded(found[1]) if found else None

    def names(self, folder: str) -> list[str]:
        self._head()
        listed = self._git.text("ls-tree", "-z", "--full-tree", "HEAD", "--", f"{self._prefix()}{folder}/").split("\0")
        return sorted(line.rpartition("/")[2] for line in listed if " blob " in line)

    def propose(self, draft: Draft) -> Proposal:
        with self._lock:
            main, old = self._head(), self._tip(draft.branch)
            parent = old or main
            self._check_replaced(draft, parent)
            told = self._told(draft, old)
            tree = self._tree(parent, draft.files)
            if tree != self._git.text("rev-parse", f"{parent}^{{tree}}") or (
                old and told["labels"] != self._message(old)[1]["labels"]
            ):
                message = f"{draft.message.strip()}\n\n{_TOLD}{json.dumps(told, ensure_ascii=False)}\n"
                self._point(draft.branch, self._commit(tree, parent, message), old)
            elif old is None:
                raise Changed  # the main branch says all this already
            return self._proposal(draft.branch)

    def proposals(self) -> list[Proposal]:
        self._head()
        listed = self._git.text("for-each-ref", "--format=%(refname)", *(f"refs/heads/{branch}/" for branch in BRANCHES))
        branches = [name.removeprefix("refs/heads/") for name in listed.splitlines()]
        found = [self._proposal(branch) for branch in branches if is_ours(branch)]
        return sorted(found, key=lambda proposal: (proposal.opened_on, proposal.id))

    def base_of(self, proposal: Proposal) -> str:
        return self._git.text("merge-base", "HEAD", proposal.head)

    def merge(self, proposal: Proposal, message: str) -> None:
        with self._lock:
            main = self._head()
            if self._tip(proposal.id) != proposal.head:
                raise Changed
            tree = self._merged_tree(main, proposal.head)
            if tree != self._git.text("rev-parse", f"{main}^{{tree}}"):  # else it was merged, and only the branch was left
                self._check_out(self._commit(tree, main, message.strip() + "\n"), main)
            self._delete(proposal)

    def close(self, proposal: Proposal) -> None:
        with self._lock:
            if self._tip(proposal.id) not in (proposal.head, None):
                raise Changed
            self._delete(proposal)

    def _check_replaced(self, draft: Draft, parent: str) -> None:
        for path, blob in draft.replaces.items():
            there = self.read(path, parent)
            is_done = (there.text if there else None) == draft.files[path]
            if not is_done and (there.blob if there else "") != blob:
                raise Changed

    def _told(self, draft: Draft, old: str | None) -> dict[str, Any]:
        """What the branch says of itself: opened on its first day, and with every label it ever got."""
        earlier = self._message(old)[1] if old else {"labels": [], "opened_on": finnish_day(self._now()).isoformat()}
        labels = list(dict.fromkeys((*earlier["labels"], *draft.labels)))
        return {"title": draft.title, "body": draft.body, "labels": labels, "opened_on": earlier["opened_on"]}

    def _proposal(self, branch: str) -> Proposal:
        head = self._tip(branch)
        if head is None:
            raise Changed
        told = self._message(head)[1]
        listed = self._git.text("diff", "--name-only", "--no-renames", "-z", f"HEAD...{head}").split("\0")
        prefix = self._prefix()
        files = tuple(path.removeprefix(prefix) for path in listed if path and path.startswith(prefix))
        opened_on = date.fromisoformat(told["opened_on"])
        return Proposal(branch, head, told["title"], tuple(told["labels"]), opened_on, files, told["body"])

    def _message(self, commit: str) -> tuple[str, dict[str, Any]]:
        """The commit's message, and what its last line tells; of a commit that a person made, what can be seen."""
        day, _, message = self._git.text("log", "-1", "--format=%cs%n%B", commit).partition("\n")
        said, _, told = message.rstrip().rpartition("\n" + _TOLD)
        with suppress(ValueError):
            return said.strip(), json.loads(told)
        return message, {"title": message.strip().partition("\n")[0], "body": "", "labels": [], "opened_on": day}

    def _tree(self, parent: str, files: Mapping[str, str | None]) -> str:
        """The parent's tree with these files, made in an index of its own."""
        lines = []
        for path, text in files.items():
            blob = _NOTHING if text is None else self._git.text("hash-object", "-w", "--stdin", stdin=text.encode())
            lines.append(f"{'0' if text is None else '100644'} {blob}\t{self._prefix()}{path}\0")
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git.text("read-tree", parent, env=index)
            self._git.text("update-index", "-z", "--index-info", stdin="".join(lines).encode(), env=index)
            return self._git.text("write-tree", env=index)

    def _commit(self, tree: str, parent: str, message: str) -> str:
        moment = f"{int(self._now().timestamp())} +0000"
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        return self._git.text("commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode(), env=dates | self._identity())

    def _identity(self) -> dict[str, str]:
        """Ours, where nobody has told git who they are."""
        try:
            self._git.run("config", "user.email")
        except Failed:
            return {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _IDENTITY.items()}
        return {}

    def _point(self, branch: str, commit: str, old: str | None) -> None:
        try:
            self._git.run("update-ref", f"refs/heads/{branch}", commit, old or _NOTHING)
        except Failed as failed:
            raise Changed if self._tip(branch) != old else ForgeDown(str(failed)) from None

    def _delete(self, proposal: Proposal) -> None:
        if self._tip(proposal.id):
            self._git.text("update-ref", "-d", f"refs/heads/{proposal.id}", proposal.head)

    def _merged_tree(self, main: str, head: str) -> str:
        try:
            return self._git.run("merge-tree", "--write-tree", "--no-messages", main, head).decode().split("\n")[0]
        except Failed as failed:
            raise NotMergeable("conflict") if failed.code == 1 else ForgeDown(str(failed)) from None

    def _check_out(self, commit: str, main: str) -> None:
        """Moves the branch and the files that differ, or neither: git refuses when one of them has edits of somebody's own."""
        try:
            self._git.run("merge", "--ff-only", "--no-overwrite-ignore", "--quiet", commit, env=self._identity())
        except Failed:
            raise Changed if self._head() != main else NotMergeable("uncommitted") from None

    def _head(self) -> str:
        try:
            return self._git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
        except Failed:
            raise ForgeDown(NOT_READY) from None

    def _tip(self, branch: str) -> str | None:
        try:
            return self._git.run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}").decode().strip()
        except Failed:
            return None

    def _prefix(self) -> str:
        """The folder's own path in the repository, with a slash after it."""
        return self._git.text("rev-parse", "--show-prefix")


def _ref(branch: str) -> str | None:
    """The main branch, a commit, or a branch of ours; nothing else can be read."""
    if branch == "" or is_blob(branch):
        return branch or "HEAD"
    return f"refs/heads/{branch}" if is_ours(branch) else None
