"""The sheet of a course: names and numbers that nothing covers."""

from datetime import date
from itertools import pairwise

import pytest

from riskfactors.drawing import Sheet, sheet_of
from riskfactors.drawing.look import Figure
from riskfactors.drawing.plotly import course_figure
from tests.domain.test_timeline import laid
from tests.drawing.figures import problems_of
from tests.patients.screens import NAMES, vignette


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
