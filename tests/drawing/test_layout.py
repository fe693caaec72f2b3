"""Where things lie on the sheet of a course: apart, in sight, at their day, in every course."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product
from typing import Final

import pytest

from riskfactors.domain.timeline import Timeline, Track
from riskfactors.drawing import Sheet, has_values, sheet_of
from riskfactors.drawing.parts import DAYS, GUTTER, STRETCHES, Box, Label
from riskfactors.drawing.room import crosses
from riskfactors.words.course import (
    happening_words,
    marker_words,
    point_words,
    treatment_words,
)
from riskfactors.words.drawn import cut_off_words, expected_words, visit_words
from tests.drawing.courses import MADE_UP, all_courses
from tests.patients.screens import NAMES

HIGHEST: Final = 330
DEFAULT: Final = (Track.LDH, Track.CRP, Track.MTV, Track.SUVMAX)
FOLDED: Final = tuple((track,) for track in Track if track not in DEFAULT)


@cache
def sheets() -> dict[str, Sheet]:
    return {name: sheet_of(timeline) for name, timeline in all_courses().items()}


def folded_sheet(timeline: Timeline) -> Sheet:
    """What is drawn when it is asked for."""
    return sheet_of(timeline, [each for each in FOLDED if has_values(timeline, each)])


def faults(of: Callable[[Timeline, Sheet], Iterator[str]]) -> list[str]:
    """What is wrong with the sheets of all courses."""
    return [
        f"{name}: {fault}"
        for name, timeline in all_courses().items()
        for fault in of(timeline, sheets()[name])
    ]


def labels(sheet: Sheet, *, shown: str = "day") -> list[Label]:
    """Every label on the days; of days and dates only those that are shown."""
    hidden = {"day": "date", "date": "day"}[shown]
    texts = [text for text in sheet.texts if text.look != hidden]
    return texts + [item.label for item in sheet.items if item.label is not None]


def overlapping(_timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    for stretch in STRETCHES:
        for shown in ("day", "date"):
            boxed = [(each.text, each.box(stretch)) for each in labels(sheet, shown=shown)]
            for (one, box), (other, near) in combinations(boxed, 2):
                if box.touches(near):
                    yield f"{one} on {other} ({stretch})"


def covered(_timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    """Labels on the mark of something else; a tile and a long bar hold their own."""
    for stretch in STRETCHES:
        for item in sheet.items:
            if item.label is None:
                continue
            box = item.label.box(stretch)
            for other in sheet.items:
                own = item is other and item.shape in ("tile", "bar")
                if not own and any(box.touches(mark) for mark in other.boxes(stretch)):
                    yield f"{item.label.text} on {other.words} ({stretch})"


def crossed(_timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    for label in labels(sheet):
        for stretch in STRETCHES:
            box = label.box(stretch)
            if any(crosses(trace, box, stretch) for trace in sheet.traces):
                yield f"a line of values through {label.text} ({stretch})"
            for rule in sheet.rules:
                upright = rule.kind in ("visit", "infusion")
                line = Box(rule.x0 * stretch, rule.y0, rule.x0 * stretch, rule.y1)
                if upright and box.touches(line):
                    yield f"a visit through {label.text} ({stretch})"


def outside(_timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    for label in labels(sheet):
        for stretch in STRETCHES:
            box = label.box(stretch)
            if box.x0 < -1 or box.x1 > DAYS * stretch + 1 or box.y0 < -1 or box.y1 > sheet.height:
                yield f"{label.text} ({stretch})"


def crowded(timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    """Names that leave the gutter, or of rows on what else stands there, also of folded tracks."""
    for each in (sheet, folded_sheet(timeline)):
        for name in each.names:
            box = name.box()
            if box.x0 < 0 or box.x1 > GUTTER or box.y1 > each.height:
                yield name.text
        rows = [name for name in each.names if name.look == "name"]
        for row, other in product(rows, each.names):
            if row is not other and row.box().touches(other.box()):
                yield f"{row.text} on {other.text}"


def too_high(_timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    if sheet.height > HIGHEST:
        yield f"{sheet.height}"


def unsaid(timeline: Timeline, sheet: Sheet) -> Iterator[str]:
    """What was recorded and is in no words of the drawing, folded tracks included."""
    drawn = (sheet, folded_sheet(timeline))
    said = {line for each in drawn for item in each.items for line in item.words}
    wanted = [treatment_words(span.treatment) for span in timeline.spans]
    wanted += [happening_words(happening) for happening in timeline.happenings]
    wanted += [marker_words(marker) for marker in timeline.markers]
    wanted += [visit_words(visit) for visit in timeline.visits]
    wanted += [expected_words(visit) for visit in timeline.expected]
    wanted += [cut_off_words(cut_off) for cut_off in timeline.cut_offs]
    for track, points in timeline.tracks.items():
        wanted += [point_words(track, p) for p in points if p.observation is not None]
    yield from (words for words in wanted if words not in said)


@pytest.mark.parametrize(
    "fault",
    [overlapping, covered, crossed, outside, crowded, too_high, unsaid],
    ids=lambda f: f.__name__,
)
def test_in_no_course_is_a_label_covered_cut_off_or_missing(
    fault: Callable[[Timeline, Sheet], Iterator[str]],
) -> None:
    assert len(all_courses()) == len(NAMES) + MADE_UP
    assert faults(fault) == []
