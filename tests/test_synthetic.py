"""Synthetic courses are cases like any other: none of them is refused."""

from json import dumps

import pytest

from riskfactors.domain.documents import parse_case
from riskfactors.published import catalogue
from riskfactors.synthetic import courses


@pytest.mark.parametrize("seed", [1, 2])
def test_no_synthetic_course_is_refused(seed: int) -> None:
    dictionary = catalogue().dictionary

    read = [parse_case(dumps(c).encode(), dictionary).case_id for c in courses(1500, seed)]

    assert len(set(read)) == 1500
