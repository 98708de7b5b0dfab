"""`tarjotin import` of what another service has published: read, plan, tell, and write only when asked."""

from collections.abc import Callable, Mapping
from pathlib import Path

from generator.importing.draft_plan import DraftPlan, Outcome, plan_drafts
from generator.importing.drafts import Reading, Unreadable
from generator.importing.hsds import read_hsds
from generator.importing.open_tables import read_tables
from generator.importing.writing import write_all
from generator.pipeline import Settings
from generator.problems import counted
from generator.report import problem_text
from generator.validation import Content

Say = Callable[[str], None]

# A reader for each kind of file: by its name, else by the end of the name.
READERS: Mapping[str, Callable[[Path, Content], Reading]] = {"datapackage.json": read_tables, ".json": read_hsds}

_DRY = "Mitään ei kirjoitettu. Aja sama komento valinnalla --write, kun tulos on oikea."
_REFUSED = "Mitään ei kirjoitettu. Korjaa virheet tiedostoon ja aja komento uudelleen."


class Refused(Exception):
    """The file cannot be imported: a sentence."""


def run_draft_import(settings: Settings, content: Content, path: Path, say: Say, *, write: bool) -> bool:
    """Whether everything that could be read is valid. Raises Refused."""
    reader = READERS.get(path.name.lower()) or READERS.get(path.suffix.lower())
    if reader is None:
        raise Refused(f'Tiedostomuotoa "{path.suffix}" ei tunneta. Tunnetut: {", ".join(READERS)}.')
    try:
        reading = reader(path, content)
    except Unreadable as fault:
        raise Refused(f"{path.name}: {fault}") from None
    plan = plan_drafts(settings.root, reading.drafts, settings.today)
    for problem in (*reading.notes, *plan.problems):
        say(problem_text(problem))
    for outcome in plan.outcomes:
        if outcome.kind != "same":
            say(_told(outcome))
    say(_summary(plan))
    if write and plan.is_possible:
        write_all(settings.root, plan.files())
        say("Tiedostot kirjoitettiin. Tarkista muutokset ja tallenna ne gitiin.")
    else:
        say(_DRY if plan.is_possible else _REFUSED)
    return plan.is_possible


def _told(outcome: Outcome) -> str:
    if outcome.kind == "new":
        return f"uusi     {outcome.slug}"
    return f"muuttuu  {outcome.slug}: {', '.join(outcome.keys)}"


def _summary(plan: DraftPlan) -> str:
    kinds = [outcome.kind for outcome in plan.outcomes]
    new = counted(kinds.count("new"), "uusi järjestö", "uutta järjestöä")
    return f"{new}, {counted(kinds.count('changed'), 'muuttuu', 'muuttuu')}, {kinds.count('same')} ennallaan."
