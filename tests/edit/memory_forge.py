"""A forge in memory: what the service's tests need to be quick. The real ones have tests of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha1

from generator.content import blob_name
from lambda_edit.forge import Changed, Draft, File, ForgeDown, NotMergeable, Proposal

Tree = dict[str, str]


@dataclass
class MemoryForge:
    """`failing` names the calls that are down, `late` those that do their work and then do not answer. `said` is every word that
    a reader of the forge can see besides the files: messages, titles, texts, labels."""

    main: Tree = field(default_factory=dict)
    today: date = date(2026, 11, 23)
    failing: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    is_checking: bool = False
    said: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _open: dict[str, tuple[Proposal, Tree, Tree]] = field(default_factory=dict)
    _states: dict[str, Tree] = field(default_factory=dict)
    _blobs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._keep(self.main)

    def read(self, path: str, branch: str = "") -> File | None:
        self._call("read")
        text = self._tree(branch).get(path)
        return None if text is None else File(text, blob_name(text.encode()))

    def read_blob(self, blob: str) -> str | None:
        self._call("read_blob")
        return self._blobs.get(blob)

    def names(self, folder: str) -> list[str]:
        self._call("names")
        return sorted(path.rpartition("/")[2] for path in self.main if path.rpartition("/")[0] == folder)

    def propose(self, draft: Draft) -> Proposal:
        self._call("propose")
        earlier, base, tree = self._open.get(draft.branch, (None, dict(self.main), dict(self.main)))
        for path, blob in draft.replaces.items():
            text = tree.get(path)
            if blob != ("" if text is None else blob_name(text.encode())) and text != draft.files[path]:
                raise Changed
        after = {path: text for path, text in {**tree, **draft.files}.items() if text is not None}
        if earlier is None and after == base:
            raise ValueError("nothing to propose")
        self.said += [draft.message, draft.title, draft.body, *draft.labels, draft.branch]
        proposal = Proposal(
            id=draft.branch,
            head=self._keep(after, draft.message if after != tree else ""),
            title=draft.title,
            labels=tuple(dict.fromkeys((*(earlier.labels if earlier else ()), *draft.labels))),
            opened_on=earlier.opened_on if earlier else self.today,
            files=tuple(sorted(path for path in {*base, *after} if base.get(path) != after.get(path))),
            body=draft.body,
        )
        self._open[draft.branch] = (proposal, base, after)
        self._answer("propose")
        return proposal

    def proposals(self) -> list[Proposal]:
        self._call("proposals")
        return [proposal for proposal, _, _ in self._open.values()]

    def base_of(self, proposal: Proposal) -> str:
        self._call("base_of")
        return self._keep(self._open[proposal.id][1])

    def merge(self, proposal: Proposal, message: str) -> None:
        self._call("merge")
        current, base, after = self._open.get(proposal.id, (None, {}, {}))
        if current is None or current.head != proposal.head:
            raise Changed
        for path in proposal.files:
            if self.main.get(path) != base.get(path):
                raise NotMergeable
        if self.is_checking:
            raise NotMergeable
        changed = {path: after.get(path) for path in proposal.files}
        self.main = {path: text for path, text in {**self.main, **changed}.items() if text is not None}
        self._keep(self.main)
        self.log.append(message)
        self.said.append(message)
        del self._open[proposal.id]
        self._answer("merge")

    def close(self, proposal: Proposal) -> None:
        self._call("close")
        if proposal.id in self._open and self._open[proposal.id][0].head != proposal.head:
            raise Changed
        self._open.pop(proposal.id, None)
        self._answer("close")

    def edit(self, path: str, before: str, after: str) -> None:
        """What a maintainer does by hand on the main branch."""
        assert before in self.main[path]
        self.main = {**self.main, path: self.main[path].replace(before, after)}
        self._keep(self.main)

    def _tree(self, place: str) -> Mapping[str, str]:
        if not place:
            return self.main
        return self._open[place][2] if place in self._open else self._states.get(place, {})

    def _keep(self, tree: Tree, salt: str = "") -> str:
        """A name for the state, as a commit has."""
        self._blobs |= {blob_name(text.encode()): text for text in tree.values()}
        name = sha1(f"{sorted(tree.items())}{salt}{len(self._states) if salt else ''}".encode()).hexdigest()
        self._states[name] = dict(tree)
        return name

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.failing:
            raise ForgeDown("down")

    def _answer(self, name: str) -> None:
        if name in self.late:
            self.late.discard(name)
            raise ForgeDown("late")


def relabelled(proposal: Proposal, *labels: str) -> Proposal:
    return replace(proposal, labels=labels)
