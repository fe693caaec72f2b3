"""The catalogue equals the contract in every number."""

import json
from typing import Any

import pytest

from riskfactors.domain.documents import write_catalogue
from riskfactors.published import catalogue
from tests.domain.cases import CONTRACT, Json, contract_factors

PRINTED: Json = json.loads(write_catalogue(catalogue()))
DICTIONARY: Json = json.loads((CONTRACT / "variables.json").read_text())
ON_THE_WHOLE = ("key", "setting", "kind", "direction", "strata", "evaluated_at", "tables", "cohort")
AS_PRINTED = (
    *("outcome", "measure", "estimate", "interval", "p", "reference", "reading", "groups", "at"),
)
OURS: dict[tuple[str, str], dict[str, bool]] = {
    ("crp_infusion", "early relapse"): {"doubt": True},
    ("histology_thrlbcl", "progression"): {"doubt": True},
    ("relapse_crp_infusion", "OS"): {"doubt": True},
    ("relapse_gt_2_lines", "PFS"): {"doubt": True},
}
"""Where something is said that the contract's copy does not say: corrections made since."""


# Equal to the contract


def test_there_are_67_factors_121_estimates_and_43_references() -> None:
    estimates = sum(len(factor["evidence"]) for factor in PRINTED["factors"])

    assert (len(PRINTED["factors"]), estimates, len(PRINTED["references"])) == (67, 121, 43)


@pytest.mark.parametrize("expected", contract_factors(), ids=lambda factor: factor["key"])
def test_a_factor_is_that_of_the_contract(expected: Json) -> None:
    printed = {factor["key"]: factor for factor in PRINTED["factors"]}[expected["key"]]
    declared = {factor.key: factor for factor in catalogue().factors}[expected["key"]]

    fields = [field for field in ON_THE_WHOLE if field != "tables"]
    assert {f: printed.get(f) for f in fields} == {f: expected.get(f) for f in fields}
    assert list(declared.tables) == expected["tables"]


@pytest.mark.parametrize("expected", contract_factors(), ids=lambda factor: factor["key"])
def test_every_line_of_evidence_is_that_of_the_contract(expected: Json) -> None:
    printed = {factor["key"]: factor for factor in PRINTED["factors"]}[expected["key"]]

    assert [_numbers(line) for line in printed["evidence"]] == [
        _numbers(line) for line in expected["evidence"]
    ]
    assert [_remarks(line) for line in printed["evidence"]] == [
        _remarks(line) | OURS.get((expected["key"], line["outcome"]), {})
        for line in expected["evidence"]
    ]


def _numbers(line: Json) -> Json:
    """What was printed, exactly."""
    numbers = {field: line.get(field) for field in AS_PRINTED}
    reading = line.get("reading")
    known = reading and {field: value for field, value in reading.items() if value is not None}
    return numbers | {"reading": known}


def _remarks(line: Json) -> dict[str, bool]:
    """Whether something is said in words, which are our own."""
    return {
        field: line.get(field) is not None
        for field in ("doubt", "per", "note", "contrast", "statement")
    }


SOURCES = {
    "extranodal_and_mtv": ("infusion", "lymphodepletion"),
    "relapse_sd_pd_day_30": ("day_28",),
}
"""The milestones meant by the words of the contract."""


@pytest.mark.parametrize("expected", contract_factors(), ids=lambda factor: factor["key"])
def test_values_come_from_the_milestones_of_the_contract(expected: Json) -> None:
    factor = {factor.key: factor for factor in catalogue().factors}[expected["key"]]

    said = expected["values_from"]
    meant = said if isinstance(said, list) else list(SOURCES.get(expected["key"], ())) or said
    if isinstance(meant, list):
        assert sorted(factor.values_from) == sorted(meant)
    elif factor.values_from != "responses" and not meant.startswith("whatever"):
        assert isinstance(factor.values_from, str)
        assert factor.values_from.replace("_", " ") in meant.lower()
    known_by_its_group = expected["key"] == "deauville_suv_change_day_28"
    applies_always = known_by_its_group or "applies_if" not in expected
    assert (factor.applies_if == "always") == applies_always


def test_the_references_are_those_of_the_contract() -> None:
    expected = json.loads((CONTRACT / "references.json").read_text())

    fields = (
        *("authors", "title", "journal", "year", "volume", "issue", "pages", "doi"),
        *("products", "patients"),
    )
    assert [each["n"] for each in PRINTED["references"]] == [each["n"] for each in expected]
    assert [[each.get(field) or None for field in fields] for each in PRINTED["references"]] == [
        [_unbroken(each.get(field)) for field in fields] for each in expected
    ]
    assert {each["n"] for each in expected if "note" in each} <= {
        each["n"] for each in PRINTED["references"] if each["discrepancies"]
    }


def test_every_claim_of_the_contract_is_found_by_what_it_is_about() -> None:
    contract = json.loads((CONTRACT / "evidence.json").read_text())["claims"]

    found = {about: list(claim.reference) for about, claim in catalogue().claims_by_name.items()}

    assert found == {each["about"]: each["reference"] or [] for each in contract} | {
        "relapse after second line": []
    }


def test_survival_after_relapse_and_the_gap_after_second_line_are_found_by_name() -> None:
    claims = catalogue().claims_by_name

    assert claims["after relapse"].fact == (
        "After relapse of CAR T-cells given beyond second line, the review gives a median PFS of 3 "
        "months and a median OS of 6 months over several cohorts; it prints neither their products "
        "nor the number of patients nor the period. These are other patients' results, not a "
        "forecast."
    )
    assert claims["relapse after second line"].fact == (
        "The review states that no data are available on relapse after CAR T-cells given in second "
        "line."
    )


def _unbroken(printed: Any) -> Any:
    """A word that the print breaks over two lines is one word."""
    return printed.replace("- ", "-") if isinstance(printed, str) else printed


def test_the_dictionary_is_that_of_the_contract() -> None:
    dictionary = catalogue().dictionary

    windows = {m: _pair(w) for m, w in dictionary.windows_days_after_infusion.items()}
    assert list(dictionary.milestones) == DICTIONARY["milestones"]
    assert windows == DICTIONARY["windows_days_after_infusion"]
    assert dictionary.fresh_days_before_visit == DICTIONARY["fresh_days_before_visit"]
    assert list(dictionary.absent_reasons) == list(DICTIONARY["absent_reasons"])
    assert list(dictionary.events) == list(DICTIONARY["events"])
    assert dictionary.unit_aliases == DICTIONARY["unit_aliases"]
    assert list(dictionary.variables) == [v["name"] for v in DICTIONARY["variables"]]


@pytest.mark.parametrize("expected", DICTIONARY["variables"], ids=lambda v: v["name"])
def test_a_variable_is_that_of_the_contract(expected: Json) -> None:
    variable = catalogue().dictionary.variables[expected["name"]]

    limits = (
        *("range", "impossible_outside", "unusual_outside"),
        *("upper_limit_impossible_outside", "upper_limit_unusual_outside"),
    )
    stated = {limit: _pair(getattr(variable, limit)) for limit in limits}
    assert {
        "name": variable.name,
        "group": variable.group,
        "type": variable.type,
        "codes": list(variable.codes),
        "unit": variable.unit,
        "accepts": {unit: float(factor) for unit, factor in variable.accepts.items()},
        "asked_at": list(variable.asked_at),
        "needs": variable.needs,
        "standing": variable.standing,
        **{limit: ends for limit, ends in stated.items() if abs(ends[0]) != float("inf")},
    } == {
        "name": expected["name"],
        "group": expected["group"],
        "type": expected["type"],
        "codes": list(expected.get("codes", ())),
        "unit": expected.get("unit"),
        "accepts": expected.get("accepts", {}),
        "asked_at": expected["asked_at"],
        "needs": expected.get("needs"),
        "standing": expected.get("standing", False),
        **{limit: expected[limit] for limit in limits if limit in expected},
    }


def _pair(interval: Any) -> list[float]:
    return [float(interval.low), float(interval.high)]
