"""Rules 12 to 14 of the contract: day 28, expansion, TP53 and product."""

from typing import Any

import pytest

from tests.domain.cases import (
    Json,
    case,
    finding,
    line,
    verdict,
)

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
