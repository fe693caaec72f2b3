"""Inputs of scores that the tests of scores share."""

from typing import Any

from tests.domain.cases import Json, case, score

Inputs = dict[str, Any]


def ldh(times_the_limit: float) -> Json:
    return {"value": round(times_the_limit * 200, 6), "upper_limit": 200}


NONE_OF_THEM: Inputs = {
    "ldh": ldh(1),
    "ecog": 1,
    "stage": 2,
    "extranodal_sites": 1,
    "major_extranodal": "no",
}
EACH_OF_THEM: Inputs = {
    "ldh": ldh(1.01),
    "ecog": 2,
    "stage": 3,
    "extranodal_sites": 2,
    "major_extranodal": "yes",
}
WELL: Inputs = {"platelets": 176, "neutrophils": 1.2, "hemoglobin": 9.0, "crp": 29, "ferritin": 649}
ILL: Inputs = {"platelets": 74, "neutrophils": 1.1, "hemoglobin": 8.9, "crp": 30, "ferritin": 2001}


def aged(years: int, inputs: Inputs) -> Json:
    """A case of this age before lymphodepletion."""
    return case(born=f"{2024 - years}-03-01", lymphodepletion=inputs)


def points(document: Json, name: str) -> Any:
    """The value of a score that is complete."""
    found = score(document, name, "lymphodepletion")
    assert found["low"] == found["high"]
    assert found["missing"] == []
    return found["low"]


def group(document: Json, name: str) -> Any:
    return score(document, name, "lymphodepletion").get("group")
