"""Rules 3 to 5 of the contract: unknown stays unknown, intervals decide, applicability first."""

from typing import Any

import pytest

from tests.domain.cases import (
    Json,
    case,
    course,
    finding,
    ldh,
    line,
    relapsed,
    verdict,
)

# 3. Unknown stays unknown

YES, NO = "yes", "no"


def rearranged(myc: str | None, bcl2: str | None, bcl6: str | None, **more: Any) -> Json:
    codes = {"myc_rearranged": myc, "bcl2_rearranged": bcl2, "bcl6_rearranged": bcl6}
    return {name: code for name, code in codes.items() if code} | more


@pytest.mark.parametrize(
    ("fish", "stands"),
    [
        ((YES, YES, YES), "met"),
        ((YES, YES, None), "met"),
        ((YES, None, YES), "met"),
        ((YES, YES, NO), "met"),
        ((YES, NO, YES), "met"),
        ((YES, NO, NO), "not_met"),
        ((NO, None, None), "not_met"),
        ((NO, YES, YES), "not_met"),
        ((None, NO, NO), "not_met"),
        ((NO, NO, NO), "not_met"),
        ((None, YES, None), "unknown missing myc_rearranged"),
        ((None, None, YES), "unknown missing myc_rearranged"),
        ((None, NO, None), "unknown missing bcl6_rearranged, myc_rearranged"),
        ((YES, NO, None), "unknown missing bcl6_rearranged"),
        ((YES, None, NO), "unknown missing bcl2_rearranged"),
        ((YES, None, None), "unknown missing bcl2_rearranged, bcl6_rearranged"),
        (
            (None, None, None),
            "unknown missing bcl2_rearranged, bcl6_rearranged, myc_rearranged",
        ),
    ],
)
def test_double_hit_is_decided_as_soon_as_it_can_be(
    fish: tuple[str | None, ...], stands: str
) -> None:
    document = case(infusion=rearranged(*fish))

    assert verdict(document, "double_hit", "infusion") == stands


@pytest.mark.parametrize(
    ("observations", "stands"),
    [
        (rearranged(NO, None, None, double_expressor=NO), "met"),
        (rearranged(YES, NO, NO, double_expressor=NO), "met"),
        (rearranged(YES, YES, None, double_expressor=NO), "not_met"),
        (rearranged(YES, YES, None), "not_met"),
        (rearranged(None, None, None, double_expressor=YES), "not_met"),
        (rearranged(NO, None, None, double_expressor=YES), "not_met"),
        (rearranged(NO, None, None), "unknown missing double_expressor"),
        (rearranged(YES, NO, None, double_expressor=NO), "unknown missing bcl6_rearranged"),
        (rearranged(None, YES, None, double_expressor=NO), "unknown missing myc_rearranged"),
        (
            rearranged(YES, None, None),
            "unknown missing bcl2_rearranged, bcl6_rearranged, double_expressor",
        ),
    ],
)
def test_neither_double_hit_nor_double_expressor(observations: Json, stands: str) -> None:
    document = relapsed(election=observations)

    assert verdict(document, "relapse_no_double_hit_or_expressor", "relapse") == stands


CIRS = (
    *("cirs_cardiac", "cirs_eent", "cirs_endocrine", "cirs_genitourinary", "cirs_hepatic"),
    *("cirs_hypertension", "cirs_lower_gi", "cirs_musculoskeletal", "cirs_neurological"),
    *("cirs_psychiatric", "cirs_renal", "cirs_respiratory", "cirs_upper_gi", "cirs_vascular"),
)


@pytest.mark.parametrize(
    ("grades", "stands"),
    [
        ({}, "unknown missing " + ", ".join(CIRS)),
        *(({system: 3}, "met") for system in CIRS),
        ({"cirs_renal": 4}, "met"),
        (dict.fromkeys(CIRS[:3], 2) | {"cirs_vascular": 1}, "met"),
        (dict.fromkeys(CIRS[:3], 2), "unknown missing " + ", ".join(CIRS[3:])),
        (dict.fromkeys(CIRS[1:], 0), "unknown missing cirs_cardiac"),
        (dict.fromkeys(CIRS[1:], 0) | {"cirs_renal": 2}, "unknown missing cirs_cardiac"),
        (dict.fromkeys(CIRS, 0) | dict.fromkeys(CIRS[:6], 1), "not_met"),
        (dict.fromkeys(CIRS, 0) | dict.fromkeys(CIRS[:7], 1), "met"),
    ],
)
def test_comorbidity_is_decided_by_one_system_or_the_recorded_sum(
    grades: Json, stands: str
) -> None:
    assert verdict(case(election=grades), "cirs_high", "election") == stands


def test_comorbidity_adds_up_the_latest_grade_of_each_system() -> None:
    document = case(
        election=dict.fromkeys(CIRS, 0) | {"cirs_renal": 2},
        apheresis=dict.fromkeys(CIRS[:5], 1),
    )

    assert verdict(document, "cirs_high", "election") == "not_met"
    assert verdict(document, "cirs_high", "apheresis") == "met"


def test_comorbidity_rests_on_the_latest_grades() -> None:
    found = finding(case(election={"cirs_renal": 3}, apheresis={}), "cirs_high", "apheresis")

    assert [(fact["variable"], fact["milestone"]) for fact in found["basis"]] == [
        ("cirs_renal", "election")
    ]


def test_undecided_comorbidity_rests_on_what_is_recorded() -> None:
    found = finding(case(election={"cirs_renal": 2}, apheresis={}), "cirs_high", "apheresis")

    assert [(fact["variable"], fact["milestone"]) for fact in found["basis"]] == [
        ("cirs_renal", "election")
    ]


SEVERE4 = ("cirs_hepatic", "cirs_renal", "cirs_respiratory", "cirs_upper_gi")


@pytest.mark.parametrize(
    ("grades", "stands"),
    [
        *(({system: 3}, "met") for system in SEVERE4),
        *(
            (
                {other: 2 for other in SEVERE4 if other != system},
                f"unknown missing {system}",
            )
            for system in SEVERE4
        ),
        (dict.fromkeys(SEVERE4, 2), "not_met"),
        (dict.fromkeys(CIRS, 2), "not_met"),
        (dict.fromkeys(SEVERE4, 0) | {"cirs_cardiac": 4}, "not_met"),
        ({"cirs_cardiac": 4}, "unknown missing " + ", ".join(SEVERE4)),
    ],
)
def test_severe4_needs_all_four_to_be_not_met(grades: Json, stands: str) -> None:
    assert verdict(case(apheresis=grades), "severe4", "apheresis") == stands


@pytest.mark.parametrize(
    ("grades", "grounds"),
    [
        (dict.fromkeys(SEVERE4, 2), set(SEVERE4)),
        (dict.fromkeys(SEVERE4, 2) | {"cirs_renal": 3}, {"cirs_renal"}),
        ({"cirs_hepatic": 1}, {"cirs_hepatic"}),
    ],
)
def test_severe4_rests_on_what_decides_it(grades: Json, grounds: set[str]) -> None:
    found = finding(case(apheresis=grades), "severe4", "apheresis")

    assert {fact["variable"] for fact in found["basis"]} == grounds


@pytest.mark.parametrize(
    ("sites", "volume", "stands"),
    [
        (2, 81, "met"),
        (2, 80, "not_met"),
        (1, 81, "not_met"),
        (1, None, "not_met"),
        (None, 80, "not_met"),
        (2, None, "unknown missing mtv"),
        (None, 81, "unknown missing extranodal_sites"),
        (None, None, "unknown missing extranodal_sites, mtv"),
    ],
)
@pytest.mark.parametrize("milestone", ["lymphodepletion", "infusion"])
def test_extranodal_sites_together_with_volume(
    sites: int | None, volume: int | None, stands: str, milestone: str
) -> None:
    given = {"extranodal_sites": sites, "mtv": volume}
    before = {name: value for name, value in given.items() if value is not None}

    document = case(lymphodepletion=before, infusion={})

    assert verdict(document, "extranodal_and_mtv", milestone) == stands


def test_the_volume_beside_extranodal_sites_is_that_of_lymphodepletion() -> None:
    document = case(
        apheresis={"mtv": 500}, lymphodepletion={}, infusion={"mtv": 500, "extranodal_sites": 3}
    )

    assert verdict(document, "extranodal_and_mtv", "infusion") == "unknown missing mtv"


def test_extranodal_sites_beside_the_volume_are_those_of_the_infusion_first() -> None:
    document = case(
        lymphodepletion={"extranodal_sites": 3, "mtv": 90}, infusion={"extranodal_sites": 1}
    )

    assert verdict(document, "extranodal_and_mtv", "lymphodepletion") == "met"
    assert verdict(document, "extranodal_and_mtv", "infusion") == "not_met"


# 4. Scores are intervals


@pytest.mark.parametrize(
    ("observations", "stands"),
    [
        ({"stage": 3, "ecog": 2}, "met"),
        ({"stage": 4} | ldh(251), "met"),
        ({"ecog": 2} | ldh(251), "met"),
        ({"stage": 2, "ecog": 1}, "not_met"),
        ({"stage": 2} | ldh(250), "not_met"),
        ({"ecog": 1} | ldh(250), "not_met"),
        ({"stage": 3, "ecog": 1}, "unknown missing ldh"),
        ({"stage": 3, "ecog": 1} | ldh(9000, None), "unknown missing ldh.upper_limit"),
        ({"stage": 3}, "unknown missing ecog, ldh"),
        ({"stage": 2}, "unknown missing ecog, ldh"),
        ({}, "unknown missing ecog, ldh, stage"),
        (ldh(251), "unknown missing ecog, stage"),
    ],
)
def test_the_age_adjusted_index_is_decided_by_its_interval(observations: Json, stands: str) -> None:
    assert verdict(case(lymphodepletion=observations), "aaipi_ge_2", "lymphodepletion") == stands


@pytest.mark.parametrize(
    ("factor", "milestone"),
    [(f"ldh_high_{m}", m) for m in ("election", "apheresis", "lymphodepletion", "infusion")],
)
def test_ldh_without_its_upper_limit_misses_the_limit(factor: str, milestone: str) -> None:
    without = course({milestone: ldh(9000, None)})

    assert verdict(without, factor, milestone) == "unknown missing ldh.upper_limit"
    assert verdict(course({milestone: {}}), factor, milestone) == "unknown missing ldh"
    assert [f["variable"] for f in finding(without, factor, milestone)["basis"]] == ["ldh"]


def test_ldh_at_infusion_misses_its_limit_after_relapse_too() -> None:
    document = relapsed(infusion=ldh(9000, None))

    assert verdict(document, "relapse_ldh_high_infusion", "relapse") == (
        "unknown missing ldh.upper_limit"
    )


def test_inflammation_never_names_the_upper_limit() -> None:
    found = finding(case(infusion=ldh(300, None)), "inflammation_zuma1", "infusion")

    assert (found["verdict"], found["missing"]) == ("graded", ["ferritin", "il6"])


# 5. Applicability first


def test_what_does_not_apply_needs_no_values() -> None:
    document = case(day_28={"response": "CR"})

    found = finding(document, "suvmax_ge_10_day_28", "day_28")

    assert (found["verdict"], found["missing"]) == ("not_applicable", [])
    assert [fact["variable"] for fact in found["basis"]] == ["response"]


def test_undecided_applicability_leaves_the_factor_unknown() -> None:
    documents = [case(day_28={"suvmax": 12}), case(day_28={"suvmax": 3}), case(day_28={})]

    found = [verdict(document, "suvmax_ge_10_day_28", "day_28") for document in documents]

    assert found == [
        "unknown missing response",
        "unknown missing response",
        "unknown missing response, suvmax",
    ]


def test_an_undecided_applicability_keeps_the_grounds_of_both() -> None:
    document = relapsed(lines=None, treatments=(line("2023-01-01"),), day_28={"response": "CR"})

    found = finding(document, "relapse_responded", "relapse")

    assert [fact["variable"] for fact in found["basis"]] == ["treatments.line", "response"]
