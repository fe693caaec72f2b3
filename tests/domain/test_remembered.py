"""A table that makes what it lacks, and never grows past its limit."""

from riskfactors.domain import remembered
from riskfactors.domain.remembered import Remembered


def test_what_was_made_is_not_made_again() -> None:
    made: list[int] = []

    def half(number: int) -> float:
        made.append(number)
        return number / 2

    halves = Remembered(half)

    assert [halves[3], halves[3], halves[4]] == [1.5, 1.5, 2.0]
    assert made == [3, 4]


def test_it_starts_anew_when_it_is_full() -> None:
    doubles: Remembered[int, int] = Remembered(lambda number: 2 * number)

    for number in range(remembered.MOST):
        doubles[number]
    assert len(doubles) == remembered.MOST

    assert doubles[-1] == -2
    assert list(doubles) == [-1]
