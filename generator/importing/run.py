"""`tarjotin import` from beginning to end: read, plan, tell, and write only when asked."""

from collections.abc import Callable
from pathlib import Path

from generator.content import Document, load_sources
from generator.importing.columns import Vocabulary
from generator.importing.plan import Change, ImportPlan, plan_import
from generator.importing.sheet import read_sheet
from generator.importing.template import write_template
from generator.pipeline import Settings
from generator.problems import counted
from generator.validation import validate
from generator.writing import write_all

Say = Callable[[str], None]


def run_import(settings: Settings, table: Path, say: Say, *, write: bool) -> bool:
    """Whether the table is in order. Raises Refused, ContentError (of the content as it is) or OSError."""
    sources = load_sources(settings.root)
    content = validate(sources, settings.today)
    plan = plan_import(read_sheet(table), sources, content.taxonomy, settings.today)
    for fault in plan.faults:
        say(str(fault))
    for change in plan.changes:
        say(_told(change))
    if write and plan.is_possible:
        write_all(settings.root, plan.files())
    say(_last_line(plan, write=write))
    return plan.is_possible


def _told(change: Change) -> str:
    if change.is_new:
        count = len(change.document.data.get("activities", []))
        return f"Uusi: {change.slug} ({counted(count, 'toiminta', 'toimintaa')})"
    return f"Muuttuu: {change.slug}: {', '.join(change.columns)}"


def _last_line(plan: ImportPlan, *, write: bool) -> str:
    errors = sum(not fault.is_warning for fault in plan.faults)
    if errors:
        return f"{counted(errors, 'virhe', 'virhettä')}. Mitään ei kirjoitettu. Korjaa taulukko ja aja komento uudelleen."
    new = sum(change.is_new for change in plan.changes)
    what = f"{new} uutta, {len(plan.changes) - new} muuttuvaa, {len(plan.unchanged)} ennallaan."
    if not plan.files():
        return f"{what} Mitään kirjoitettavaa ei ole."
    if not write:
        return f"{what} Mitään ei kirjoitettu. Kirjoita tiedostot lisäämällä komennon loppuun --write."
    return f"{what} Kirjoitettiin {counted(len(plan.files()), 'tiedosto', 'tiedostoa')}. Tarkista vielä: tarjotin check"


def make_template(settings: Settings, path: Path, *, filled: bool) -> str:
    """Writes the table to begin from and returns what to say. Raises Refused, ContentError or OSError."""
    sources = load_sources(settings.root)
    content = validate(sources, settings.today)
    documents = [one for one in sources.organisations if isinstance(one, Document)] if filled else []
    rows = write_template(path, Vocabulary(content.taxonomy), documents)
    what = f", {counted(rows, 'rivi', 'riviä')}" if filled else ""
    return f"Luotiin {path}{what}. Täytä se ja tarkista: tarjotin import {path}"
