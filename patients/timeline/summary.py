"""The five-second summary: state, patient, what is missing, and what this is not."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.timeline.course import Course
from patients.timeline.lead import NOT_EVALUABLE
from patients.timeline.missing import MissingItem, missing
from riskfactors.domain.derived import Lines, prior_lines
from riskfactors.domain.snapshot import Event, Observation, View, views
from riskfactors.domain.timeline import Marker, Track, worst
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.domain.vocabulary import Response
from riskfactors.published import catalogue
from riskfactors.words import milestone_name
from riskfactors.words.course import day_number, note_words, signed
from riskfactors.words.facts import day_words, reason_words, value_words
from riskfactors.words.translating import gettext as _

SECOND_LINE_AT_MOST: Final = 1
COSTIMULATION: Final = {
    "axi_cel": gettext_noop("axi-cel (CD28)"),
    "tisa_cel": gettext_noop("tisa-cel (4-1BB)"),
    "liso_cel": gettext_noop("liso-cel (4-1BB)"),
}
"""Products with their costimulatory domain, short enough for a summary."""

BANNERS: Final = (
    (
        "histology",
        "not_large_b_cell",
        gettext_noop("No large B-cell lymphoma: none of these cohorts includes it."),
    ),
    (
        "cns_disease",
        "active",
        gettext_noop("Active central nervous system disease: few of these cohorts include it."),
    ),
    ("product", "liso_cel", gettext_noop("Liso-cel: few of these cohorts include it.")),
)
"""What is said of a patient who is not like these cohorts: variable, code, words."""


class Tile(Struct, frozen=True):
    """One thing to be seen at a glance: what, its value, when; `tone` names a look."""

    name: str
    value: str
    about: str = ""
    tone: str = ""


def _unrecorded(name: str) -> Tile:
    """A tile that cannot be taken for a value."""
    return Tile(name, _("not recorded"), tone="unrecorded")


class Summary(Struct, frozen=True, kw_only=True):
    """What the top of the page says, in its order."""

    state: tuple[Tile, ...]
    patient: tuple[Tile, ...]
    missing: tuple[MissingItem, ...]
    banners: tuple[str, ...]


def summary(course: Course, *, may_record: bool) -> Summary:
    """The summary of a course."""
    latest = list(views(course.snapshot))[-1:]
    lines = prior_lines(latest[0]) if latest else None
    return Summary(
        state=tuple(_state(course)),
        patient=tuple(_patient(course, lines)),
        missing=tuple(missing(course, may_record=may_record)),
        banners=tuple(_banners(course, latest, lines)),
    )


def _state(course: Course) -> Iterator[Tile]:
    yield _day(course)
    yield from _response(course)
    yield _marked(course, "deauville")
    yield _uptake(course)
    yield _marked(course, "ctdna")
    yield from _toxicity(course)


def _day(course: Course) -> Tile:
    """The day of the last visit; that of today too, unless the patient has died. Without an
    infusion there is none: a day from the first visit would be read as one after the infusion."""
    timeline = course.timeline
    if not timeline.visits:
        return Tile(_("Day"), _("no visit recorded"))
    last = timeline.visits[-1]
    about = _("%(visit)s, %(date)s") % {
        "visit": milestone_name(last.milestone),
        "date": day_words(last.date),
    }
    if not timeline.from_infusion:
        return Tile(_("Day"), _("no infusion recorded"), about)
    if _event(course, "death") is None:
        about = _("%(about)s; today %(day)s") % {
            "about": about,
            "day": day_number(timeline.today),
        }
    return Tile(_("Day after infusion"), signed(last.day), about)


def _latest(course: Course, variable: str, *, after: bool) -> Marker | None:
    """The last value of one side of the infusion; of two on one day that of the visit later in the
    course. Without an infusion everything is before it."""
    found = [m for m in course.timeline.markers if m.variable == variable]
    found = [m for m in found if _is_after(course, m) is after]
    return max(reversed(found), key=lambda m: m.day, default=None)


def _is_after(course: Course, marker: Marker) -> bool:
    return course.timeline.from_infusion and marker.day > 0


def _said(marker: Marker) -> str:
    """The value; of a response that was looked for and could not be told that it is none."""
    if marker.observation is not None:
        return value_words(marker.observation.fact)
    reason = marker.absence.reason if marker.absence else ""
    return _("not evaluable") if reason in NOT_EVALUABLE else reason_words(reason)


def _about(marker: Marker) -> str:
    said = marker.observation or marker.absence
    note = note_words(said.note) if said else ""
    on = said.fact if isinstance(said, Observation) else said
    day = day_words(on.observed_on) if on else ""
    about = _("%(date)s, %(visit)s") % {"date": day, "visit": milestone_name(marker.milestone)}
    return f"{about}; {note}" if note else about


def _response(course: Course) -> Iterator[Tile]:
    """The latest response after the infusion, where a relapse that came after it, or with it,
    leads; what was before the infusion stands apart."""
    before = _latest(course, "response", after=False)
    if not course.timeline.from_infusion:
        yield _unrecorded(_("Response")) if before is None else _responded(_("Response"), before)
        return
    name, marker = _("Response after CAR T-cells"), _latest(course, "response", after=True)
    relapse = course.snapshot.date_of(Milestone.RELAPSE)
    day = None if relapse is None else (relapse - course.timeline.origin).days
    relapsed = day is not None and (marker is None or marker.day <= day)
    if relapse and relapsed and not (marker and _progressed(marker)):
        about = day_words(relapse)
        if marker is not None:
            about = _("%(date)s; before: %(response)s, %(when)s") % {
                "date": about,
                "response": _said(marker).lower(),
                "when": _about(marker),
            }
        yield Tile(name, _("Relapse or progression"), about, "progression")
    else:
        yield _unrecorded(name) if marker is None else _responded(name, marker)
    if before is not None:
        yield Tile(_("Before infusion"), _said(before), _about(before), "before")


def _responded(name: str, marker: Marker) -> Tile:
    tone = "progression" if _progressed(marker) else ""
    return Tile(name, _said(marker), _about(marker), tone)


def _progressed(marker: Marker) -> bool:
    return marker.observation is not None and marker.observation.value == Response.PD


def _marked(course: Course, variable: str) -> Tile:
    name = {"deauville": _("Deauville score"), "ctdna": _("ctDNA")}[variable]
    after = course.timeline.from_infusion
    marker = _latest(course, variable, after=after)
    if marker is None and (before := _latest(course, variable, after=False)) is not None:
        return Tile(name, _said(before), _("before infusion; %s") % _about(before))
    if marker is None:
        return _unrecorded(name)
    about = _about(marker)
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
            yield _unrecorded(name)


def _uptake(course: Course) -> Tile:
    """SUVmax before the infusion and now; without infusion the latest alone."""
    points = [p for p in course.timeline.tracks[Track.SUVMAX] if p.observation is not None]
    before = [p for p in points if p.day <= 0 and course.timeline.from_infusion]
    after = [p for p in points if p not in before]
    texts = [
        (value_words(p.observation.fact), day_words(p.observation.fact.observed_on))
        if p is not None and p.observation is not None
        else (_("not recorded"), "–")
        for p in (before[-1] if before else None, after[-1] if after else None)
    ]
    if not points:
        return _unrecorded(_("SUVmax before → now"))
    (value_before, on_before), (value_now, on_now) = texts
    return Tile(
        _("SUVmax before → now"), f"{value_before} → {value_now}", f"{on_before} → {on_now}"
    )


def _patient(course: Course, lines: Lines | None) -> Iterator[Tile]:
    snapshot = course.snapshot
    yield _age(course)
    for variable in ("histology", "product"):
        observation = _recorded(course, variable)
        name = _("Histology") if variable == "histology" else _("Product")
        yield _unrecorded(name) if observation is None else Tile(name, _short(observation))
    yield _line(lines)
    yield _alive(course)
    last = max(
        (*(a.date for a in snapshot.assessments), *(e.date for e in snapshot.events)), default=None
    )
    yield Tile(_("Data as of"), day_words(last) if last else _("nothing recorded"))


def _age(course: Course) -> Tile:
    """At the infusion, which is what the findings are about; before it at the last visit."""
    reached = course.visits
    at = reached.get(Milestone.INFUSION) or max(
        reached.values(), key=lambda visit: visit.place, default=None
    )
    on = course.as_of if at is None else at.date
    about = _("today") if at is None else _("at %s") % milestone_name(at.milestone)
    return Tile(_("Age"), _("%s years") % age_on(on, course.snapshot.birth_date), about)


def _recorded(course: Course, variable: str) -> Observation | None:
    visits = sorted(course.snapshot.assessments, key=lambda a: a.place, reverse=True)
    return next((a.observations[variable] for a in visits if variable in a.observations), None)


def _short(observation: Observation) -> str:
    if observation.value in COSTIMULATION:
        return _(COSTIMULATION[str(observation.value)])
    return value_words(observation.fact)


def _line(lines: Lines | None) -> Tile:
    name = _("Line")
    if lines is None or (not lines.exact and lines.number <= SECOND_LINE_AT_MOST):
        at_least = _("; lines listed: %s") % lines.number if lines and lines.number else ""
        return Tile(name, _("not recorded") + at_least, tone="unrecorded")
    if lines.number <= SECOND_LINE_AT_MOST:
        return Tile(name, _("second line") if lines.number else _("no line of therapy before"))
    at_least = "" if lines.exact else _("at least")
    number = f"{at_least} {lines.number}".strip()
    return Tile(name, _("third line or later (%s\N{NO-BREAK SPACE}before)") % number)


def _alive(course: Course) -> Tile:
    name, died = _("Alive or dead"), _event(course, "death")
    kinds = catalogue().dictionary.events
    if died is not None:
        day = (died.date - course.timeline.origin).days
        cause = _(kinds["death"].causes[died.cause]) if died.cause else _("of what, not recorded")
        about = f"{day_words(died.date)}, {day_number(day)}; {cause.lower()}"
        return Tile(name, _("died"), about, "progression")
    contact = _event(course, "last_contact")
    about = _("last contact %s") % day_words(contact.date) if contact else ""
    return Tile(name, _("no death recorded"), about)


def _event(course: Course, kind: str) -> Event | None:
    found = [e for e in course.snapshot.events if e.kind == kind]
    return max(found, key=lambda e: e.date, default=None)


def _banners(course: Course, latest: list[View], lines: Lines | None) -> Iterator[str]:
    stopped = _event(course, "not_infused")
    if stopped is not None:
        cause = _(catalogue().dictionary.events["not_infused"].causes.get(stopped.cause or "", ""))
        said = _("Not infused, %s.") % day_words(stopped.date)
        yield f"{said} {cause}".strip()
    if lines is not None and lines.exact and lines.number <= SECOND_LINE_AT_MOST:
        yield _("Second line: these cohorts are mostly third line or later.")
    for name, code, banner in BANNERS:
        recorded = latest[0].latest.get(name) if latest else None
        if recorded is not None and recorded.value == code:
            yield _(banner)
