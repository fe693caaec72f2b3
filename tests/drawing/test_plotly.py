"""The course for Plotly: every value on one scale of days, in a figure that Plotly knows."""

import pytest

from riskfactors.domain.timeline import Track
from riskfactors.drawing.look import Figure
from riskfactors.drawing.plotly import course_figure
from tests.drawing.courses import all_courses, of_a_vignette
from tests.drawing.figures import problems_of
from tests.patients.screens import NAMES


def test_every_figure_of_a_course_is_one_that_plotly_draws() -> None:
    problems = {name: problems_of(course_figure(course)) for name, course in all_courses().items()}

    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize("fault", [{"hovermode": "nearest"}, {"xaxis": {"rnage": [0, 1]}}])
def test_what_plotly_does_not_know_is_noticed(fault: Figure) -> None:
    figure = course_figure(of_a_vignette(NAMES[0]))
    figure["layout"] |= fault

    assert problems_of(figure) != []


@pytest.mark.parametrize("name", NAMES)
def test_all_tracks_share_the_days_and_hold_every_value(name: str) -> None:
    timeline = of_a_vignette(name)

    figure = course_figure(timeline)

    assert {trace.get("xaxis", "x") for trace in figure["data"]} == {"x"}
    values = [
        trace for trace in figure["data"] if trace.get("yaxis") and "markers" in trace["mode"]
    ]
    tracks = [t for t in Track if any(p.value is not None for p in timeline.tracks[t])]
    assert [trace["x"] for trace in values] == [
        [point.day for point in timeline.tracks[track]] for track in tracks
    ]


def test_nothing_is_sent_or_saved() -> None:
    config = course_figure(of_a_vignette(NAMES[0]))["config"]

    assert config["showSendToCloud"] is False
    assert config["modeBarButtons"] == [["zoomIn2d", "zoomOut2d", "resetScale2d"]]
