"""Parts of case documents that the tests of documents share."""

import json
from typing import Any

import pytest

from tests.domain.cases import (
    CONTRACT,
    Json,
    case,
)

VARIABLES: list[Json] = json.loads((CONTRACT / "variables.json").read_text())["variables"]
QUANTITIES = [v for v in VARIABLES if v["type"] == "quantity"]
COUNTS = [v for v in VARIABLES if v["type"] == "count"]
CODES = [v for v in VARIABLES if v["type"] == "code"]


def named(variables: list[Json]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("variable", variables, ids=lambda variable: variable["name"])


def observed(**observations: Any) -> Json:
    """A case with these observations in `assessments[0]`."""
    return case(lymphodepletion=observations)


def whole(**changes: Any) -> Json:
    return case(lymphodepletion={}) | changes


def treated(**treatment: Any) -> Json:
    return case(lymphodepletion={}, treatments=(treatment,))


def happened(**occurrence: Any) -> Json:
    return case(lymphodepletion={}, events=(occurrence,))


def visited(**assessment: Any) -> Json:
    return whole(assessments=[{"milestone": "lymphodepletion", "date": "2024-03-01"} | assessment])


def without(document: Json, *path: Any) -> Json:
    """The same document with one key left out."""
    copy: Json = json.loads(json.dumps(document))
    target = copy
    for step in path[:-1]:
        target = target[step]
    del target[path[-1]]
    return copy


OBSERVATION = "assessments[0].observations"
