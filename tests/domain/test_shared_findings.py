"""What findings share and remember changes nothing of what they say."""

import json
from decimal import Decimal
from typing import Any

import pytest

from riskfactors.assessing import findings_of
from riskfactors.domain.documents import FindingsWriter, parse_case, results
from riskfactors.domain.evidence import Rulings
from riskfactors.domain.findings import MilestoneFindings, assess
from riskfactors.domain.snapshot import views
from riskfactors.published import catalogue
from riskfactors.wording import say
from tests.domain.cases import CONTRACT, Json, case, text

VIGNETTES = [json.loads(p.read_text())["case"] for p in CONTRACT.glob("vignettes/*.json")]


@pytest.mark.parametrize("document", VIGNETTES, ids=lambda document: document["case_id"])
def test_findings_are_written_as_they_read(document: Json) -> None:
    found = assess(parse_case(text(document), catalogue().dictionary), catalogue().agenda)

    written = json.loads(findings_of(text(document)), parse_float=Decimal)["milestones"]

    assert [_spelled(at) for at in found] == written


def _spelled(at: MilestoneFindings) -> Json:
    """Findings as their public attributes tell them."""
    return {
        "milestone": at.milestone,
        "date": str(at.date),
        "day": at.day,
        "findings": [
            {
                "factor": f.factor,
                "verdict": f.verdict,
                "stratum": f.stratum,
                "direction": f.direction,
                "basis": [
                    {
                        "variable": fact.variable,
                        "value": fact.value,
                        "unit": fact.unit,
                        "milestone": fact.milestone,
                        "observed_on": str(fact.observed_on),
                    }
                    for fact in f.basis
                ],
                "missing": list(f.missing),
                "reason": f.reason and say(f.reason),
            }
            for f in at.findings
        ],
        "scores": [
            {
                "score": s.score,
                "low": s.low,
                "high": s.high,
                "components": [
                    {
                        "name": c.name,
                        "value": c.value,
                        "points_low": c.points_low,
                        "points_high": c.points_high,
                        "rule": say(c.rule),
                    }
                    for c in s.components
                ],
                "missing": list(s.missing),
                "group": s.group,
            }
            for s in at.scores
        ],
    }


def test_forgetting_what_is_shared_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [text(document) for document in VIGNETTES]
    before = [findings_of(document) for document in documents]

    monkeypatch.setattr(Rulings, "REMEMBERED", 1)
    monkeypatch.setattr(results, "REMEMBERED", 1)
    fresh = [_written_anew(document) for document in documents]

    assert fresh == before


def _written_anew(document: bytes) -> bytes:
    """The findings by an agenda and a writer that remember nothing."""
    published = catalogue()
    snapshot = parse_case(document, published.dictionary)
    empty = type(published)(**{n: getattr(published, n) for n in published.__struct_fields__})
    whole = json.loads(findings_of(document))
    return (
        FindingsWriter(say)
        .document(
            case_id=whole["case_id"],
            catalogue=whole["catalogue"],
            warnings=[],
            milestones=assess(snapshot, empty.agenda),
        )
        .replace(b'"warnings":[]', b'"warnings":%s' % _warnings(findings_of(document)))
    )


def _warnings(findings: bytes) -> bytes:
    return findings[findings.index(b'"warnings":') + 11 : findings.index(b',"milestones":')]


@pytest.mark.parametrize("word", ["latest", "dates", "responses"])
def test_a_source_that_is_no_list_of_milestones_supplies_the_latest_values(word: Any) -> None:
    document = case(election={"ecog": 1}, infusion={"stage": 2})
    *_, view = views(parse_case(text(document), catalogue().dictionary))

    assert view.values[word] == view.latest
    assert list(view.values[word]) == ["ecog", "stage"]
