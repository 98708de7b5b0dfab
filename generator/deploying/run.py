"""A run of `tarjotin deploy`: what is told, and the order of it all."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Protocol

from generator.building.output import SITE
from generator.deploying import THREADS
from generator.deploying.checks import Refused, local_sums
from generator.deploying.plan import Phase, Plan, make_plan
from generator.deploying.serving import NEVER, Serving, serving_of
from generator.deploying.state import STATE, State, UnreadableState
from generator.problems import counted

SHOWN = 20  # paths of a phase, unless all are asked for

Tell = Callable[[str], None]


class Bucket(Protocol):
    """Methods may raise what their maker raises: aws.py, AwsSaysNo."""

    name: str

    def sums(self) -> dict[str, str]: ...

    def read(self, path: str) -> bytes | None: ...

    def put(self, path: str, raw: bytes, serving: Serving) -> None: ...

    def remove(self, paths: Iterable[str]) -> None: ...


class Distribution(Protocol):
    def invalidate(self, paths: tuple[str, ...]) -> None: ...


@dataclass(frozen=True)
class Target:
    bucket: Bucket
    distribution: Distribution


def plan_deploy(build: Path, bucket: Bucket, today: date) -> Plan:
    """Reads the whole site, and lists the bucket once. Raises Refused."""
    local = local_sums(build)
    remote = bucket.sums()
    return make_plan(local, remote, _state_of(bucket, remote), today)


def _state_of(bucket: Bucket, remote: dict[str, str]) -> State | None:
    """None for an empty bucket. Raises Refused for one that holds what we have not put there: it would be removed."""
    if STATE not in remote:
        if remote:
            raise Refused(
                f"Säiliössä {bucket.name} on tiedostoja, joita tämä ohjelma ei ole vienyt. Tarkista nimi (deploy/regions), "
                "tai tyhjennä säiliö, jos se on tarkoitettu sivustolle."
            )
        return None
    try:
        return State.read(bucket.read(STATE) or b"")
    except UnreadableState:
        raise Refused(
            f"Säiliön {bucket.name} tiedostoa {STATE[1:]} ei voi lukea. "
            "Ota ohjelman uusin versio, tai tyhjennä säiliö ja vie uudelleen."
        ) from None


def tell_plan(plan: Plan, tell: Tell, *, everything: bool) -> None:
    for phase in plan.uploads:
        _tell_paths(phase, tell, everything=everything)
    if plan.removed:
        _tell_paths(Phase("Poistetaan lopuksi", plan.removed), tell, everything=everything)
    if plan.after.unused_since:
        tell(f"Vanhat tyylit ja skriptit säilyvät viikon ({len(plan.after.unused_since)}).")
    if plan.before.to_invalidate:
        tell(f"CloudFrontin välimuistista tyhjennetään: {', '.join(plan.before.to_invalidate)}")
    tell(f"{_sizes(plan)} Mitään ei viety. Vie: tarjotin deploy")


def _tell_paths(phase: Phase, tell: Tell, *, everything: bool) -> None:
    tell(f"{phase.name} ({len(phase.paths)})")
    shown = phase.paths if everything else phase.paths[:SHOWN]
    for path in shown:
        tell(f"  {path}")
    if len(shown) < len(phase.paths):
        tell(f"  … ja {len(phase.paths) - len(shown)} muuta (--verbose näyttää kaikki)")


def _sizes(plan: Plan) -> str:
    removed = counted(len(plan.removed), "tiedosto", "tiedostoa")
    return f"Vietävänä {counted(plan.uploaded, 'tiedosto', 'tiedostoa')}, poistettavana {removed}, ennallaan {plan.unchanged}."


def carry_out(plan: Plan, build: Path, target: Target, tell: Tell) -> None:
    """Phase by phase. Whatever is raised on the way, the site is whole, and the next run goes on from there."""
    if plan.is_empty:
        tell(f"Sivusto on ajan tasalla, mitään ei tarvinnut viedä ({counted(plan.unchanged, 'tiedosto', 'tiedostoa')}).")
        return
    _put_state(target.bucket, plan.before)
    for phase in plan.uploads:
        _upload(phase, build / SITE, target.bucket)
        tell(f"{phase.name}: {len(phase.paths)}")
    target.bucket.remove(plan.removed)
    if plan.before.to_invalidate:
        target.distribution.invalidate(plan.before.to_invalidate)
    _put_state(target.bucket, plan.after)
    removed = counted(len(plan.removed), "tiedosto", "tiedostoa")
    tell(
        f"Sivusto on viety: {counted(plan.uploaded, 'tiedosto', 'tiedostoa')}, poistettiin {removed}, ennallaan {plan.unchanged}."
    )


def _put_state(bucket: Bucket, state: State) -> None:
    bucket.put(STATE, state.written(), Serving("application/json", NEVER))


def _upload(phase: Phase, site: Path, bucket: Bucket) -> None:
    """In threads; after the first failure nothing more is begun. Raises it."""

    def put(path: str) -> None:
        bucket.put(path, Path(f"{site}{path}").read_bytes(), serving_of(path))

    waiting = iter(phase.paths)
    with ThreadPoolExecutor(THREADS) as pool:
        while chunk := list(islice(waiting, THREADS * 20)):
            _all_done([pool.submit(put, path) for path in chunk])


def _all_done(begun: list[Future[None]]) -> None:
    done, rest = wait(begun, return_when=FIRST_EXCEPTION)
    for one in rest:
        one.cancel()
    for one in done:
        one.result()
