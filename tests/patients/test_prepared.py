"""What is written once for the database: each time it takes and gives what the ORM would."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, UUIDField
from django.test.utils import CaptureQueriesContext

from patients.models import Assessment, AssessmentDate, Case, Entry, Observation, Role, User
from patients.prepared import Given, PreparedQuery, insert
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, infusion, value, visit


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def cases(ana: User) -> list[Case]:
    return [courses.case(ana, *visit(ecog="1"), case_id=f"A-{number}") for number in range(3)]


def columns(rows: Any) -> list[list[Any]]:
    """Every column but the key."""
    return [
        [getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"]
        for row in rows
    ]


def test_a_query_is_written_once_and_gives_what_it_is_given_each_time(cases: list[Case]) -> None:
    written = []

    def last() -> QuerySet[Entry]:
        written.append("once")
        return Entry.objects.filter(case=Given("case")).order_by("-sequence")[:1]

    asked = PreparedQuery(last)

    found = [asked(case=case.pk) for case in cases]

    assert found == [[case.entries.get()] for case in cases]
    assert columns(found[0]) == columns([cases[0].entries.get()])
    assert written == ["once"]
    assert asked(case=0) == []


def test_values_come_and_go_as_the_fields_say(cases: list[Case]) -> None:
    by_token = PreparedQuery(lambda: Entry.objects.filter(token=Given("token", UUIDField())))
    dates = PreparedQuery(lambda: AssessmentDate.objects.filter(assessment__case=Given("case")))
    entry = cases[1].entries.get()

    (found,), (day,) = by_token(token=str(entry.token)), dates(case=cases[1].pk)

    assert (found, found.token, found.recorded_at) == (entry, entry.token, entry.recorded_at)
    assert day.date == INFUSION_DAY
    assert by_token(token=uuid.uuid4()) == []


def test_what_is_given_is_never_read_as_words_of_the_query(cases: list[Case]) -> None:
    by_reason = PreparedQuery(lambda: Entry.objects.filter(reason__contains="%", pk=Given("pk")))
    by_key = PreparedQuery(lambda: Case.objects.filter(pk=Given("key")))

    assert by_reason(pk=cases[0].entries.get().pk) == []
    with pytest.raises(ValueError, match="expected a number"):
        by_key(key="1 OR 1=1")
    with pytest.raises(KeyError):
        by_key(pk=cases[0].pk)


def observations(at: Assessment, entry: Entry, revision: int) -> list[Observation]:
    """Of all kinds, and more than one statement of SQLite takes."""
    said: list[dict[str, Any]] = [
        {"typed": "12.50", "unit": "mg/L", "upper_limit": "5", "note": "hæmolytic? 100 %s 'x'"},
        {"typed": "0", "observed_on": date(2024, 2, 29), "confirmed": True},
        {"typed": "", "absent": "not-performed"},
        {"typed": "", "withdrawn": True},
    ]
    return [
        value(at, f"variable_{number}", revision=revision, entry=entry, **said[number % 4])
        for number in range(250)
    ]


def test_rows_are_inserted_as_the_orm_inserts_them(cases: list[Case]) -> None:
    at, entry = infusion(cases[0]), cases[0].entries.get()
    Observation.objects.bulk_create(observations(at, entry, 2))

    with CaptureQueriesContext(connection) as asked:
        insert(observations(at, entry, 3))

    ours = Observation.objects.filter(revision=3).order_by("pk")
    theirs = Observation.objects.filter(revision=2).order_by("pk")
    assert columns(ours) == [[row[0], 3, *row[2:]] for row in columns(theirs)]
    assert len(asked) == (4 if connection.vendor == "sqlite" else 1)


def test_a_row_made_before_what_it_points_to_was_saved_finds_its_key(cases: list[Case]) -> None:
    entry, day = cases[0].entries.get(), date(2024, 4, 3)
    assessment = Assessment(milestone="day_28", number=2, case=cases[0], entry=entry)
    row = AssessmentDate(assessment=assessment, revision=1, date=day, entry=entry)
    assessment.save()

    insert([row])

    assert AssessmentDate.objects.get(date=day).assessment == assessment


def test_of_rows_of_which_one_is_refused_none_is_inserted(cases: list[Case]) -> None:
    at, entry = infusion(cases[0]), cases[0].entries.get()
    rows = [value(at, name, "1", entry=entry) for name in ("crp", "ferritin", "ecog")]

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)

    assert list(Observation.objects.filter(assessment=at).values_list("variable", flat=True)) == [
        "ecog"
    ]
