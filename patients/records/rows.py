"""What a row of the records says, as a value of the domain."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from patients.models import EventRevision, Revision, TreatmentRevision
from riskfactors.domain import snapshot as domain
from riskfactors.domain.documents import observation_of
from riskfactors.domain.reading import Reading, number_of, read
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable, VariableType
from riskfactors.domain.vocabulary import (
    CLASSES,
    Comparator,
    Modality,
    Phrase,
    Problem,
    Response,
    Role,
)
from riskfactors.published import catalogue


class UnreadableRecord(ValueError):
    """A recorded value that the data dictionary does not know how to read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.place)  # a log shows no value


OBSERVATION: Final = (
    *("variable", "value", "comparator", "unit", "upper_limit"),
    *("observed_on", "absent", "note", "withdrawn"),
)
TREATMENT: Final = (
    *("role", "regimen", "modality", "treatment_class", "start", "end"),
    *("best_response", "response_on"),
)
EVENT: Final = ("kind", "date", "end", "grade", "cause", "note")
"""The columns that say what a value, a treatment or an event was."""


def told_in(row: Revision, columns: Iterable[str]) -> tuple[Any, ...]:
    """What stands in some columns of a row."""
    return tuple(getattr(row, column) for column in columns)


def read_visit(
    milestone: Milestone, day: date, rows: Iterable[tuple[Any, ...]]
) -> domain.Assessment:
    """A visit with its observations, each by the columns OBSERVATION. Raises UnreadableRecord."""
    observations: dict[str, domain.Observation] = {}
    absences: dict[str, domain.Absence] = {}
    for name, value, comparator, unit, limit, observed_on, absent, note, withdrawn in rows:
        on = observed_on or day
        if absent:
            absences[name] = domain.Absence(absent, on, note or None)
        elif not withdrawn:
            variable, reading = _reading(milestone, name, value, comparator, unit, limit)
            observations[name] = observation_of(variable, reading, milestone, on, note or None)
    return domain.Assessment(
        milestone=milestone, date=day, observations=observations, absences=absences
    )


def _reading(
    milestone: str, name: str, value: str, comparator: str, unit: str, limit: str
) -> tuple[Variable, Reading]:
    variable = catalogue().dictionary.variables.get(name)
    place = f"{milestone}.{name}"
    if variable is None:
        raise UnreadableRecord(Problem(place, Phrase("unknown_variable")))
    reading = read(
        variable,
        value if variable.type is VariableType.CODE else _typed(value),
        unit=unit or None,
        comparator=Comparator(comparator) if comparator else None,
        upper_limit=_typed(limit) if limit else None,
    )
    if isinstance(reading, Reading):
        return variable, reading
    raise UnreadableRecord(Problem(place, reading[0].phrase, value))


def _typed(text: str) -> object:
    """The number that a text spells, or the text that spells none and will be refused."""
    number = number_of(text)
    return text if number is None else number


def treatment_of(row: TreatmentRevision) -> domain.Treatment:
    """What a row says that is not withdrawn."""
    return read_treatment(*told_in(row, TREATMENT))


def read_treatment(*said: Any) -> domain.Treatment:
    """A treatment by the columns TREATMENT."""
    role, regimen, modality, treatment_class, start, end, best_response, response_on = said
    return domain.Treatment(
        role=Role(role),
        regimen=regimen or None,
        modality=Modality(modality) if modality else None,
        treatment_class=CLASSES[Role(role)](treatment_class) if treatment_class else None,
        start=start,
        end=end,
        best_response=Response(best_response) if best_response else None,
        response_on=response_on,
    )


def event_of(row: EventRevision) -> domain.Event:
    """What a row says that is not withdrawn."""
    return read_event(*told_in(row, EVENT))


def read_event(*said: Any) -> domain.Event:
    """An event by the columns EVENT."""
    kind, day, end, grade, cause, note = said
    return domain.Event(
        kind=kind, date=day, end=end, grade=grade, cause=cause or None, note=note or None
    )
