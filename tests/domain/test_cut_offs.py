"""Cut-offs below, at and above; the other codes of a variable."""

import pytest

from tests.domain.cases import (
    CIRS_SYSTEMS,
    HEALTHY,
    SEVERE4,
    Json,
    case,
    course,
    event,
    ldh,
    relapsed,
    verdict,
)

BELOW_AT_ABOVE: list[tuple[str, str, list[Json], list[str]]] = [
    (
        "ecog_ge_2",
        "infusion",
        [{"ecog": 1}, {"ecog": 2}, {"ecog": 3}, {"ecog": 2.0}],
        ["not_met", "met", "met", "met"],
    ),
    (
        "extranodal_ge_2",
        "infusion",
        [{"extranodal_sites": n} for n in (1, 2, 3)],
        ["not_met", "met", "met"],
    ),
    (
        "mtv_high_lymphodepletion",
        "lymphodepletion",
        [{"mtv": 79.99}, {"mtv": 80}, {"mtv": 80.01}, {"mtv": {"value": 80.01, "unit": "cm3"}}],
        ["not_met", "not_met", "met", "met"],
    ),
    (
        "mtv_low_baseline",
        "lymphodepletion",
        [{"mtv": 147.49}, {"mtv": 147.5}, {"mtv": 147.51}, {"mtv": {"value": 148, "unit": "cm3"}}],
        ["met", "met", "not_met", "not_met"],
    ),
    (
        "mtv_high_baseline",
        "apheresis",
        [{"mtv": 24.99}, {"mtv": 25}, {"mtv": 25.01}, {"mtv": {"value": 24.99, "unit": "cm3"}}],
        ["not_met", "met", "met", "not_met"],
    ),
    (
        "ldh_high_lymphodepletion",
        "lymphodepletion",
        [ldh(249.99), ldh(250), ldh(250.01)],
        ["not_met", "not_met", "met"],
    ),
    (
        "ldh_high_infusion",
        "infusion",
        [ldh(value, 4.1, unit="ukat/L") for value in (4.09, 4.1, 4.11)],
        ["not_met", "not_met", "met"],
    ),
    (
        "crp_group_infusion",
        "infusion",
        [{"crp": 29.99}, {"crp": 30}, {"crp": 30.01}],
        ["stratum:lt_30", "stratum:ge_30", "stratum:ge_30"],
    ),
    (
        "crp_group_infusion",
        "infusion",
        [{"crp": {"value": value, "unit": "mg/dL"}} for value in (2.9, 2.999, 3.0, 3.1)],
        ["stratum:lt_30", "stratum:lt_30", "stratum:ge_30", "stratum:ge_30"],
    ),
    (
        "suvmax_ge_10_day_28",
        "day_28",
        [{"response": "SD", "suvmax": value} for value in (9.99, 10, 10.01)],
        ["not_met", "met", "met"],
    ),
    (
        "deauville_day_28",
        "day_28",
        [{"deauville": score} for score in (1, 2, 3, 4, 5)],
        ["stratum:ds_1_2", "stratum:ds_1_2", "stratum:ds_3", "stratum:ds_4", "stratum:ds_5"],
    ),
    (
        "deauville_suv_change_day_28",
        "day_28",
        [{"deauville": score} for score in (1, 2, 3, 4)],
        [*["stratum:ds_1_3"] * 3, "unknown missing response, suvmax"],
    ),
    (
        "severe4",
        "apheresis",
        [dict.fromkeys(SEVERE4, 1) | {"cirs_hepatic": grade} for grade in (2, 3, 4)],
        ["not_met", "met", "met"],
    ),
    (
        "cirs_high",
        "apheresis",
        [HEALTHY | {"cirs_cardiac": grade} for grade in (2, 3, 4)],
        ["not_met", "met", "met"],
    ),
    (
        "cirs_high",
        "apheresis",
        [HEALTHY | dict.fromkeys(CIRS_SYSTEMS[:count], 1) for count in (6, 7, 8)],
        ["not_met", "met", "met"],
    ),
    (
        "aaipi_ge_2",
        "lymphodepletion",
        [
            {"stage": 3, "ecog": 1} | ldh(250),
            {"stage": 2, "ecog": 2} | ldh(251),
            {"stage": 4, "ecog": 4} | ldh(251),
        ],
        ["not_met", "met", "met"],
    ),
]


@pytest.mark.parametrize(("factor", "milestone", "values", "expected"), BELOW_AT_ABOVE)
def test_below_at_and_above_the_cut_off(
    factor: str, milestone: str, values: list[Json], expected: list[str]
) -> None:
    documents = [course({milestone: observations}) for observations in values]

    assert [verdict(document, factor, milestone) for document in documents] == expected


@pytest.mark.parametrize(
    ("factor", "milestone", "documents", "expected"),
    [
        (
            "age_ge_65",
            "infusion",
            [case(born=born, infusion={}) for born in ("1959-03-07", "1959-03-06", "1958-03-06")],
            ["not_met", "met", "met"],
        ),
        (
            "age_gt_60",
            "infusion",
            [case(born=born, infusion={}) for born in ("1964-03-06", "1963-03-07", "1963-03-06")],
            ["not_met", "not_met", "met"],
        ),
        (
            "relapse_within_30_days",
            "relapse",
            [
                relapsed(dates={"relapse": day})
                for day in ("2024-03-06", "2024-04-04", "2024-04-05", "2024-04-06")
            ],
            ["met", "met", "not_met", "not_met"],
        ),
        (
            "relapse_gt_2_lines",
            "relapse",
            [relapsed(lines=lines) for lines in (1, 2, 3, 4)],
            ["not_applicable", "not_met", "met", "met"],
        ),
        (
            "relapse_crs_grade_3_4",
            "relapse",
            [relapsed(day_7={"crs_grade_max": grade}) for grade in (0, 2, 3, 4, 5)],
            ["not_met", "not_met", "met", "met", "met"],
        ),
        (
            "relapse_crs_grade_3_4",
            "relapse",
            [relapsed(events=(event("crs", "2024-03-08", grade=n),)) for n in (1, 2, 3, 4, 5)],
            ["not_met", "not_met", "met", "met", "met"],
        ),
    ],
)
def test_below_at_and_above_a_cut_off_of_the_course(
    factor: str, milestone: str, documents: list[Json], expected: list[str]
) -> None:
    assert [verdict(document, factor, milestone) for document in documents] == expected


CODES: list[tuple[str, str, str, dict[str, str]]] = [
    ("progressive_disease", "lymphodepletion", "response", {"CR": "not_met", "PR": "not_met"}),
    (
        "histology_high_grade",
        "election",
        "histology",
        {"hgbl_myc_bcl2": "met", "dlbcl_nos": "not_met", "pmbcl": "not_met", "fl3b": "not_met"},
    ),
    (
        "histology_thrlbcl",
        "election",
        "histology",
        {"hgbl_myc_bcl2": "not_met", "transformed": "not_met", "other": "not_met"},
    ),
    ("abc_phenotype", "election", "cell_of_origin", {"non_gcb": "met", "unclassified": "not_met"}),
    ("complete_response", "day_90", "response", {"SD": "not_met", "PD": "not_met", "CR": "met"}),
    (
        "car_t_product",
        "infusion",
        "product",
        {"liso_cel": "not_applicable", "other": "not_applicable"},
    ),
]


@pytest.mark.parametrize(("factor", "milestone", "variable", "expected"), CODES)
def test_the_other_codes_of_a_variable(
    factor: str, milestone: str, variable: str, expected: dict[str, str]
) -> None:
    verdicts = {
        code: verdict(course({milestone: {variable: code}}), factor, milestone) for code in expected
    }

    assert verdicts == expected
