"""What is seen of a course in five seconds: day, response, uptake, ctDNA, worst toxicity."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from patients.course.columns import unbroken_milestone
from patients.course.known import Course
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.timeline import Marker, Point, Track, worst
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Response
from riskfactors.words import milestone_name, unbroken
from riskfactors.words.course import day_number, note_words, signed
from riskfactors.words.facts import day_words, reason_words, value_words
from riskfactors.words.translating import gettext as _

OLDEST: Final = 90
"""From this age on ten years of age are few people."""


class Tile(Struct, frozen=True):
    """One thing to be seen at a glance: what, its value, when; `tone` names a look."""

    name: str
    value: str
    about: str = ""
    tone: str = ""


def unrecorded(name: str) -> Tile:
    """A tile that cannot be taken for a value."""
    return Tile(name, _("not recorded"), tone="unrecorded")


def state(course: Course) -> Iterator[Tile]:
    """The tiles of the state, in their order."""
    yield now(course)
    if (before := response_before(course)) is not None:
        yield before
    yield _marked(course, "deauville")
    yield _uptake(course)
    yield _marked(course, "ctdna")
    yield from _toxicity(course)


def day(course: Course) -> Tile:
    """The day of the last visit. Without an infusion there is none: a day from the first visit
    would be read as one after the infusion."""
    timeline = course.timeline
    if not timeline.visits:
        return Tile(_("Day"), _("no visit recorded"))
    if not timeline.from_infusion:
        return Tile(_("Day"), _("no infusion recorded"))
    last = timeline.visits[-1]
    return Tile(_("Day after infusion"), unbroken(_("Day %s") % signed(last.day)))


def by_tens(years: int) -> str:
    """An age by ten years, for those who need not know who it is."""
    if years >= OLDEST:
        return _("%s years or older") % OLDEST
    first = years // 10 * 10
    return _("%(from)s–%(to)s years") % {"from": first, "to": first + 9}


def today(course: Course) -> str:
    """The day after the infusion on which the case is known, unless the patient has died."""
    timeline = course.timeline
    if not timeline.from_infusion or course.snapshot.died_on is not None:
        return ""
    return f" ({day_number(timeline.today)})"


def _latest(course: Course, variable: str, *, after: bool, evaluable: bool = True) -> Marker | None:
    """The last value of one side of the infusion, or the last time that there could be none; of two
    on one day that of the visit later in the course. Without an infusion everything is before."""
    found = [
        marker
        for marker in course.timeline.markers
        if marker.variable == variable
        and _is_after(course, marker) is after
        and (marker.observation is not None) is evaluable
    ]
    return max(reversed(found), key=lambda m: m.day, default=None)


def _is_after(course: Course, marker: Marker) -> bool:
    return course.timeline.from_infusion and marker.day > 0


def _said(marker: Marker) -> str:
    """The value; of a response that was looked for and could not be told that it is none."""
    if marker.observation is None:
        return _("not evaluable")
    return value_words(marker.observation.fact)


def _about(marker: Marker) -> str:
    """When and at which visit, with the note that was kept with it, or why nothing was told."""
    said = marker.observation or marker.absence
    note = note_words(said.note) if said else ""
    if marker.absence is not None and not note:
        note = reason_words(marker.absence.reason).lower()
    return _also((_where(marker), note))


def _where(marker: Marker) -> str:
    said = marker.observation or marker.absence
    on = said.fact if isinstance(said, Observation) else said
    day = day_words(on.observed_on) if on else ""
    return _("%(date)s, %(visit)s") % {"date": day, "visit": unbroken_milestone(marker.milestone)}


def response_before(course: Course) -> Tile | None:
    """The last response from before the infusion, which is none to CAR T-cells."""
    before = _last_of(course, after=False) if course.timeline.from_infusion else None
    return Tile(_("Before infusion"), _said(before), _about(before)) if before else None


def _last_of(course: Course, *, after: bool) -> Marker | None:
    """The last response of one side of the infusion, told or not evaluable."""
    sides = (_latest(course, "response", after=after, evaluable=e) for e in (True, False))
    return max(filter(None, sides), key=lambda marker: marker.day, default=None)


def now(course: Course) -> Tile:
    """The last response. Progression that was told last leads, else a relapse: neither is hidden by
    a visit at which nothing could be told, nor by a response after the relapse."""
    after = course.timeline.from_infusion
    name = _("Response after CAR T-cells") if after else _("Response")
    told = _latest(course, "response", after=after)
    untold = _latest(course, "response", after=after, evaluable=False)
    if untold is not None and told is not None and untold.day <= told.day:
        untold = None
    if told is not None and _progressed(told):
        return Tile(name, _said(told), _also((_about(told), _since(untold))), "progression")
    if (relapse := course.snapshot.date_of(Milestone.RELAPSE)) is not None:
        return _relapsed(course, relapse, name, (told, untold))
    if untold is not None:
        before = _before(told) if told else ""
        return Tile(name, _said(untold), _also((_about(untold), before)))
    return Tile(name, _said(told), _about(told)) if told else unrecorded(name)


def _relapsed(
    course: Course, relapse: date, name: str, last: tuple[Marker | None, Marker | None]
) -> Tile:
    """A relapse with the last response before it, and what was told after it."""
    day = (relapse - course.timeline.origin).days
    earlier = [_before(marker) for marker in last[:1] if marker and marker.day <= day]
    later = [_since(marker) for marker in last if marker and marker.day > day]
    about = _also((day_words(relapse), *earlier, *later))
    return Tile(name, milestone_name(Milestone.RELAPSE), about, "progression")


def response_code(course: Course) -> Tile:
    """The last response by its code, for the bar; the strip says it in full."""
    full, after = now(course), course.timeline.from_infusion
    told = _latest(course, "response", after=after)
    if told is None or told.observation is None or _said(told) != full.value:
        return full
    return Tile(full.name, str(told.observation.value), tone=full.tone)


def _in_full(marker: Marker) -> str:
    said = _said(marker)
    return f"{said[:1].lower()}{said[1:]}, {_about(marker)}"


def _before(marker: Marker) -> str:
    return _("before: %s") % _in_full(marker)


def _since(marker: Marker | None) -> str:
    """What was told at a later visit, or that nothing could be."""
    return _("since then %s") % _in_full(marker) if marker else ""


def _also(words: Iterable[str]) -> str:
    return "; ".join(filter(None, words))


def _progressed(marker: Marker) -> bool:
    return marker.observation is not None and marker.observation.value == Response.PD


def _marked(course: Course, variable: str) -> Tile:
    name = {"deauville": _("Deauville score"), "ctdna": _("ctDNA")}[variable]
    after = course.timeline.from_infusion
    marker = _latest(course, variable, after=after)
    if marker is None and (before := _latest(course, variable, after=False)) is not None:
        return Tile(name, _said(before), _("before infusion; %s") % _about(before))
    if marker is None:
        return unrecorded(name)
    about = _where(marker)
    later = _latest(course, "response", after=after)
    if later is not None and later.day > marker.day and variable == "deauville":
        about = _("%s; not at the latest response") % about
    return Tile(name, _said(marker), about)


def _toxicity(course: Course) -> Iterator[Tile]:
    """The worst of this treatment: from the infusion until a salvage treatment starts."""
    for variable, event, name in (
        ("crs_grade_max", "crs", _("Worst CRS")),
        ("icans_grade_max", "icans", _("Worst ICANS")),
    ):
        found = worst(course.timeline, variable, event)
        if found.grade is not None:
            about = _("another without a recorded grade") if found.also_ungraded else ""
            yield Tile(name, _("grade %s") % found.grade, about)
        elif found.also_ungraded:
            yield Tile(name, _("occurred"), _("grade not recorded"))
        else:
            yield unrecorded(name)


def _uptake(course: Course) -> Tile:
    """SUVmax before the infusion and now; without infusion the latest alone."""
    points = [p for p in course.timeline.tracks[Track.SUVMAX] if p.observation is not None]
    if not course.timeline.from_infusion:
        name = _("SUVmax, latest")
        return Tile(name, *_measured(points[-1])) if points else unrecorded(name)
    name = _("SUVmax before → now")
    if not points:
        return unrecorded(name)
    before = [p for p in points if p.day <= 0]
    after = [p for p in points if p.day > 0]
    (value_before, on_before), (value_now, on_now) = (
        _measured(some[-1] if some else None) for some in (before, after)
    )
    return Tile(name, f"{value_before} → {value_now}", f"{on_before} → {on_now}")


def _measured(point: Point | None) -> tuple[str, str]:
    """A value and its day."""
    if point is None or point.observation is None:
        return "–", _("not recorded")
    fact = point.observation.fact
    return value_words(fact), day_words(fact.observed_on)
