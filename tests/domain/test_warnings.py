"""What a case document is accepted with: warnings."""

import json
from datetime import date
from typing import Any

import pytest

from riskfactors.assessing import findings_of
from tests.domain.cases import (
    DATES,
    MILESTONES,
    Json,
    bridging,
    case,
    course,
    findings,
    interim,
    line,
    relapsed,
    text,
    warnings,
)
from tests.domain.document_parts import QUANTITIES, named, observed, whole

# Warnings


def test_a_plain_case_has_no_warnings() -> None:
    document = case(
        lymphodepletion={"mtv": 100, "mtv_method": "suv_4_0", "prior_lines": 1},
        treatments=(line("2023-01-01"),),
        infusion={},
        day_7={},
        day_28={"response": "PR"},
        day_90={"response": "CR"},
    )

    assert warnings(document) == []


@named([v for v in QUANTITIES if v["unusual_outside"] != v["impossible_outside"]])
def test_a_quantity_outside_what_is_usual_is_accepted_with_a_warning(variable: Json) -> None:
    name = variable["name"]
    low, high = variable["unusual_outside"]
    possible_low, possible_high = variable["impossible_outside"]
    method = {"mtv_method": "other"} if name == "mtv" else {}

    found = {
        value: len(warnings(observed(**{name: value}, **method)))
        for value in (possible_low, low, high, possible_high)
    }

    assert found == {
        low: 0,
        high: 0,
        possible_low: int(possible_low < low),
        possible_high: int(possible_high > high),
    }


@pytest.mark.parametrize(
    ("observation", "count"),
    [
        ({"value": 300, "upper_limit": 190}, 0),
        ({"value": 300, "upper_limit": 280}, 0),
        ({"value": 300, "upper_limit": 189.9}, 1),
        ({"value": 300, "upper_limit": 280.1}, 1),
        ({"value": 79.9, "upper_limit": 189.9}, 2),
        ({"value": 80, "upper_limit": 250}, 0),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 3.1}, 1),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 4.1}, 0),
        ({"value": 1.3, "unit": "ukat/L", "upper_limit": 4.1}, 1),
        ({"value": 84, "unit": "ukat/L", "upper_limit": 4.1}, 1),
    ],
)
def test_unusual_values_and_limits_of_ldh_are_judged_after_conversion(
    observation: Json, count: int
) -> None:
    assert len(warnings(observed(ldh=observation))) == count


FRESH: list[tuple[str, Any, dict[str, int]]] = [
    ("crp", 9, {"infusion": 3, "lymphodepletion": 7, "otherwise": 14}),
    ("suvmax", 9, {"otherwise": 28}),
    ("ecog", 1, {"otherwise": 14}),
    ("ctdna", "detectable", {"otherwise": 14}),
    ("crs_grade_max", 1, {"otherwise": 14}),
    ("infection_active", "no", {"otherwise": 14}),
    ("tp53", "altered", {"otherwise": 10_000}),
    ("product", "axi_cel", {"otherwise": 10_000}),
    ("cirs_renal", 1, {"otherwise": 10_000}),
]


@pytest.mark.parametrize(("name", "value", "days"), FRESH)
@pytest.mark.parametrize("milestone", [*MILESTONES, "interim"])
def test_a_value_from_long_before_the_visit_is_accepted_with_a_warning(
    name: str, value: Any, days: dict[str, int], milestone: str
) -> None:
    allowed = days.get(milestone, days["otherwise"])
    visit = date(2024, 3, 6)

    def observed_before(age: int) -> Json:
        day = date.fromordinal(visit.toordinal() - age).isoformat()
        observation = {name: {"value": value, "observed_on": day}}
        return whole(
            assessments=[
                {"milestone": milestone, "date": "2024-03-06", "observations": observation}
            ]
        )

    found = [len(warnings(observed_before(age))) for age in (0, allowed, allowed + 1)]

    assert found == [0, 0, 0 if allowed == 10_000 else 1]


@pytest.mark.parametrize(
    ("milestone", "day", "count"),
    [
        *(("day_7", "2024-03-10", 1), ("day_7", "2024-03-11", 0)),
        *(("day_7", "2024-03-14", 0), ("day_7", "2024-03-15", 1)),
        *(("day_28", "2024-03-26", 1), ("day_28", "2024-03-27", 0)),
        *(("day_28", "2024-04-17", 0), ("day_28", "2024-04-18", 1)),
        *(("day_90", "2024-05-19", 1), ("day_90", "2024-05-20", 0)),
        *(("day_90", "2024-06-29", 0), ("day_90", "2024-06-30", 1)),
    ],
)
def test_a_visit_outside_its_window_is_accepted_with_a_warning(
    milestone: str, day: str, count: int
) -> None:
    with_infusion = course({"infusion": {}, milestone: {}}, dates={milestone: day})
    without_infusion = course({milestone: {}}, dates={milestone: day})

    assert len(warnings(with_infusion)) == count
    assert warnings(without_infusion) == []


@pytest.mark.parametrize(
    ("recorded", "listed", "count"), [(1, 1, 0), (2, 1, 0), (1, 2, 1), (0, 1, 1), (None, 3, 0)]
)
def test_fewer_lines_than_listed_are_accepted_with_a_warning(
    recorded: int | None, listed: int, count: int
) -> None:
    lines = tuple(line(f"202{year}-01-01") for year in range(listed))

    document = relapsed(lines=recorded, treatments=(*lines, bridging(), line("2024-08-01")))

    assert len(warnings(document)) == count


@pytest.mark.parametrize(
    ("observations", "count"),
    [
        ({"mtv": 100}, 1),
        ({"mtv": 100, "mtv_method": "suv_2_5"}, 0),
        ({"mtv": 100, "mtv_method": {"absent": "error"}}, 1),
        ({"mtv": {"absent": "error"}}, 0),
        ({"mtv_method": "suv_2_5"}, 0),
    ],
)
def test_a_volume_without_its_method_is_accepted_with_a_warning(
    observations: Json, count: int
) -> None:
    assert len(warnings(case(apheresis={}, lymphodepletion=observations))) == count


@pytest.mark.parametrize("milestone", ["day_28", "day_90"])
@pytest.mark.parametrize(
    ("response", "relapse", "count"), [("PD", False, 1), ("PD", True, 0), ("SD", False, 0)]
)
def test_progression_without_a_relapse_is_accepted_with_a_warning(
    milestone: str, response: str, relapse: bool, count: int
) -> None:
    visits: dict[str, Json] = {milestone: {"response": response}}

    document = course(visits | ({"relapse": {}} if relapse else {}))

    assert len(warnings(document)) == count


@pytest.mark.parametrize(
    ("infusion", "day", "count"),
    [
        ({"infusion": {}}, "2024-03-05", 0),
        ({"infusion": {}}, "2024-03-06", 0),
        ({"infusion": {}}, "2024-03-07", 1),
        ({}, "2024-05-01", 0),
    ],
)
def test_progression_at_an_interim_visit_after_the_infusion_is_accepted_with_a_warning(
    infusion: Json, day: str, count: int
) -> None:
    document = case(lymphodepletion={"response": "PD"}, **infusion)
    document["assessments"].append(interim(day, response="PD"))

    assert len(warnings(document)) == count


def test_each_progression_has_its_warning() -> None:
    document = case(day_28={"response": "PD"}, day_90={"response": "PD"})

    assert len(warnings(document)) == 2


def test_what_as_of_hides_gives_no_warning() -> None:
    document = case(infusion={}, day_28={"response": "PD", "mtv": 9}, relapse={})

    found = {day: len(findings(document, day)["warnings"]) for day in ("2024-04-02", "2024-04-03")}

    assert found == {"2024-04-02": 0, "2024-04-03": 2}


def test_an_absence_gives_no_warning() -> None:
    document = observed(crp={"absent": "not-performed", "observed_on": "2020-01-01"})

    assert warnings(document) == []


def test_a_line_that_starts_after_the_number_was_recorded_is_no_contradiction() -> None:
    document = course(
        {"election": {"prior_lines": 1}, "lymphodepletion": {"prior_lines": 2}},
        treatments=(line("2022-01-01"), line(DATES["apheresis"])),
    )

    assert warnings(document) == []


def test_an_unusual_value_is_shown_in_digits() -> None:
    document = text(case(infusion={"suvmax": 100})).replace(b"100", b"1e2")

    assert [w.split(": ", 2)[2] for w in json.loads(findings_of(document))["warnings"]] == [
        "SUVmax 100 is unusual (usually 0 to 60)."
    ]
