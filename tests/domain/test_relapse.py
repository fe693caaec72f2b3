"""Rules 15 to 18 of the contract: worst grade, salvage, graded values, third line or later."""

import pytest

from tests.domain.cases import (
    Json,
    case,
    contract_factors,
    course,
    event,
    finding,
    ldh,
    line,
    relapsed,
    said,
    salvage,
    verdict,
)

# 15. Cytokine release syndrome


@pytest.mark.parametrize(
    ("observations", "events", "stands"),
    [
        ({}, (), "unknown missing crs_grade_max"),
        ({"day_7": {"crs_grade_max": 3}, "day_28": {"crs_grade_max": 1}}, (), "met"),
        ({"day_7": {"crs_grade_max": 1}, "day_28": {"crs_grade_max": 2}}, (), "not_met"),
        ({"day_7": {"crs_grade_max": 1}}, (event("crs", "2024-03-08", grade=3),), "met"),
        ({"day_7": {"crs_grade_max": 3}}, (event("crs", "2024-03-08", grade=1),), "met"),
        ({}, (event("crs", "2024-09-01", grade=3),), "met"),
        ({}, (event("crs", "2024-09-02", grade=3),), "unknown missing crs_grade_max"),
        ({}, (event("crs", "2024-03-08"),), "unknown missing crs_grade_max"),
        ({}, (event("icans", "2024-03-08", grade=4),), "unknown missing crs_grade_max"),
        ({"day_7": {"icans_grade_max": 4}}, (), "unknown missing crs_grade_max"),
        ({}, (event("crs", "2024-03-08"), event("crs", "2024-03-09", grade=2)), "not_met"),
        (
            {},
            (event("crs", "2024-03-08", grade=2), event("crs", "2024-03-09", grade=4)),
            "met",
        ),
    ],
)
def test_the_worst_grade_of_cytokine_release_syndrome(
    observations: Json, events: tuple[Json, ...], stands: str
) -> None:
    document = relapsed(events=events, **observations)

    assert verdict(document, "relapse_crs_grade_3_4", "relapse") == stands


def test_a_grade_of_a_visit_after_the_relapse_does_not_count() -> None:
    document = relapsed(day_28={"crs_grade_max": 4}, dates={"relapse": "2024-04-02"})

    assert verdict(document, "relapse_crs_grade_3_4", "relapse") == (
        "unknown missing crs_grade_max"
    )


def test_the_worst_grade_is_the_ground() -> None:
    events = (event("crs", "2024-03-08", grade=2), event("crs", "2024-03-09", grade=4))

    document = relapsed(day_7={"crs_grade_max": 3}, events=events)

    assert finding(document, "relapse_crs_grade_3_4", "relapse")["basis"] == [
        {
            "variable": "events.crs",
            "value": 4,
            "unit": None,
            "milestone": None,
            "observed_on": "2024-03-09",
        }
    ]


# 16. Salvage


@pytest.mark.parametrize(
    ("treatments", "pola_br", "lenalidomide"),
    [
        ((), "not_applicable", "not_applicable"),
        ((salvage("2024-08-31", "pola_br"),), "not_applicable", "not_applicable"),
        ((salvage("2024-09-01", "pola_br"),), "met", "not_met"),
        ((salvage("2026-09-01", "lenalidomide"),), "not_met", "met"),
        ((salvage("2024-09-02"),), "not_met", "not_met"),
        ((salvage("2024-09-02", "other"),), "not_met", "not_met"),
        ((salvage("2024-09-02", "none_supportive"),), "not_met", "not_met"),
        ((line("2024-09-02"),), "not_applicable", "not_applicable"),
        (
            (salvage("2024-09-02", "pola_br"), salvage("2024-12-01", "lenalidomide")),
            *("met", "met"),
        ),
        (
            (salvage("2024-08-02", "pola_br"), salvage("2024-12-01", "lenalidomide")),
            *("not_met", "met"),
        ),
    ],
)
@pytest.mark.parametrize("lines", [2, 3])
def test_salvage_is_looked_for_from_the_relapse_on(
    treatments: tuple[Json, ...], pola_br: str, lenalidomide: str, lines: int
) -> None:
    document = relapsed(lines=lines, treatments=treatments)

    found = [
        finding(document, f"relapse_salvage_{kind}", "relapse")
        for kind in ("pola_br", "lenalidomide")
    ]

    assert [said(each) for each in found] == [pola_br, lenalidomide]
    assert [each["missing"] for each in found] == [[], []]


def test_salvage_rests_on_the_matching_treatment_or_on_all() -> None:
    document = relapsed(
        treatments=(
            salvage("2024-09-02", "pola_br", regimen="Pola-BR"),
            salvage("2024-10-02", regimen="R-GemOx"),
        )
    )

    grounds = {
        kind: [
            fact["value"]
            for fact in finding(document, f"relapse_salvage_{kind}", "relapse")["basis"]
        ]
        for kind in ("pola_br", "lenalidomide")
    }

    assert grounds == {"pola_br": ["pola_br"], "lenalidomide": ["pola_br", "other"]}


def test_the_ground_of_salvage_is_its_class() -> None:
    document = relapsed(treatments=(salvage("2024-09-02", "pola_br"),))

    assert finding(document, "relapse_salvage_pola_br", "relapse")["basis"] == [
        {
            "variable": "treatments.salvage",
            "value": "pola_br",
            "unit": None,
            "milestone": None,
            "observed_on": "2024-09-02",
        }
    ]


def test_the_reason_names_the_part_that_does_not_hold() -> None:
    without_salvage = relapsed()
    second_line = relapsed(
        lines=1,
        treatments=(salvage("2024-09-02", "pola_br"),),
    )

    reasons = [
        finding(document, "relapse_salvage_pola_br", "relapse")["reason"]
        for document in (without_salvage, second_line)
    ]

    assert reasons == [
        "Studied only where this holds: a salvage treatment was started on or after the relapse.",
        "Studied only where this holds: Lines of therapy before CAR T-cells: 2 or more.",
    ]


# 17. Graded


@pytest.mark.parametrize(
    ("observations", "missing"),
    [
        ({"stage": 1, "ecog": 0, "extranodal_sites": 0} | ldh(200), "graded"),
        ({"stage": 1, "ecog": 0} | ldh(200), "unknown missing extranodal_sites"),
        ({"ecog": 0} | ldh(200), "unknown missing extranodal_sites, stage"),
        (
            {"stage": 1, "ecog": 0, "extranodal_sites": 0} | ldh(200, None),
            "unknown missing ldh.upper_limit",
        ),
        ({}, "unknown missing ecog, extranodal_sites, ldh, stage"),
    ],
)
def test_the_index_is_graded_once_it_can_be_computed(observations: Json, missing: str) -> None:
    assert verdict(case(lymphodepletion=observations), "ipi", "lymphodepletion") == missing


def test_the_index_rests_on_its_inputs_and_age() -> None:
    observations = {"stage": 1, "ecog": 0, "extranodal_sites": 0} | ldh(200)

    found = finding(case(lymphodepletion=observations), "ipi", "lymphodepletion")

    assert [(fact["variable"], fact["value"]) for fact in found["basis"]] == [
        *(("age", 50), ("ldh", 200), ("ldh.upper_limit", 250)),
        *(("ecog", 0), ("stage", 1), ("extranodal_sites", 0)),
    ]


def test_the_index_does_not_rest_on_earlier_assessments() -> None:
    document = case(election={"stage": 1, "ecog": 0}, lymphodepletion={"ecog": 1})

    found = finding(document, "ipi", "lymphodepletion")

    assert [(fact["variable"], fact["value"]) for fact in found["basis"]] == [
        *(("age", 50), ("ecog", 1))
    ]


@pytest.mark.parametrize(
    ("observations", "missing"),
    [
        ({"infusion": ldh(200)}, ["ferritin", "il6"]),
        ({"infusion": {"il6": 3, "ferritin": 9}}, ["ldh"]),
        ({"infusion": {"il6": 3}, "lymphodepletion": {"ferritin": 9}}, ["ldh"]),
        ({"infusion": {"il6": 3, "ferritin": 9} | ldh(200)}, []),
    ],
)
def test_inflammation_is_graded_from_one_value_and_lists_the_rest(
    observations: dict[str, Json], missing: list[str]
) -> None:
    document = course({"lymphodepletion": {}, "infusion": {}} | observations)

    found = finding(document, "inflammation_zuma1", "infusion")

    assert (found["verdict"], found["missing"]) == ("graded", missing)


def test_inflammation_takes_each_value_from_the_infusion_first() -> None:
    document = case(lymphodepletion={"il6": 3, "ferritin": 900}, infusion={"ferritin": 500})

    found = finding(document, "inflammation_zuma1", "infusion")

    assert {(f["variable"], f["value"], f["milestone"]) for f in found["basis"]} == {
        ("il6", 3, "lymphodepletion"),
        ("ferritin", 500, "infusion"),
    }


@pytest.mark.parametrize(
    ("lines", "stands"),
    [(2, "graded"), (1, "not_applicable"), (None, "unknown missing prior_lines")],
)
def test_age_at_relapse_is_graded_whenever_it_applies(lines: int | None, stands: str) -> None:
    assert verdict(relapsed(lines=lines), "relapse_older_age", "relapse") == stands


# 18. Third line or later only

RELAPSE_FACTORS = [f["key"] for f in contract_factors() if f["setting"] == "post_relapse"]
OWN_INPUTS = {
    "relapse_responded": ["response"],
    "relapse_within_30_days": [],
    "relapse_sd_pd_day_30": ["response"],
    "relapse_refractory": ["response"],
    "relapse_crs_grade_3_4": ["crs_grade_max"],
    "relapse_bridging": ["bridging"],
    "relapse_gt_2_lines": [],
    "relapse_no_double_hit_or_expressor": [
        *("bcl2_rearranged", "bcl6_rearranged", "double_expressor", "myc_rearranged")
    ],
    "relapse_salvage_pola_br": [],
    "relapse_salvage_lenalidomide": [],
    "relapse_ldh_high_infusion": ["ldh"],
    "relapse_ferritin_infusion": ["ferritin"],
    "relapse_crp_infusion": ["crp"],
    "relapse_bulky_apheresis": ["bulky"],
    "relapse_older_age": [],
}


def test_every_factor_of_a_relapse_says_its_own_inputs() -> None:
    assert sorted(OWN_INPUTS) == sorted(RELAPSE_FACTORS)


@pytest.mark.parametrize("factor", RELAPSE_FACTORS)
def test_factors_of_a_relapse_are_for_third_line_or_later(factor: str) -> None:
    treatments = (salvage("2024-09-02", "pola_br"),)

    found = [
        verdict(relapsed(lines=lines, treatments=treatments), factor, "relapse")
        for lines in (1, None)
    ]

    undecided = ", ".join(sorted({"prior_lines", *OWN_INPUTS[factor]}))
    assert found == ["not_applicable", f"unknown missing {undecided}"]


def test_a_salvage_factor_without_salvage_stays_not_applicable() -> None:
    found = [
        verdict(relapsed(lines=lines), "relapse_salvage_pola_br", "relapse")
        for lines in (1, 2, None)
    ]

    assert found == ["not_applicable"] * 3


def test_a_ground_of_the_line_and_of_the_factor_itself_stands_once() -> None:
    document = relapsed(lines=None, treatments=(line("2023-05-01", regimen="R-CHOP"),))

    found = finding(document, "relapse_gt_2_lines", "relapse")

    assert said(found) == "unknown missing prior_lines"
    assert [fact["value"] for fact in found["basis"]] == ["R-CHOP"]
