"""Rules 6 to 8 of the contract: lines of therapy, bridging, chemo-resistance."""

import pytest

from tests.domain.cases import (
    Json,
    bridging,
    case,
    finding,
    line,
    relapsed,
    salvage,
    verdict,
)

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
            *("stratum:response_unknown", NO_BRIDGING_RESPONSE, NO_BRIDGING_RESPONSE),
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
