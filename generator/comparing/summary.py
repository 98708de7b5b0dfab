"""What a pull request changes, told in plain Finnish as Markdown: fields, completeness, likely duplicates, pages.

Values are people's, so they stand only inside fences that nothing in them can close; private addresses do not stand at all.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from generator.comparing.comparison import SHARED, Difference, State, changed_pages, changed_slugs, differences
from generator.comparing.revisions import changed_paths, commit_of, common_ancestor, content_at
from generator.content import DEFAULT_PRIVATE_FOLDER
from generator.problems import Problem, Severity, counted
from lambda_edit.changes import label, shown
from lambda_edit.merge import Change

MARK = "<!-- tarjotin-yhteenveto -->"
MOST_TOLD = 20  # associations field by field; a forge refuses very long texts
MOST_PAGES = 10
MOST_COMPARED = 50
LONGEST_VALUE = 600
LONGEST = 60_000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Everything that could move, hide or end a line: controls, separators, marks that turn the direction of writing.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def summary_of(root: Path, base: str, head: str, today: date) -> str:
    """The Markdown. Raises revisions.Unknown."""
    newer = commit_of(root, head)
    older = common_ancestor(root, commit_of(root, base), newer)
    paths = changed_paths(root, older, newer)
    with content_at(root, older) as was, content_at(root, newer) as now:
        return written(State.read(was, today), State.read(now, today), paths, today)


def written(before: State, after: State, paths: list[str], today: date) -> str:
    slugs = changed_slugs(paths)
    folders = {DEFAULT_PRIVATE_FOLDER, before.sources.private_folder, after.sources.private_folder}
    found = list(differences(before, after, slugs[:MOST_TOLD]))
    parts = [
        MARK,
        "## Mitä tämä muuttaa",
        _overview(slugs, paths, folders),
        *_problem_part(after, paths, folders),
        *(_association(one) for one in found),
        *([f"Näiden lisäksi muuttuu {len(slugs) - MOST_TOLD} järjestöä."] if len(slugs) > MOST_TOLD else []),
        *_page_part(before, after, slugs, paths, today),
    ]
    whole = "\n\n".join(parts) + "\n"
    return whole if len(whole) <= LONGEST else _without_values(parts)


def _without_values(parts: list[str]) -> str:
    """A text that a forge would refuse, without its fences."""
    bare = [re.sub(r"(?ms)^(`{3,})[a-z]*\n.*?^\1$", "(pitkä, katso muutetut tiedostot)", part) for part in parts]
    return "\n\n".join(bare)[:LONGEST] + "\n"


def _overview(slugs: list[str], paths: list[str], folders: Collection[str]) -> str:
    private = [path for path in paths if _is_private(path, folders)]
    others = [path for path in paths if path.startswith("content/") or path in SHARED]
    others = [path for path in others if path not in private and not _is_organisation(path)]
    lines = [f"Muuttuu {counted(len(slugs), 'järjestö', 'järjestöä')}." if slugs else "Järjestöjen tiedot eivät muutu."]
    if private:
        lines.append(f"Yksityisiä osoitteita muuttuu {counted(len(private), 'tiedostossa', 'tiedostossa')}. Niitä ei näytetä.")
    if others:
        lines += ["Muut sisältötiedostot:", fenced("\n".join(map(tidy, others)))]
    return "\n\n".join(lines)


def _is_organisation(path: str) -> bool:
    return bool(changed_slugs([path]))


def _is_private(path: str, folders: Collection[str]) -> bool:
    return any(PurePosixPath(path).is_relative_to(folder) for folder in folders)


def _problem_part(after: State, paths: list[str], folders: Collection[str]) -> Iterator[str]:
    """Errors of the whole content, and the warnings of what changes."""
    told = [one for one in after.problems if one.severity is Severity.ERROR or one.file in paths]
    if not told:
        yield "Tarkistus: kunnossa."
        return
    errors = sum(one.severity is Severity.ERROR for one in told)
    counts = [counted(errors, "virhe", "virhettä")] if errors else []
    counts += [counted(len(told) - errors, "varoitus", "varoitusta")] if len(told) > errors else []
    lines = [tidy(_problem_line(one)) for one in told if not _is_private(one.file, folders)]
    yield f"Tarkistus: {' ja '.join(counts)}." + (" Virhe estää julkaisun." if errors else "")
    if lines:
        yield fenced("\n".join(lines))
    if len(lines) < len(told):
        yield f"Yksityisissä tiedostoissa: {len(told) - len(lines)}. Katso ne omalla koneella: `tarjotin check`."


def _problem_line(problem: Problem) -> str:
    return f"{problem.file}:{problem.line} {problem.field}: {problem.message}"


def _association(it: Difference) -> str:
    name = it.slug if _SLUG.fullmatch(it.slug) else "tiedosto, jonka nimi ei kelpaa"
    state = " (uusi)" if it.is_new else " (poistettu)" if it.is_gone else ""
    parts = [f"### {name}{state}"]
    if it.changes:
        parts.append(fenced("\n".join(_change_lines(it.changes)), "diff"))
    elif it.is_readable:
        parts.append("Sisältö ei muutu: vain huomautuksia, järjestystä tai kirjoitusasua.")
    elif not it.is_gone:
        parts.append("Tiedostoa ei voi lukea.")
    parts += _score_part(it)
    if it.duplicates:
        parts += ["Onko sama jo mukana?", fenced("\n".join(map(tidy, it.duplicates)))]
    return "\n\n".join(parts)


def _change_lines(found: tuple[Change, ...]) -> Iterator[str]:
    for change in found:
        yield f"  {tidy(label(change.field, 'fi'))} ({tidy(change.field)})"
        yield from _value_lines("-", change.before)
        yield from _value_lines("+", change.after)


def _value_lines(sign: str, value: object) -> Iterator[str]:
    if value is None:
        return
    said = shown(value, "fi").strip("\n")
    cut = said if len(said) <= LONGEST_VALUE else f"{said[:LONGEST_VALUE]}… (yhteensä {len(said)} merkkiä)"
    for line in cut.split("\n"):
        yield f"{sign} {tidy(line)}"


def _score_part(it: Difference) -> Iterator[str]:
    before, after = it.scores
    if after is None:
        return
    change = f"{before.score} → {after.score}" if before and before.score != after.score else str(after.score)
    yield f"Tietojen täydellisyys: {change} / 100."
    if after.missing:
        yield fenced("\n".join(f"Puuttuu: {tidy(one.sentence('fi'))}" for one in after.missing[:3]))


def _page_part(before: State, after: State, slugs: list[str], paths: list[str], today: date) -> Iterator[str]:
    yield "### Sivut"
    if any(path in SHARED for path in paths):
        yield "Muutos koskee koko alueen tiedostoja, joten moni sivu voi muuttua."
    elif before.content is None or after.content is None:
        yield "Sivuja ei voi verrata ennen kuin virheet on korjattu."
    elif len(slugs) > MOST_COMPARED:
        yield f"Järjestöjä muuttuu yli {MOST_COMPARED}, joten sivuja ei luetella."
    else:
        pages = changed_pages(before.content, after.content, slugs, today)
        yield _pages_sentence(pages)
        if pages:
            yield fenced("\n".join(map(tidy, pages[:MOST_PAGES])))


def _pages_sentence(pages: list[str]) -> str:
    if not pages:
        return "Yksikään sivu ei muutu."
    many = f" Niistä {MOST_PAGES} ensimmäistä:" if len(pages) > MOST_PAGES else ""
    return f"Muuttuu {counted(len(pages), 'suomenkielinen sivu', 'suomenkielistä sivua')} ja samat muilla kielillä.{many}"


def tidy(text: str) -> str:
    """One line of a fence: what could hide or turn text becomes visible."""
    return _UNSEEN.sub("\ufffd", text).replace("\n", " ")


def fenced(text: str, kind: str = "") -> str:
    """Text in a fence that nothing in it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text}\n{fence}"
