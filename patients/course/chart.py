"""The timeline on the page: the drawing, what Plotly makes of it, and the same as tables."""

from collections.abc import Iterator
from operator import attrgetter, itemgetter
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.course.known import Course, address_of
from riskfactors.beside.citations import Link
from riskfactors.domain.snapshot import Assessment
from riskfactors.domain.timeline import MARKED, Point, Timeline, Track
from riskfactors.drawing import DEFAULT_TRACKS, has_values, sheet_of, svg
from riskfactors.markup import rendered
from riskfactors.words import milestone_name
from riskfactors.words.course import (
    MARKERS,
    TRACKS,
    confounder_name,
    confounders_words,
    happening_words,
    listed,
    measured,
    signed,
    treatment_words,
)
from riskfactors.words.drawn import cut_off_words, expected_words
from riskfactors.words.facts import day_words, untold_words, value_words
from riskfactors.words.translating import gettext as _

MORE: Final = {
    "ferritin": (gettext_noop("Ferritin"), ((Track.FERRITIN,),)),
    "counts": (
        gettext_noop("Blood counts, creatinine"),
        ((Track.NEUTROPHILS,), (Track.HEMOGLOBIN,), (Track.PLATELETS,), (Track.CREATININE,)),
    ),
}
"""Drawings that are fetched when they are unfolded: the first one stays readable."""


class Chart(Struct, frozen=True):
    """A drawing with its title."""

    title: str
    dom_id: str
    drawing: SafeString


class TableRow(Struct, frozen=True):
    """Cells, then where it has one the name of the row with the cells that it is the name of."""

    first: tuple[str, ...]
    name: str = ""
    cells: tuple[str, ...] = ()


class Table(Struct, frozen=True):
    """A table of words."""

    head: tuple[str, ...]
    rows: tuple[TableRow, ...]


class TimelinePart(Struct, frozen=True, kw_only=True):
    """The timeline with its tables, and the addresses of what is fetched when it is asked for."""

    figure_url: str
    file_url: str
    chart: Chart
    more: tuple[Link, ...]
    about: str
    legend: tuple[str, ...]
    visits: SafeString
    happened: SafeString


def timeline_part(course: Course) -> TimelinePart:
    """The whole timeline of a course."""
    timeline = course.timeline
    label = _("Timeline of the course; the tables below it say the same")
    return TimelinePart(
        figure_url=address_of(course, "timeline_figure"),
        file_url=address_of(course, "timeline_file"),
        chart=_chart(timeline, "timeline", DEFAULT_TRACKS, label),
        more=tuple(
            Link(_(title), address_of(course, "chart", name))
            for name, (title, tracks) in MORE.items()
            if any(has_values(timeline, each) for each in tracks)
        ),
        about=_about(timeline),
        legend=tuple(_legend(timeline)),
        visits=rendered("patients/course/table.jinja", table=_visits(course)),
        happened=rendered("patients/course/table.jinja", table=_happened(timeline)),
    )


def more_of(course: Course, name: str) -> Chart | None:
    """One of the drawings that are fetched, if there is anything to draw."""
    title, tracks = MORE.get(name, ("", ()))
    drawn = tuple(each for each in tracks if has_values(course.timeline, each))
    return _chart(course.timeline, name, drawn, _(title)) if drawn else None


def _chart(
    timeline: Timeline, name: str, tracks: tuple[tuple[Track, ...], ...], label: str
) -> Chart:
    return Chart(label, f"chart-{name}", svg(sheet_of(timeline, tracks), label=label))


def _about(timeline: Timeline) -> str:
    if timeline.from_infusion:
        return _("Day 0: infusion, %s") % day_words(timeline.origin)
    if not timeline.visits:
        return _("No infusion and no visit is recorded.")
    return _("No infusion is recorded: days relative to the first assessment on %s.") % day_words(
        timeline.origin
    )


def _legend(timeline: Timeline) -> Iterator[str]:
    yield _(
        "Bars: lines of therapy plain, bridging dashed, lymphodepletion dark, salvage with a thick "
        "edge; a pointed one has no recorded end."
    )
    yield _(
        "Tiles: CR round, PR with round corners, SD with square ones, PD pointed and dark, "
        "NE (not evaluable) dashed; DS: Deauville score; toxicity with its grade, the darker the "
        "higher; a line under it: until when it lasted."
    )
    yield _("ctDNA: + detectable, − undetectable.")
    yield _("PET: squares are metabolic tumour volume, circles SUVmax with its axis at the right.")
    yield _("A line breaks where a value is missing; it is dotted where days are left out.")
    yield _(
        "//: days in which nothing was recorded are left out, as many as stand under it. Grey at "
        "the left: before the first visit, where days are on a scale of their own."
    )
    if timeline.cut_offs:
        yield _("Dashed: published cut-offs, drawn only at the visit where they were studied.")
    moved_by = {
        name for points in timeline.tracks.values() for p in points for name in p.confounders
    }
    if moved_by:
        yield _(
            "† and an open circle: recorded with the value was something that can move it by "
            "itself (%s); a fall after tocilizumab is not an improvement."
        ) % "; ".join(sorted(map(confounder_name, moved_by)))
    if timeline.expected:
        yield _("Shaded: the window of a visit that is not recorded.")


def _visits(course: Course) -> Table:
    """One row for each visit, with every value of the tracks and markers."""
    timeline = course.timeline
    tracks = [t for t in Track if any(p.observation for p in timeline.tracks[t])]
    marked = [m for m in MARKED if any(x.variable == m for x in timeline.markers)]
    head = [_("Day"), _("Date"), _("Visit")]
    head += [_(TRACKS[t][0]) for t in tracks] + [_(MARKERS[m]) for m in marked]
    rows = []
    for visit in sorted(course.snapshot.assessments, key=attrgetter("place")):
        cells = [_measured(timeline, track, visit) for track in tracks]
        cells += [_coded(visit, variable) for variable in marked]
        day = signed((visit.date - timeline.origin).days)
        name = milestone_name(visit.milestone)
        rows.append(TableRow((day, day_words(visit.date)), name, tuple(cells)))
    return Table(tuple(head), tuple(rows))


def _measured(timeline: Timeline, track: Track, visit: Assessment) -> str:
    """The value of a track at a visit: unit, another day of observation, what can move it."""
    observation = visit.observations.get(track)
    if observation is None:
        return _absence(visit, track)
    point = next(p for p in timeline.tracks[track] if p.observation is observation)
    return listed((measured(track, point), _day_of(visit, track), _moved(point)))


def _moved(point: Point) -> str:
    return f"† {confounders_words(point)}" if point.confounders else ""


def _coded(visit: Assessment, variable: str) -> str:
    observation = visit.observations.get(variable)
    if observation is None:
        return _absence(visit, variable)
    return listed((value_words(observation.fact), _day_of(visit, variable), observation.note or ""))


def _day_of(visit: Assessment, name: str) -> str:
    """The day of the observation, where it is not that of the visit."""
    on = visit.observations[name].fact.observed_on
    return "" if on == visit.date else day_words(on)


def _absence(visit: Assessment, name: str) -> str:
    absence = visit.absences.get(name)
    return listed((untold_words(name, absence), absence.note or "")) if absence else "–"


def _happened(timeline: Timeline) -> Table:
    """Treatments, events, and visits that are expected, in the order of days."""
    rows = [(span.start, treatment_words(span.treatment)) for span in timeline.spans]
    rows += [(happening.day, happening_words(happening)) for happening in timeline.happenings]
    rows += [
        (cut.day, cut_off_words(cut)) for cut in sorted(timeline.cut_offs, key=attrgetter("number"))
    ]
    rows += [(visit.opens, expected_words(visit)) for visit in timeline.expected]
    return Table(
        (_("Day"), _("What")),
        tuple(TableRow((signed(day), said)) for day, said in sorted(rows, key=itemgetter(0))),
    )
