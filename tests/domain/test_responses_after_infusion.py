"""Responses after the infusion: those of every visit, none favourable after a relapse."""

import pytest

from tests.domain.cases import (
    Json,
    bridging,
    case,
    course,
    event,
    finding,
    interim,
    relapsed,
    verdict,
)

NONE = "unknown missing response"


def with_visits(document: Json, *visits: Json) -> Json:
    return document | {"assessments": [*document["assessments"], *visits]}


@pytest.mark.parametrize(
    ("visits", "stands"),
    [
        ((), "met"),
        ((interim("2024-05-01", response="PD"),), "not_met"),
        ((interim("2024-05-01", response="PR"), interim("2024-05-02", response="CR")), "met"),
        ((interim("2024-06-04", response="PD"),), "not_met"),
        ((interim("2024-06-05", response="PD"),), "met"),
        ((interim("2024-04-03", response="PD"),), "met"),
    ],
    ids=["none", "between", "two between", "same day", "later", "day of the milestone before"],
)
def test_the_latest_response_decides_interim_visits_too(
    visits: tuple[Json, ...], stands: str
) -> None:
    document = with_visits(case(infusion={}, day_28={"response": "CR"}, day_90={}), *visits)

    assert verdict(document, "complete_response", "day_90") == stands


def test_of_one_date_the_interim_visit_is_the_earlier() -> None:
    document = with_visits(
        case(infusion={}, day_28={"response": "SD"}), interim("2024-04-03", response="CR")
    )

    assert verdict(document, "complete_response", "day_28") == "not_met"


def test_of_two_interim_visits_of_one_date_the_later_in_the_document_counts() -> None:
    visits = interim("2024-04-02", response="PD"), interim("2024-04-02", response="CR")

    found = [
        verdict(with_visits(case(infusion={}, day_28={}), *order), "complete_response", "day_28")
        for order in (visits, visits[::-1])
    ]

    assert found == ["met", "not_met"]


@pytest.mark.parametrize(
    ("day", "stands"), [("2024-03-05", NONE), ("2024-03-06", NONE), ("2024-03-07", "met")]
)
def test_a_response_counts_from_the_day_after_the_infusion(day: str, stands: str) -> None:
    document = with_visits(case(infusion={}, day_28={}), interim(day, response="CR"))

    assert verdict(document, "complete_response", "day_28") == stands


@pytest.mark.parametrize(
    ("day", "stands"),
    [("2024-03-12", NONE), ("2024-03-13", "met"), ("2024-04-03", "met"), ("2024-04-04", NONE)],
)
def test_without_an_infusion_interim_visits_count_from_the_first_milestone_after_it(
    day: str, stands: str
) -> None:
    document = with_visits(
        case(lymphodepletion={"response": "PD"}, day_7={}, day_28={}), interim(day, response="CR")
    )

    assert verdict(document, "complete_response", "day_28") == stands


@pytest.mark.parametrize(
    ("relapse", "stands"), [("2024-06-03", "not_met"), ("2024-06-04", "not_met"), (None, "met")]
)
def test_no_response_is_complete_after_a_relapse(relapse: str | None, stands: str) -> None:
    dates = {"relapse": relapse} if relapse else {}
    visits: dict[str, Json] = {"infusion": {}, "day_90": {"response": "CR"}}
    document = course(visits | ({"relapse": {}} if relapse else {}), dates=dates)

    found = finding(document, "complete_response", "day_90")

    assert found["verdict"] == stands
    assert [fact["variable"] for fact in found["basis"]] == [
        "relapse_date" if relapse else "response"
    ]
    assert ("relapse" in (found["reason"] or "")) is bool(relapse)


def test_a_later_relapse_takes_nothing_from_an_earlier_milestone() -> None:
    document = case(infusion={}, day_28={"response": "CR"}, relapse={"response": "PD"})

    assert verdict(document, "complete_response", "day_28") == "met"


@pytest.mark.parametrize(
    ("visits", "stands"),
    [
        ((), NONE),
        ((interim("2024-05-01", response="CR"),), "met"),
        ((interim("2024-05-01", response="SD"),), "not_met"),
        ((interim("2024-09-01", response="PR"),), "met"),
        ((interim("2024-09-02", response="PR"),), NONE),
        ((interim("2024-03-06", response="PR"),), NONE),
    ],
)
def test_a_response_before_the_relapse_counts_wherever_it_was_recorded(
    visits: tuple[Json, ...], stands: str
) -> None:
    document = with_visits(relapsed(relapse={"response": "CR"}), *visits)

    assert verdict(document, "relapse_responded", "relapse") == stands


# Toxicity of this treatment


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2024-03-05", "unknown missing crs_grade_max"),
        ("2024-03-06", "met"),
        ("2024-09-01", "met"),
        ("2024-09-02", "unknown missing crs_grade_max"),
    ],
)
def test_a_grade_counts_from_the_infusion_to_the_milestone(day: str, stands: str) -> None:
    document = relapsed(events=(event("crs", day, grade=3),))

    assert verdict(document, "relapse_crs_grade_3_4", "relapse") == stands


def test_a_grade_of_a_visit_before_the_infusion_belongs_to_another_treatment() -> None:
    document = relapsed(lymphodepletion={"crs_grade_max": 4}, day_28={"crs_grade_max": 1})

    assert verdict(document, "relapse_crs_grade_3_4", "relapse") == "not_met"


def test_without_an_infusion_no_grade_counts() -> None:
    document = case(
        election={"prior_lines": 2},
        day_7={"crs_grade_max": 4},
        relapse={},
        events=(event("crs", "2024-03-13", grade=4),),
    )

    found = verdict(document, "relapse_crs_grade_3_4", "relapse")

    assert found == "unknown missing crs_grade_max, infusion_date"


# Bridging is before the day of the infusion


@pytest.mark.parametrize(
    ("start", "stands"),
    [("2024-03-05", "stratum:effective"), ("2024-03-06", "unknown missing bridging")],
)
@pytest.mark.parametrize("milestone", ["lymphodepletion", "infusion"])
def test_bridging_starts_before_the_day_of_the_infusion(
    start: str, stands: str, milestone: str
) -> None:
    same_day = {"lymphodepletion": "2024-03-06"}
    document = case(
        dates=same_day, lymphodepletion={}, infusion={}, treatments=(bridging(start, "CR"),)
    )

    assert verdict(document, "bridging_given", milestone) == stands


@pytest.mark.parametrize(
    ("start", "stands"),
    [("2024-03-05", "not_met"), ("2024-03-06", "unknown missing treatments.line")],
)
def test_chemotherapy_after_the_infusion_is_no_last_therapy(start: str, stands: str) -> None:
    document = case(infusion={}, treatments=(bridging(start, "CR"),))

    assert verdict(document, "chemo_resistant", "infusion") == stands


@pytest.mark.parametrize(
    ("start", "stands"), [("2024-03-05", "unknown missing mtv"), ("2024-03-06", "met")]
)
def test_a_volume_predates_bridging_before_the_infusion_alone(start: str, stands: str) -> None:
    document = case(
        dates={"lymphodepletion": "2024-03-06"},
        apheresis={"mtv": 200},
        lymphodepletion={},
        infusion={},
        treatments=(bridging(start),),
    )

    assert verdict(document, "mtv_high_baseline", "lymphodepletion") == stands


@pytest.mark.parametrize(
    ("start", "stands"), [("2024-03-05", "met"), ("2024-03-06", "unknown missing bridging")]
)
def test_bridging_after_the_infusion_is_none_at_the_relapse(start: str, stands: str) -> None:
    assert verdict(relapsed(treatments=(bridging(start),)), "relapse_bridging", "relapse") == stands
