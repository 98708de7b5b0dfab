"""`tarjotin import` of what another service has published: read, plan, tell, and write only when asked."""

from collections.abc import Callable
from pathlib import Path

from generator.building.report import problem_text
from generator.checked import Content
from generator.importing.draft_plan import DraftPlan, Outcome, plan_drafts
from generator.importing.drafts import Reading, Unreadable
from generator.importing.faults import Refused
from generator.importing.hsds import read_hsds
from generator.importing.open_tables import read_tables
from generator.importing.ptv import read_ptv
from generator.importing.ptv_document import is_ptv
from generator.pipeline import Settings, load_content
from generator.problems import counted
from generator.writing import write_all

Say = Callable[[str], None]

_DRY = "Mitään ei kirjoitettu. Aja sama komento valinnalla --write, kun tulos on oikea."
_REFUSED = "Mitään ei kirjoitettu. Korjaa virheet tiedostoon ja aja komento uudelleen."


def run_draft_import(settings: Settings, path: Path, say: Say, *, write: bool) -> bool:
    """Whether everything that could be read is valid. Raises Refused, or ContentError of the content as it is."""
    if not path.is_file():
        raise Refused(f"Tiedostoa {path} ei ole. Tarkista nimi ja kansio.")
    try:
        reading = _reader(path)(path, load_content(settings))
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


def _reader(path: Path) -> Callable[[Path, Content], Reading]:
    if path.name.lower() == "datapackage.json":
        return read_tables
    return read_ptv if is_ptv(path) else read_hsds


def _told(outcome: Outcome) -> str:
    if outcome.kind == "new":
        return f"uusi     {outcome.slug}"
    return f"muuttuu  {outcome.slug}: {', '.join(outcome.keys)}"


def _summary(plan: DraftPlan) -> str:
    kinds = [outcome.kind for outcome in plan.outcomes]
    new = counted(kinds.count("new"), "uusi järjestö", "uutta järjestöä")
    return f"{new}, {counted(kinds.count('changed'), 'muuttuu', 'muuttuu')}, {kinds.count('same')} ennallaan."
