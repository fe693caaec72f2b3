"""The vignettes of the contract: every verdict and every score of each case."""

import json
from pathlib import Path
from typing import Any

import pytest

from riskfactors.assessing import findings_of
from riskfactors.domain.documents import parse_case, write_case
from riskfactors.published import catalogue

VIGNETTES = sorted((Path(__file__).parent / "contract" / "vignettes").glob("*.json"))


def findings_by_milestone(case: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The verdicts as the vignettes write them."""
    document = json.loads(findings_of(json.dumps(case).encode()))
    return {
        at["milestone"]: {f["factor"]: written(f) for f in at["findings"]}
        for at in document["milestones"]
        if at["findings"]
    }


def written(finding: dict[str, Any]) -> str:
    """`met`, `stratum:ds_4`, `unknown missing ldh, mtv`."""
    match finding["verdict"]:
        case "stratum":
            return f"stratum:{finding['stratum']}"
        case "unknown" if finding["missing"]:
            return f"unknown missing {', '.join(finding['missing'])}"
        case verdict:
            return str(verdict)


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_every_verdict_of_a_vignette(path: Path) -> None:
    vignette = json.loads(path.read_text())

    assert findings_by_milestone(vignette["case"]) == vignette["verdicts"]


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_every_score_of_a_vignette(path: Path) -> None:
    vignette = json.loads(path.read_text())

    document = json.loads(findings_of(json.dumps(vignette["case"]).encode()))

    scores = {
        at["milestone"]: {s["score"]: [s["low"], s["high"]] for s in at["scores"]}
        for at in document["milestones"]
        if at["scores"]
    }
    assert scores == vignette["scores"]


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_a_vignette_that_is_written_is_the_case_that_was_read(path: Path) -> None:
    dictionary = catalogue().dictionary
    case = parse_case(json.dumps(json.loads(path.read_text())["case"]).encode(), dictionary)

    assert parse_case(write_case(case), dictionary) == case
