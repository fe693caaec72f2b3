"""Points and groups of the scores, and equality at their cut-offs."""

import pytest

from tests.domain.cases import case, interval, score
from tests.domain.score_inputs import (
    EACH_OF_THEM,
    ILL,
    NONE_OF_THEM,
    WELL,
    Inputs,
    aged,
    ldh,
    points,
)

# Points


@pytest.mark.parametrize(
    ("age", "inputs", "expected"),
    [
        (60, NONE_OF_THEM, 0),
        (61, EACH_OF_THEM, 5),
        (48, {"ldh": ldh(1.5), "ecog": 2, "stage": 4, "extranodal_sites": 4}, 4),
        (61, NONE_OF_THEM, 1),
        *((60, NONE_OF_THEM | {name: EACH_OF_THEM[name]}, 1) for name in list(EACH_OF_THEM)[:4]),
        (60, NONE_OF_THEM | {"major_extranodal": "yes"}, 0),
    ],
)
def test_points_of_the_ipi_and_the_revised_ipi(age: int, inputs: Inputs, expected: int) -> None:
    document = aged(age, inputs)

    assert (points(document, "ipi"), points(document, "r_ipi")) == (expected, expected)


@pytest.mark.parametrize(
    ("age", "inputs", "expected"),
    [
        (90, NONE_OF_THEM | {"extranodal_sites": 9}, 0),
        (40, EACH_OF_THEM, 3),
        (40, NONE_OF_THEM | {"ldh": ldh(1.01)}, 1),
        (40, NONE_OF_THEM | {"ecog": 2}, 1),
        (40, NONE_OF_THEM | {"stage": 3}, 1),
    ],
)
def test_points_of_the_age_adjusted_ipi(age: int, inputs: Inputs, expected: int) -> None:
    assert points(aged(age, inputs), "aaipi") == expected


@pytest.mark.parametrize(
    ("age", "inputs", "expected"),
    [
        (40, NONE_OF_THEM, 0),
        (60, {"ldh": ldh(3), "ecog": 1, "stage": 3, "major_extranodal": "no"}, 3),
        (76, {"ldh": ldh(3.01), "ecog": 2, "stage": 4, "major_extranodal": "yes"}, 8),
        (41, NONE_OF_THEM, 1),
        (60, NONE_OF_THEM, 1),
        (61, NONE_OF_THEM, 2),
        (75, NONE_OF_THEM, 2),
        (76, NONE_OF_THEM, 3),
        (40, NONE_OF_THEM | {"ldh": ldh(1.01)}, 1),
        (40, NONE_OF_THEM | {"ldh": ldh(3)}, 1),
        (40, NONE_OF_THEM | {"ldh": ldh(3.01)}, 2),
        (40, NONE_OF_THEM | {"ecog": 2}, 1),
        (40, NONE_OF_THEM | {"stage": 3}, 1),
        (40, NONE_OF_THEM | {"major_extranodal": "yes"}, 1),
        (40, NONE_OF_THEM | {"extranodal_sites": 9}, 0),
    ],
)
def test_points_of_the_nccn_ipi(age: int, inputs: Inputs, expected: int) -> None:
    assert points(aged(age, inputs), "nccn_ipi") == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (WELL, 0),
        (
            {"platelets": 175, "hemoglobin": 8.9, "ferritin": 650}
            | {"neutrophils": {"value": 1199, "unit": "/uL"}}
            | {"crp": {"value": 3.0, "unit": "mg/dL"}},
            5,
        ),
        (ILL, 7),
        ({"platelets": 75, "neutrophils": 3, "hemoglobin": 12, "crp": 4, "ferritin": 2000}, 2),
        (WELL | {"platelets": 175.01}, 0),
        (WELL | {"platelets": 175}, 1),
        (WELL | {"platelets": 75}, 1),
        (WELL | {"platelets": 74.99}, 2),
        (WELL | {"neutrophils": 1.19}, 1),
        (WELL | {"neutrophils": 1.2}, 0),
        (WELL | {"hemoglobin": 8.99}, 1),
        (WELL | {"hemoglobin": {"value": 90, "unit": "g/L"}}, 0),
        (WELL | {"crp": {"value": 2.9, "unit": "mg/dL"}}, 0),
        (WELL | {"crp": 30}, 1),
        (WELL | {"crp": 29.99}, 0),
        (WELL | {"ferritin": 649.99}, 0),
        (WELL | {"ferritin": 650}, 1),
        (WELL | {"ferritin": 2000}, 1),
        (WELL | {"ferritin": 2000.01}, 2),
    ],
)
def test_points_of_car_hematotox(inputs: Inputs, expected: int) -> None:
    assert points(case(lymphodepletion=inputs), "car_hematotox") == expected


# Groups


def first(count: int, names: str) -> Inputs:
    """The inputs of a score with points for this many of them."""
    chosen = names.split()[:count]
    return NONE_OF_THEM | {name: EACH_OF_THEM[name] for name in chosen}


@pytest.mark.parametrize(
    ("points", "ipi", "revised"),
    [
        (0, "low", "very good"),
        (1, "low", "good"),
        (2, "low-intermediate", "good"),
        (3, "high-intermediate", "poor"),
        (4, "high", "poor"),
        (5, "high", "poor"),
    ],
)
def test_groups_of_the_ipi_and_the_revised_ipi(points: int, ipi: str, revised: str) -> None:
    inputs = first(points, "ldh ecog stage extranodal_sites")

    document = aged(61 if points == 5 else 60, inputs)

    assert interval(document, "ipi") == (points, points, ipi, [])
    assert interval(document, "r_ipi") == (points, points, revised, [])


@pytest.mark.parametrize(
    ("points", "name"),
    [(0, "low"), (1, "low-intermediate"), (2, "high-intermediate"), (3, "high")],
)
def test_groups_of_the_age_adjusted_ipi(points: int, name: str) -> None:
    document = aged(60, first(points, "ldh ecog stage"))

    assert interval(document, "aaipi") == (points, points, name, [])


@pytest.mark.parametrize(
    ("age", "points", "name"),
    [
        (40, 0, "low"),
        (40, 1, "low"),
        (40, 2, "low-intermediate"),
        (40, 3, "low-intermediate"),
        (40, 4, "high-intermediate"),
        (41, 5, "high-intermediate"),
        (61, 6, "high"),
        (76, 7, "high"),
    ],
)
def test_groups_of_the_nccn_ipi(age: int, points: int, name: str) -> None:
    inputs = first(min(points, 4), "ldh ecog stage major_extranodal")

    assert interval(aged(age, inputs), "nccn_ipi") == (points, points, name, [])


@pytest.mark.parametrize(
    ("inputs", "points", "name"),
    [
        (WELL, 0, "low"),
        (WELL | {"crp": 30}, 1, "low"),
        (WELL | {"crp": 30, "hemoglobin": 8}, 2, "high"),
        (ILL, 7, "high"),
    ],
)
def test_groups_of_car_hematotox(inputs: Inputs, points: int, name: str) -> None:
    document = case(lymphodepletion=inputs)

    assert interval(document, "car_hematotox") == (points, points, name, [])


def test_points_are_written_as_numbers() -> None:
    values = {"platelets": 200, "neutrophils": 1, "hemoglobin": 8, "crp": 30, "ferritin": 700}

    components = score(case(lymphodepletion=values), "car_hematotox", "lymphodepletion")[
        "components"
    ]

    assert [repr(c["points_low"]) for c in components] == ["0", "1", "1", "1", "1"]
    assert [repr(c["points_high"]) for c in components] == ["0", "1", "1", "1", "1"]
