"""A repository at GitHub as a forge: a proposal is a pull request.

A change is a tree, a commit and only then a branch, so what fails before that leaves nothing behind; and every step looks first
at what an earlier try has left. A branch of ours without an open request is such a remainder: the next proposal opens it when it
is the same, else builds over it. GitHub moves a branch forward only when nobody was faster, and that is the only way we move one.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from lambda_common.working_days import finnish_day
from lambda_edit.forge import Changed, Draft, File, ForgeDown, NotMergeable, Proposal, decoded, is_blob, is_ours, is_path
from lambda_edit.github_api import Repository

OK, CREATED, NO_CONTENT, NOT_FOUND, NOT_ALLOWED, CONFLICT, INVALID = 200, 201, 204, 404, 405, 409, 422

LEFT_AFTER = timedelta(minutes=2)  # longer than any call of the function can last

_LABELS = re.compile(r"\s*<!-- tunnisteet: (.*) -->\s*\Z")

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _in_one_connection(
    method: Callable[Concatenate["GitHub", Parameters], Result],
) -> Callable[Concatenate["GitHub", Parameters], Result]:
    @wraps(method)
    def call(self: "GitHub", /, *arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        try:
            return method(self, *arguments, **named)
        finally:
            self.repository.close()

    return call


class GitHub:
    """`main` is the branch that proposals are merged into. Squash merges must be allowed in the repository's settings."""

    def __init__(self, repository: Repository, main: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.repository, self._main, self._now = repository, main, now

    @_in_one_connection
    def read(self, path: str, branch: str = "") -> File | None:
        if not is_path(path) or not (branch == "" or is_blob(branch) or is_ours(branch)):
            return None
        return self._file(path, branch or self._main)

    @_in_one_connection
    def read_blob(self, blob: str) -> str | None:
        found = self.repository.get(f"git/blobs/{blob}") if is_blob(blob) else None
        return _text(found) if found else None

    @_in_one_connection
    def names(self, folder: str) -> list[str]:
        """Through the trees: the list of a folder's contents ends at a thousand."""
        tree = self._tree_of(self._head())
        for part in folder.split("/"):
            inner = [one["sha"] for one in self._entries(tree) if one["path"] == part and one["type"] == "tree"]
            if not inner:
                return []
            tree = inner[0]
        return sorted(one["path"] for one in self._entries(tree) if one["type"] == "blob")

    @_in_one_connection
    def propose(self, draft: Draft) -> Proposal:
        main, pull = self._head(), self._open_pull(draft.branch)
        if pull is None:
            return self._opened(draft, main)
        return self._continued(draft, pull)

    @_in_one_connection
    def proposals(self) -> list[Proposal]:
        found = self.repository.pages("pulls", state="open", base=self._main, sort="created", direction="asc")
        return [self._proposal(pull) for pull in found if self._is_ours(pull)]

    @_in_one_connection
    def base_of(self, proposal: Proposal) -> str:
        _, compared = self.repository.call("GET", f"compare/{self._main}...{proposal.head}", (OK,))
        return str(compared["merge_base_commit"]["sha"])

    @_in_one_connection
    def merge(self, proposal: Proposal, message: str) -> None:
        pull = self._pull_with(proposal)
        if pull is None or (pull["state"] != "open" and not pull["merged_at"]):
            raise Changed
        if pull["state"] == "open":  # else it was merged, and only the branch was left
            self._merge(pull, message)
        self._delete(proposal.id, proposal.head)

    @_in_one_connection
    def close(self, proposal: Proposal) -> None:
        pull = self._open_pull(proposal.id)
        if pull and pull["head"]["sha"] != proposal.head:
            raise Changed
        if pull:
            self._close(pull)
        self._delete(proposal.id, proposal.head)

    def _opened(self, draft: Draft, main: str) -> Proposal:
        """A branch from the main one, and its request. When that cannot be opened, the branch goes again."""
        left = self._tip(draft.branch)
        commit = left if left and self._is_same(draft, left) else self._pointed(draft, main, left)
        try:
            pull = self._open(draft)
        except (ForgeDown, Changed):
            self._clean_up(draft.branch, commit)
            raise
        self._add_labels(pull, draft.labels)
        return self._proposal(pull, draft.labels)

    def _pointed(self, draft: Draft, main: str, left: str | None) -> str:
        """The branch at a new commit: a new branch, or one that an earlier try has left, moved on from there."""
        if left:
            self._check_left(draft.branch, left)
        commit = self._commit(draft, main, [left] if left else [])
        if commit is None:  # the main branch says all this already
            if left:
                self._delete(draft.branch, left)
            raise Changed
        if left:
            self._move(draft.branch, commit)
        else:
            self._create(draft.branch, commit)
        return commit

    def _is_same(self, draft: Draft, left: str) -> bool:
        """Whether an earlier try has left just this on the branch, so that only the request is missing."""
        _, compared = self.repository.call("GET", f"compare/{self._main}...{left}", (OK,))
        touched = {one["filename"] for one in compared["files"]}
        return bool(touched) and touched <= draft.files.keys() and not self._differing(draft, left)

    def _check_left(self, branch: str, left: str) -> None:
        """Raises Changed for a branch that somebody may be opening just now: it is theirs."""
        _, commit = self.repository.call("GET", f"git/commits/{left}", (OK,))
        is_old = self._now() - datetime.fromisoformat(commit["committer"]["date"]) > LEFT_AFTER
        if not is_old or self._open_pull(branch):
            raise Changed

    def _continued(self, draft: Draft, pull: dict[str, Any]) -> Proposal:
        """Labels come before the commit: a change from a stranger may never be seen, even for a moment, as a verified one."""
        commit = self._commit(draft, pull["head"]["sha"])
        labels = tuple(dict.fromkeys((*_labels(pull), *draft.labels)))
        self._add_labels(pull, labels)
        if commit:
            self._move(draft.branch, commit)
        told = {"title": draft.title, "body": _body(draft.body, labels)}
        if told != {"title": pull["title"], "body": pull["body"]}:
            _, pull = self.repository.call("PATCH", f"pulls/{pull['number']}", (OK,), told)
        if commit:
            pull = {**pull, "head": {**pull["head"], "sha": commit}}  # GitHub may tell the old head for a while
        return self._proposal(pull, labels)

    def _commit(self, draft: Draft, parent: str, left: Sequence[str] = ()) -> str | None:
        """The parent with the draft's files, as a commit that no branch knows of yet; it also follows what was left, without its
        content. None when the parent says all this already. Raises Changed."""
        new = self._differing(draft, parent)
        if not new:
            return None
        if any(blob != draft.replaces.get(path, blob) for path, blob in new.items()):
            raise Changed
        tree = {"base_tree": self._tree_of(parent), "tree": [_entry(path, draft.files[path]) for path in new]}
        _, made = self.repository.call("POST", "git/trees", (CREATED,), tree)
        commit = {"message": draft.message, "tree": made["sha"], "parents": [*left, parent]}
        _, made = self.repository.call("POST", "git/commits", (CREATED,), commit)
        return str(made["sha"])

    def _differing(self, draft: Draft, commit: str) -> dict[str, str]:
        """The draft's files that are not so in the commit yet, with the blobs they have there ("" for none)."""
        there = {path: self._file(path, commit) for path in draft.files}
        return {
            path: file.blob if file else "" for path, file in there.items() if (file.text if file else None) != draft.files[path]
        }

    def _create(self, branch: str, commit: str) -> None:
        status, _ = self.repository.call("POST", "git/refs", (CREATED, INVALID), {"ref": f"refs/heads/{branch}", "sha": commit})
        if status == INVALID:
            raise Changed

    def _move(self, branch: str, commit: str) -> None:
        """Never by force: a commit that came between would be lost."""
        body = {"sha": commit, "force": False}
        status, _ = self.repository.call("PATCH", f"git/refs/heads/{branch}", (OK, CONFLICT, INVALID), body)
        if status != OK:
            raise Changed

    def _open(self, draft: Draft) -> dict[str, Any]:
        body = {"title": draft.title, "head": draft.branch, "base": self._main, "body": _body(draft.body, draft.labels)}
        status, pull = self.repository.call("POST", "pulls", (CREATED, INVALID), body)
        if status == INVALID:
            raise Changed  # somebody else has just opened it
        return dict(pull)

    def _clean_up(self, branch: str, commit: str) -> None:
        """As far as possible: what is left is repaired by the next proposal of the same branch."""
        with suppress(ForgeDown):
            if self._open_pull(branch) is None:
                self._delete(branch, commit)

    def _merge(self, pull: dict[str, Any], message: str) -> None:
        title, _, rest = message.strip().partition("\n")
        body = {"sha": pull["head"]["sha"], "merge_method": "squash", "commit_title": title, "commit_message": rest.strip()}
        expected = (OK, NOT_FOUND, NOT_ALLOWED, CONFLICT, INVALID)
        status, answer = self.repository.call("PUT", f"pulls/{pull['number']}/merge", expected, body)
        if status in (NOT_FOUND, CONFLICT) or (status == NOT_ALLOWED and "was modified" in str(answer.get("message"))):
            raise Changed
        if status != OK:
            now = self.repository.get(f"pulls/{pull['number']}") or {}
            raise NotMergeable("conflict" if now.get("mergeable") is False else "checks")

    def _close(self, pull: dict[str, Any]) -> None:
        """With a commit that came between it stays open: nobody has looked at that."""
        _, now = self.repository.call("PATCH", f"pulls/{pull['number']}", (OK,), {"state": "closed"})
        if now["head"]["sha"] != pull["head"]["sha"]:
            self.repository.call("PATCH", f"pulls/{pull['number']}", (OK,), {"state": "open"})
            raise Changed

    def _delete(self, branch: str, commit: str) -> None:
        """Only as it was looked at; may be gone already."""
        if self._tip(branch) == commit:
            self.repository.call("DELETE", f"git/refs/heads/{branch}", (NO_CONTENT, NOT_FOUND, INVALID))

    def _add_labels(self, pull: dict[str, Any], labels: tuple[str, ...]) -> None:
        there = {label["name"] for label in pull["labels"]}
        if missing := [label for label in labels if label not in there]:
            self.repository.call("POST", f"issues/{pull['number']}/labels", (OK,), {"labels": missing})

    def _proposal(self, pull: dict[str, Any], labels: tuple[str, ...] = ()) -> Proposal:
        listed = self.repository.pages(f"pulls/{pull['number']}/files")
        return Proposal(
            id=pull["head"]["ref"],
            head=pull["head"]["sha"],
            title=pull["title"],
            labels=tuple(dict.fromkeys((*_labels(pull), *labels))),
            opened_on=finnish_day(datetime.fromisoformat(pull["created_at"])),
            files=tuple(sorted(one["filename"] for one in listed)),
            body=_LABELS.sub("", pull["body"] or ""),
        )

    def _is_ours(self, pull: dict[str, Any]) -> bool:
        """Not from somebody's own copy of the repository, whose branches can have any name."""
        source = pull["head"]["repo"]
        is_here = bool(source) and source["full_name"].lower() == self.repository.name.lower()
        return is_here and is_ours(pull["head"]["ref"])

    def _pulls(self, branch: str, state: str) -> list[dict[str, Any]]:
        head = f"{self.repository.owner}:{branch}"
        found = self.repository.pages("pulls", state=state, head=head, base=self._main)
        return [pull for pull in found if self._is_ours(pull) and pull["head"]["ref"] == branch]

    def _open_pull(self, branch: str) -> dict[str, Any] | None:
        return next(iter(self._pulls(branch, "open")), None)

    def _pull_with(self, proposal: Proposal) -> dict[str, Any] | None:
        """The newest request with the commit that was looked at, also when it is no longer open."""
        return next((pull for pull in self._pulls(proposal.id, "all") if pull["head"]["sha"] == proposal.head), None)

    def _head(self) -> str:
        tip = self._tip(self._main)
        if tip is None:  # or no right to read it: GitHub says the same
            raise ForgeDown("github main branch")
        return tip

    def _tip(self, branch: str) -> str | None:
        found = self.repository.get(f"git/ref/heads/{branch}")
        return str(found["object"]["sha"]) if found else None

    def _file(self, path: str, ref: str) -> File | None:
        found = self.repository.get(f"contents/{path}", ref=ref)
        text = _text(found) if isinstance(found, dict) and found.get("type") == "file" else None
        return None if text is None else File(text, found["sha"])

    def _tree_of(self, commit: str) -> str:
        _, found = self.repository.call("GET", f"git/commits/{commit}", (OK,))
        return str(found["tree"]["sha"])

    def _entries(self, tree: str) -> list[dict[str, Any]]:
        _, found = self.repository.call("GET", f"git/trees/{tree}", (OK,))
        return list(found["tree"])


def _text(found: dict[str, Any]) -> str | None:
    try:
        return decoded(base64.b64decode(found["content"])) if found["encoding"] == "base64" else None
    except (KeyError, binascii.Error):
        raise ForgeDown("github answer") from None


def _entry(path: str, text: str | None) -> dict[str, Any]:
    """One file of a new tree; without a blob it goes."""
    file = {"path": path, "mode": "100644", "type": "blob"}
    return {**file, "sha": None} if text is None else {**file, "content": text}


def _body(body: str, labels: tuple[str, ...]) -> str:
    """The text with the labels in it: they are set by another call, which may fail, and nobody may seem verified meanwhile."""
    return f"{body}\n\n<!-- tunnisteet: {', '.join(labels)} -->" if labels else body


def _labels(pull: dict[str, Any]) -> tuple[str, ...]:
    told = _LABELS.search(pull["body"] or "")
    return tuple(dict.fromkeys((*(label["name"] for label in pull["labels"]), *(told[1].split(", ") if told else ()))))
