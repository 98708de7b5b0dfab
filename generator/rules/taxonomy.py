"""Rules of the taxonomy."""

from collections.abc import Iterator

from generator.checked import ids_of
from generator.codes import range_members
from generator.content import Document
from generator.models import Taxonomy
from generator.problems import Location, Problem, suggestion


def taxonomy_problems(document: Document, taxonomy: Taxonomy) -> Iterator[Problem]:
    for key in Taxonomy.model_fields:
        ids = ids_of(getattr(taxonomy, key))
        for index, identifier in enumerate(ids):
            if identifier in ids[:index]:
                yield document.problem("repeated.id", (key, index, "id"), found=identifier)
    groups, helplines = ids_of(taxonomy.need_groups), ids_of(taxonomy.helplines)
    for index, need in enumerate(taxonomy.needs):
        place: Location = ("needs", index)
        if need.group not in groups:
            hint = suggestion(need.group, groups)
            yield document.problem("unknown.group", (*place, "group"), found=need.group, hint=hint)
        for at, helpline in enumerate(need.helplines):
            if helpline not in helplines:
                hint = suggestion(helpline, helplines)
                yield document.problem("unknown.helpline", (*place, "helplines", at), found=helpline, hint=hint)
        for key in ("icpc2", "icd10"):
            for at, span in enumerate(getattr(need, key)):
                if not range_members(span):
                    ends = span.split("-")
                    is_mixed = ("." in span and ends[0].partition(".")[0] != ends[-1].partition(".")[0]) or span.count(".") == 1
                    code = "code.decimals" if is_mixed else "code.order"
                    yield document.problem(code, (*place, key, at), found=span)
