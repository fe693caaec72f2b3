"""A case as known on a day, and what of it counts at each milestone."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.timepoints import ORDER, Milestone, age_on
from riskfactors.domain.variables import Amount, End, Number, ends_of
from riskfactors.domain.vocabulary import (
    Comparator,
    Modality,
    Response,
    Role,
    Sex,
    TreatmentClass,
)

Source: TypeAlias = (
    tuple[Milestone, ...]
    | Literal["latest", "birth_date", "treatments", "dates", "responses", "worst"]
)
"""Which assessments may supply a factor's values: the first of a list of milestones at which the
variable has a value, else the latest recorded one. The other words say where a rule looks that
reads no variable."""


class Fact(Struct, frozen=True, gc=False, omit_defaults=True):
    """One recorded thing that a conclusion rests on, as it was recorded."""

    variable: str
    value: Amount
    unit: str | None
    milestone: Milestone | None
    observed_on: datetime.date
    comparator: Comparator | None = None


class Observation(Struct, frozen=True, gc=False):
    """A recorded value: what was recorded, and what it is in the unit of the dictionary.

    `grounds` are the fact, and where it was recorded the upper limit of normal as another one;
    `upper_limit` is that limit in the unit of the dictionary.
    """

    grounds: tuple[Fact, ...]
    value: Amount
    upper_limit: Decimal | None = None
    note: str | None = None

    @property
    def fact(self) -> Fact:
        """What was recorded."""
        return self.grounds[0]

    @property
    def limit(self) -> Fact | None:
        """The upper limit of normal as it was recorded."""
        return self.grounds[1] if len(self.grounds) > 1 else None

    @property
    def comparator(self) -> Comparator | None:
        """The side on which the value lies, where it is only known to lie beyond a limit."""
        return self.grounds[0].comparator

    @property
    def ends(self) -> tuple[End, End]:
        """The lowest and the highest that the value may be."""
        return ends_of(self.number, self.comparator)

    @property
    def number(self) -> Number:
        """The value of a count or a quantity, or the limit beyond which it lies."""
        if isinstance(self.value, str):
            raise TypeError(f"{self.fact.variable} is a code, not a number")
        return self.value


class Absence(Struct, frozen=True):
    """A variable that was asked for and has no value: the reason counts as not recorded."""

    reason: str
    observed_on: datetime.date
    note: str | None = None


class Assessment(Struct, frozen=True, kw_only=True, dict=True):
    """One visit. Observations and absences by the name of the variable."""

    milestone: Milestone
    date: datetime.date
    observations: Mapping[str, Observation] = {}
    absences: Mapping[str, Absence] = {}

    @property
    def place(self) -> tuple[datetime.date, int]:
        """Where it stands in time: of two on one date the later in the order of the course."""
        return self.date, ORDER[self.milestone]

    @cached_property  # asked by what refuses a case and by what warns of it
    def other_days(self) -> list[tuple[str, datetime.date]]:
        """When each variable was observed that was not observed on the day of the visit."""
        day = self.date
        return [
            (name, on)
            for name, observation in self.observations.items()
            if (on := observation.grounds[0].observed_on) != day
        ]


class Treatment(Struct, frozen=True, kw_only=True):
    """A treatment; `response_on` is None also where the response has no date of its own.

    `treatment_class` is given for salvage and other treatments alone.
    """

    role: Role
    start: datetime.date
    regimen: str | None = None
    modality: Modality | None = None
    treatment_class: TreatmentClass | None = None
    end: datetime.date | None = None
    best_response: Response | None = None
    response_on: datetime.date | None = None

    @property
    def response_known_on(self) -> datetime.date | None:
        """From when the response counts: its own date, else the end of the treatment."""
        return self.response_on or self.end

    @property
    def response_lacks_date(self) -> bool:
        """Whether there is a response of which nobody can say since when it is known."""
        return self.best_response is not None and self.response_known_on is None

    def response_by(self, day: datetime.date) -> Response | None:
        """The best response as far as it was known on a day; without a date it is not known."""
        known_on = self.response_known_on
        return self.best_response if known_on is not None and known_on <= day else None

    def as_of(self, day: datetime.date) -> "Treatment":
        """The treatment without what is dated later."""
        known = self.response_lacks_date or self.response_by(day) is not None
        return replace(
            self,
            end=self.end if self.end is not None and self.end <= day else None,
            best_response=self.best_response if known else None,
            response_on=self.response_on if known else None,
        )


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened on a day, or began on it."""

    kind: str
    date: datetime.date
    end: datetime.date | None = None
    grade: int | None = None
    cause: str | None = None
    note: str | None = None

    def as_of(self, day: datetime.date) -> "Event":
        """The event without an end that is dated later."""
        return self if self.end is None or self.end <= day else replace(self, end=None)


class Snapshot(Struct, frozen=True, kw_only=True):
    """A case as known on a day. The order of the lists does not matter, but for treatments and
    interim visits of one day, of which the later stands for the later given."""

    case_id: str
    birth_date: datetime.date
    sex: Sex
    assessments: tuple[Assessment, ...]
    treatments: tuple[Treatment, ...] = ()
    events: tuple[Event, ...] = ()

    def as_of(self, day: datetime.date) -> "Snapshot":
        """The case without every assessment, event, treatment and response dated later."""
        return replace(
            self,
            assessments=tuple(a for a in self.assessments if a.date <= day),
            treatments=tuple(t.as_of(day) for t in self.treatments if t.start <= day),
            events=tuple(e.as_of(day) for e in self.events if e.date <= day),
        )

    @property
    def in_time(self) -> list[Assessment]:
        """All assessments in the order of time."""
        return sorted(self.assessments, key=attrgetter("place"))

    @property
    def reached(self) -> list[Assessment]:
        """The assessments of milestones, in the order of time."""
        return [a for a in self.in_time if a.milestone is not Milestone.INTERIM]

    @property
    def died_on(self) -> datetime.date | None:
        """The date of death, None while none is recorded."""
        return next((e.date for e in self.events if e.kind == "death"), None)

    def date_of(self, milestone: Milestone) -> datetime.date | None:
        """The date of a milestone, None while it has not been reached."""
        for assessment in self.assessments:
            if assessment.milestone is milestone:
                return assessment.date
        return None


NOTHING: Final[Mapping[str, Observation]] = {}


class View(Struct, frozen=True):
    """What counts at one milestone: nothing dated later, and interim visits in `visits` alone.

    `visits` are all assessments up to the milestone's own, in the order of time. `at` holds the
    observations of each counted assessment, `dates` its date, `latest` the latest value of each
    variable, and `own` the values recorded at this very milestone. `treatments` are those started
    by then, in the order of their start. `worked_out` remembers what several rules derive from the
    same view.
    """

    snapshot: Snapshot
    milestone: Milestone
    date: datetime.date
    visits: Sequence[Assessment]
    at: Mapping[Milestone, Mapping[str, Observation]]
    latest: Mapping[str, Observation]
    own: Mapping[str, Observation]
    treatments: tuple[Treatment, ...]
    dates: Mapping[Milestone, datetime.date]
    years: int
    age: Fact
    worked_out: dict[object, Any]

    @property
    def infusion(self) -> datetime.date | None:
        """The date of infusion, None while it has not been reached."""
        return self.dates.get(Milestone.INFUSION)


def values_of(source: Source) -> Callable[[View], Mapping[str, Observation]]:
    """What a factor may look at: the value of each variable where it may be taken from."""
    if isinstance(source, str):
        return attrgetter("latest")
    if len(source) == 1:
        (only,) = source
        return lambda view: view.at.get(only, NOTHING)

    key = f"values of {', '.join(source)}"

    def first_of_each(view: View) -> Mapping[str, Observation]:
        found: dict[str, Observation] | None = view.worked_out.get(key)
        if found is None:
            found = view.worked_out[key] = {}
            for milestone in reversed(source):
                found |= view.at.get(milestone, NOTHING)
        return found

    return first_of_each


def views(snapshot: Snapshot) -> Iterator[View]:
    """A view for each reached milestone, in the order of time. Age is in years (UCUM: a)."""
    at: dict[Milestone, Mapping[str, Observation]] = {}
    dates: dict[Milestone, datetime.date] = {}
    latest: dict[str, Observation] = {}
    by_start = sorted(snapshot.treatments, key=attrgetter("start"))
    visits = snapshot.in_time
    for number, assessment in enumerate(visits, 1):
        if assessment.milestone is Milestone.INTERIM:
            continue
        milestone, day, own = assessment.milestone, assessment.date, assessment.observations
        at = {**at, milestone: own}
        dates = {**dates, milestone: day}
        latest = {**latest, **own}
        years = age_on(day, snapshot.birth_date)
        age = Fact("age", years, "a", milestone, day)
        treatments = tuple([t for t in by_start if t.start <= day])
        counted = visits[:number], at, latest, own, treatments, dates
        yield View(snapshot, milestone, day, *counted, years, age, {})
