"""Reads a case document: every problem is found, and named with its place."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from json import dumps
from typing import Any, TypeVar

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
from riskfactors.domain.snapshot import (
    Absence,
    Assessment,
    Event,
    Fact,
    Observation,
    Snapshot,
    Treatment,
)
from riskfactors.domain.timepoints import SCHEDULED, Milestone
from riskfactors.domain.variables import Dictionary, Reading, Variable, expected, read, whole
from riskfactors.domain.vocabulary import Phrase, Problem, Role

Item = TypeVar("Item")


def parse_case(text: bytes, dictionary: Dictionary) -> Snapshot:
    """The case that a `cartapp-case/1` document (UTF-8) describes. Raises InvalidDocument."""
    strict = _CaseReader(dictionary)
    document = json_object(text)
    snapshot = strict.case(document)
    if snapshot is None:
        case_id = document.get("case_id")
        raise InvalidDocument(strict.problems, case_id if isinstance(case_id, str) else None)
    return snapshot


class _CaseReader:
    """Walks through one document and collects its problems."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.problems: list[Problem] = []
        self.birth_date: date | None = None
        self.variables = dictionary.variables
        self.codes_and_counts = dictionary.codes_and_counts
        self.quantities = dictionary.quantities
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
            kind = type(value)
            if kind is Phrase:
                self.refuse(_within(place, name), value, raw)
            elif kind is date and self.birth_date and value < self.birth_date:
                self.refuse(_within(place, name), Phrase("before_birth"), raw)
            else:
                values[name] = value
        for name in obligatory:
            if name not in given:
                self.refuse(_within(place, name), Phrase("obligatory"))
        return values

    def case(self, document: Any) -> Snapshot | None:
        """The whole document."""
        values = self.shaped("", document, CASE)
        self.birth_date = values.get("birth_date")
        assessments = self.each(values, "assessments", self.assessment)
        treatments = self.each(values, "treatments", self.treatment)
        events = self.each(values, "events", self.event)
        self.check_milestones(assessments)
        if self.problems:
            return None
        return Snapshot(
            case_id=values["case_id"],
            birth_date=values["birth_date"],
            sex=values["sex"],
            assessments=tuple(a for a in assessments if a),
            treatments=tuple(t for t in treatments if t),
            events=tuple(e for e in events if e),
        )

    def each(
        self, values: dict[str, Any], name: str, item: Callable[[str, Any], Item | None]
    ) -> list[Item | None]:
        """The items of a list, None for those that could not be read."""
        return [item(f"{name}[{i}]", raw) for i, raw in enumerate(values.get(name, ()))]

    def assessment(self, place: str, given: Any) -> Assessment | None:
        """One visit with its observations."""
        values = self.shaped(place, given, ASSESSMENT)
        # Where one of these could not be read, the document is refused whatever follows from it.
        milestone, day = values.get("milestone", Milestone.INTERIM), values.get("date", date.max)
        table = values.get("observations", {})
        observations: dict[str, Observation] = {}
        absences: dict[str, Absence] = {}
        codes_and_counts, quantities = self.codes_and_counts, self.quantities
        for name, raw in table.items():
            # Most are bare values, in the unit of the dictionary: they are read here at once.
            kind, value, unit = type(raw), None, None
            if kind is str:
                value = codes_and_counts.get((name, raw))
            elif kind is int or kind is Decimal:  # true, which equals 1, is neither
                if (quantity := quantities.get(name)) is None:
                    value = codes_and_counts.get((name, raw))
                else:
                    low, high, unit = quantity
                    number = raw if kind is Decimal else Decimal(raw)
                    value = number if low <= number <= high else None
            if value is not None:
                fact = Fact(name, value if unit is None else raw, unit, milestone, day)
                observations[name] = Observation((fact,), value)
                continue
            found = self.looked_at(f"{place}.observations", name, raw, milestone, day)
            if isinstance(found, Observation):
                observations[name] = found
            elif found is not None:
                absences[name] = found
        if "milestone" not in values or "date" not in values:
            return None
        return Assessment(
            milestone=milestone, date=day, observations=observations, absences=absences
        )

    def looked_at(
        self, place: str, name: str, raw: Any, milestone: Milestone, day: date
    ) -> Observation | Absence | None:
        """What is recorded of a variable where it is an object, or refused."""
        variable = self.variables.get(name)
        if variable is None:
            self.refuse(_within(place, name), Phrase("unknown_variable"))
        elif not isinstance(raw, dict):
            self.refuse(f"{place}.{name}", expected(variable), raw)
        else:
            return self.observation(f"{place}.{name}", variable, raw, milestone, day)
        return None

    def observation(
        self, place: str, variable: Variable, given: dict[str, Any], milestone: Milestone, day: date
    ) -> Observation | Absence | None:
        """One recorded value or its absence, written as an object."""
        if len(given) == 1 and given.get("absent") in self.reasons:
            return Absence(given["absent"], day)
        fields = self.fields(place, given, self.observation_readers)
        if ("value" in given) == ("absent" in given):
            self.refuse(place, Phrase("value_or_absent"))
        observed_on = fields.get("observed_on", day)
        if observed_on > day:
            after = Phrase("after_visit", day.isoformat())
            self.refuse(f"{place}.observed_on", after, given["observed_on"])
        reading = read(
            variable,
            fields.get("value"),
            unit=fields.get("unit"),
            upper_limit=fields.get("upper_limit"),
        )
        note = fields.get("note")
        if isinstance(reading, Reading):
            about = reading.unit, milestone, observed_on
            grounds: tuple[Fact, ...] = (Fact(variable.name, reading.recorded, *about),)
            if reading.recorded_upper_limit is not None:
                limit = f"{variable.name}.upper_limit"
                grounds += (Fact(limit, reading.recorded_upper_limit, *about),)
            return Observation(grounds, reading.value, reading.upper_limit, note)
        for refusal in reading:
            if refusal.field in fields:
                at = place if refusal.field == "value" else f"{place}.{refusal.field}"
                unit = fields.get("unit", "") if refusal.field != "unit" else ""
                shown = f"{_shown(fields[refusal.field])} {unit}".rstrip()
                self.problems.append(Problem(at, refusal.phrase, shown))
        return Absence(fields["absent"], observed_on, note) if "absent" in fields else None

    def treatment(self, place: str, given: Any) -> Treatment | None:
        """One treatment; what may stand beside its role, and its dates in order."""
        values = self.shaped(place, given, TREATMENT)
        role, start = values.get("role"), values.get("start")
        if role is Role.BRIDGING and "modality" not in given:
            self.refuse(f"{place}.modality", Phrase("obligatory"))
        if role is not None and role is not Role.SALVAGE and "class" in given:
            self.refuse(f"{place}.class", Phrase("only_with_salvage"))
        for name in ("end", "response_on"):
            if start is not None and name in values and values[name] < start:
                self.refuse(f"{place}.{name}", Phrase("before_start"), given[name])
        if role is None or start is None:
            return None
        return Treatment(salvage_class=values.pop("class", None), **values)

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

    def check_milestones(self, assessments: list[Assessment | None]) -> None:
        """Each milestone once, in the order of the course; no relapse before the infusion."""
        places: dict[Milestone, int] = {}
        dates: dict[Milestone, date] = {}
        for index, assessment in enumerate(assessments):
            if assessment is None or (milestone := assessment.milestone) is Milestone.INTERIM:
                continue
            if milestone in places:
                first = f"assessments[{places[milestone]}]"
                stands_twice = Phrase("stands_twice", milestone, first)
                self.refuse(f"assessments[{index}].milestone", stands_twice)
                continue
            places[milestone] = index
            dates[milestone] = assessment.date
        scheduled = [m for m in SCHEDULED if m in dates]
        for earlier, later in (*pairwise(scheduled), (Milestone.INFUSION, Milestone.RELAPSE)):
            if earlier in dates and later in dates and dates[later] < dates[earlier]:
                order = Phrase("before_milestone", later, earlier, dates[earlier].isoformat())
                self.refuse(f"assessments[{places[later]}].date", order, dates[later])


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
