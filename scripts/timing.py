"""Rows of a table of measurements, and the CPU time of a piece of work."""

from collections.abc import Callable
from time import process_time

Row = tuple[str, str, str, str]
"""What is measured, the ratio, its goal, the figures."""


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The least CPU seconds of this process that the work took."""
    return min(timed(work) for _ in range(rounds))


def side_by_side(*works: Callable[[], object], turns: int = 8) -> list[float]:
    """The least CPU seconds of each of several works, in turns: who disturbs one disturbs all."""
    taken = [[best(work) for work in works] for _ in range(turns)]
    return [min(seconds) for seconds in zip(*taken, strict=True)]


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process that the work took."""
    start = process_time()
    work()
    return process_time() - start
