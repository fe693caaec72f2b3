"""The five-second summary: state, patient, what is missing, and what this is not."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.timeline.card import LIMIT, field_url
from patients.timeline.course import Course
from patients.timeline.places import is_routine
from riskfactors.domain.derived import Lines, prior_lines
from riskfactors.domain.progress import PENDING, missing_items
from riskfactors.domain.snapshot import Assessment, Event, Observation, View, views
from riskfactors.domain.timeline import Marker, Track, worst
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.domain.vocabulary import Response, Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of
from riskfactors.words.course import day_number, signed
from riskfactors.words.facts import amount, day_words, value_words
from riskfactors.words.translating import gettext as _

MOST_MISSING: Final = 3
SECOND_LINE_AT_MOST: Final = 1
COSTIMULATION: Final = {
    "axi_cel": gettext_noop("axi-cel (CD28)"),
    "tisa_cel": gettext_noop("tisa-cel (4-1BB)"),
    "liso_cel": gettext_noop("liso-cel (4-1BB)"),
}
"""Products with their costimulatory domain, short enough for a summary."""


class Tile(Struct, frozen=True):
    """One thing to be seen at a glance: what, its value, when; `tone` names a look."""

    name: str
    value: str
    about: str = ""
    tone: str = ""


def _unrecorded(name: str) -> Tile:
    """A tile that cannot be taken for a value."""
    return Tile(name, _("not recorded"), tone="unrecorded")


class MissingItem(Struct, frozen=True):
    """A routine item that the latest milestone asks for."""

    name: str
    url: str
    about: str


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
        missing=tuple(_missing(course, may_record=may_record)),
        banners=tuple(_banners(course, latest, lines)),
    )


def _state(course: Course) -> Iterator[Tile]:
    yield _day(course)
    yield _response(course)
    yield _marked(course, "deauville")
    yield _uptake(course)
    yield _marked(course, "ctdna")
    for variable, event, name in (
        ("crs_grade_max", "crs", _("Worst CRS")),
        ("icans_grade_max", "icans", _("Worst ICANS")),
    ):
        grade = worst(course.timeline, variable, event)
        yield _unrecorded(name) if grade is None else Tile(name, _("grade %s") % grade)


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


def _latest(course: Course, variable: str) -> Marker | None:
    """The last value; of two on one day that of the visit later in the course."""
    found = [m for m in course.timeline.markers if m.variable == variable]
    return max(reversed(found), key=lambda m: m.day, default=None)


def _about(marker: Marker) -> str:
    observation = marker.observation
    about = _("%(date)s, %(visit)s") % {
        "date": day_words(observation.fact.observed_on),
        "visit": milestone_name(marker.milestone),
    }
    return f"{about}; {_('note: %s') % observation.note}" if observation.note else about


def _response(course: Course) -> Tile:
    """The latest response; a relapse that came after it, or with it, leads."""
    name, marker = _("Response"), _latest(course, "response")
    relapse = course.snapshot.date_of(Milestone.RELAPSE)
    progressed = marker is not None and marker.observation.value == Response.PD
    day = None if relapse is None else (relapse - course.timeline.origin).days
    if day is not None and not progressed and (marker is None or marker.day <= day):
        about = day_words(relapse) if relapse else ""
        if marker is not None:
            about = _("%(date)s; before: %(response)s, %(when)s") % {
                "date": about,
                "response": value_words(marker.observation.fact).lower(),
                "when": _about(marker),
            }
        return Tile(name, _("Relapse or progression"), about, "progression")
    if marker is None:
        return _unrecorded(name)
    tone = "progression" if progressed else ""
    return Tile(name, value_words(marker.observation.fact), _about(marker), tone)


def _marked(course: Course, variable: str) -> Tile:
    name = {"deauville": _("Deauville score"), "ctdna": _("ctDNA")}[variable]
    marker = _latest(course, variable)
    if marker is None:
        return _unrecorded(name)
    about = _about(marker)
    later = _latest(course, "response")
    if later is not None and later.day > marker.day and variable == "deauville":
        about = _("%s; not at the latest response") % about
    return Tile(name, value_words(marker.observation.fact), about)


def _uptake(course: Course) -> Tile:
    """SUVmax before the infusion and now; without infusion the latest alone."""
    points = [p for p in course.timeline.tracks[Track.SUVMAX] if p.observation is not None]
    before = [p for p in points if p.day <= 0 and course.timeline.from_infusion]
    after = [p for p in points if p not in before]
    texts = [
        (amount(p.observation.fact.value), day_words(p.observation.fact.observed_on))
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
    died = _event(course, "death")
    years = age_on(died.date if died else course.as_of, snapshot.birth_date)
    yield Tile(_("Age"), _("%s years") % years, _("at death") if died else "")
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
        listed = _("; lines listed: %s") % lines.number if lines and lines.number else ""
        return Tile(name, _("not recorded") + listed, tone="unrecorded")
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


def _missing(course: Course, *, may_record: bool) -> Iterator[MissingItem]:
    """Routine items that the latest milestone asks for: first what its findings wait for, and of
    that what decides by itself."""
    latest = course.latest
    if latest is None:
        return
    visits = {a.milestone: a for a in course.snapshot.assessments}
    visit, dictionary = visits[latest.milestone], catalogue().dictionary
    awaited = [
        name
        for finding in sorted(latest.findings, key=lambda finding: len(finding.missing))
        if finding.verdict is Verdict.UNKNOWN and all(map(is_routine, finding.missing))
        for name in finding.missing
    ]
    missing = missing_items(
        latest.milestone,
        dictionary,
        here=_answered(visit),
        anywhere={name for a in course.snapshot.assessments for name in _answered(a)},
    )
    limits = [f"{name}{LIMIT}" for name in visit.observations if f"{name}{LIMIT}" in awaited]
    names = sorted(
        (*missing, *limits), key=lambda n: awaited.index(n) if n in awaited else len(awaited)
    )
    for name in names[:MOST_MISSING]:
        url = field_url(course, course.numbers[latest.milestone], name) if may_record else ""
        yield MissingItem(name_of(name), url, _("pending") if name in visit.absences else "")


def _answered(visit: Assessment) -> set[str]:
    """What has a value, or a reason for having none that expects none."""
    reasons = {name for name, a in visit.absences.items() if a.reason != PENDING}
    return reasons | set(visit.observations)


def _banners(course: Course, latest: list[View], lines: Lines | None) -> Iterator[str]:
    stopped = _event(course, "not_infused")
    if stopped is not None:
        cause = _(catalogue().dictionary.events["not_infused"].causes.get(stopped.cause or "", ""))
        said = _("Not infused, %s.") % day_words(stopped.date)
        yield f"{said} {cause}".strip()
    if lines is not None and lines.exact and lines.number <= SECOND_LINE_AT_MOST:
        yield _("Second line: these cohorts are mostly third line or later.")
    product = latest[0].latest.get("product") if latest else None
    if product is not None and product.value == "liso_cel":
        yield _("Liso-cel: few of these cohorts include it.")
