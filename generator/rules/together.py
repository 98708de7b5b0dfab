"""Rules of the associations, one against another."""

from collections.abc import Iterator

from generator.checked import CheckedAssociation, Found
from generator.facts import Facts
from generator.problems import Problem


def reference_problems(found: Found) -> Iterator[Problem]:
    """References that only make sense, or not, when their targets are seen."""
    slugs = {slug: checked.file for slug, (checked, _) in found.items()}
    for checked, facts in found.values():
        yield from _merge_problems(checked, facts, found)
        for index, former in enumerate(facts.former_slugs):
            if former in slugs:
                yield checked.problem("repeated.slug", ("former_slugs", index), found=former, other=slugs[former])
            slugs.setdefault(former, checked.file)


def _merge_problems(checked: CheckedAssociation, facts: Facts, found: Found) -> Iterator[Problem]:
    """A chain of mergers must end in an association that still works, and not in itself."""
    chain = [checked.name]
    target = facts.merged_into
    while target and target in found:
        if target in chain:
            yield checked.problem("merge.loop", ("merged_into",), found=" → ".join([*chain, target]))
            return
        chain.append(target)
        target = found[target][1].merged_into
    if len(chain) > 1 and not target and found[chain[-1]][1].status == "closed":
        yield checked.problem("merge.closed", ("merged_into",), found=chain[-1])


def duplicate_problems(found: Found) -> Iterator[Problem]:
    """Two files that look like the same association. Branches and closed associations may share with others."""
    first: dict[int, CheckedAssociation] = {}  # by the hash of a mark: those of a country, written out, would take 60 MB
    for checked, facts in found.values():
        if facts.status == "closed":
            continue
        for code, mark, place in facts.likeness.marks():
            other = first.setdefault(hash((code, mark)), checked)
            if other is not checked:
                told = {"other": other.file, "name": found[other.name][1].name}
                yield checked.problem(code, place, **told).as_warning()
                break
