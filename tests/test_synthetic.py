"""Synthetic courses are cases like any other: none of them is refused."""

from json import dumps
from pathlib import Path

import pytest

from riskfactors.domain.consistency import warnings
from riskfactors.domain.documents import parse_case
from riskfactors.published import catalogue
from riskfactors.synthetic import courses
from tests.patients.dictionaries import dictionary

HAPTOGLOBIN = """
[[variable]]
name = "haptoglobin"
label = "Haptoglobin"
group = "laboratory"
type = "quantity"
unit = "g/L"
accepts = { "g/L" = 1 }
impossible_outside = [0, 20]
unusual_outside = [0.1, 5]
asked_at = ["infusion", "day_7"]
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_no_synthetic_course_is_refused(seed: int) -> None:
    dictionary = catalogue().dictionary

    read = [parse_case(dumps(c).encode(), dictionary).case_id for c in courses(1500, seed)]

    assert len(set(read)) == 1500


def test_no_synthetic_course_contradicts_itself() -> None:
    dictionary = catalogue().dictionary

    read = [parse_case(dumps(c).encode(), dictionary) for c in courses(1000, 3)]

    found = {concern.phrase.key for case in read for concern in warnings(case, dictionary)}
    assert found <= {"unusual"}


def test_a_quantity_new_in_the_dictionary_has_usual_values_at_once(tmp_path: Path) -> None:
    with dictionary(tmp_path, lambda text: text + HAPTOGLOBIN):
        cases = [parse_case(dumps(c).encode(), catalogue().dictionary) for c in courses(50, 1)]
        usual = catalogue().dictionary.variables["haptoglobin"].unusual_outside

    visits = [visit.observations for case in cases for visit in case.assessments]
    found = [seen["haptoglobin"].number for seen in visits if "haptoglobin" in seen]
    assert found
    assert [number for number in found if number not in usual] == []
