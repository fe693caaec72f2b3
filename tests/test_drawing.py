"""The sheet of a course: names and numbers that nothing covers."""

from datetime import date
from itertools import pairwise

import pytest

from riskfactors.drawing import Sheet, sheet_of
from tests.domain.test_timeline import laid
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
