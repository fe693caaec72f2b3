"""What was read outside the review stands beside printed lines, with the contract's figures."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from riskfactors.domain.evidence import Estimate, Later, Reference
from riskfactors.published import catalogue
from tests.domain.cases import CONTRACT, Json

CONTRACT_OF_LATER: Json = json.loads((CONTRACT / "later.json").read_text())
IN_THE_CONTRACT = {12: 130, 18: 146}
"""References of the review in which more was read: the contract numbers them anew."""

BESIDE = [
    (factor.key, line, later)
    for factor in catalogue().factors
    for line in factor.evidence
    for later in line.later
]


def rows(contract: Any) -> Iterator[Json]:
    """Every row of the contract, wherever it stands."""
    match contract:
        case {"id": _, "reference": _}:
            yield contract
        case dict():
            for part in contract.values():
                yield from rows(part)
        case list():
            for part in contract:
                yield from rows(part)


def figures(text: str) -> set[Decimal]:
    """The numbers of a text; those of references and within a name, such as BCL6, are none."""
    results = re.sub(r"reference \d+", "", text)
    return {Decimal(found) for found in re.findall(r"(?<![\w.])\d*\.?\d+", results)}


@pytest.mark.parametrize(
    ("key", "line", "later"),
    BESIDE,
    ids=[f"{key} {line.outcome} {later.reference}" for key, line, later in BESIDE],
)
def test_every_figure_from_outside_the_review_is_that_of_the_contract(
    key: str, line: Estimate, later: Later
) -> None:
    number = IN_THE_CONTRACT.get(later.reference, later.reference)

    read: list[Json] = [
        *(row for row in rows(CONTRACT_OF_LATER) if row["reference"] == number),
        *(each for each in CONTRACT_OF_LATER["references"] if each["number"] == number),
        *(each for each in CONTRACT_OF_LATER["corrections"] if number in each["source"]),
    ]
    assert figures(f"{later.cohort} {later.fact}") - figures(json.dumps(read)) == set()


def test_no_caveat_tells_again_what_stands_beside_a_line() -> None:
    told = [(key, p) for key, _, later in BESIDE for p in re.findall(r"p = \d\.\d+", later.fact)]

    caveats = {factor.key: " ".join(factor.caveats) for factor in catalogue().factors}
    assert [(key, p) for key, p in told if p in caveats[key]] == []


LEFT = {"m_easix": "no text shows its unit as unconfirmed, and no value changes"}
"""Corrections without anything to correct here."""


@pytest.mark.parametrize(
    "correction",
    [c for c in CONTRACT_OF_LATER["corrections"] if c["about"] not in LEFT],
    ids=lambda correction: str(correction["about"]),
)
def test_every_correction_of_the_contract_is_made_with_its_source(correction: Json) -> None:
    known = {new: old for old, new in IN_THE_CONTRACT.items()}
    sources = {known.get(number, number) for number in correction["source"]}

    match correction["kind"], correction["about"].split():
        case "reference", [_, "12"]:
            assert "holds no CIBMTR data" in _reference(12).discrepancies[0]
        case "reference", [_, number]:
            assert {_reference(int(number)).original} == sources
        case _, [key]:
            factor = catalogue().by_key[key]
            doubts = " ".join([*factor.caveats, *(line.doubt or "" for line in factor.evidence)])
            said = {number for number in factor.references if f"reference {number}" in doubts}
            assert sources <= {*factor.beside, *said}


def _reference(number: int) -> Reference:
    return next(each for each in catalogue().references if each.number == number)


def test_a_publication_is_cited_as_the_contract_cites_it() -> None:
    contract = {each["number"]: each for each in CONTRACT_OF_LATER["references"]}

    listed = [each for each in catalogue().publications if each.number in contract]

    assert {
        each.number: (each.year, each.doi)
        for each in listed
        if each.doubt is None and (each.year, each.doi) != _year_and_doi(contract[each.number])
    } == {}
    assert [
        each.number
        for each in listed
        if each.journal and not contract[each.number]["journal"].startswith(each.journal)
    ] == []


def _year_and_doi(printed: Json) -> tuple[int | None, str | None]:
    return printed["year"], printed["doi"]
