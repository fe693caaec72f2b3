"""What stands on the drawing of a course: names where space is scarce, and what they stand for."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_noop, ngettext

from riskfactors.domain.timeline import CutOff, Expected, Happening, Marker, Track, VisitMark
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue
from riskfactors.words.course import SHORT_EVENTS, day_number, listed, signed, timing_words
from riskfactors.words.facts import amount, day_words, with_unit
from riskfactors.words.names import milestone_name, name_of
from riskfactors.words.translating import gettext as _

ROWS: Final = {
    "therapy": gettext_noop("Therapy"),
    "toxicity": gettext_noop("Toxicity"),
    "response": gettext_noop("Response"),
    "ctdna": gettext_noop("ctDNA"),
}
SHORT_VISITS: Final[Mapping[str, str]] = {
    Milestone.LYMPHODEPLETION: gettext_noop("LD"),
    Milestone.INFUSION: gettext_noop("D0"),
    Milestone.DAY_7: gettext_noop("+7"),
    Milestone.DAY_28: gettext_noop("+28"),
    Milestone.DAY_90: gettext_noop("+90"),
    Milestone.RELAPSE: gettext_noop("Relapse/PD"),
    Milestone.INTERIM: gettext_noop("Interim"),
}
"""Visits whose own name is too long."""

EVENTS: Final[Mapping[str, str]] = {
    **SHORT_EVENTS,
    "icaht_early": "ICAHT",
    "icaht_late": "ICAHT",
    "tocilizumab": gettext_noop("toci"),
    "steroids": gettext_noop("steroids"),
    "growth_factor": gettext_noop("growth factor"),
    "infection": gettext_noop("infection"),
    "transfusion": gettext_noop("transfusion"),
    "intensive_care": gettext_noop("ICU"),
    "death": gettext_noop("Died"),
}
GRADES: Final = {"crs_grade_max": "crs", "icans_grade_max": "icans"}
"""Worst grades, and the events that they are grades of."""

CTDNA: Final = {"detectable": "+", "undetectable": "−"}
UNITS: Final = {
    Track.LDH: gettext_noop("× limit"),
    Track.MTV: gettext_noop("mL, log"),
    Track.SUVMAX: gettext_noop("SUVmax"),
    Track.FERRITIN: gettext_noop("ng/mL, log"),
}
"""The units of tracks where they are not those of the tables."""


def several_words(number: int) -> str:
    """So many things at one place."""
    return ngettext("%d event", "%d events", number) % number


def visits_short(milestones: Iterable[Milestone]) -> str:
    """Visits of one day by their short names; an interim one only where it is alone."""
    found: list[Milestone] = list(dict.fromkeys(milestones))
    named = [m for m in found if m is not Milestone.INTERIM] or found
    return listed(map(visit_short, named))


def visit_short(milestone: Milestone) -> str:
    """A visit, where space is scarce."""
    return _(SHORT_VISITS.get(milestone) or catalogue().dictionary.milestones[milestone])


def visit_words(visit: VisitMark) -> str:
    """A visit with its day."""
    return f"{milestone_name(visit.milestone)}: {day_words(visit.date)} ({day_number(visit.day)})"


def expected_short(visit: Expected) -> str:
    """A visit that is not recorded, where space is scarce."""
    return f"{visit_short(visit.milestone)} {timing_words(visit.timing)}"


def expected_words(visit: Expected) -> str:
    """A visit that is not recorded, with its window."""
    return _("%(visit)s expected from day %(opens)s to %(closes)s: %(due)s") % {
        "visit": milestone_name(visit.milestone),
        "opens": signed(visit.opens),
        "closes": signed(visit.closes),
        "due": timing_words(visit.timing),
    }


def event_short(happening: Happening) -> str:
    """An event with its grade as a number, or with its cause."""
    event = happening.event
    if event is None:
        return event_name(happening)
    kind = catalogue().dictionary.events[event.kind]
    cause = _(kind.causes[event.cause]).lower() if event.cause else ""
    grade = "" if event.grade is None else str(event.grade)
    return listed((f"{event_name(happening)} {grade}".strip(), cause))


def event_name(happening: Happening) -> str:
    """What happened, in a word; the infusion for no event."""
    event = happening.event
    if event is None:
        return _("CAR T")
    known = EVENTS.get(event.kind, catalogue().dictionary.events[event.kind].label)
    return _(known)


def event_kind(happening: Happening) -> str:
    """What happened, by the name that has room beside a row."""
    event = happening.event
    if event is None or event.kind in SHORT_EVENTS or event.kind.startswith("icaht"):
        return event_name(happening)
    return _(catalogue().dictionary.events[event.kind].label).partition(" (")[0]


def worst_short(marker: Marker, grade: int) -> str:
    """The worst grade up to a visit."""
    return _("%(what)s max %(grade)s") % {"what": EVENTS[GRADES[marker.variable]], "grade": grade}


def cut_off_words(cut_off: CutOff) -> str:
    """A published cut-off and where it was studied."""
    unit = catalogue().dictionary.variables[cut_off.track].unit
    return _("Published cut-off of %(name)s, studied at %(visit)s: %(number)s") % {
        "name": name_of(cut_off.track),
        "visit": milestone_name(cut_off.milestone),
        "number": with_unit(amount(cut_off.number), unit),
    }


def cut_offs_short(cut_offs: Iterable[CutOff]) -> str:
    """Their numbers, the highest first, as they are drawn."""
    numbers = sorted({cut_off.number for cut_off in cut_offs}, reverse=True)
    return " · ".join(map(amount, numbers))


def gap_short(days: int) -> str:
    """So many days left out."""
    return _("%s d") % days


def gap_words(days: int, start: int, end: int) -> str:
    """Days that are left out, and between which they lie."""
    return _("%(days)s days are left out here, between day %(start)s and day %(end)s") % {
        "days": days,
        "start": signed(start),
        "end": signed(end),
    }


def day_date(origin: date, day: int) -> str:
    """The date of a day."""
    return day_words(origin + timedelta(days=day))
