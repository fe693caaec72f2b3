"""The sheet of a course: names and numbers that nothing covers."""

from datetime import date
from itertools import chain, pairwise

import pytest

from patients.timeline.chart import ON_DEMAND
from riskfactors.domain.timeline import Track
from riskfactors.drawing import Sheet, sheet_of
from riskfactors.drawing.look import Figure
from riskfactors.drawing.plotly import course_figure
from riskfactors.drawing.scales import LOGARITHMIC
from riskfactors.drawing.sheet import DEFAULT_TRACKS
from riskfactors.published import catalogue
from riskfactors.words.course import TRACKS
from tests.domain.cases import case, event
from tests.domain.test_timeline import laid
from tests.drawing.figures import problems_of
from tests.patients.screens import NAMES, plain, vignette


def sheet(name: str) -> Sheet:
    return sheet_of(laid(vignette(name), date(2026, 1, 1)))


@pytest.mark.parametrize("name", NAMES)
def test_lines_and_windows_begin_under_the_names_of_visits(name: str) -> None:
    drawn = sheet(name)

    lowest = max(text.y for text in drawn.texts if text.kind in ("visit", "window"))
    across = [r for r in drawn.rules if r.kind in ("visit", "infusion", "window")]
    assert across
    assert [rule for rule in across if min(rule.y0, rule.y1) <= lowest] == []


@pytest.mark.parametrize("name", NAMES)
def test_days_are_labelled_apart_from_each_other(name: str) -> None:
    places = [text.x for text in sheet(name).texts if text.kind == "day"]

    assert len(places) > 5
    assert [gap for one, next_ in pairwise(places) if (gap := next_ - one) < 44] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_row_of_days_has_a_name(name: str) -> None:
    drawn = sheet(name)

    (heights,) = {text.y for text in drawn.texts if text.kind == "day"}
    assert [g.text for g in drawn.gutters if g.y == heights] == ["Day"]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_course_is_one_that_plotly_draws(name: str) -> None:
    assert problems_of(course_figure(sheet(name))) == []


@pytest.mark.parametrize("fault", [{"hovermode": "nearest"}, {"xaxis": {"rnage": [0, 1]}}])
def test_what_plotly_does_not_know_is_noticed(fault: Figure) -> None:
    figure = course_figure(sheet(NAMES[0]))
    figure["layout"] |= fault

    assert problems_of(figure) != []


def test_an_event_with_a_last_day_is_a_bar_and_without_one_a_mark() -> None:
    document = case(
        infusion={},
        events=(
            event("icans", "2024-03-10", grade=2) | {"end": "2024-03-14"},
            event("crs", "2024-03-08", grade=1),
        ),
    )

    drawn = sheet_of(laid(document, date(2024, 3, 20)))

    shapes = {item.text: (item.shape, item.kind) for item in drawn.items if item.kind != "infusion"}
    assert shapes["ICANS grade 2"] == ("bar", "toxicity")
    assert shapes["CRS grade 1"] == ("mark", "event")
    bar = next(item for item in drawn.items if item.shape == "bar")
    assert bar.end > bar.x
    assert "10 Mar 2024 (day +4) to 14 Mar 2024" in plain(bar.words)
    assert problems_of(course_figure(drawn)) == []


def test_what_is_followed_is_a_quantity_with_a_name_and_drawn_in_one_chart() -> None:
    charts = [DEFAULT_TRACKS, *(tracks for _title, tracks in ON_DEMAND.values())]
    quantities = catalogue().dictionary.quantities

    assert [track for track in Track if track not in quantities] == []
    assert list(TRACKS) == list(Track), "words/course.py names every track, in their order"
    assert sorted(chain(*charts)) == sorted(Track), "a track stands in DEFAULT_TRACKS or ON_DEMAND"


def test_a_logarithmic_axis_says_that_it_is_one() -> None:
    said = {track for track, (_name, unit) in TRACKS.items() if "log axis" in unit}

    assert said == set(LOGARITHMIC)


def test_counts_have_a_sheet_of_their_own_and_leave_the_timeline_as_it_is() -> None:
    values = {"neutrophils": 0.4, "hemoglobin": 8.4, "platelets": 22, "creatinine": 0.9}
    timeline = laid(case(infusion={"product": "axi_cel"}, day_28=values), date(2024, 5, 1))

    default, counts = sheet_of(timeline), sheet_of(timeline, ON_DEMAND["counts"][1])

    names = ["Neutrophils", "Haemoglobin", "Platelets", "Creatinine"]
    assert [g.text for g in counts.gutters if g.text in names] == names
    assert [g.text for g in default.gutters if g.text in names] == []
    assert [i.text for i in counts.items if i.shape == "value"] == ["0.4", "8.4", "22", "0.9"]


def test_a_value_beyond_a_limit_is_drawn_with_its_sign() -> None:
    crp = {"value": 5, "comparator": "<"}

    drawn = sheet_of(laid(case(infusion={"crp": crp}), date(2024, 5, 1)))

    assert [i.text for i in drawn.items if i.shape == "value"] == ["<5"]


def test_a_response_that_could_not_be_told_is_no_response_of_none() -> None:
    untold = {"response": {"absent": "error"}}

    drawn = sheet_of(laid(case(infusion={}, day_28=untold), date(2024, 5, 1)))

    assert [i.text for i in drawn.items if i.kind == "response"] == ["not evaluable"]
