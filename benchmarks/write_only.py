"""The limit: a site's files, with the same paths and sizes, written by as many processes and in the same way, and nothing else.

python -m benchmarks.write_only build/bench/region/build/site build/bench/written 2
"""

import multiprocessing
import sys
from pathlib import Path

from generator.building.output import FRESH, Stage

Sizes = list[tuple[str, int]]


def write(target: str, sizes: Sizes) -> None:
    (Path(target) / FRESH).mkdir(parents=True, exist_ok=True)
    stage, largest = Stage(target, is_first=True), bytes(max(size for _, size in sizes))
    for path, size in sizes:
        stage.add(path, largest[:size])


def main(site: Path, target: str, jobs: int) -> None:
    sizes = [(f"/{path.relative_to(site).as_posix()}", path.stat().st_size) for path in site.rglob("*") if path.is_file()]
    sizes.sort()
    share = -(-len(sizes) // jobs)
    print("ready", flush=True)
    sys.stdin.readline()  # what is measured begins here
    shares = [sizes[at : at + share] for at in range(0, len(sizes), share)]
    workers = [multiprocessing.Process(target=write, args=(target, one)) for one in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
