"""The evaluation rules of the contract, in its order: a test or a table for each sentence."""

from typing import Any

import pytest

from tests.domain.cases import (
    DATES,
    Json,
    at,
    bridging,
    case,
    contract_factors,
    course,
    event,
    finding,
    findings,
    interim,
    line,
    relapsed,
    said,
    salvage,
    score,
    verdict,
)


def ldh(value: float, upper_limit: float | None = 250) -> Json:
    return {"ldh": {"value": value} | ({"upper_limit": upper_limit} if upper_limit else {})}


# Milestones


def test_milestones_stand_by_date_with_their_day() -> None:
    document = case(
        infusion={}, day_28={}, relapse={}, election={}, dates={"relapse": "2024-03-20"}
    )

    found = findings(document)["milestones"]

    assert [(at["milestone"], at["date"], at["day"]) for at in found] == [
        ("election", "2024-01-01", -65),
        ("infusion", "2024-03-06", 0),
        ("relapse", "2024-03-20", 14),
        ("day_28", "2024-04-03", 28),
    ]


def test_milestones_of_one_date_stand_in_the_order_of_the_course() -> None:
    one_day = dict.fromkeys(DATES, "2024-03-06")

    document = course({milestone: {} for milestone in DATES}, dates=one_day)
    document["assessments"].reverse()

    assert [at["milestone"] for at in findings(document)["milestones"]] == list(DATES)


def test_without_infusion_there_is_no_day() -> None:
    found = findings(case(election={}, relapse={}))["milestones"]

    assert [at["day"] for at in found] == [None, None]


def test_a_milestone_without_an_assessment_yields_nothing() -> None:
    document = case(infusion={}) | {"assessments": [interim("2024-01-01", ecog=1)]}

    assert findings(document)["milestones"] == []


# 1. No look-ahead


def test_on_the_same_date_what_is_later_in_the_course_does_not_count() -> None:
    document = case(
        apheresis={"tp53": "altered"}, lymphodepletion={}, dates={"lymphodepletion": "2024-02-01"}
    )
    reversed_course = case(
        apheresis={}, lymphodepletion={"tp53": "altered"}, dates={"lymphodepletion": "2024-02-01"}
    )

    assert verdict(document, "tp53_altered", "lymphodepletion") == "met"
    assert verdict(reversed_course, "tp53_altered", "apheresis") == "unknown missing tp53"


@pytest.mark.parametrize(
    ("relapse_on", "responded"),
    [
        ("2024-04-02", "unknown missing response"),
        ("2024-04-03", "met"),
        ("2024-04-04", "met"),
    ],
)
def test_a_relapse_sees_the_visits_dated_at_or_before_it(relapse_on: str, responded: str) -> None:
    document = relapsed(day_28={"response": "CR"}, dates={"relapse": relapse_on})

    assert verdict(document, "relapse_responded", "relapse") == responded


@pytest.mark.parametrize(
    ("relapse_on", "group"),
    [("2024-04-02", "second_line"), ("2024-04-03", "third_line"), ("2024-04-04", "third_line")],
)
def test_a_value_of_the_relapse_counts_at_later_visits_only(relapse_on: str, group: str) -> None:
    document = relapsed(
        lines=2,
        relapse={"prior_lines": 1},
        day_28={"car_t_peak": 40},
        dates={"relapse": relapse_on},
    )

    assert verdict(document, "expansion", "day_28") == f"stratum:{group}"


@pytest.mark.parametrize(
    ("start", "stands"),
    [
        ("2024-02-29", "stratum:response_unknown"),
        ("2024-03-01", "stratum:response_unknown"),
        ("2024-03-02", "unknown missing bridging"),
    ],
)
def test_treatments_count_from_their_start(start: str, stands: str) -> None:
    document = case(lymphodepletion={}, treatments=(bridging(start),))

    assert verdict(document, "bridging_given", "lymphodepletion") == stands


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"response_on": "2024-03-01"}, "refractory"),
        ({"response_on": "2024-03-02"}, "response_unknown"),
        ({"end": "2024-03-01"}, "refractory"),
        ({"end": "2024-03-02"}, "response_unknown"),
        ({"end": "2024-02-20", "response_on": "2024-03-02"}, "response_unknown"),
        ({"end": "2024-03-02", "response_on": "2024-03-01"}, "refractory"),
        ({}, "response_unknown"),
    ],
)
def test_a_response_counts_from_its_date_or_from_the_end(fields: Json, group: str) -> None:
    treatment = bridging("2024-02-10") | {"best_response": "PD"} | fields

    document = case(lymphodepletion={}, treatments=(treatment,))

    assert verdict(document, "bridging_given", "lymphodepletion") == f"stratum:{group}"


def test_as_of_hides_what_is_dated_later() -> None:
    document = relapsed(
        day_28={"response": "CR"},
        treatments=(
            line("2023-01-01", "PR"),
            bridging("2024-02-10") | {"best_response": "PD", "response_on": "2024-03-20"},
            salvage("2024-09-10", "pola_br"),
        ),
        events=(event("crs", "2024-08-31", grade=3), event("crs", "2024-09-02", grade=4)),
    )

    def stands(factor: str, milestone: str, as_of: str) -> str:
        return verdict(document, factor, milestone, as_of=as_of)

    reached = {
        day: [at["milestone"] for at in findings(document, day)["milestones"]]
        for day in ("2023-12-31", "2024-03-06", "2024-09-01")
    }
    assert reached == {
        "2023-12-31": [],
        "2024-03-06": ["election", "infusion"],
        "2024-09-01": ["election", "infusion", "day_28", "relapse"],
    }
    assert stands("relapse_salvage_pola_br", "relapse", "2024-09-09") == "not_applicable"
    assert stands("relapse_salvage_pola_br", "relapse", "2024-09-10") == "met"
    assert stands("bridging_refractory", "infusion", "2024-09-10") == (
        "unknown missing treatments.bridging.best_response"
    )


def test_as_of_a_day_before_the_infusion_there_is_no_day() -> None:
    document = case(election={}, infusion={})

    assert at(document, "election", as_of="2024-03-05")["day"] is None
    assert at(document, "election", as_of="2024-03-06")["day"] == -65


# 2. Where values come from


@pytest.mark.parametrize(
    ("observations", "stands"),
    [
        (
            {"infusion": {"extranodal_sites": 1}, "lymphodepletion": {"extranodal_sites": 2}},
            "not_met",
        ),
        ({"infusion": {"extranodal_sites": 2}, "lymphodepletion": {"extranodal_sites": 1}}, "met"),
        ({"infusion": {}, "lymphodepletion": {"extranodal_sites": 2}}, "met"),
        (
            {
                "infusion": {"extranodal_sites": {"absent": "not-performed"}},
                "lymphodepletion": {"extranodal_sites": 2},
            },
            "met",
        ),
    ],
)
def test_of_a_list_the_first_milestone_with_a_value_counts(
    observations: dict[str, Json], stands: str
) -> None:
    assert verdict(course(observations), "extranodal_ge_2", "infusion") == stands


def test_the_latest_recorded_value_counts() -> None:
    document = case(
        election={"ecog": 2}, apheresis={"ecog": 1}, lymphodepletion={}, infusion={"ecog": 3}
    )

    found = {m: verdict(document, "ecog_ge_2", m) for m in list(DATES)[:4]}

    assert found == {
        "election": "met",
        "apheresis": "not_met",
        "lymphodepletion": "not_met",
        "infusion": "met",
    }


def test_a_value_observed_earlier_counts_with_its_assessment() -> None:
    document = case(
        election={"ecog": 2},
        apheresis={"ecog": {"value": 1, "observed_on": "2023-12-01"}},
    )

    assert verdict(document, "ecog_ge_2", "apheresis") == "not_met"


def test_of_two_on_one_date_the_one_later_in_the_course_counts() -> None:
    document = case(
        lymphodepletion={"ecog": 1}, infusion={"ecog": 2}, dates={"infusion": "2024-03-01"}
    )
    document["assessments"].reverse()

    assert verdict(document, "ecog_ge_2", "lymphodepletion") == "not_met"
    assert verdict(document, "ecog_ge_2", "infusion") == "met"


def test_an_absence_counts_as_not_recorded() -> None:
    document = case(election={"tp53": "altered"}, apheresis={"tp53": {"absent": "error"}})

    assert verdict(document, "tp53_altered", "apheresis") == "met"
    assert verdict(case(apheresis={"tp53": {"absent": "error"}}), "tp53_altered", "apheresis") == (
        "unknown missing tp53"
    )


@pytest.mark.parametrize(
    ("observation", "stands"),
    [
        (
            {"value": 4.1666666666666666, "unit": "ukat/L", "upper_limit": 4.1666666666666666},
            "not_met",
        ),
        ({"value": 4.17, "unit": "ukat/L", "upper_limit": 4.16}, "met"),
        ({"value": 250.1, "unit": "U/L", "upper_limit": 250}, "met"),
    ],
)
def test_value_and_upper_limit_are_read_in_one_unit(observation: Json, stands: str) -> None:
    assert verdict(case(infusion={"ldh": observation}), "ldh_high_infusion", "infusion") == stands


def test_conversions_are_exact() -> None:
    document = case(infusion={"crp": {"value": 2.9999999999999996, "unit": "mg/dL"}})

    assert verdict(document, "crp_group_infusion", "infusion") == "stratum:lt_30"


def test_the_basis_shows_what_was_recorded_where_and_when() -> None:
    observed = {"value": 5, "unit": "ukat/L", "upper_limit": 4, "observed_on": "2024-03-05"}

    found = finding(case(infusion={"ldh": observed}), "ldh_high_infusion", "infusion")

    fact = {"unit": "ukat/L", "milestone": "infusion", "observed_on": "2024-03-05"}
    assert found["basis"] == [
        {"variable": "ldh", "value": 5} | fact,
        {"variable": "ldh.upper_limit", "value": 4} | fact,
    ]


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


# 6. Lines of therapy

LINES = [line("2022-01-01"), line("2022-06-01"), line("2023-01-01")]


@pytest.mark.parametrize(
    ("recorded", "listed", "third_line", "more_than_two"),
    [
        (0, 0, "not_applicable", "not_applicable"),
        (1, 0, "not_applicable", "not_applicable"),
        (1, 1, "not_applicable", "not_applicable"),
        (1, 2, "met", "not_met"),
        (2, 0, "met", "not_met"),
        (2, 1, "met", "not_met"),
        (2, 2, "met", "not_met"),
        (2, 3, "met", "met"),
        (3, 0, "met", "met"),
        (None, 0, "unknown missing prior_lines", "unknown missing prior_lines"),
        (None, 1, "unknown missing prior_lines", "unknown missing prior_lines"),
        (None, 2, "met", "unknown missing prior_lines"),
        (None, 3, "met", "met"),
    ],
)
def test_the_number_of_lines_is_the_larger_of_recorded_and_listed(
    recorded: int | None, listed: int, third_line: str, more_than_two: str
) -> None:
    document = relapsed(lines=recorded, treatments=tuple(LINES[:listed]), day_28={"response": "CR"})

    found = (
        verdict(document, "relapse_responded", "relapse"),
        verdict(document, "relapse_gt_2_lines", "relapse"),
    )

    assert found == (third_line, more_than_two)


@pytest.mark.parametrize(
    ("start", "stands"),
    [
        ("2024-03-05", "met"),
        ("2024-03-06", "unknown missing prior_lines"),
        ("2024-03-20", "unknown missing prior_lines"),
    ],
)
def test_lines_are_listed_from_before_the_infusion(start: str, stands: str) -> None:
    document = relapsed(
        lines=None, day_28={"response": "CR"}, treatments=(line("2022-01-01"), line(start))
    )

    assert verdict(document, "relapse_responded", "relapse") == stands


@pytest.mark.parametrize(
    ("start", "stands"),
    [
        ("2024-08-31", "stratum:third_line"),
        ("2024-04-03", "stratum:third_line"),
        ("2024-04-04", "unknown missing prior_lines"),
    ],
)
def test_without_infusion_lines_are_listed_until_the_milestone(start: str, stands: str) -> None:
    document = case(day_28={"car_t_peak": 40}, treatments=(line("2022-01-01"), line(start)))
    if start == "2024-08-31":
        document["assessments"][0]["date"] = start

    assert verdict(document, "expansion", "day_28") == stands


def test_only_treatments_of_role_line_are_lines() -> None:
    document = relapsed(
        lines=None,
        day_28={"response": "CR"},
        treatments=(
            line("2022-01-01"),
            bridging(),
            {"role": "lymphodepletion", "start": "2024-03-01"},
            salvage("2024-01-05"),
        ),
    )

    assert verdict(document, "relapse_responded", "relapse") == "unknown missing prior_lines"


def test_the_latest_recorded_number_of_lines_counts() -> None:
    document = relapsed(lines=3, lymphodepletion={"prior_lines": 2}, day_28={"response": "CR"})

    assert verdict(document, "relapse_gt_2_lines", "relapse") == "not_met"


def test_recorded_and_listed_lines_are_grounds() -> None:
    document = relapsed(lines=3, treatments=(line("2022-01-01", regimen="R-CHOP"),))

    assert finding(document, "relapse_gt_2_lines", "relapse")["basis"] == [
        {
            "variable": "prior_lines",
            "value": 3,
            "unit": None,
            "milestone": "election",
            "observed_on": "2024-01-01",
        },
        {
            "variable": "treatments.line",
            "value": "R-CHOP",
            "unit": None,
            "milestone": None,
            "observed_on": "2022-01-01",
        },
    ]


# 7. Bridging

NO_BRIDGING_RESPONSE = "unknown missing treatments.bridging.best_response"


@pytest.mark.parametrize(
    ("observed", "treatments", "group", "refractory", "effective"),
    [
        ("no", (), "stratum:none", "not_applicable", "not_applicable"),
        ("yes", (), "stratum:response_unknown", NO_BRIDGING_RESPONSE, NO_BRIDGING_RESPONSE),
        (
            *(None, (), "unknown missing bridging"),
            *["unknown missing bridging, treatments.bridging.best_response"] * 2,
        ),
        ("no", (bridging(best="CR"),), "stratum:effective", "not_met", "met"),
        (None, (bridging(best="PR"),), "stratum:effective", "not_met", "met"),
        (None, (bridging(best="SD"),), "stratum:refractory", "met", "not_met"),
        (None, (bridging(best="PD"),), "stratum:refractory", "met", "not_met"),
        (
            *("no", (bridging(),), "stratum:response_unknown"),
            *(NO_BRIDGING_RESPONSE, NO_BRIDGING_RESPONSE),
        ),
        (
            *(None, (bridging("2024-02-10", "PD"), bridging("2024-02-20", "CR"))),
            *("stratum:effective", "not_met", "met"),
        ),
        (
            *(None, (bridging("2024-02-20", "CR"), bridging("2024-02-10", "PD"))),
            *("stratum:effective", "not_met", "met"),
        ),
        (
            *(None, (bridging("2024-02-10", "PD"), bridging("2024-02-20"))),
            *("stratum:refractory", "met", "not_met"),
        ),
        (
            *(None, (bridging("2024-02-10", "PD"), bridging("2024-02-10", "CR"))),
            *("stratum:effective", "not_met", "met"),
        ),
        (
            *(None, (bridging("2024-02-10", "SD", "radiotherapy"),)),
            *("stratum:refractory", "met", "not_met"),
        ),
    ],
)
def test_bridging_and_its_response(
    observed: str | None, treatments: tuple[Json, ...], group: str, refractory: str, effective: str
) -> None:
    observations = {"bridging": observed} if observed else {}

    document = case(lymphodepletion=observations, treatments=treatments)

    found = {
        key: verdict(document, key, "lymphodepletion")
        for key in ("bridging_given", "bridging_refractory", "bridging_effective")
    }
    assert found == {
        "bridging_given": group,
        "bridging_refractory": refractory,
        "bridging_effective": effective,
    }


@pytest.mark.parametrize(
    ("observed", "treatments", "stands"),
    [
        (None, (bridging(modality="systemic"),), "met"),
        ("no", (bridging(modality="combined"),), "met"),
        (None, (bridging(modality="radiotherapy"),), "not_met"),
        ("yes", (bridging(modality="steroids"),), "not_met"),
        (None, (bridging(), bridging("2024-02-20", modality="radiotherapy")), "met"),
        ("no", (), "not_met"),
        ("yes", (), "unknown missing treatments.bridging"),
        (None, (), "unknown missing bridging"),
        (None, (bridging("2024-09-02"),), "unknown missing bridging"),
    ],
)
def test_bridging_chemotherapy_before_a_relapse(
    observed: str | None, treatments: tuple[Json, ...], stands: str
) -> None:
    observations = {"bridging": observed} if observed else {}

    document = relapsed(lymphodepletion=observations, treatments=treatments)

    assert verdict(document, "relapse_bridging", "relapse") == stands


def test_the_grounds_of_bridging_are_the_treatment_and_its_response() -> None:
    treatment = bridging("2024-02-10", end="2024-02-20") | {"best_response": "SD"}
    fact = {"unit": None, "milestone": None}

    found = finding(case(infusion={}, treatments=(treatment,)), "bridging_given", "infusion")

    assert found["basis"] == [
        {"variable": "treatments.bridging", "value": "systemic", "observed_on": "2024-02-10"}
        | fact,
        {
            "variable": "treatments.bridging.best_response",
            "value": "SD",
            "observed_on": "2024-02-20",
        }
        | fact,
    ]


# 8. Chemo-resistance


@pytest.mark.parametrize(
    ("treatments", "stands"),
    [
        ((), "unknown missing treatments.line"),
        ((line("2023-01-01", "SD"),), "met"),
        ((line("2023-01-01", "PD"),), "met"),
        ((line("2023-01-01", "PR"),), "not_met"),
        ((line("2023-01-01", "CR"),), "not_met"),
        ((line("2023-01-01"),), "unknown missing treatments.best_response"),
        ((line("2023-01-01", "PD"), line("2023-06-01", "CR")), "not_met"),
        ((line("2023-06-01", "CR"), line("2023-01-01", "PD")), "not_met"),
        ((line("2023-01-01", "PD"), line("2023-01-01", "CR")), "not_met"),
        ((line("2023-01-01", "CR"), line("2023-01-01", "PD")), "met"),
        (
            (line("2023-01-01", "PD"), line("2023-06-01")),
            "unknown missing treatments.best_response",
        ),
        ((line("2023-01-01", "PD"), bridging(best="CR")), "not_met"),
        ((line("2023-01-01", "CR"), bridging(best="PD", modality="combined")), "met"),
        ((line("2023-01-01", "CR"), bridging(best="PD", modality="radiotherapy")), "not_met"),
        ((line("2023-01-01", "CR"), bridging(best="PD", modality="steroids")), "not_met"),
        ((line("2023-01-01", "CR"), bridging()), "not_met"),
        ((line("2023-01-01"), bridging()), "unknown missing treatments.best_response"),
        ((bridging(),), "unknown missing treatments.line"),
        ((bridging(best="PD"),), "met"),
        ((bridging(best="PD", modality="steroids"),), "unknown missing treatments.line"),
        (
            (salvage("2023-06-01") | {"best_response": "PD", "end": "2023-07-01"},),
            "unknown missing treatments.line",
        ),
        ((line("2024-03-06", "SD"),), "met"),
        ((line("2024-03-07", "SD"),), "unknown missing treatments.line"),
        ((line("2023-01-01", "CR"), line("2024-03-07", "SD")), "not_met"),
    ],
)
def test_chemo_resistance_looks_at_the_systemic_treatment_started_last(
    treatments: tuple[Json, ...], stands: str
) -> None:
    document = case(infusion={}, treatments=treatments)

    assert verdict(document, "chemo_resistant", "infusion") == stands


# 9. Age


@pytest.mark.parametrize(
    ("born", "infusion_on", "stands"),
    [
        ("1960-02-29", "2025-02-28", "not_met"),
        ("1960-02-29", "2025-03-01", "met"),
        ("1960-02-29", "2028-02-28", "met"),
        ("1960-02-29", "2024-02-29", "not_met"),
        ("1956-02-29", "2020-02-29", "not_met"),
        ("1956-02-29", "2021-02-28", "not_met"),
        ("1956-02-29", "2021-03-01", "met"),
        ("1960-12-31", "2025-12-30", "not_met"),
        ("1960-12-31", "2025-12-31", "met"),
        ("1960-03-15", "2025-04-14", "met"),
        ("1960-04-14", "2025-03-15", "not_met"),
    ],
)
def test_age_is_in_completed_years(born: str, infusion_on: str, stands: str) -> None:
    document = case(born=born, infusion={}, dates={"infusion": infusion_on})

    assert verdict(document, "age_ge_65", "infusion") == stands


def test_the_age_on_the_date_of_the_milestone_is_the_ground() -> None:
    document = case(born="1960-02-29", infusion={}, dates={"infusion": "2025-02-28"})

    assert finding(document, "age_ge_65", "infusion")["basis"] == [
        {
            "variable": "age",
            "value": 64,
            "unit": "a",
            "milestone": "infusion",
            "observed_on": "2025-02-28",
        }
    ]


# 10. Metabolic tumour volume


@pytest.mark.parametrize("factor", ["mtv_low_baseline", "mtv_high_baseline"])
@pytest.mark.parametrize(
    ("treatment", "stands"),
    [
        (bridging("2024-02-01"), "met"),
        (bridging("2024-02-02"), "unknown missing mtv"),
        (bridging("2024-02-02", modality="radiotherapy"), "unknown missing mtv"),
        (bridging("2024-03-01"), "unknown missing mtv"),
        (bridging("2024-03-02"), "met"),
        (line("2024-02-02"), "unknown missing mtv"),
        (line("2024-02-01"), "met"),
        (line("2023-02-01"), "met"),
        ({"role": "lymphodepletion", "start": "2024-02-28"}, "met"),
        (salvage("2024-02-28"), "met"),
    ],
)
def test_a_volume_from_before_a_treatment_decides_nothing(
    factor: str, treatment: Json, stands: str
) -> None:
    document = case(apheresis={"mtv": 100}, lymphodepletion={}, treatments=(treatment,))

    assert verdict(document, factor, "lymphodepletion") == stands


def test_the_date_of_the_assessment_of_a_volume_counts() -> None:
    observed = {"mtv": {"value": 100, "observed_on": "2024-01-20"}}

    document = case(apheresis=observed, lymphodepletion={}, treatments=(bridging("2024-01-25"),))

    assert verdict(document, "mtv_low_baseline", "lymphodepletion") == "met"


def test_a_newer_volume_replaces_one_from_before_a_treatment() -> None:
    document = case(
        apheresis={"mtv": 100}, lymphodepletion={"mtv": 200}, treatments=(bridging("2024-02-02"),)
    )

    assert verdict(document, "mtv_low_baseline", "lymphodepletion") == "not_met"
    assert verdict(document, "mtv_low_baseline", "apheresis") == "met"


def test_a_volume_that_predates_a_treatment_has_its_own_reason_and_both_grounds() -> None:
    document = case(
        apheresis={"mtv": 100}, lymphodepletion={}, treatments=(bridging("2024-02-02"),)
    )

    found = finding(document, "mtv_low_baseline", "lymphodepletion")

    never = finding(case(lymphodepletion={}), "mtv_low_baseline", "lymphodepletion")
    assert [fact["variable"] for fact in found["basis"]] == ["mtv", "treatments.bridging"]
    assert found["reason"] not in (None, never["reason"])


def test_a_volume_at_lymphodepletion_itself_is_not_taken_away_by_a_treatment() -> None:
    document = case(lymphodepletion={"mtv": 90}, treatments=(bridging("2024-03-01"),))

    assert verdict(document, "mtv_high_lymphodepletion", "lymphodepletion") == "met"
    assert verdict(document, "mtv_high_baseline", "lymphodepletion") == "met"


# 11. Responses after infusion


@pytest.mark.parametrize(
    ("day_28", "day_90", "stands"),
    [
        ("CR", None, "met"),
        ("PR", None, "not_met"),
        ("PR", "CR", "met"),
        ("CR", "PD", "not_met"),
        (None, "CR", "met"),
        (None, None, "unknown missing response"),
    ],
)
def test_the_latest_response_after_infusion_is_complete(
    day_28: str | None, day_90: str | None, stands: str
) -> None:
    document = case(
        lymphodepletion={"response": "CR"},
        day_28={"response": day_28} if day_28 else {},
        day_90={"response": day_90} if day_90 else {},
    )

    assert verdict(document, "complete_response", "day_90") == stands


def test_a_lost_response_is_dated() -> None:
    document = case(day_28={"response": "CR"}, day_90={"response": "SD"})

    found = finding(document, "complete_response", "day_90")

    assert [(f["value"], f["observed_on"]) for f in found["basis"]] == [("SD", "2024-06-04")]


NO_RESPONSE = "unknown missing response"


@pytest.mark.parametrize(
    ("relapse_on", "day_28", "day_90", "stands"),
    [
        ("2024-09-01", "CR", "PD", ["met", "not_met", "not_met"]),
        ("2024-09-01", "PR", None, ["met", "not_met", "not_met"]),
        ("2024-09-01", "SD", "CR", ["met", "not_met", "met"]),
        ("2024-09-01", "PD", "PR", ["met", "not_met", "met"]),
        ("2024-09-01", "SD", "PD", ["not_met", "met", "met"]),
        ("2024-09-01", None, "SD", ["not_met", "met", NO_RESPONSE]),
        ("2024-09-01", None, "CR", ["met", "not_met", NO_RESPONSE]),
        ("2024-09-01", None, None, [NO_RESPONSE] * 3),
        ("2024-03-30", None, None, [NO_RESPONSE, "met", "met"]),
        ("2024-03-30", "CR", None, [NO_RESPONSE, "met", "met"]),
        ("2024-04-04", "CR", None, ["met", "met", "met"]),
        ("2024-04-05", "CR", None, ["met", "not_met", "not_met"]),
        ("2024-05-01", "CR", "PD", ["met", "not_met", "not_met"]),
        ("2024-05-01", None, "CR", [NO_RESPONSE] * 3),
    ],
)
def test_responses_before_a_relapse(
    relapse_on: str, day_28: str | None, day_90: str | None, stands: list[str]
) -> None:
    document = relapsed(
        day_28={"response": day_28} if day_28 else {},
        day_90={"response": day_90} if day_90 else {},
        lymphodepletion={"response": "CR"},
        relapse={"response": "PD"},
        dates={"relapse": relapse_on},
    )

    found = [
        verdict(document, key, "relapse")
        for key in ("relapse_responded", "relapse_refractory", "relapse_sd_pd_day_30")
    ]

    assert found == stands


@pytest.mark.parametrize(
    ("response", "within", "refractory", "sd_pd"),
    [
        (None, "infusion_date", "infusion_date, response", "infusion_date, response"),
        ("CR", "infusion_date", "infusion_date", "infusion_date"),
        ("SD", "infusion_date", "met", "met"),
    ],
)
def test_without_infusion_its_date_is_missing(
    response: str | None, within: str, refractory: str, sd_pd: str
) -> None:
    document = case(
        election={"prior_lines": 2},
        day_28={"response": response} if response else {},
        relapse={},
    )

    found = [
        verdict(document, key, "relapse").removeprefix("unknown missing ")
        for key in ("relapse_within_30_days", "relapse_refractory", "relapse_sd_pd_day_30")
    ]

    assert found == [within, refractory, sd_pd]


def test_the_days_to_relapse_rest_on_both_dates() -> None:
    found = finding(relapsed(), "relapse_within_30_days", "relapse")

    assert found["basis"] == [
        {
            "variable": "infusion_date",
            "value": "2024-03-06",
            "unit": None,
            "milestone": None,
            "observed_on": "2024-03-06",
        },
        {
            "variable": "relapse_date",
            "value": "2024-09-01",
            "unit": None,
            "milestone": "relapse",
            "observed_on": "2024-09-01",
        },
    ]


def test_a_response_rests_on_those_that_decide() -> None:
    responded = relapsed(day_28={"response": "SD"}, day_90={"response": "PR"})
    never = relapsed(day_28={"response": "SD"}, day_90={"response": "PD"})

    grounds = [
        [fact["value"] for fact in finding(document, "relapse_responded", "relapse")["basis"]]
        for document in (responded, never)
    ]

    assert [sorted(values) for values in grounds] == [["PR"], ["PD", "SD"]]


# 12. At day 28


@pytest.mark.parametrize(
    ("response", "suvmax", "ctdna"),
    [
        ("PR", "met", "stratum:detectable"),
        ("SD", "met", "stratum:detectable"),
        ("CR", "not_applicable", "not_applicable"),
        ("PD", "not_applicable", "not_applicable"),
        (None, "unknown missing response", "unknown missing response"),
    ],
)
def test_uptake_and_ctdna_were_studied_in_partial_response_and_stable_disease(
    response: str | None, suvmax: str, ctdna: str
) -> None:
    known = {"response": response} if response else {}

    document = case(day_28={"suvmax": 12, "ctdna": "detectable"} | known)

    assert verdict(document, "suvmax_ge_10_day_28", "day_28") == suvmax
    assert verdict(document, "ctdna_day_28_in_pr_sd", "day_28") == ctdna


def test_the_response_that_makes_them_apply_is_that_of_day_28() -> None:
    document = case(lymphodepletion={"response": "PR"}, day_28={"suvmax": 12})

    assert verdict(document, "suvmax_ge_10_day_28", "day_28") == "unknown missing response"


UPTAKE: list[tuple[Any, Any, Any, Any, str]] = [
    (3, None, None, None, "stratum:ds_1_3"),
    (3, "PD", None, None, "stratum:ds_1_3"),
    (1, "PD", 10, 10, "stratum:ds_1_3"),
    (4, "PD", 10, 20, "not_applicable"),
    (5, "PD", None, None, "not_applicable"),
    (4, "PR", 20, 19.9, "stratum:ds_4_5_decreased"),
    (5, "SD", 20, 20.1, "stratum:ds_4_5_increased"),
    (4, "CR", 20, 20.1, "stratum:ds_4_5_increased"),
    (4, "PR", 20, 20, "unknown"),
    (4, "PR", 20, 20.0, "unknown"),
    (4, None, 20, 19, "unknown missing response"),
    (4, "PR", None, 19, "unknown missing suvmax"),
    (4, "PR", 20, None, "unknown missing suvmax"),
    (4, "PR", None, None, "unknown missing suvmax"),
    (4, None, None, None, "unknown missing response, suvmax"),
    (None, "PD", 20, 19, "not_applicable"),
    (None, "PD", None, None, "not_applicable"),
    (None, "PR", 20, 19, "unknown missing deauville"),
    (None, "PR", 20, 20, "unknown missing deauville"),
    (None, None, 20, 19, "unknown missing deauville, response"),
    (None, "PR", 20, None, "unknown missing deauville, suvmax"),
    (None, None, None, None, "unknown missing deauville, response, suvmax"),
]


@pytest.mark.parametrize(("deauville", "response", "before", "now", "stands"), UPTAKE)
def test_deauville_score_with_the_change_of_uptake(
    deauville: int | None, response: str | None, before: Any, now: Any, stands: str
) -> None:
    day_28 = {"deauville": deauville, "response": response, "suvmax": now}

    document = case(
        apheresis={"suvmax": 99},
        lymphodepletion={} if before is None else {"suvmax": before},
        day_28={name: value for name, value in day_28.items() if value is not None},
    )

    assert verdict(document, "deauville_suv_change_day_28", "day_28") == stands


def test_unchanged_uptake_has_its_own_reason() -> None:
    document = case(
        lymphodepletion={"suvmax": 20}, day_28={"deauville": 4, "response": "PR", "suvmax": 20}
    )

    found = finding(document, "deauville_suv_change_day_28", "day_28")

    assert (found["verdict"], found["missing"]) == ("unknown", [])
    assert isinstance(found["reason"], str)
    assert [fact["variable"] for fact in found["basis"]] == [
        *("deauville", "response", "suvmax", "suvmax")
    ]


# 13. Expansion


@pytest.mark.parametrize(
    ("lines", "values", "stands"),
    [
        (2, {"car_t_peak": 0}, "stratum:third_line"),
        (2, {"car_t_auc_28": 0}, "stratum:third_line"),
        (1, {"car_t_peak": 40, "car_t_auc_28": 400}, "stratum:second_line"),
        (None, {"car_t_peak": 40}, "unknown missing prior_lines"),
        (2, {}, "unknown missing car_t_auc_28, car_t_peak"),
        (1, {}, "unknown missing car_t_auc_28, car_t_peak"),
        (None, {}, "unknown missing car_t_auc_28, car_t_peak, prior_lines"),
        (
            *(2, {"car_t_peak_copies": 9000, "car_t_level": 40}),
            "unknown missing car_t_auc_28, car_t_peak",
        ),
    ],
)
def test_expansion_stands_in_the_group_of_its_line(
    lines: int | None, values: Json, stands: str
) -> None:
    election = {} if lines is None else {"prior_lines": lines}

    document = case(election=election, infusion={}, day_28=values)

    assert verdict(document, "expansion", "day_28") == stands


def test_expansion_rests_on_the_values_and_the_line() -> None:
    document = case(election={"prior_lines": 1}, day_28={"car_t_peak": 40, "car_t_auc_28": 400})

    found = finding(document, "expansion", "day_28")

    assert [fact["variable"] for fact in found["basis"]] == [
        *("car_t_peak", "car_t_auc_28", "prior_lines")
    ]
    assert found["direction"] == "neutral"


def test_an_undecided_line_keeps_the_values_of_expansion_as_grounds() -> None:
    document = case(infusion={}, day_28={"car_t_peak": 40}, treatments=(line("2023-01-01"),))

    found = finding(document, "expansion", "day_28")

    assert [fact["variable"] for fact in found["basis"]] == ["car_t_peak", "treatments.line"]


# 14. TP53 and product


@pytest.mark.parametrize(
    ("tp53", "product", "stands"),
    [
        ("wild_type", "axi_cel", "not_applicable"),
        ("wild_type", None, "not_applicable"),
        ("altered", "axi_cel", "stratum:cd28"),
        ("altered", "tisa_cel", "stratum:4_1bb"),
        ("altered", "liso_cel", "stratum:4_1bb"),
        ("altered", "other", "not_applicable"),
        ("altered", None, "unknown missing product"),
        (None, "axi_cel", "unknown missing tp53"),
        (None, "other", "unknown missing tp53"),
        (None, None, "unknown missing product, tp53"),
    ],
)
def test_tp53_by_costimulation(tp53: str | None, product: str | None, stands: str) -> None:
    given = {"tp53": tp53, "product": product}

    document = case(infusion={name: code for name, code in given.items() if code})

    assert verdict(document, "tp53_by_costimulation", "infusion") == stands


def test_the_planned_product_counts_until_another_is_given() -> None:
    document = case(
        election={"product": "tisa_cel"}, lymphodepletion={}, infusion={"product": "axi_cel"}
    )

    found = [verdict(document, "car_t_product", m) for m in ("lymphodepletion", "infusion")]

    assert found == ["stratum:tisa_cel", "stratum:axi_cel"]


def test_a_product_that_was_not_compared_is_named_as_the_ground() -> None:
    found = finding(case(infusion={"product": "liso_cel"}), "car_t_product", "infusion")

    assert (found["verdict"], found["stratum"], found["missing"]) == ("not_applicable", None, [])
    assert [fact["value"] for fact in found["basis"]] == ["liso_cel"]


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

    assert grounds == {"pola_br": ["Pola-BR"], "lenalidomide": ["Pola-BR", "R-GemOx"]}


def test_salvage_without_a_name_is_shown_by_its_role() -> None:
    document = relapsed(treatments=(salvage("2024-09-02", "pola_br"),))

    assert finding(document, "relapse_salvage_pola_br", "relapse")["basis"] == [
        {
            "variable": "treatments.salvage",
            "value": "salvage",
            "unit": None,
            "milestone": None,
            "observed_on": "2024-09-02",
        }
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


# Findings


def test_reasons_stand_where_a_factor_is_not_met_unknown_or_not_applicable() -> None:
    document = case(
        election={"ecog": 1, "tp53": "altered", "product": "other"},
        infusion={"ecog": 2, "crp": 9, "mtv": 9},
    )

    reasons = {
        (f["verdict"], f["reason"] is not None)
        for at in findings(document)["milestones"]
        for f in at["findings"]
    }

    assert reasons == {
        *(("not_met", True), ("unknown", True), ("not_applicable", True)),
        *(("met", False), ("stratum", False), ("graded", False)),
    }


def test_a_score_is_shown_where_the_contract_says() -> None:
    document = course({milestone: {} for milestone in DATES})

    found = {
        at["milestone"]: [s["score"] for s in at["scores"]]
        for at in findings(document)["milestones"]
    }

    indices = ["ipi", "r_ipi", "aaipi", "nccn_ipi"]
    nothing: list[str] = []
    assert found == dict.fromkeys(DATES, nothing) | {
        "election": [*indices, "cirs_total"],
        "apheresis": [*indices, "cirs_total"],
        "lymphodepletion": [*indices, "car_hematotox", "easix", "m_easix", "s_easix"],
    }
    assert score(document, "ipi", "election")["missing"] == [
        *("ecog", "extranodal_sites", "ldh", "stage")
    ]


# The order of the lists


def test_of_two_equal_grades_the_ground_does_not_depend_on_their_order() -> None:
    events = (event("crs", "2024-03-08", grade=3), event("crs", "2024-03-20", grade=3))

    found = [
        finding(relapsed(events=order), "relapse_crs_grade_3_4", "relapse")
        for order in (events, events[::-1])
    ]

    assert found[0] == found[1]


def test_the_grounds_of_salvage_do_not_depend_on_the_order_of_treatments() -> None:
    treatments = (salvage("2024-09-02", "pola_br"), salvage("2024-12-01", "pola_br"))

    found = [
        finding(relapsed(treatments=order), "relapse_salvage_pola_br", "relapse")
        for order in (treatments, treatments[::-1])
    ]

    assert found[0] == found[1]


def test_warnings_do_not_depend_on_the_order_of_assessments() -> None:
    document = case(election={"mtv": 9}, infusion={"mtv": 9})

    reordered = document | {"assessments": document["assessments"][::-1]}

    assert findings(reordered)["warnings"] == findings(document)["warnings"]
