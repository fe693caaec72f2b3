"""The one door from records to rules: what it gives, and how many questions it asks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.models import Assessment, AssessmentDate, Case, Revision, Role, User
from patients.records.snapshots import snapshot_of
from riskfactors.domain.reading import Reading, read
from riskfactors.domain.snapshot import Absence, Event, Fact, Treatment
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Modality, Response
from riskfactors.domain.vocabulary import Role as Purpose
from riskfactors.published import catalogue
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, infusion, record, value, visit

QUERIES = 6  # the head, the person, the visits, their values, treatments, events
SAVE_QUERIES = 15  # with a savepoint, the clock, the case read back, and the key that orders it
TAKING_ONE = [
    name
    for name, variable in catalogue().dictionary.variables.items()
    if isinstance(read(variable, 1), Reading)
]


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


def test_a_snapshot_is_what_was_recorded(ana: User) -> None:
    assessment = Assessment(milestone="infusion")
    case = courses.case(
        ana,
        AssessmentDate(assessment=assessment, revision=1, date=INFUSION_DAY),
        value(assessment, "ecog", "1"),
        value(
            assessment,
            "ldh",
            "4.20",
            unit="ukat/L",
            upper_limit="4.1",
            observed_on=INFUSION_DAY - timedelta(days=1),
            note="haemolytic?",
        ),
        value(assessment, "crp", "", absent="not-performed"),
        courses.line(
            "RT",
            role="bridging",
            modality="radiotherapy",
            best_response="PR",
            response_on=INFUSION_DAY,
        ),
        courses.event("crs", grade=2),
    )

    known = courses.known(case)

    (found,) = known.assessments
    ldh = found.observations["ldh"]
    the_day_before = INFUSION_DAY - timedelta(days=1)
    about = "ukat/L", Milestone.INFUSION, the_day_before
    assert (found.milestone, found.date) == (Milestone.INFUSION, INFUSION_DAY)
    assert str(ldh.fact.value) == "4.20"
    assert ldh.fact == Fact("ldh", ldh.fact.value, *about)
    assert ldh.limit == Fact("ldh.upper_limit", ldh.limit.value if ldh.limit else 0, *about)
    assert ldh.note == "haemolytic?"
    assert found.observations["ecog"].fact.observed_on == INFUSION_DAY
    assert found.absences == {"crp": Absence("not-performed", INFUSION_DAY)}
    assert known.treatments == (
        Treatment(
            role=Purpose.BRIDGING,
            start=date(2020, 1, 1),
            regimen="RT",
            modality=Modality.RADIOTHERAPY,
            best_response=Response.PR,
            response_on=INFUSION_DAY,
        ),
    )
    assert known.events == (Event(kind="crs", date=INFUSION_DAY, grade=2),)


def test_what_is_dated_later_is_hidden(ana: User) -> None:
    later = INFUSION_DAY + timedelta(days=7)
    case = courses.case(ana, *visit(ecog="1"), *visit("day_7", later, ecog="2"))

    seen = snapshot_of(case, as_of=later - timedelta(days=1), known_at=timezone.now())

    assert [found.milestone for found in seen.assessments] == [Milestone.INFUSION]


def test_before_its_first_entry_a_case_is_not_known(ana: User) -> None:
    case = courses.case(ana)
    opened = case.entries.get().recorded_at

    with pytest.raises(Case.DoesNotExist):
        snapshot_of(case, as_of=date.max, known_at=opened - timedelta(seconds=1))


def test_an_observation_without_a_day_of_its_own_follows_its_visit(ana: User) -> None:
    case = courses.case(ana, *visit(ecog="1"))
    moved = INFUSION_DAY + timedelta(days=1)

    record(
        case,
        ana,
        AssessmentDate(assessment=infusion(case), revision=2, date=moved),
        reason="a day late",
    )

    (found,) = courses.known(case).assessments
    assert (found.date, found.observations["ecog"].fact.observed_on) == (moved, moved)


def test_what_is_saved_while_the_tables_are_read_appears_in_none_of_them(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One save writes a value and a treatment; a reader between two tables sees neither."""
    case = courses.case(ana, *visit(ecog="1"))
    at = infusion(case)
    asked: list[str] = []

    def meanwhile(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        asked.append(sql)
        if len(asked) == 3:  # the head and the person have been read
            record(case, ana, value(at, "crp", "12"), courses.line())
        return execute(sql, params, many, context)  # type: ignore[operator]  # as Django calls it

    with connection.execute_wrapper(meanwhile):
        seen = snapshot_of(case, as_of=date.max, known_at=timezone.now() + timedelta(days=1))

    assert set(seen.assessments[0].observations) == {"ecog"}
    assert seen.treatments == ()
    assert len(courses.known(case).treatments) == 1


@pytest.mark.parametrize("visits", [1, 30])
def test_a_snapshot_asks_as_much_of_a_long_case_as_of_a_short_one(visits: int, ana: User) -> None:
    statements: list[Revision] = []
    for number in range(visits):
        day = INFUSION_DAY + timedelta(days=number)
        statements += visit("interim", day, ecog="1", crp="3", ldh="300")
    case = courses.case(ana, *statements, courses.line(), courses.line(), courses.event())

    with CaptureQueriesContext(
        connection,
    ) as asked:
        known = courses.known(case)

    assert (len(asked), len(known.assessments)) == (QUERIES, visits)


@pytest.mark.parametrize("values", [1, 30])
def test_a_save_asks_as_much_for_many_values_as_for_one(values: int, ana: User) -> None:
    case = courses.case(ana, *visit())
    names = TAKING_ONE[:values]
    at = infusion(case)

    with CaptureQueriesContext(connection) as asked:
        record(case, ana, *(value(at, name, "1") for name in names))

    assert len(asked) == SAVE_QUERIES + courses.LINE_QUERIES
