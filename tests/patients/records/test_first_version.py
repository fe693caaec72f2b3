"""A database filled by the first version of the tables is read, verified and written on."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from patients.models import Case, JournalLine, Role, TreatmentRevision
from patients.records import verification
from patients.records.chain import breaks
from patients.records.saving import Refused
from patients.transfer.documents import import_case
from riskfactors.domain.documents import parse_case
from riskfactors.published import catalogue
from tests.conftest import lift_triggers
from tests.domain.cases import event, line, relapsed, salvage, text
from tests.patients import boards, courses

FIRST = ("patients", "0007_accounts")


def moved_to(migration: tuple[str, str]) -> None:
    """The tables as they were at a migration; SQLite makes them anew, so triggers are lifted."""
    lift_triggers()
    MigrationExecutor(connection).migrate([migration])


@pytest.fixture
def migrated_back(transactional_db: None) -> Iterator[None]:
    """Whatever happens, the tables are those of today in the end."""
    yield
    call_command("migrate", verbosity=0)


def test_what_the_first_version_recorded_is_read_as_before(migrated_back: None) -> None:
    manager = courses.person("manager", Role.DATA_MANAGER)
    document = relapsed(
        treatments=(line("2023-01-01", "CR"), salvage("2024-09-02", "pola_br")),
        events=(event("crs", "2024-03-09", grade=2, note="settled"),),
        infusion={"ldh": {"value": 300, "upper_limit": 250}, "product": "axi_cel"},
    )
    import_case(text(document), centre=courses.centre(), by=manager)
    expected = parse_case(text(document), catalogue().dictionary)

    moved_to(FIRST)
    with connection.cursor() as cursor:
        table = TreatmentRevision._meta.db_table
        columns = connection.introspection.get_table_description(cursor, table)
    call_command("migrate", verbosity=0)

    assert {"salvage_class"} <= {column.name for column in columns}
    case = Case.objects.get()
    assert (courses.known(case), breaks(case)) == (expected, [])


def test_what_was_recorded_before_there_was_a_journal_makes_its_first_lines(
    migrated_back: None,
) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    case = courses.case(ana, *courses.visit(ecog="1"))
    boards.followed_up(case, ana)
    written = set(JournalLine.objects.values_list("centre", "table", "row"))

    moved_to(("patients", "0016_lists_and_refusals"))
    call_command("migrate", verbosity=0)

    assert set(JournalLine.objects.values_list("centre", "table", "row")) == written
    assert list(verification.faults(case.centre)) + list(verification.strays()) == []


def test_a_case_that_would_be_refused_today_is_read_and_can_be_corrected(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit after a death was no fault when it was recorded."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    with monkeypatch.context() as then:
        then.setattr("riskfactors.domain.documents.parsing.problems", lambda *_: ())
        case = courses.case(
            ana, *courses.visit(ldh="300"), courses.event("death", date(2024, 1, 1))
        )

    courses.record(case, ana, courses.event("infection", date(2023, 12, 31)))
    with pytest.raises(Refused) as refused:
        courses.record(case, ana, courses.event("infection", date(2024, 1, 2)))

    assert [found.kind for found in courses.known(case).events] == ["death", "infection"]
    assert [(p.place, p.phrase.key) for p in refused.value.problems] == [
        ("events[2].date", "after_death")
    ]
