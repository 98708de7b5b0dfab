"""`tarjotin poster`, from an order to a sentence that tells what was made and what was not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from generator.checked import Content
from generator.pipeline import Settings, judged_day, plan_site
from generator.posters.facts import facts_of
from generator.posters.folder import POSTERS, put_papers
from generator.posters.press import NoGlyph, Press
from generator.posters.region import Region
from generator.posters.wanted import Choice, NoPoster, Order, choose
from generator.problems import counted, sentence


def make_posters(order: Order, content: Content, settings: Settings) -> str:
    """Makes the posters of an order. Raises NoPoster with nothing written, or OSError with the old ones untouched."""
    started = perf_counter()
    region = Region(content, plan_site(content, settings), judged_day(content, settings))
    run = _Run(order, choose(order, region), region)
    folder = put_papers(settings.build / POSTERS, run.made(), is_everything=order.is_everything)
    told = [f"{subject}: {why}" for subject, why in run.left_out.items()]
    if told:
        told.append(f"Ilman julistetta jäi {len(told)}.")
    made = counted(run.count, "juliste", "julistetta")
    told.append(f"{made} kansiossa {folder.relative_to(settings.root).as_posix()}. {perf_counter() - started:.1f} s")
    return "\n".join(told)


@dataclass
class _Run:
    order: Order
    choice: Choice
    region: Region
    count: int = 0
    left_out: dict[str, str] = field(init=False)  # slug or need → why it has no poster

    def __post_init__(self) -> None:
        self.left_out = dict(self.choice.left_out)

    def made(self) -> Iterator[tuple[str, bytes]]:
        """(path, PDF) of each poster. One that cannot be set does not keep the others from being made."""
        press = Press()
        for poster in self.choice.posters:
            try:
                raw = press.pdf(facts_of(poster, self.region))
            except NoGlyph as error:
                why = sentence("poster.character", found=poster.subject or poster.kind, character=error)
                if self.order.names_one:
                    raise NoPoster(why) from None
                self.left_out[poster.subject or poster.kind] = why
                continue
            self.count += 1
            yield poster.path, raw
