"""`tarjotin poster`, from an order to a sentence that tells what was made and what was not."""

from time import perf_counter

from generator.pipeline import Settings, judged_day, plan_site
from generator.posters.folder import put_posters
from generator.posters.press import print_posters
from generator.posters.region import Region
from generator.posters.wanted import Order, choose
from generator.problems import counted
from generator.validation import Content


def make_posters(order: Order, content: Content, settings: Settings) -> str:
    """Makes the posters of an order. Raises Refused with nothing written, or OSError with the old ones untouched."""
    started = perf_counter()
    region = Region(content, plan_site(content, settings), judged_day(content, settings))
    choice = choose(order, region)
    folder = put_posters(settings.build, print_posters(choice, region), is_everything=order.is_everything)
    made = counted(len(choice.posters), "juliste", "julistetta")
    told = [f"{subject}: {why}" for subject, why in choice.left_out]
    if told:
        told.append(f"Ilman julistetta jäi {len(told)}.")
    told.append(f"{made} kansiossa {folder.relative_to(settings.root).as_posix()}. {perf_counter() - started:.1f} s")
    return "\n".join(told)
