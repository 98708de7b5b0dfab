"""What has to be moved, and in which order. Pure: two lists of checksums in, a plan out.

Whole means: every page that a visitor can reach has its style, its scripts and the pages it links to, at every moment and after
a failure at any point. So assets come first (their names are new, no old page knows them), then what is new (nothing leads to
it yet), then what has changed, and only then goes what nothing uses. Old assets stay for a week, because pages that are open in
a browser, and those it has stored, still ask for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from generator.deploying.serving import ASSETS, rules_mark
from generator.deploying.state import STATE, State

GRACE = timedelta(days=7)
MANY_PATHS = 40  # CloudFront: 1,000 paths a month are free, and "/*" is one path
EVERYTHING = "/*"
LAST = ("/sw.js", "/build.json")  # the worker stores pages of this build, so they are there before it

Sums = Mapping[str, str]  # path from the front page → MD5 in hexadecimal


@dataclass(frozen=True)
class Phase:
    """What may go in any order and at once; the next phase begins when all of it is there."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """`uploads` in order, then `removed`. States: `earlier` as found, `before` while the deploy runs, `after` when it is done."""

    uploads: tuple[Phase, ...]
    removed: tuple[str, ...]
    unchanged: int
    earlier: State | None
    before: State
    after: State

    @property
    def is_empty(self) -> bool:
        return not self.uploads and not self.removed and self.earlier == self.after

    @property
    def uploaded(self) -> int:
        return sum(len(phase.paths) for phase in self.uploads)


def make_plan(local: Sums, remote: Sums, state: State | None, today: date) -> Plan:
    """`remote` with whatever is in the bucket; `state` None: nothing was deployed there before."""
    there = {path: digest for path, digest in remote.items() if path != STATE}
    rules = rules_mark()
    is_current = not there or (state is not None and state.rules == rules)
    changed = {path for path, digest in local.items() if path in there and not (is_current and there[path] == digest)}
    new, gone = local.keys() - there.keys(), there.keys() - local.keys()
    unused = _unused_since(gone, state, today)
    removed = {path for path in gone if _may_go(unused.get(path), today)}
    kept = {path: day for path, day in unused.items() if path not in removed}
    invalid = _invalid({*changed, *new, *removed} if there else (), state)
    return Plan(
        uploads=tuple(_phases(new, changed)),
        removed=tuple(sorted(removed)),
        unchanged=len(local) - len(new) - len(changed),
        earlier=state,
        before=State(rules if is_current else "", kept, invalid),
        after=State(rules, kept),
    )


def _unused_since(gone: Iterable[str], state: State | None, today: date) -> dict[str, str]:
    known = state.unused_since if state else {}
    return {path: known.get(path, today.isoformat()) for path in sorted(gone) if path.startswith(ASSETS)}


def _may_go(unused_since: str | None, today: date) -> bool:
    """Pages at once; an asset when it has been out of use for long enough."""
    return unused_since is None or today - date.fromisoformat(unused_since) >= GRACE


def _phases(new: set[str], changed: set[str]) -> Iterator[Phase]:
    assets = {path for path in new | changed if path.startswith(ASSETS)}
    last = (new | changed).intersection(LAST)
    data = {path for path in changed if not path.endswith(".html")}
    parts = (
        ("Uudet tyylit ja skriptit", assets),
        ("Uudet tiedostot", new - assets - last),
        ("Muuttuneet hakemistot ja tiedostot", data - assets - last),
        ("Muuttuneet sivut", changed - data),
        ("Viimeisenä", last),
    )
    return (Phase(name, tuple(sorted(paths))) for name, paths in parts if paths)


def _invalid(touched: Iterable[str], state: State | None) -> tuple[str, ...]:
    """What CloudFront may hold: also what an earlier deploy has left to be done. Assets never change under their names."""
    named = {path for path in touched if not path.startswith(ASSETS)}
    paths = sorted({*(one for path in named for one in _asked_as(path)), *(state.to_invalidate if state else ())})
    return (EVERYTHING,) if len(paths) > MANY_PATHS or EVERYTHING in paths else tuple(paths)


def _asked_as(path: str) -> tuple[str, ...]:
    """A page is asked for as its folder, and stored under the file's name."""
    folder = path.removesuffix("index.html")
    return (path,) if folder == path else (folder, path)
