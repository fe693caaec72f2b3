"""What holds for every case, tried on random ones.

It is not among the tests of the rules, of which each branch is counted: whether a branch is tried
must not be left to chance.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from riskfactors.domain.documents import parse_case, write_case
from riskfactors.published import catalogue
from tests.domain.cases import CONTRACT, Json, contract_factors, findings, text
from tests.domain.random_cases import cases, day

ORDER = ["interim", *json.loads((CONTRACT / "variables.json").read_text())["milestones"]]
SALVAGE = {"relapse_salvage_pola_br", "relapse_salvage_lenalidomide"}
DECIDED = {"met", "not_met", "stratum", "graded"}
reproducibly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def without_later(document: Json, known: str) -> Json:
    """The document without what is dated after a day."""
    return document | {
        "assessments": [a for a in document["assessments"] if a["date"] <= known],
        "treatments": [
            _known(treatment, known)
            for treatment in document["treatments"]
            if treatment["start"] <= known
        ],
        "events": [
            {name: value for name, value in event.items() if name != "end" or value <= known}
            for event in document["events"]
            if event["date"] <= known
        ],
    }


def _known(treatment: Json, known: str) -> Json:
    responded = treatment.get("response_on", treatment.get("end"))
    hidden = {"end"} if treatment.get("end", known) > known else set()
    if responded is not None and responded > known:
        hidden |= {"best_response", "response_on"}
    return {name: value for name, value in treatment.items() if name not in hidden}


def stands(document: Json) -> Iterator[tuple[str, Json]]:
    """Each finding with its milestone."""
    for at in findings(document)["milestones"]:
        for found in at["findings"]:
            yield at["milestone"], found


@reproducibly
@given(document=cases())
def test_nothing_later_changes_an_earlier_finding(document: Json) -> None:
    for at in findings(document)["milestones"]:
        earlier = without_later(document, at["date"])
        order = ORDER.index(at["milestone"])
        earlier["assessments"] = [
            visit
            for visit in earlier["assessments"]
            if visit["date"] < at["date"] or ORDER.index(visit["milestone"]) <= order
        ]

        then = findings(earlier)["milestones"][-1]

        assert then["milestone"] == at["milestone"]
        assert then["scores"] == at["scores"]
        assert [f for f in then["findings"] if f["factor"] not in SALVAGE] == [
            f for f in at["findings"] if f["factor"] not in SALVAGE
        ]


@reproducibly
@given(document=cases(), number=st.integers(0, 260))
def test_as_of_is_the_document_without_what_is_later(document: Json, number: int) -> None:
    known = day(number)

    hidden, left_out = findings(document, known), findings(without_later(document, known))

    assert hidden | {"warnings": unplaced(hidden)} == left_out | {"warnings": unplaced(left_out)}


@reproducibly
@given(document=cases())
def test_removing_a_variable_decides_nothing(document: Json) -> None:
    unknown = {
        (milestone, found["factor"])
        for milestone, found in stands(document)
        if found["verdict"] == "unknown"
    }
    recorded = {name for visit in document["assessments"] for name in visit["observations"]}

    decided = {
        (name, milestone, found["factor"])
        for name in recorded
        for milestone, found in stands(_without_variable(document, name))
        if (milestone, found["factor"]) in unknown and found["verdict"] in DECIDED
    }

    assert decided == set()


def _without_variable(document: Json, name: str) -> Json:
    return document | {
        "assessments": [
            visit | {"observations": {n: o for n, o in visit["observations"].items() if n != name}}
            for visit in document["assessments"]
        ]
    }


@reproducibly
@given(document=cases(), data=st.data())
def test_a_missing_input_only_widens_a_score(document: Json, data: st.DataObject) -> None:
    recorded = sorted({name for v in document["assessments"] for name in v["observations"]})
    name = data.draw(st.sampled_from(recorded or ["ldh"]))

    complete, poorer = (_intervals(d) for d in (document, _without_variable(document, name)))

    assert {
        key: (low, high)
        for key, (low, high) in poorer.items()
        if low is not None and not low <= complete[key][0] <= complete[key][1] <= high
    } == {}


def _intervals(document: Json) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {
        (at["milestone"], score["score"]): (score["low"], score["high"])
        for at in findings(document)["milestones"]
        for score in at["scores"]
    }


@reproducibly
@given(document=cases(), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(document: Json, chance: Any) -> None:
    other = _shuffled(document, chance)

    assert findings(other)["milestones"] == findings(document)["milestones"]


@reproducibly
@given(document=cases(), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter_to_warnings(document: Json, chance: Any) -> None:
    other = _shuffled(document, chance)

    assert unplaced(findings(other)) == unplaced(findings(document))


def unplaced(found: Json) -> list[str]:
    """The warnings without their places, which follow the document."""
    return [warning.partition(": ")[2] for warning in found["warnings"]]


def _shuffled(document: Json, chance: Any) -> Json:
    """The document with its lists in another order, treatments of one day aside."""
    assessments, events = list(document["assessments"]), list(document["events"])
    starts = list(dict.fromkeys(treatment["start"] for treatment in document["treatments"]))
    for each in (assessments, events, starts):
        chance.shuffle(each)
    treatments = [t for start in starts for t in document["treatments"] if t["start"] == start]
    return document | {"assessments": assessments, "treatments": treatments, "events": events}


@reproducibly
@given(document=cases())
def test_a_case_that_is_written_is_the_case_that_was_read(document: Json) -> None:
    dictionary = catalogue().dictionary
    read = parse_case(text(document), dictionary)

    again = parse_case(write_case(read), dictionary)

    assert again == read
    assert findings(json.loads(write_case(read))) == findings(document)


@reproducibly
@given(document=cases())
def test_every_factor_of_a_milestone_stands_exactly_once(document: Json) -> None:
    found = findings(document)["milestones"]

    reached = sorted(
        (visit["date"], ORDER.index(visit["milestone"]))
        for visit in document["assessments"]
        if visit["milestone"] != "interim"
    )
    assert [(at["date"], ORDER.index(at["milestone"])) for at in found] == reached
    assert [sorted(f["factor"] for f in at["findings"]) for at in found] == [
        sorted(f["key"] for f in contract_factors() if at["milestone"] in f["evaluated_at"])
        for at in found
    ]


@reproducibly
@given(document=cases())
def test_every_verdict_has_what_belongs_to_it(document: Json) -> None:
    for milestone, found in stands(document):
        verdict, place = found["verdict"], (milestone, found["factor"])
        may_miss = {"unknown", "graded"}
        silent = {"deauville_suv_change_day_28"}

        assert (verdict in DECIDED) <= bool(found["basis"]), place
        assert (verdict in {"unknown", "not_applicable", "not_met"}) == bool(found["reason"]), place
        assert (verdict == "stratum") == (found["stratum"] is not None), place
        assert bool(found["missing"]) <= (verdict in may_miss), place
        assert found["missing"] == sorted(set(found["missing"])), place
        if verdict == "unknown" and found["factor"] not in silent:
            assert found["missing"] != [], place


@reproducibly
@given(document=cases())
def test_grounds_are_dated_at_or_before_the_milestone(document: Json) -> None:
    for at in findings(document)["milestones"]:
        later = [
            (f["factor"], fact)
            for f in at["findings"]
            for fact in f["basis"]
            if f["factor"] not in SALVAGE
            and date.fromisoformat(fact["observed_on"]) > date.fromisoformat(at["date"])
        ]

        assert later == []
