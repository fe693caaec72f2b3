"""Reads a case document: every problem is found, and named with its place."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from json import dumps
from typing import Any, Final, TypeVar

from riskfactors.domain.consistency import EARLIEST_BIRTH, Places, problems
from riskfactors.domain.documents.decoding import InvalidDocument, json_object
from riskfactors.domain.documents.fields import (
    ASSESSMENT,
    CASE,
    TREATMENT,
    Reader,
    Shape,
    event_readers,
    observation_readers,
)
from riskfactors.domain.reading import Reading, bare, expected, read, whole
from riskfactors.domain.snapshot import (
    Absence,
    Assessment,
    Event,
    Fact,
    Observation,
    Snapshot,
    Treatment,
)
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Dictionary, Variable
from riskfactors.domain.vocabulary import CLASSES, Phrase, Problem, Role, Sex

Item = TypeVar("Item")

MOST_ITEMS: Final[Mapping[str, int]] = {"assessments": 500, "treatments": 500, "events": 1_000}
"""Ten times the longest course that we know."""

OF_A_VALUE: Final = ("value", "unit", "comparator", "upper_limit")

MOST_PROBLEMS: Final = 100
"""Nobody reads more; how many there are in all is said."""


def parse_case(text: bytes, dictionary: Dictionary) -> Snapshot:
    """The case that a document (UTF-8) of either schema describes. Raises InvalidDocument."""
    reader = _CaseReader(dictionary)
    document = json_object(text)
    snapshot = reader.case(document)
    if snapshot is None:
        case_id = document.get("case_id")
        found = reader.problems[:MOST_PROBLEMS]
        if len(found) < len(reader.problems):
            found.append(Problem("document", Phrase("more_problems", str(len(reader.problems)))))
        raise InvalidDocument(found, case_id if isinstance(case_id, str) else None)
    return snapshot


class _CaseReader:
    """Walks through one document and collects its problems."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.problems: list[Problem] = []
        self.variables = dictionary.variables
        self.unit_aliases = dictionary.unit_aliases
        self.reasons = tuple(dictionary.absent_reasons)
        self.events = dictionary.events
        self.event_readers = event_readers(tuple(dictionary.events))
        self.observation_readers = observation_readers(self.reasons)

    def refuse(self, place: str, phrase: Phrase, *given: Any) -> None:
        """Note a problem, showing what was given."""
        self.problems.append(Problem(place, phrase, _shown(given[0]) if given else None))

    def shaped(self, place: str, given: Any, shape: Shape) -> dict[str, Any]:
        """The fields of one object that could be read."""
        return self.fields(place, given, shape.readers, *shape.obligatory)

    def fields(
        self, place: str, given: Any, readers: Mapping[str, Reader], *obligatory: str
    ) -> dict[str, Any]:
        """The fields of one object that could be read."""
        if not isinstance(given, dict):
            self.refuse(place, Phrase("object_expected"), given)
            return {}
        values = {}
        for name, raw in given.items():
            reader = readers.get(name)
            if reader is None:
                self.refuse(_within(place, name), Phrase("unknown_key", *readers))
                continue
            value = reader(raw)
            if type(value) is Phrase:
                self.refuse(_within(place, name), value, raw)
            else:
                values[name] = value
        for name in obligatory:
            if name not in given:
                self.refuse(_within(place, name), Phrase("obligatory"))
        return values

    def case(self, document: Any) -> Snapshot | None:
        """The whole document, None where anything of it is refused."""
        values = self.shaped("", document, CASE)
        assessments = self.each(values, "assessments", self.assessment)
        treatments = self.each(values, "treatments", self.treatment)
        events = self.each(values, "events", self.event)
        # What could not be read is refused already: nothing further is said of it.
        snapshot = Snapshot(
            case_id=values.get("case_id", ""),
            birth_date=values.get("birth_date", EARLIEST_BIRTH),
            sex=values.get("sex", Sex.UNKNOWN),
            assessments=tuple(assessments.values()),
            treatments=tuple(treatments.values()),
            events=tuple(events.values()),
        )
        places = Places(tuple(assessments), tuple(treatments), tuple(events))
        self.problems += problems(snapshot, places)
        return None if self.problems else snapshot

    def each(
        self, values: dict[str, Any], name: str, item: Callable[[str, Any], Item | None]
    ) -> dict[int, Item]:
        """The items of a list that could be read, by their position."""
        given: Sequence[Any] = values.get(name, ())
        if len(given) > MOST_ITEMS[name]:
            self.refuse(name, Phrase("too_many", str(MOST_ITEMS[name]), str(len(given))))
            return {}
        read_items = ((i, item(f"{name}[{i}]", raw)) for i, raw in enumerate(given))
        return {i: found for i, found in read_items if found is not None}

    def assessment(self, place: str, given: Any) -> Assessment | None:
        """One visit with its observations."""
        values = self.shaped(place, given, ASSESSMENT)
        # Where one of these could not be read, the document is refused whatever follows from it.
        milestone, day = values.get("milestone", Milestone.INTERIM), values.get("date", date.max)
        observations: dict[str, Observation] = {}
        absences: dict[str, Absence] = {}
        at = f"{place}.observations"
        for name, raw in values.get("observations", {}).items():
            found = self.recorded(at, name, raw, milestone, day)
            if isinstance(found, Observation):
                observations[name] = found
            elif found is not None:
                absences[name] = found
        if "milestone" not in values or "date" not in values:
            return None
        return Assessment(
            milestone=milestone, date=day, observations=observations, absences=absences
        )

    def recorded(
        self, place: str, name: str, raw: Any, milestone: Milestone, day: date
    ) -> Observation | Absence | None:
        """What is recorded of a variable: a bare value, or an object."""
        variable = self.variables.get(name)
        if variable is None:
            self.refuse(_within(place, name), Phrase("unknown_variable"))
            return None
        if isinstance(raw, dict):
            return self.observation(f"{place}.{name}", variable, raw, milestone, day)
        value = bare(variable, raw)
        if value is None:
            self.refuse(f"{place}.{name}", expected(variable), raw)
            return None
        recorded = value if variable.unit is None else raw
        return Observation((Fact(name, recorded, variable.unit, milestone, day),), value)

    def observation(
        self, place: str, variable: Variable, given: dict[str, Any], milestone: Milestone, day: date
    ) -> Observation | Absence | None:
        """One recorded value or its absence, written as an object."""
        fields = self.fields(place, given, self.observation_readers)
        if ("value" in given) == ("absent" in given):
            self.refuse(place, Phrase("value_or_absent"))
        if "comparator" in given and "absent" in given:
            self.refuse(f"{place}.comparator", Phrase("comparator_beside_absent"))
        observed_on, note = fields.get("observed_on", day), fields.get("note")
        absence = Absence(fields["absent"], observed_on, note) if "absent" in fields else None
        if fields.keys().isdisjoint(OF_A_VALUE):
            return absence
        unit = fields.get("unit")
        reading = read(
            variable,
            fields.get("value"),
            unit=None if unit is None else self.unit_aliases.get(unit, unit),
            comparator=fields.get("comparator"),
            upper_limit=fields.get("upper_limit"),
        )
        if isinstance(reading, Reading):
            return observation_of(variable, reading, milestone, observed_on, note)
        for refusal in reading:
            if refusal.field in fields:
                at = place if refusal.field == "value" else f"{place}.{refusal.field}"
                of_unit = (unit or "") if refusal.field in ("value", "upper_limit") else ""
                shown = f"{_shown(fields[refusal.field])} {of_unit}".rstrip()
                self.problems.append(Problem(at, refusal.phrase, shown))
        return absence

    def treatment(self, place: str, given: Any) -> Treatment | None:
        """One treatment, and what may stand beside its role."""
        values = self.shaped(place, given, TREATMENT)
        role, start = values.get("role"), values.get("start")
        if role is Role.BRIDGING and "modality" not in given:
            self.refuse(f"{place}.modality", Phrase("obligatory"))
        given_class = values.pop("class", None)
        treatment_class = None
        if role is not None and given_class is not None:
            classes = CLASSES.get(role)
            treatment_class = None if classes is None else classes.of(given_class)
            if classes is None:
                self.refuse(f"{place}.class", Phrase("no_class"))
            elif treatment_class is None:
                self.refuse(f"{place}.class", Phrase("code_expected", *classes), given_class)
        if role is None or start is None:
            return None
        return Treatment(treatment_class=treatment_class, **values)

    def event(self, place: str, given: Any) -> Event | None:
        """One event; a grade or a cause only where its kind has them."""
        values = self.fields(place, given, self.event_readers, "kind", "date")
        if "kind" not in values:
            return None
        kind = self.events[values["kind"]]
        if "grade" in values:
            grade = whole(values["grade"], kind.grades) if kind.grades else None
            if grade is None:
                ends = kind.grades.ends if kind.grades else ()
                expected = Phrase("count_expected" if ends else "no_grade", *ends)
                self.refuse(f"{place}.grade", expected, values["grade"])
            values["grade"] = grade
        if "cause" in values and values["cause"] not in kind.causes:
            expected = Phrase("code_expected" if kind.causes else "no_cause", *kind.causes)
            self.refuse(f"{place}.cause", expected, values["cause"])
        return Event(**values) if "date" in values else None


def observation_of(
    variable: Variable, reading: Reading, milestone: Milestone, on: date, note: str | None = None
) -> Observation:
    """An observation of what was read, made on a day at a visit."""
    fact = Fact(variable.name, reading.recorded, reading.unit, milestone, on, reading.comparator)
    if reading.recorded_upper_limit is None:
        return Observation((fact,), reading.value, None, note)
    name = f"{variable.name}.upper_limit"
    limit = Fact(name, reading.recorded_upper_limit, reading.unit, milestone, on)
    return Observation((fact, limit), reading.value, reading.upper_limit, note)


def _within(place: str, key: str) -> str:
    """The place of a key; one that could break a line or be misread is quoted."""
    if not key.isidentifier():
        return f"{place}[{dumps(key)}]"
    return f"{place}.{key}" if place else key


def _shown(given: Any, longest: int = 60) -> str:
    """What was given, on one line and not too long."""
    match given:
        case dict():
            return "{...}"
        case list():
            return "[...]"
        case Decimal() | date():
            text = str(given)
        case _:
            text = dumps(given)
    return text if len(text) <= longest else f"{text[:longest]}..."
