"""Rows of a table of measurements, and the CPU time of a piece of work."""

from collections.abc import Callable
from time import process_time

Row = tuple[str, str, str, str]
"""What is measured, the ratio, its goal, the figures."""


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The least CPU seconds of this process that the work took."""
    return min(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start
