"""Words a course: treatments, events, visits, and what was measured on its way."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import floor
from typing import Final

from django.utils.translation import gettext_noop

from riskfactors.domain.progress import Timing
from riskfactors.domain.snapshot import Absence, Event, Observation, Treatment
from riskfactors.domain.timeline import (
    Happening,
    Lane,
    Marker,
    Point,
    Track,
    multiple_of_limit,
)
from riskfactors.published import catalogue
from riskfactors.words.facts import (
    amount,
    day_words,
    said_words,
    short,
    sign,
    value_words,
    with_unit,
)
from riskfactors.words.names import (
    OTHER_CODES,
    code_name,
    milestone_name,
    name_of,
    role_name,
    unbroken,
)
from riskfactors.words.translating import gettext as _

LANES: Final = {
    Lane.LINE: gettext_noop("Lines of therapy"),
    Lane.BRIDGING: gettext_noop("Bridging"),
    Lane.LYMPHODEPLETION: gettext_noop("Lymphodepletion"),
    Lane.INFUSION: gettext_noop("Infusion"),
    Lane.TOXICITY: gettext_noop("Toxicity"),
    Lane.SALVAGE: gettext_noop("Salvage"),
    Lane.OTHER: gettext_noop("Other"),
}
MARKERS: Final = {
    "response": gettext_noop("Response"),
    "deauville": gettext_noop("Deauville score"),
    "ctdna": gettext_noop("ctDNA"),
    "crs_grade_max": gettext_noop("Worst CRS"),
    "icans_grade_max": gettext_noop("Worst ICANS"),
}
TRACKS: Final = {
    Track.LDH: (gettext_noop("LDH"), gettext_noop("× upper limit")),
    Track.CRP: (gettext_noop("CRP"), gettext_noop("mg/L")),
    Track.MTV: (gettext_noop("PET volume"), gettext_noop("mL, log axis")),
    Track.SUVMAX: (gettext_noop("PET SUVmax"), ""),
    Track.FERRITIN: (gettext_noop("Ferritin"), gettext_noop("ng/mL, log axis")),
    Track.NEUTROPHILS: (gettext_noop("Neutrophils"), gettext_noop("×10⁹/L")),
    Track.HEMOGLOBIN: (gettext_noop("Haemoglobin"), gettext_noop("g/dL")),
    Track.PLATELETS: (gettext_noop("Platelets"), gettext_noop("×10⁹/L")),
    Track.CREATININE: (gettext_noop("Creatinine"), gettext_noop("mg/dL")),
}
"""A track and its unit, where space is scarce."""

SHORT_EVENTS: Final = {"crs": "CRS", "icans": "ICANS", "iec_hs": "IEC-HS"}

TIMINGS: Final = {
    Timing.UPCOMING: gettext_noop("not yet due"),
    Timing.DUE: gettext_noop("due"),
    Timing.OVERDUE: gettext_noop("overdue"),
}


def signed(day: int) -> str:
    """A day relative to the infusion: −6, 0, +28."""
    return f"+{day}" if day > 0 else f"{day}".replace("-", "−")


def day_number(day: int) -> str:
    """A day relative to the infusion in words: day +28. No line breaks within it."""
    return unbroken(_("day %s") % signed(day))


def timing_words(timing: Timing) -> str:
    """How an expected visit stands."""
    return _(TIMINGS[timing])


def confounder_name(name: str) -> str:
    """What can move a value by itself: a variable, or `events.KIND`."""
    kind = name.removeprefix("events.")
    if kind == name:
        return name_of(name)
    return _("%s, as an event") % _(catalogue().dictionary.events[kind].label)


def listed(words: Iterable[str]) -> str:
    """Those that say something, one after the other."""
    return ", ".join(filter(None, words))


def note_words(note: str | None) -> str:
    """A note that was kept with a statement."""
    return _("note: %s") % note if note else ""


def beside_words(*, on: date | None = None, note: str | None = None) -> str:
    """What stands beside a value: its day, where that is another than the visit's, and its note."""
    return listed((_("on %s") % day_words(on) if on else "", note_words(note)))


def change_words(now: Observation, before: Observation) -> str:
    """The change of a quantity in percent of what it was, where both are exact: −92 %."""
    if now.comparator or before.comparator or not before.number:
        return ""
    return percent_words(
        (Decimal(now.number) - Decimal(before.number)) * 100 / Decimal(before.number)
    )


def percent_words(change: Decimal) -> str:
    """A change in percent, with its sign: −92 %, 0 %, less than 1 %; halves round up, as beside the
    field while it is typed."""
    whole = floor(change + Decimal("0.5"))
    if change and not whole:
        return unbroken(_("less than %s") % "1 %")
    return unbroken(f"{whole:+d} %" if whole else "0 %").replace("-", "−")


def withdrawn_words() -> str:
    """A statement that holds no longer."""
    return _("Withdrawn: it was recorded in error")


def treatment_kind(treatment: Treatment) -> str:
    """The modality of bridging, or the class of a salvage or another treatment."""
    code = treatment.modality or treatment.treatment_class
    return _(OTHER_CODES[code]) if code else ""


def treatment_short(treatment: Treatment, longest: int) -> str:
    """A treatment on one short line."""
    what = treatment.regimen or treatment_kind(treatment) or role_name(treatment.role)
    what = what if len(what) <= longest else f"{what[: longest - 1]}…"
    return listed((what, treatment.best_response or ""))


def treatment_words(treatment: Treatment) -> str:
    """A treatment in full: what it was, from when to when, and its response."""
    response = treatment.best_response and code_name("response", treatment.best_response)
    if response and treatment.response_on:
        response = f"{response} ({day_words(treatment.response_on)})"
    what = listed(
        (
            treatment.regimen or "",
            treatment_kind(treatment),
            _days(treatment.start, treatment.end),
            _("best response: %s") % response if response else "",
        )
    )
    return f"{role_name(treatment.role)}: {what}"


def _days(start: date, end: date | None) -> str:
    if end is None:
        return _("from %s") % day_words(start)
    return _("%(start)s to %(end)s") % {"start": day_words(start), "end": day_words(end)}


def happening_short(happening: Happening) -> str:
    """An event on one short line; the infusion for none."""
    event = happening.event
    if event is None:
        return _("CAR T-cells")
    kind = catalogue().dictionary.events[event.kind]
    name = SHORT_EVENTS.get(event.kind) or _(kind.label)
    grade = _("grade %s") % event.grade if event.grade is not None else ""
    cause = _(kind.causes[event.cause]).lower() if event.cause else ""
    return listed((f"{name} {grade}".strip(), cause))


def happening_words(happening: Happening) -> str:
    """An event in full, with its day after the infusion; the infusion for none."""
    if happening.event is None:
        return _("Infusion of CAR T-cells, day 0")
    return event_words(happening.event, happening.day)


def event_words(event: Event, day: int | None = None) -> str:
    """An event in full: what happened, its grade or cause, when, and the note kept with it.

    `day` is that day relative to the infusion, where there is one.
    """
    kind = catalogue().dictionary.events[event.kind]
    grade = _("grade %s") % event.grade if event.grade is not None else ""
    cause = _(kind.causes[event.cause]).lower() if event.cause else ""
    on = day_words(event.date)
    if day is not None:
        on = f"{on} ({day_number(day)})"
    if event.end is not None:
        on = _("%(start)s to %(end)s") % {"start": on, "end": day_words(event.end)}
    return listed((_(kind.label), grade, cause, on, note_words(event.note)))


def marker_short(marker: Marker) -> str:
    """A response, score or code where space is scarce."""
    if marker.observation is None:
        return _("not evaluable")
    if marker.variable == "response":
        return str(marker.observation.value)
    return value_words(marker.observation.fact).lower()


def marker_words(marker: Marker) -> str:
    """A response, score or code in full."""
    said = marker.observation or marker.absence
    if said is None:
        raise ValueError("a marker has a value, or why there is none")
    return f"{name_of(marker.variable)}: {said_words(said)}; " + where(
        marker.day, marker.milestone, said
    )


def point_words(track: Track, point: Point) -> str:
    """A value in full: unit, day, visit, and what can move it."""
    observation = point.observation
    if observation is None:
        raise ValueError("a break has no value to word")
    return f"{name_of(track)}: {measured(track, point)}; " + listed(
        (
            where(point.day, point.milestone, observation),
            _("recorded with it: %s") % confounders_words(point) if point.confounders else "",
        )
    )


def measured(track: Track, point: Point) -> str:
    """A value with its unit: LDH also as a multiple of its limit, others also as drawn."""
    if point.observation is None:
        return _("not recorded")
    value = value_words(point.observation.fact)
    if _converted(point):
        unit = catalogue().dictionary.variables[track].unit
        return f"{value} = {unbroken(with_unit(number_drawn(point), unit))}"
    if track is not Track.LDH:
        return value
    multiple = multiple_words(point.observation)
    return (
        f"{value}, {multiple}" if multiple else _("%s, upper limit of normal not recorded") % value
    )


def multiple_words(observation: Observation) -> str:
    """How many times its upper limit of normal a value is, nothing where no limit is recorded."""
    multiple = multiple_of_limit(observation)
    if observation.limit is None or multiple is None:
        return ""
    return _("%(multiple)s × the upper limit of %(limit)s") % {
        "multiple": f"{sign(observation.comparator)}{amount(multiple)}",
        "limit": value_words(observation.limit),
    }


def number_drawn(point: Point) -> str:
    """The number that is drawn: every digit as recorded, fewer where it was converted."""
    if point.value is None or point.observation is None:
        raise ValueError("a break has no number")
    number = short(point.value) if _converted(point) else amount(point.value)
    return f"{sign(point.observation.comparator)}{number}"


def _converted(point: Point) -> bool:
    """Whether a value was recorded in another unit than the one in which it is drawn."""
    if point.observation is None or point.observation.fact.variable == Track.LDH:
        return False
    fact = point.observation.fact
    return fact.unit not in (None, catalogue().dictionary.variables[fact.variable].unit)


def confounders_words(point: Point) -> str:
    """What was recorded that can move a value by itself."""
    return "; ".join(map(confounder_name, point.confounders))


def where(day: int, milestone: str, said: Observation | Absence) -> str:
    """When something was observed, at which visit, and the note that was kept with it."""
    seen = said.fact if isinstance(said, Observation) else said
    on = f"{day_words(seen.observed_on)} ({day_number(day)})"
    return listed((on, milestone_name(milestone), note_words(said.note)))
