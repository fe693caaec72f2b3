"""A case as it would be with what is not saved yet is the case once it is saved."""

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    EventRevision,
    Observation,
    Revision,
    Role,
    TreatmentRevision,
    User,
)
from patients.records.outlook import Outlook, outlook
from patients.records.slots import known_of
from patients.records.snapshots import NEW
from tests.patients import courses
from tests.patients.courses import infusion, known, record, value, visit

LATER = date(2024, 4, 3)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(
        ana,
        *visit(ecog="1", crp="35"),
        courses.line(best_response="PR", end=date(2020, 6, 1)),
        courses.event("crs", date(2024, 3, 9), grade=2),
    )


def ahead(case: Case, *revisions: Revision, token: uuid.UUID | None = None) -> Outlook:
    head = case.entries.latest("sequence").pk
    return outlook(known_of(case, head), revisions, token=token or uuid.uuid4())


def line(case: Case, **said: object) -> TreatmentRevision:
    treatment = TreatmentRevision.objects.get(treatment__case=case).treatment
    return TreatmentRevision(treatment=treatment, revision=2, **said)


def event(case: Case, **said: object) -> EventRevision:
    happened = EventRevision.objects.get(event__case=case).event
    return EventRevision(event=happened, revision=2, **said)


STATEMENTS: dict[str, Callable[[Case], list[Revision]]] = {
    "a first value": lambda case: [value(infusion(case), "ldh", "300", upper_limit="250")],
    "another value": lambda case: [value(infusion(case), "crp", "3.5", 2, unit="mg/dL")],
    "no value and why": lambda case: [
        Observation(assessment=infusion(case), variable="ldh", revision=1, absent="not-performed")
    ],
    "a value withdrawn": lambda case: [
        Observation(assessment=infusion(case), variable="crp", revision=2, withdrawn=True)
    ],
    "a new visit": lambda case: visit("day_28", LATER, response="PR"),
    "another date": lambda case: [
        AssessmentDate(assessment=infusion(case), revision=2, date=date(2024, 3, 7))
    ],
    "a visit withdrawn": lambda case: [
        AssessmentDate(assessment=infusion(case), revision=2, date=None)
    ],
    "a new treatment": lambda case: [courses.line("R-GDP", start=date(2021, 1, 1))],
    "another treatment": lambda case: [line(case, role="line", start=date(2020, 2, 1))],
    "a treatment withdrawn": lambda case: [line(case, withdrawn=True)],
    "a new event": lambda case: [courses.event("icans", date(2024, 3, 10), grade=1)],
    "another event": lambda case: [event(case, kind="crs", date=date(2024, 3, 8), grade=3)],
    "an event withdrawn": lambda case: [event(case, withdrawn=True)],
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_case_would_be_what_it_is_once_saved(case: Case, ana: User, name: str) -> None:
    foreseen = ahead(case, *STATEMENTS[name](case)).recorded.snapshot

    record(case, ana, *STATEMENTS[name](case), reason="typing error")

    assert foreseen == known(case)


def test_what_is_recorded_has_its_number_and_what_is_new_comes_last(case: Case) -> None:
    found = ahead(case, *visit("day_28", LATER), courses.line(), courses.event("infection", LATER))

    assert [list(numbers) for numbers in found.recorded.places] == [[1, NEW], [1, NEW], [1, NEW]]


def test_only_what_the_statements_bring_is_found(case: Case, ana: User) -> None:
    record(case, ana, value(infusion(case), "ferritin", "20000"))

    nothing = ahead(case, value(infusion(case), "il6", "5"))
    unusual = ahead(case, value(infusion(case), "il6", "100000"))
    dead = ahead(case, courses.event("death", date(2024, 3, 7)))

    assert (nothing.problems, nothing.concerns) == ((), ())
    assert [(c.phrase.key, c.places) for c in unusual.concerns] == [
        ("unusual", ("assessments[1].observations.il6",))
    ]
    assert [(p.place, p.phrase.key) for p in dead.problems] == [("events[1].date", "after_death")]


def test_a_form_that_was_saved_and_a_milestone_of_somebody_else_are_left_to_the_save(
    case: Case,
) -> None:
    early, token = date(2024, 3, 1), case.entries.get().token
    again = [AssessmentDate(assessment=Assessment(milestone="infusion"), revision=1, date=early)]

    assert ahead(case, *again).problems == ()
    assert ahead(case, *visit("day_28", early)).problems != ()
    assert ahead(case, *visit("day_28", early), token=token).problems == ()
