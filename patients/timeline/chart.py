"""The timeline on the page: the drawing, what Plotly makes of it, and the same as tables."""

from collections.abc import Iterator
from operator import attrgetter, itemgetter
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.timeline.course import Course
from riskfactors.domain.snapshot import Assessment
from riskfactors.domain.timeline import MARKED, CutOff, Expected, Point, Timeline, Track
from riskfactors.drawing import DEFAULT_TRACKS, names_svg, sheet_of, svg
from riskfactors.drawing.plotly import course_figure
from riskfactors.markup import data_of, rendered
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of
from riskfactors.words.course import (
    MARKERS,
    TRACKS,
    confounders_words,
    happening_words,
    listed,
    measured,
    signed,
    timing_words,
    treatment_words,
)
from riskfactors.words.facts import amount, day_words, reason_words, value_words, with_unit
from riskfactors.words.translating import gettext as _

ON_DEMAND: Final = {
    "ferritin": (gettext_noop("Ferritin"), (Track.FERRITIN,)),
    "counts": (
        gettext_noop("Blood counts and creatinine"),
        (Track.NEUTROPHILS, Track.HEMOGLOBIN, Track.PLATELETS, Track.CREATININE),
    ),
}
"""Charts that are drawn when they are asked for: the first one stays readable."""


class Chart(Struct, frozen=True):
    """A drawing with the figure that takes its place, and its names for a narrow screen."""

    title: str
    dom_id: str
    drawing: SafeString
    names: SafeString
    data: SafeString


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
    """The timeline with its tables."""

    chart: Chart
    on_demand: tuple[Chart, ...]
    about: str
    legend: tuple[str, ...]
    visits: SafeString
    happened: SafeString


def timeline_part(course: Course) -> TimelinePart:
    """The whole timeline of a course."""
    timeline = course.timeline
    label = _("Timeline of the course; the tables below it say the same")
    return TimelinePart(
        chart=_chart(timeline, "timeline", DEFAULT_TRACKS, label),
        on_demand=tuple(
            _chart(timeline, name, drawn, _(title))
            for name, (title, tracks) in ON_DEMAND.items()
            if (drawn := tuple(t for t in tracks if any(p.observation for p in timeline.tracks[t])))
        ),
        about=_about(timeline),
        legend=tuple(_legend(timeline)),
        visits=rendered("patients/timeline/table.jinja", table=_visits(course)),
        happened=rendered("patients/timeline/table.jinja", table=_happened(timeline)),
    )


def _chart(timeline: Timeline, name: str, tracks: tuple[Track, ...], label: str) -> Chart:
    sheet = sheet_of(timeline, tracks)
    dom_id = f"chart-{name}"
    spec = data_of(course_figure(sheet))
    return Chart(label, dom_id, svg(sheet, label=label), names_svg(sheet), spec)


def _about(timeline: Timeline) -> str:
    if timeline.from_infusion:
        return _("Days relative to the infusion on %s.") % day_words(timeline.origin)
    if not timeline.visits:
        return _("No infusion and no visit is recorded.")
    return _("No infusion is recorded: days relative to the first assessment on %s.") % day_words(
        timeline.origin
    )


def _legend(timeline: Timeline) -> Iterator[str]:
    yield _("A line breaks where a value is missing.")
    if timeline.cut_offs:
        yield _("Dashed: published cut-offs, drawn only at the visit where they were studied.")
    confounded = {
        confounders_words(p) for points in timeline.tracks.values() for p in points if p.confounders
    }
    if confounded:
        yield _(
            "† and an open circle: recorded with the value was something that can move it by "
            "itself (%s); a fall after tocilizumab is not an improvement."
        ) % "; ".join(sorted(confounded))
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
    return listed((reason_words(absence.reason), absence.note or "")) if absence else "–"


def _happened(timeline: Timeline) -> Table:
    """Treatments, events, and visits that are expected, in the order of days."""
    rows = [(span.start, treatment_words(span.treatment)) for span in timeline.spans]
    rows += [(happening.day, happening_words(happening)) for happening in timeline.happenings]
    rows += [
        (cut.day, _cut_off_words(cut))
        for cut in sorted(timeline.cut_offs, key=attrgetter("number"))
    ]
    rows += [(visit.opens, _expected_words(visit)) for visit in timeline.expected]
    return Table(
        (_("Day"), _("What")),
        tuple(TableRow((signed(day), said)) for day, said in sorted(rows, key=itemgetter(0))),
    )


def _expected_words(visit: Expected) -> str:
    return _("%(visit)s expected from day %(opens)s to %(closes)s: %(due)s") % {
        "visit": milestone_name(visit.milestone),
        "opens": signed(visit.opens),
        "closes": signed(visit.closes),
        "due": timing_words(visit.timing),
    }


def _cut_off_words(cut_off: CutOff) -> str:
    unit = catalogue().dictionary.variables[cut_off.track].unit
    return _("Published cut-off of %(name)s, studied at %(visit)s: %(number)s") % {
        "name": name_of(cut_off.track),
        "visit": milestone_name(cut_off.milestone),
        "number": with_unit(amount(cut_off.number), unit),
    }
