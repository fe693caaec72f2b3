"""How long things take: CPU seconds of this process, and the row of a table that says so."""

from collections.abc import Callable
from time import process_time

Row = tuple[str, str, str, str]


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The least CPU seconds of this process that the work took."""
    return min(timed(work) for _ in range(rounds))


def timed(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start
