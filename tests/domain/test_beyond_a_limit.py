"""Values that are only known to lie beyond a limit: decided where all they may be decides alike."""

from decimal import Decimal

import pytest

from riskfactors.domain.variables import ends_of
from riskfactors.domain.vocabulary import Comparator
from tests.domain.cases import (
    Json,
    case,
    finding,
    interval,
    ldh,
    places,
    relapsed,
    score,
    verdict,
    warnings,
)

UNKNOWN_SUVMAX = "unknown missing suvmax"


def beyond(sign: str, value: float, **fields: object) -> Json:
    return {"value": value, "comparator": sign, **fields}


@pytest.mark.parametrize("sign", Comparator)
@pytest.mark.parametrize("limit", ["9.9", "10", "10.1"])
def test_the_ends_of_a_value_pass_a_cut_off_as_all_values_between_them_do(
    sign: Comparator, limit: str
) -> None:
    number, tiny = Decimal(limit), Decimal("0.01")
    possible = {
        Comparator.BELOW: [Decimal(0), number / 2, number - tiny],
        Comparator.AT_MOST: [Decimal(0), number / 2, number],
        Comparator.ABOVE: [number + tiny, number * 2],
        Comparator.AT_LEAST: [number, number + tiny, number * 2],
    }[sign]

    decided = {(end >= (10, 0), end > (10, 0)) for end in ends_of(number, sign)}

    assert decided == {(value >= 10, value > 10) for value in (min(possible), max(possible))}


@pytest.mark.parametrize(
    ("observation", "stands"),
    [
        (beyond("<", 9.9), "not_met"),
        (beyond("<", 10), "not_met"),
        (beyond("<=", 10), UNKNOWN_SUVMAX),
        (beyond("<", 10.1), UNKNOWN_SUVMAX),
        (beyond(">", 9.9), UNKNOWN_SUVMAX),
        (beyond(">=", 9.9), UNKNOWN_SUVMAX),
        (beyond(">=", 10), "met"),
        (beyond(">", 10), "met"),
        (beyond(">", 10.1), "met"),
    ],
)
def test_a_cut_off_that_is_reached_at_its_own_number(observation: Json, stands: str) -> None:
    document = case(day_28={"response": "PR", "suvmax": observation})

    assert verdict(document, "suvmax_ge_10_day_28", "day_28") == stands


@pytest.mark.parametrize(
    ("observation", "stands"),
    [
        (beyond("<", 80), "not_met"),
        (beyond("<=", 80), "not_met"),
        (beyond("<", 80.1), "unknown missing mtv"),
        (beyond(">=", 80), "unknown missing mtv"),
        (beyond(">", 80), "met"),
        (beyond(">=", 80.1), "met"),
    ],
)
def test_a_cut_off_that_is_only_exceeded_above_its_number(observation: Json, stands: str) -> None:
    document = case(lymphodepletion={"mtv": observation})

    assert verdict(document, "mtv_high_lymphodepletion", "lymphodepletion") == stands


@pytest.mark.parametrize(
    ("observation", "stands"),
    [
        (beyond("<", 250, upper_limit=250), "not_met"),
        (beyond("<=", 250, upper_limit=250), "not_met"),
        (beyond(">", 250, upper_limit=250), "met"),
        (beyond(">=", 250, upper_limit=250), "unknown missing ldh"),
        (beyond("<", 251, upper_limit=250), "unknown missing ldh"),
        (beyond("<", 4.2, unit="ukat/L", upper_limit=4.2), "not_met"),
        (beyond("<", 250), "unknown missing ldh.upper_limit"),
    ],
)
def test_lactate_dehydrogenase_beyond_a_limit(observation: Json, stands: str) -> None:
    assert verdict(case(infusion={"ldh": observation}), "ldh_high_infusion", "infusion") == stands


@pytest.mark.parametrize(
    ("observation", "stands"),
    [
        (beyond("<", 30), "stratum:lt_30"),
        (beyond("<=", 30), "unknown missing crp"),
        (beyond(">=", 30), "stratum:ge_30"),
        (beyond(">", 29), "unknown missing crp"),
        (beyond("<", 0.6, unit="mg/dL"), "stratum:lt_30"),
    ],
)
def test_a_group_is_decided_where_all_values_fall_into_it(observation: Json, stands: str) -> None:
    assert verdict(case(infusion={"crp": observation}), "crp_group_infusion", "infusion") == stands


@pytest.mark.parametrize(
    ("before", "now", "stands"),
    [
        (12, beyond("<", 12), "stratum:ds_4_5_decreased"),
        (beyond(">", 12), 12, "stratum:ds_4_5_decreased"),
        (beyond(">", 12), beyond("<=", 12), "stratum:ds_4_5_decreased"),
        (beyond("<", 12), 12, "stratum:ds_4_5_increased"),
        (beyond("<=", 12), beyond(">", 12), "stratum:ds_4_5_increased"),
        (12, beyond("<=", 12), UNKNOWN_SUVMAX),
        (beyond("<", 12), beyond("<", 12), UNKNOWN_SUVMAX),
        (12, 12, "unknown"),
    ],
)
def test_a_change_of_uptake_is_decided_where_all_values_decide_it(
    before: object, now: object, stands: str
) -> None:
    document = case(
        lymphodepletion={"suvmax": before}, day_28={"response": "PR", "deauville": 4, "suvmax": now}
    )

    found = verdict(document, "deauville_suv_change_day_28", "day_28")

    assert found == stands


def test_an_open_change_is_missing_beside_whatever_else_is() -> None:
    document = case(
        lymphodepletion={"suvmax": 12}, day_28={"deauville": 4, "suvmax": beyond("<=", 12)}
    )

    found = verdict(document, "deauville_suv_change_day_28", "day_28")

    assert found == "unknown missing response, suvmax"


HEMATOTOX = {"platelets": 200, "neutrophils": 2, "hemoglobin": 11, "crp": 5, "ferritin": 100}


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        ({"ferritin": beyond(">", 2000)}, (2, 2, "high", [])),
        ({"ferritin": beyond(">=", 2000)}, (1, 2, None, ["ferritin"])),
        ({"ferritin": beyond("<", 650)}, (0, 0, "low", [])),
        ({"platelets": beyond("<", 75)}, (2, 2, "high", [])),
        ({"platelets": beyond("<", 150)}, (1, 2, None, ["platelets"])),
        ({"platelets": beyond(">", 175)}, (0, 0, "low", [])),
        ({"neutrophils": beyond("<", 1.2)}, (1, 1, "low", [])),
        ({"hemoglobin": beyond("<=", 9)}, (0, 1, "low", ["hemoglobin"])),
        ({"crp": beyond(">=", 3, unit="mg/dL")}, (1, 1, "low", [])),
    ],
)
def test_points_run_from_the_fewest_to_the_most_that_are_possible(
    observations: Json, expected: tuple[object, ...]
) -> None:
    document = case(lymphodepletion=HEMATOTOX | observations)

    assert interval(document, "car_hematotox") == expected


@pytest.mark.parametrize(
    ("observation", "ends", "missing"),
    [
        (beyond("<", 250, upper_limit=250), (0, 0), []),
        (beyond("<", 750, upper_limit=250), (0, 1), ["ldh"]),
        (beyond(">", 750, upper_limit=250), (2, 2), []),
        (beyond(">=", 750, upper_limit=250), (1, 2), ["ldh"]),
        (beyond(">", 250), (0, 2), ["ldh.upper_limit"]),
    ],
)
def test_points_of_lactate_dehydrogenase(
    observation: Json, ends: tuple[int, int], missing: list[str]
) -> None:
    known = {"ecog": 0, "stage": 1, "major_extranodal": "no"}

    low, high, _group, lacking = interval(
        case(born="1990-01-01", lymphodepletion=known | {"ldh": observation}), "nccn_ipi"
    )

    assert ((low, high), lacking) == (ends, missing)


def test_a_ratio_needs_the_values_themselves() -> None:
    document = case(
        lymphodepletion=ldh(300) | {"platelets": beyond("<", 5), "creatinine": 1, "crp": 9}
    )

    found = {name: interval(document, name) for name in ("easix", "m_easix", "s_easix")}

    assert set(map(repr, found.values())) == {repr((None, None, None, ["platelets"]))}


def test_a_value_beyond_a_limit_is_recorded_and_keeps_its_sign() -> None:
    document = relapsed(infusion={"crp": beyond("<", 5), "ferritin": beyond(">", 2000)})

    graded = finding(document, "relapse_crp_infusion", "relapse")

    assert graded["verdict"] == "graded"
    assert [(fact["value"], fact["comparator"]) for fact in graded["basis"]] == [(5, "<")]


def test_a_component_keeps_its_sign_and_an_exact_value_has_none() -> None:
    document = case(lymphodepletion=HEMATOTOX | {"crp": beyond("<", 5)})

    signs = {
        component["name"]: component.get("comparator", "none")
        for component in score(document, "car_hematotox", "lymphodepletion")["components"]
    }

    assert signs == dict.fromkeys(HEMATOTOX, "none") | {"crp": "<"}


CRP = "assessments[0].observations.crp"


@pytest.mark.parametrize(
    ("observations", "place"),
    [
        ({"crp": beyond("=", 5)}, f"{CRP}.comparator"),
        ({"crp": {"value": 5, "comparator": 1}}, f"{CRP}.comparator"),
        ({"crp": beyond("<", 0)}, f"{CRP}.comparator"),
        ({"crp": {"absent": "error", "comparator": "<"}}, f"{CRP}.comparator"),
        ({"ecog": beyond("<", 2)}, "assessments[0].observations.ecog.comparator"),
        ({"tp53": beyond("<", "altered")}, "assessments[0].observations.tp53.comparator"),  # type: ignore[arg-type]  # wrong on purpose
        ({"crp": beyond("<", 2000)}, CRP),
    ],
)
def test_a_sign_that_says_nothing_is_refused(observations: Json, place: str) -> None:
    assert places(case(infusion=observations)) == [place]


@pytest.mark.parametrize("observation", [beyond("<=", 0), beyond(">", 0), beyond(">=", 0)])
def test_beyond_zero_is_accepted_where_a_value_is_left(observation: Json) -> None:
    assert places(case(infusion={"crp": observation})) == []


def test_an_unusual_limit_is_accepted_with_a_warning_that_keeps_the_sign() -> None:
    (warning,) = warnings(case(infusion={"suvmax": beyond(">", 100)}))

    assert warning == (
        "assessments[0].observations.suvmax: Infusion (day\N{NO-BREAK SPACE}0), "
        "6\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2024: SUVmax >100 is unusual (usually 0 to 60)."
    )


@pytest.mark.parametrize(
    ("document", "factor", "milestone", "reason"),
    [
        (
            case(lymphodepletion={"mtv": beyond(">=", 80)}),
            "extranodal_and_mtv",
            "lymphodepletion",
            "Not recorded: Extranodal sites involved, Total metabolic tumour volume (known only to "
            "lie beyond a limit).",
        ),
        (
            case(lymphodepletion=ldh(260, 250) | {"crp": beyond("<", 5)}),
            "aaipi_ge_2",
            "lymphodepletion",
            "Not recorded: ECOG performance status, Ann Arbor / Lugano stage.",
        ),
        (
            case(infusion={"ldh": beyond(">", 200)}),
            "ldh_high_infusion",
            "infusion",
            "Not recorded: Upper limit of normal of lactate dehydrogenase.",
        ),
    ],
)
def test_the_reason_calls_nothing_unrecorded_that_lies_beyond_a_limit(
    document: Json, factor: str, milestone: str, reason: str
) -> None:
    assert finding(document, factor, milestone)["reason"] == reason
