"""Scores as intervals where inputs are missing, the CIRS total, and the EASIX family."""

from typing import Any

import pytest

from tests.domain.cases import CIRS_SYSTEMS, case, course, interval, score
from tests.domain.score_inputs import (
    EACH_OF_THEM,
    ILL,
    NONE_OF_THEM,
    WELL,
    Inputs,
    aged,
    points,
)

# Intervals


def without(inputs: Inputs, *names: str) -> Inputs:
    return {name: value for name, value in inputs.items() if name not in names}


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("ipi", without(NONE_OF_THEM, "ldh"), (0, 1, "low", ["ldh"])),
        ("ipi", without(NONE_OF_THEM, "ecog"), (0, 1, "low", ["ecog"])),
        ("ipi", without(NONE_OF_THEM, "stage"), (0, 1, "low", ["stage"])),
        ("ipi", without(EACH_OF_THEM, "extranodal_sites"), (3, 4, None, ["extranodal_sites"])),
        ("ipi", EACH_OF_THEM | {"ldh": 9000}, (3, 4, None, ["ldh.upper_limit"])),
        ("ipi", {}, (0, 4, None, ["ecog", "extranodal_sites", "ldh", "stage"])),
        ("r_ipi", without(NONE_OF_THEM, "ldh"), (0, 1, None, ["ldh"])),
        ("r_ipi", without(EACH_OF_THEM, "ldh"), (3, 4, "poor", ["ldh"])),
        ("aaipi", without(EACH_OF_THEM, "stage"), (2, 3, None, ["stage"])),
        ("aaipi", {}, (0, 3, None, ["ecog", "ldh", "stage"])),
        ("nccn_ipi", without(NONE_OF_THEM, "ldh"), (1, 3, None, ["ldh"])),
        ("nccn_ipi", NONE_OF_THEM | {"ldh": 9000}, (1, 3, None, ["ldh.upper_limit"])),
        ("nccn_ipi", without(NONE_OF_THEM, "ecog"), (1, 2, None, ["ecog"])),
        ("nccn_ipi", without(NONE_OF_THEM, "stage"), (1, 2, None, ["stage"])),
        (
            *("nccn_ipi", without(NONE_OF_THEM, "major_extranodal")),
            (1, 2, None, ["major_extranodal"]),
        ),
        (
            *("nccn_ipi", {"ecog": 2, "major_extranodal": "no", "stage": 2}),
            (2, 4, None, ["ldh"]),
        ),
        ("nccn_ipi", {}, (1, 6, None, ["ecog", "ldh", "major_extranodal", "stage"])),
        ("car_hematotox", without(WELL, "platelets"), (0, 2, None, ["platelets"])),
        ("car_hematotox", without(WELL, "neutrophils"), (0, 1, "low", ["neutrophils"])),
        ("car_hematotox", without(WELL, "hemoglobin"), (0, 1, "low", ["hemoglobin"])),
        ("car_hematotox", without(WELL, "crp"), (0, 1, "low", ["crp"])),
        ("car_hematotox", without(WELL, "ferritin"), (0, 2, None, ["ferritin"])),
        ("car_hematotox", without(ILL, "platelets"), (5, 7, "high", ["platelets"])),
        (
            *("car_hematotox", {}),
            (0, 7, None, ["crp", "ferritin", "hemoglobin", "neutrophils", "platelets"]),
        ),
    ],
)
def test_a_score_runs_from_its_lowest_to_its_highest_value(
    name: str, inputs: Inputs, expected: tuple[Any, ...]
) -> None:
    assert interval(aged(50, inputs), name) == expected


def test_a_score_takes_its_inputs_from_its_own_assessment() -> None:
    document = course({"election": NONE_OF_THEM, "apheresis": {}})

    assert interval(document, "aaipi", "election") == (0, 0, "low", [])
    assert interval(document, "aaipi", "apheresis") == (0, 3, None, ["ecog", "ldh", "stage"])


def test_components_show_the_value_in_the_unit_of_their_rule_with_its_points() -> None:
    inputs = {"ldh": {"value": 5, "unit": "ukat/L", "upper_limit": 4}, "stage": 2}

    found = score(aged(61, inputs), "ipi", "lymphodepletion")["components"]

    assert [(c["name"], c["value"], c["points_low"], c["points_high"]) for c in found] == [
        ("age", 61, 1, 1),
        ("ldh", 300, 1, 1),
        ("ecog", None, 0, 1),
        ("stage", 2, 0, 0),
        ("extranodal_sites", None, 0, 1),
    ]
    assert [isinstance(c["rule"], str) for c in found] == [True] * 5


def test_a_recorded_ldh_without_limit_is_shown_with_the_points_it_may_give() -> None:
    found = score(aged(50, {"ldh": 500}), "nccn_ipi", "lymphodepletion")["components"]

    assert [(c["name"], c["value"], c["points_low"], c["points_high"]) for c in found] == [
        ("age", 50, 1, 1),
        ("ldh", 500, 0, 2),
        ("ecog", None, 0, 1),
        ("stage", None, 0, 1),
        ("major_extranodal", None, 0, 1),
    ]


# CIRS total


def test_the_cirs_total_adds_up_fourteen_grades() -> None:
    grades = dict(zip(CIRS_SYSTEMS, (0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3), strict=True))

    found = score(case(election=grades), "cirs_total", "election")

    assert (found["low"], found["high"], found["missing"], found.get("group")) == (26, 26, [], None)
    assert {c["name"]: c["value"] for c in found["components"]} == grades
    assert {c["name"]: c["points_low"] for c in found["components"]} == grades
    assert {c["name"]: c["points_high"] for c in found["components"]} == grades


def test_each_missing_system_may_add_four() -> None:
    document = case(apheresis={"cirs_renal": 2, "cirs_eent": 1})

    low, high, _, missing = interval(document, "cirs_total", "apheresis")

    assert (low, high) == (3, 51)
    assert missing == sorted(set(CIRS_SYSTEMS) - {"cirs_renal", "cirs_eent"})


def test_the_cirs_total_takes_the_latest_grades() -> None:
    document = case(
        election=dict.fromkeys(CIRS_SYSTEMS, 1), apheresis={"cirs_renal": 4, "cirs_hepatic": 0}
    )

    assert interval(document, "cirs_total", "election") == (14, 14, None, [])
    assert interval(document, "cirs_total", "apheresis") == (16, 16, None, [])


# EASIX and its variants

EASIX: Inputs = {"ldh": 300, "creatinine": 1.0, "crp": 30, "platelets": 150}
FAMILY = ("easix", "m_easix", "s_easix")


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (EASIX, (2.0, 6.0, 2.0)),
        (EASIX | {"ldh": {"value": 5, "unit": "ukat/L"}}, (2.0, 6.0, 2.0)),
        (EASIX | {"platelets": {"value": 150000, "unit": "/uL"}}, (2.0, 6.0, 2.0)),
        (EASIX | {"crp": {"value": 3.0, "unit": "mg/dL"}}, (2.0, 6.0, 2.0)),
        (EASIX | {"creatinine": {"value": 100, "unit": "umol/L"}}, (2.2619, 6.0, 2.0)),
        (EASIX | {"crp": 0}, (2.0, 0.0, 2.0)),
        (EASIX | {"platelets": 7}, (42.8571, 128.5714, 42.8571)),
        (EASIX | {"platelets": 0.5}, (600.0, 1800.0, 600.0)),
    ],
)
def test_easix_and_its_variants(inputs: Inputs, expected: tuple[float, ...]) -> None:
    document = case(lymphodepletion=inputs)

    assert tuple(points(document, name) for name in FAMILY) == expected


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("s_easix", {"ldh": 100.0001, "platelets": 2}, 50.0001),
        ("s_easix", {"ldh": 100.0003, "platelets": 2}, 50.0002),
        ("s_easix", {"ldh": 100.0001, "platelets": 2.0001}, 49.9976),
        ("easix", {"ldh": 25, "creatinine": 0.1, "platelets": 2000}, 0.0013),
        ("easix", {"ldh": 27, "creatinine": 0.1, "platelets": 2000}, 0.0014),
        ("m_easix", {"ldh": 10, "crp": 0.1, "platelets": 2000}, 0.0001),
        ("m_easix", {"ldh": 10, "crp": 0.0999, "platelets": 2000}, 0.0),
    ],
)
def test_the_fifth_decimal_rounds_halves_up(name: str, inputs: Inputs, expected: float) -> None:
    assert points(case(lymphodepletion=inputs), name) == expected


@pytest.mark.parametrize(
    ("inputs", "missing"),
    [
        (
            {},
            (["creatinine", "ldh", "platelets"], ["crp", "ldh", "platelets"], ["ldh", "platelets"]),
        ),
        (without(EASIX, "ldh"), (["ldh"], ["ldh"], ["ldh"])),
        (without(EASIX, "creatinine"), (["creatinine"], [], [])),
        (without(EASIX, "crp"), ([], ["crp"], [])),
        (without(EASIX, "platelets"), (["platelets"], ["platelets"], ["platelets"])),
    ],
)
def test_without_an_input_there_is_no_easix(inputs: Inputs, missing: tuple[list[str], ...]) -> None:
    document = case(lymphodepletion=inputs)

    found = [interval(document, name) for name in FAMILY]

    assert tuple(each[3] for each in found) == missing
    assert [each[:2] == (None, None) for each in found] == [bool(names) for names in missing]


@pytest.mark.parametrize("platelets", [0, 0.0, {"value": 0, "unit": "/uL"}])
def test_without_platelets_there_is_no_easix_and_nothing_is_missing(platelets: Any) -> None:
    document = case(lymphodepletion=EASIX | {"platelets": platelets})

    assert [interval(document, name) for name in FAMILY] == [(None, None, None, [])] * 3


def test_components_of_easix_show_values_without_points() -> None:
    document = case(lymphodepletion=without(EASIX, "crp"))

    found = score(document, "m_easix", "lymphodepletion")["components"]

    assert [(c["name"], c["value"], c["points_low"], c["points_high"]) for c in found] == [
        ("ldh", 300, None, None),
        ("crp", None, None, None),
        ("platelets", 150, None, None),
    ]
