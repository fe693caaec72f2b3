"""Rules 9 to 11 of the contract: age, metabolic tumour volume, responses after infusion."""

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
            "milestone": "infusion",
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
