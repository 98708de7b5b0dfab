"""A run of `tarjotin counts`: reads the functions' counters, shows what may be told of them, and writes it when asked to."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from generator.checked import Content
from generator.content import COUNTS
from generator.counting.counts import gather, shown, written
from generator.counting.sheets import open_sheets
from generator.writing import write_all

Tell = Callable[[str], None]


def run_counts(content: Content, root: Path, today: date, tell: Tell, environment: Mapping[str, str], *, write: bool) -> None:
    """Raises NoPost, StoreDown or OSError; then the file stays as it was."""
    slugs = {slug: (slug, *one.former_slugs) for slug, one in content.known.items() if not one.merged_into}
    with open_sheets(root, environment) as read:
        counts = gather(read, slugs, today)
    for line in shown(counts, {slug: one.name for slug, one in content.known.items()}):
        tell(line)
    if write:
        write_all(root, {f"content/{COUNTS}": written(counts).encode()})
        tell(f"Kirjoitettiin content/{COUNTS}.")
    else:
        tell(f"Mitään ei kirjoitettu. Kirjoita sivustolle: tarjotin counts --write (content/{COUNTS}).")
