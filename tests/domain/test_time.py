"""Rules 1 and 2 of the contract: no look-ahead, and where values come from."""

import pytest

from riskfactors.domain.timepoints import Milestone
from tests.domain.cases import (
    DATES,
    Json,
    at,
    bridging,
    case,
    course,
    event,
    finding,
    findings,
    interim,
    line,
    relapsed,
    salvage,
    verdict,
)

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
    ],
)
def test_a_response_counts_from_its_date_or_from_the_end(fields: Json, group: str) -> None:
    treatment = bridging("2024-02-10") | {"best_response": "PD"} | fields

    document = case(lymphodepletion={}, treatments=(treatment,))

    assert verdict(document, "bridging_given", "lymphodepletion") == f"stratum:{group}"


@pytest.mark.parametrize("as_of", [None, "2024-03-01"])
def test_a_response_to_bridging_without_a_date_is_missing_its_date(as_of: str | None) -> None:
    undated = bridging("2024-02-10") | {"best_response": "PD"}

    document = case(lymphodepletion={}, treatments=(undated,))

    found = {
        verdict(document, factor, "lymphodepletion", as_of)
        for factor in ("bridging_given", "bridging_refractory", "bridging_effective")
    }
    assert found == {"unknown missing treatments.bridging.response_on"}


@pytest.mark.parametrize(
    ("fields", "stands"),
    [
        ({"response_on": "2024-03-01"}, "met"),
        ({}, "unknown missing treatments.response_on"),
    ],
)
def test_a_response_to_a_line_without_a_date_is_missing_its_date(fields: Json, stands: str) -> None:
    treatment = line("2024-01-01") | {"best_response": "PD"} | fields

    document = case(lymphodepletion={}, treatments=(treatment,))

    assert verdict(document, "chemo_resistant", "lymphodepletion") == stands


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


@pytest.mark.parametrize(
    ("code", "expected"),
    [("day_28", Milestone.DAY_28), ("day 28", None), (28, None), ([], None)],
)
def test_a_milestone_by_its_code(code: object, expected: Milestone | None) -> None:
    assert Milestone.of(code) is expected
