"""Work shared out to several processes. On Linux they begin as copies of this one and share what it has read; elsewhere they are
given it. None outlives the one that began them."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

KIND = "fork" if sys.platform == "linux" else "spawn"


@contextmanager
def pool(jobs: int, start: Callable[..., None] | None = None, given: tuple[Any, ...] = ()) -> Iterator[ProcessPoolExecutor]:
    """`start` is called with `given` in each process before anything else. What was not begun when the block ends is left."""
    made = ProcessPoolExecutor(jobs, multiprocessing.get_context(KIND), _start, (start, given))
    try:
        yield made
    finally:
        made.shutdown(cancel_futures=True)


def _start(start: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    if start:
        start(*given)


def _end_with_parent() -> None:
    """A worker whose build was killed must not go on writing."""
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)
