"""The sheet of a course: what is drawn as what, what is left out, and where cut-offs stand."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from patients.course.chart import MORE
from riskfactors.domain.timeline import Track
from riskfactors.drawing import Sheet, sheet_of
from riskfactors.drawing.parts import Item
from riskfactors.drawing.scales import LOGARITHMIC, axis_of, days_of
from riskfactors.drawing.sheet import DEFAULT_TRACKS
from riskfactors.published import catalogue
from riskfactors.words.course import TRACKS
from riskfactors.words.drawn import UNITS
from tests.domain.cases import Json, bridging, case, event, interim, line
from tests.domain.test_timeline import laid
from tests.drawing.courses import all_courses, of_a_vignette
from tests.patients.screens import NAMES, plain

TODAY = date(2024, 5, 1)


def drawn(document: Json, as_of: date = TODAY) -> Sheet:
    return sheet_of(laid(document, as_of))


def row(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    """What stands in a row: its letters and its look, from the left."""
    return [(_letters(item), item.look) for item in sheet.items if item.row == name]


def _letters(item: Item) -> str:
    return item.label.text if item.label else ""


@pytest.mark.parametrize("name", NAMES)
def test_lines_and_windows_begin_under_the_names_of_visits(name: str) -> None:
    sheet = sheet_of(of_a_vignette(name))

    names = [item.label.y for item in sheet.items if item.row == "head" and item.label]
    across = [r for r in sheet.rules if r.kind in ("visit", "infusion", "window", "earlier")]
    assert across
    assert [rule for rule in across if rule.y0 <= max(names)] == []


def test_responses_are_letters_on_tiles_each_with_its_score() -> None:
    sheet = drawn(
        case(
            infusion={},
            day_28={"response": "PR", "deauville": 4},
            day_90={"response": {"absent": "error"}},
        ),
        date(2024, 8, 1),
    )

    assert row(sheet, "response") == [
        ("PR", "response-pr"),
        ("DS 4", "deauville"),
        ("NE", "response-ne"),
    ]


def test_toxicity_of_one_day_is_one_strip_and_what_lasts_is_underlined() -> None:
    events = (
        event("icans", "2024-03-10", grade=2) | {"end": "2024-03-14"},
        event("crs", "2024-03-08", grade=3),
        event("tocilizumab", "2024-03-08"),
    )

    sheet = drawn(case(infusion={}, events=events))

    assert row(sheet, "toxicity") == [
        ("CRS 3", "grade-3"),
        ("toci", "given"),
        ("ICANS 2", "grade-2"),
    ]
    crs, toci, icans = (item for item in sheet.items if item.row == "toxicity")
    assert (crs.x, crs.y, crs.dx + crs.width) == (toci.x, toci.y, toci.dx)
    assert (crs.end, icans.end) == (None, days_of(laid(case(infusion={}, events=events), TODAY))(8))
    assert "10 Mar 2024 (day +4) to 14 Mar 2024" in plain(icans.words[0])


def test_the_worst_grade_of_a_visit_is_said_with_its_event_and_drawn_without_one() -> None:
    sheet = drawn(
        case(
            infusion={},
            day_7={"crs_grade_max": 2, "icans_grade_max": 1},
            events=(event("crs", "2024-03-08", grade=2),),
        )
    )

    assert row(sheet, "toxicity") == [("CRS 2", "grade-2"), ("ICANS max 1", "grade-1")]
    crs = next(item for item in sheet.items if item.row == "toxicity")
    assert [plain(words).partition(":")[0] for words in crs.words] == [
        "Cytokine release syndrome, grade 2, 8 Mar 2024 (day +2)",
        "Worst cytokine release syndrome, grade",
    ]


def test_what_finds_no_room_is_counted_and_each_of_it_is_said() -> None:
    events = tuple(event("infection", f"2024-03-{day:02}") for day in range(6, 31))

    sheet = drawn(case(infusion={}, events=events))

    counted = [item for item in sheet.items if item.look == "several"]
    assert [_letters(item) for item in counted] == [f"{len(i.words)} events" for i in counted]
    said = sorted(words for i in sheet.items if i.row == "toxicity" for words in i.words)
    assert len(said) == len(events)


def test_a_treatment_is_a_bar_and_one_without_an_end_points_onward() -> None:
    treatments = (line("2023-09-01", end="2023-12-01", regimen="R-CHOP"), bridging("2024-02-10"))

    sheet = drawn(case(election={}, infusion={}, treatments=treatments))

    assert row(sheet, "therapy") == [
        ("R-CHOP", "line"),
        ("systemic", "bridging open"),
        ("CAR T", "cells"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_cut_offs_stand_at_the_visit_where_they_were_studied_and_nowhere_else(name: str) -> None:
    timeline = of_a_vignette(name)

    dashes = [item for item in sheet_of(timeline).items if item.shape == "cut-off"]

    days = days_of(timeline)
    studied = {(c.day, days(c.day)) for c in timeline.cut_offs}
    assert {(dash.day, dash.x) for dash in dashes} == studied
    assert sum(len(dash.heights) for dash in dashes) == len(
        {(c.track, c.number) for c in timeline.cut_offs}
    )


def test_days_that_are_left_out_are_counted_where_they_are_missing() -> None:
    for name, timeline in all_courses().items():
        gaps = days_of(timeline).gaps

        marks = [item for item in sheet_of(timeline).items if item.shape == "gap"]
        assert {(mark.day, _letters(mark)) for mark in marks} == {
            (gap.start, f"{gap.left_out} d") for gap in gaps
        }, name
        assert [gap for gap in gaps if gap.left_out <= 0] == []


def test_all_other_days_from_the_first_visit_on_are_equally_wide() -> None:
    for name, timeline in all_courses().items():
        days = days_of(timeline)
        cut = {gap.start for gap in days.gaps}

        knots = list(zip(days.days, days.places, strict=True))
        wide = {
            round((x1 - x0) / (d1 - d0), 2)
            for (d0, x0), (d1, x1) in pairwise(knots)
            if d0 >= days.first and d0 not in cut
        }
        assert max(wide, default=0) - min(wide, default=0) < 0.02, name


def test_a_line_over_days_that_are_left_out_is_broken() -> None:
    document = case(
        infusion={"suvmax": 20},
        day_28={"suvmax": 9},
        relapse={"suvmax": 12},
        dates={"relapse": "2026-03-01"},
    )
    document["assessments"].insert(2, interim("2026-02-20", suvmax=8))

    sheet = drawn(document, date(2026, 4, 1))

    assert [(trace.look, trace.broken) for trace in sheet.traces] == [
        ("second", False),
        ("second", True),
        ("second", False),
    ]


def test_the_limit_is_a_line_with_its_name_and_a_value_without_a_limit_is_said() -> None:
    sheet = drawn(
        case(
            lymphodepletion={"ldh": {"value": 500, "upper_limit": 250}},
            infusion={"ldh": {"value": 300}},
        )
    )

    (limit,) = [rule for rule in sheet.rules if rule.kind == "limit"]
    (name,) = [name for name in sheet.names if name.look == "limit"]
    assert (name.text, name.y) == ("limit 1.0", limit.y0 + 4)
    assert row(sheet, "ldh") == [("2.00", "first plain"), ("?", "first unknown")]


@pytest.mark.parametrize("values", [("0",), ("0", "12"), ("44", "610"), ("0.4", "7000")])
def test_no_logarithmic_axis_has_a_zero(values: tuple[str, ...]) -> None:
    numbers = [Decimal(value) for value in values]

    axis = axis_of(Track.MTV, numbers, top=0, bottom=60)

    assert min(axis.ticks()) > 0
    assert [height for number in numbers if not 0 <= (height := axis(number)) <= 60] == []


def test_a_value_that_something_may_have_moved_is_marked() -> None:
    given = {"crp": 9, "tocilizumab_given": "yes"}

    sheet = drawn(case(infusion={}, day_7=given))

    assert row(sheet, "crp") == [("9†", "first moved")]


def test_what_is_followed_is_a_quantity_with_a_name_and_drawn_in_one_chart() -> None:
    charts = [DEFAULT_TRACKS, *(tracks for _title, tracks in MORE.values())]
    quantities = catalogue().dictionary.quantities

    assert [track for track in Track if track not in quantities] == []
    assert list(TRACKS) == list(Track), "words/course.py names every track, in their order"
    drawn_in_one = [track for panels in charts for panel in panels for track in panel]
    assert sorted(drawn_in_one) == sorted(Track), "a track stands in DEFAULT_TRACKS or MORE"


def test_a_logarithmic_axis_says_that_it_is_one() -> None:
    units = {track: UNITS.get(track, unit) for track, (_name, unit) in TRACKS.items()}

    assert {track for track, unit in units.items() if "log" in unit} == set(LOGARITHMIC)
    assert {track for track, (_name, unit) in TRACKS.items() if "log axis" in unit} == LOGARITHMIC


def test_counts_have_a_sheet_of_their_own_and_leave_the_timeline_as_it_is() -> None:
    values = {"neutrophils": 0.4, "hemoglobin": 8.4, "platelets": 22, "creatinine": 0.9}
    timeline = laid(case(infusion={"product": "axi_cel"}, day_28=values), TODAY)

    default, counts = sheet_of(timeline), sheet_of(timeline, MORE["counts"][1])

    names = ["Neutrophils", "Haemoglobin", "Platelets", "Creatinine"]
    assert [name.text for name in counts.names if name.text in names] == names
    assert [name.text for name in default.names if name.text in names] == []
    assert [_letters(i) for i in counts.items if i.shape == "dot"] == ["0.4", "8.4", "22", "0.9"]


def test_a_value_beyond_a_limit_is_drawn_with_its_sign() -> None:
    crp = {"value": 5, "comparator": "<"}

    sheet = drawn(case(infusion={"crp": crp}))

    assert [_letters(item) for item in sheet.items if item.shape == "dot"] == ["<5"]
