"""What brings a case to a meeting: each rule below, at and above its boundary, and unmeasured."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from patients.board.rules import OVERDUE, RULES
from patients.models import Gate
from riskfactors.domain.documents import parse_case
from riskfactors.published import catalogue
from tests.domain.cases import case

INFUSION = date(2024, 3, 6)
LATER = date(2024, 12, 31)


def brought(today: date = LATER, **course: Any) -> list[str]:
    """The codes of the rules that find an occasion in a course on a day."""
    snapshot = parse_case(json.dumps(case(**course)).encode(), catalogue().dictionary)
    return [rule.code for rule in RULES if list(rule.occasions(snapshot.as_of(today), today))]


def bridging(response: str | None) -> tuple[dict[str, Any], ...]:
    given = {"role": "bridging", "modality": "systemic", "start": "2024-02-05"}
    given |= {"end": "2024-02-20"}
    return ({**given, "best_response": response} if response else given,)


@pytest.mark.parametrize(
    ("reached", "code"),
    [
        (("election",), "newly_elected"),
        (("election", "apheresis"), "apheresed"),
        (("election", "apheresis", "lymphodepletion"), "lymphodepleted"),
        (("election", "infusion"), None),
        (("apheresis", "infusion"), None),
    ],
)
def test_the_decision_after_the_last_milestone_is_due(
    reached: tuple[str, ...], code: str | None
) -> None:
    course: dict[str, Any] = {milestone: {} for milestone in reached}

    assert brought(INFUSION, **course) == ([code] if code else [])


def test_consent_without_apheresis_asks_for_apheresis() -> None:
    consent = ({"kind": "consent", "date": "2024-01-10"},)

    assert brought(election={}, events=consent) == ["newly_elected", "consented"]
    assert brought(election={}, apheresis={}, events=consent) == ["apheresed"]


@pytest.mark.parametrize(
    ("response", "holds"), [("PR", False), ("SD", True), ("PD", True), (None, False)]
)
def test_bridging_brings_with_sd_or_pd_until_the_infusion(
    response: str | None, holds: bool
) -> None:
    before = brought(apheresis={}, treatments=bridging(response))
    after = brought(apheresis={}, infusion={}, treatments=bridging(response))

    assert ("bridging_without_response" in before) is holds
    assert "bridging_without_response" not in after


@pytest.mark.parametrize(("deauville", "holds"), [(3, False), (4, True), (5, True), (None, False)])
def test_deauville_brings_from_4_at_day_28(deauville: int | None, holds: bool) -> None:
    values: dict[str, Any] = {"deauville": deauville} if deauville else {}

    assert ("deauville" in brought(infusion={}, day_28=values)) is holds
    assert "deauville" not in brought(infusion={}, day_90=values)


@pytest.mark.parametrize(
    ("suvmax", "response", "holds"),
    [
        ("9.9", "PR", False),
        ("10", "PR", True),
        ("10.1", "SD", True),
        ("10.1", "CR", False),
        ("10.1", None, False),
        (None, "PR", False),
    ],
)
def test_suvmax_brings_from_10_with_pr_or_sd(
    suvmax: str | None, response: str | None, holds: bool
) -> None:
    values = {"suvmax": suvmax and float(suvmax), "response": response}
    told = {name: value for name, value in values.items() if value is not None}

    assert ("suvmax" in brought(infusion={}, day_28=told)) is holds
    assert "suvmax" not in brought(lymphodepletion=told, infusion={})


@pytest.mark.parametrize(
    ("ctdna", "response", "holds"),
    [
        ("detectable", "PR", True),
        ("detectable", "SD", True),
        ("detectable", "CR", False),
        ("undetectable", "PR", False),
    ],
)
def test_ctdna_brings_when_detectable_with_pr_or_sd(ctdna: str, response: str, holds: bool) -> None:
    told = {"ctdna": ctdna, "response": response}

    assert ("ctdna" in brought(infusion={}, day_28=told)) is holds
    assert "ctdna" not in brought(infusion=told)


HOT: dict[str, Any] = {"response": "PR", "suvmax": 12.0, "ctdna": "detectable"}


@pytest.mark.parametrize(
    ("visits", "gate"),
    [
        ({"day_28": "2024-04-03"}, Gate.DAY_28),
        ({"day_90": "2024-06-04"}, Gate.DAY_90),
        ({"day_90": "2024-06-04", "day_28": "2024-04-03"}, Gate.DAY_90),
        ({"month_6": "2024-09-04"}, Gate.LONG_TERM),
        ({"relapse": "2024-05-04", "day_90": "2024-06-04"}, Gate.DAY_90),
        ({"interim": "2024-03-20"}, Gate.DAY_28),
        ({"interim": "2024-09-20"}, Gate.LONG_TERM),
    ],
)
def test_what_a_visit_found_has_the_gate_of_the_last_that_did(
    visits: dict[str, str], gate: Gate
) -> None:
    quiet = {"infusion": "2024-03-06", "month_12": "2025-03-06"}
    if "interim" in visits:
        quiet |= {"day_90": "2024-06-04", "month_6": "2024-09-04"}
    told = case()
    told["assessments"] = [
        {"milestone": name, "date": day, "observations": HOT if name in visits else {}}
        for name, day in {**quiet, **visits}.items()
    ]

    snapshot = parse_case(json.dumps(told).encode(), catalogue().dictionary)

    rules = [rule for rule in RULES if rule.code in ("suvmax", "ctdna")]
    assert [rule.gate_in(snapshot) for rule in rules] == [gate, gate]


@pytest.mark.parametrize(("day", "holds"), [(41, False), (42, False), (43, True)])
def test_without_a_pet_it_brings_after_day_42(day: int, holds: bool) -> None:
    today = INFUSION + timedelta(day)

    assert ("no_pet" in brought(today, infusion={})) is holds
    assert "no_pet" not in brought(today, infusion={}, day_28={"deauville": 2})
    assert ("no_pet" in brought(today, lymphodepletion={"deauville": 2}, infusion={})) is holds


def test_progression_brings_to_the_meeting_of_its_side_of_the_infusion() -> None:
    pd = {"response": "PD"}

    assert "progression_before" in brought(apheresis=pd)
    assert "progression_before" not in brought(election=pd, apheresis={})
    assert "progression_before" not in brought(apheresis=pd, infusion={})
    assert "progression_after" not in brought(lymphodepletion=pd, infusion={})
    assert "progression_after" in brought(infusion={}, day_28=pd)


@pytest.mark.parametrize(("code", "holds"), [("yes", True), ("no", False), (None, False)])
def test_a_product_out_of_specification_brings(code: str | None, holds: bool) -> None:
    values: dict[str, Any] = {"out_of_specification": code} if code else {}

    assert ("out_of_specification" in brought(infusion=values)) is holds
    assert "out_of_specification" not in brought(infusion=values, day_28={})


def test_a_course_that_ended_without_infusion_asks_nothing_more_before_one() -> None:
    ended = ({"kind": "not_infused", "date": "2024-03-02"},)
    consent = ({"kind": "consent", "date": "2024-01-10"},)
    told = {"out_of_specification": "yes", "response": "PD"}
    given = bridging("PD")

    courses: list[dict[str, Any]] = [
        {"election": {}, "events": consent},
        {"apheresis": told, "treatments": given},
        {"lymphodepletion": {}},
    ]
    before = [brought(**course) for course in courses]
    after = [brought(**{**c, "events": (*c.get("events", ()), *ended)}) for c in courses]

    assert before == [
        ["newly_elected", "consented"],
        ["progression_before", "apheresed", "bridging_without_response", "out_of_specification"],
        ["lymphodepleted"],
    ]
    assert after == [[], [], []]


def test_a_relapse_brings() -> None:
    assert "relapse" in brought(infusion={}, relapse={})
    assert "relapse" not in brought(infusion={})


def test_each_rule_asks_a_question() -> None:
    assert [rule.code for rule in (*RULES, OVERDUE) if not rule.question.endswith("?")] == []
