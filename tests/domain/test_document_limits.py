"""Limits, dates and milestones of a case document; each refusal names its place."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.cases import (
    BORN,
    MILESTONES,
    Json,
    bridging,
    case,
    course,
    interim,
    line,
    places,
    problems,
    salvage,
    text,
)
from tests.domain.document_parts import (
    COUNTS,
    OBSERVATION,
    QUANTITIES,
    happened,
    named,
    observed,
    treated,
    visited,
    whole,
)

# Limits


@named(QUANTITIES)
def test_a_quantity_outside_what_is_possible_is_refused(variable: Json) -> None:
    name = variable["name"]
    low, high = (Decimal(str(limit)) for limit in variable["impossible_outside"])
    tiny = Decimal("0.001")

    found = [
        places(text(observed(**{name: "@"})).replace(b'"@"', f"{value:f}".encode()))
        for value in (low - tiny, low, high, high + tiny)
    ]

    place = [f"{OBSERVATION}.{name}"]
    assert found == [place, [], [], place]


@named(COUNTS)
def test_a_count_outside_its_range_is_refused(variable: Json) -> None:
    name, (low, high) = variable["name"], variable["range"]

    found = [places(observed(**{name: value})) for value in (low - 1, low, high, high + 1)]

    place = [f"{OBSERVATION}.{name}"]
    assert found == [place, [], [], place]


@pytest.mark.parametrize(
    ("observation", "refused"),
    [
        ({"value": 0.16, "unit": "ukat/L"}, [""]),
        ({"value": 0.17, "unit": "ukat/L"}, []),
        ({"value": 500, "unit": "ukat/L"}, []),
        ({"value": 500.1, "unit": "ukat/L"}, [""]),
        ({"value": 300, "upper_limit": 99.9}, [".upper_limit"]),
        ({"value": 300, "upper_limit": 100}, []),
        ({"value": 300, "upper_limit": 700}, []),
        ({"value": 300, "upper_limit": 700.1}, [".upper_limit"]),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 1.66}, [".upper_limit"]),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 1.67}, []),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 11.66}, []),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 11.67}, [".upper_limit"]),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 250}, [".upper_limit"]),
        ({"value": 5, "upper_limit": 50}, ["", ".upper_limit"]),
        ({"value": 5, "upper_limit": 250, "unit": "kat/L"}, [".unit"]),
    ],
)
def test_limits_of_ldh_hold_after_conversion(observation: Json, refused: list[str]) -> None:
    assert places(observed(ldh=observation)) == [f"{OBSERVATION}.ldh{field}" for field in refused]


@pytest.mark.parametrize(
    ("kind", "grade", "refused"),
    [
        *(("crs", grade, []) for grade in (1, 2, 3.0, 4, 5)),
        *(("icans", grade, []) for grade in (1, 5)),
        *(("crs", grade, ["events[0].grade"]) for grade in (0, 6, 1.5, -1)),
        *(("icans", grade, ["events[0].grade"]) for grade in (0, 6)),
        *((kind, 1, ["events[0].grade"]) for kind in ("infection", "death", "steroids")),
    ],
)
def test_only_crs_and_icans_have_a_grade(kind: str, grade: Any, refused: list[str]) -> None:
    assert places(happened(kind=kind, date="2024-03-09", grade=grade)) == refused


@pytest.mark.parametrize(
    ("kind", "cause", "refused"),
    [
        *(("death", cause, []) for cause in ("lymphoma", "treatment", "other", "unknown")),
        *(
            ("not_infused", cause, [])
            for cause in ("progression", "manufacturing", "death", "other")
        ),
        *((kind, "other", ["events[0].cause"]) for kind in ("crs", "discharge", "last_contact")),
    ],
)
def test_only_death_and_not_infused_have_a_cause(kind: str, cause: str, refused: list[str]) -> None:
    assert places(happened(kind=kind, date="2024-09-09", cause=cause)) == refused


@pytest.mark.parametrize(
    ("treatment", "refused"),
    [
        *((salvage("2024-09-01", kind), []) for kind in ("pola_br", "lenalidomide", "other")),
        (salvage("2024-09-01", "none_supportive"), []),
        (salvage("2024-09-01"), []),
        (line("2024-01-01") | {"class": "other"}, ["treatments[0].class"]),
        (bridging() | {"class": "other"}, ["treatments[0].class"]),
        (line("2024-01-01") | {"modality": "systemic"}, []),
    ],
)
def test_only_salvage_has_a_class(treatment: Json, refused: list[str]) -> None:
    assert places(whole(treatments=[treatment])) == refused


# Dates


@pytest.mark.parametrize(
    "written",
    [
        *("2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-3-1", "20240301"),
        *("2024-03-01T00:00", "2024-03-01 ", "01/03/2024", "2024-W09-5", "yesterday", ""),
        *("0000-01-01", "10000-01-01", "\uff12024-03-01", "2024-061"),
    ],
)
@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("birth_date", lambda day: whole(birth_date=day)),
        ("assessments[0].date", lambda day: visited(date=day)),
        ("treatments[0].start", lambda day: treated(role="line", start=day)),
        ("events[0].date", lambda day: happened(kind="crs", date=day)),
        (
            f"{OBSERVATION}.crp.observed_on",
            lambda day: observed(crp={"value": 1, "observed_on": day}),
        ),
    ],
)
def test_an_impossible_date_is_refused(
    place: str, document: Callable[[str], Json], written: str
) -> None:
    assert places(document(written)) == [place]


@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("assessments[0].date", lambda day: visited(date=day)),
        ("treatments[0].start", lambda day: treated(role="line", start=day)),
        ("treatments[0].end", lambda day: treated(role="line", start="2024-01-01", end=day)),
        (
            "treatments[0].response_on",
            lambda day: treated(role="line", start="2024-01-01", response_on=day),
        ),
        ("events[0].date", lambda day: happened(kind="crs", date=day)),
        (
            f"{OBSERVATION}.tp53.observed_on",
            lambda day: observed(tp53={"value": "altered", "observed_on": day}),
        ),
        (
            f"{OBSERVATION}.tp53.observed_on",
            lambda day: observed(tp53={"absent": "error", "observed_on": day}),
        ),
    ],
)
def test_a_date_before_birth_is_refused_at_its_own_place(
    place: str, document: Callable[[str], Json]
) -> None:
    assert places(document("1973-12-31")) == [place]


@pytest.mark.parametrize(
    "document",
    [
        visited(date=BORN),
        treated(role="line", start=BORN, end=BORN, response_on=BORN),
        happened(kind="crs", date=BORN),
        observed(tp53={"value": "altered", "observed_on": BORN}),
    ],
)
def test_a_date_on_the_day_of_birth_is_accepted(document: Json) -> None:
    assert problems(document) == []


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        ("2024-02-29", []),
        ("2024-03-01", []),
        ("2024-03-02", [f"{OBSERVATION}.crp.observed_on"]),
    ],
)
@pytest.mark.parametrize("observation", [{"value": 1}, {"absent": "temp-unknown"}])
def test_a_value_is_not_observed_after_its_visit(
    day: str, refused: list[str], observation: Json
) -> None:
    assert places(observed(crp=observation | {"observed_on": day})) == refused


@pytest.mark.parametrize("field", ["end", "response_on"])
@pytest.mark.parametrize(("day", "accepted"), [("2024-01-31", False), ("2024-02-01", True)])
def test_a_treatment_does_not_end_or_respond_before_its_start(
    field: str, day: str, accepted: bool
) -> None:
    document = treated(role="line", start="2024-02-01", **{field: day})

    assert places(document) == ([] if accepted else [f"treatments[0].{field}"])


# Milestones


@pytest.mark.parametrize("milestone", MILESTONES)
def test_a_milestone_stands_once(milestone: str) -> None:
    visit = {"milestone": milestone, "date": "2024-03-06"}

    assert places(whole(assessments=[visit, visit])) == ["assessments[1].milestone"]


def test_interim_visits_may_be_any_number() -> None:
    visits = [interim(day) for day in ("2024-05-01", "2024-05-01", "1980-01-01")]

    assert problems(case(infusion={}) | {"assessments": visits}) == []


@pytest.mark.parametrize("later", range(1, 7))
def test_milestones_stand_in_the_order_of_their_dates(later: int) -> None:
    milestones = (MILESTONES[later - 1], MILESTONES[later])

    def dated(*days: str) -> Json:
        return course({m: {} for m in milestones}, dates=dict(zip(milestones, days, strict=True)))

    assert problems(dated("2024-03-06", "2024-03-06")) == []
    assert places(dated("2024-03-06", "2024-03-05")) == ["assessments[1].date"]


def test_milestones_are_in_order_over_a_gap_whatever_the_order_of_the_list() -> None:
    document = case(election={}, day_28={}, dates={"day_28": "2023-12-31"})
    document["assessments"].reverse()

    assert places(document) == ["assessments[0].date"]


@pytest.mark.parametrize(
    ("relapse_on", "refused"),
    [("2024-03-05", ["assessments[1].date"]), ("2024-03-06", []), ("2024-03-07", [])],
)
def test_a_relapse_is_not_before_the_infusion(relapse_on: str, refused: list[str]) -> None:
    document = case(infusion={}, relapse={}, dates={"relapse": relapse_on})

    assert places(document) == refused


@pytest.mark.parametrize("relapse_on", ["2024-04-02", "2024-04-03", "2024-05-01", "2024-09-01"])
def test_a_relapse_may_fall_before_on_or_after_later_visits(relapse_on: str) -> None:
    document = case(infusion={}, day_28={}, day_90={}, relapse={}, dates={"relapse": relapse_on})

    assert problems(document) == []


def test_without_infusion_a_relapse_may_have_any_date() -> None:
    assert problems(case(election={}, relapse={}, dates={"relapse": "2023-01-01"})) == []


def test_a_refused_value_is_shown_with_the_unit_it_was_given_in() -> None:
    document = observed(hemoglobin={"value": 20, "unit": "mmol/L"})

    assert problems(document) == [
        f"{OBSERVATION}.hemoglobin: a number from 2 to 25 g/dL is expected; given: 20 mmol/L"
    ]
