"""The database refuses to change or delete a record, however it is asked."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from cartapp import checks
from patients.models import (
    AccessKind,
    AccountAct,
    AccountChange,
    AgendaItem,
    BoardSetting,
    Centre,
    CentreChange,
    CentreLimit,
    CentreRule,
    Draft,
    Emergency,
    FormerIdentity,
    ListKind,
    Meeting,
    Membership,
    Observation,
    OrderKey,
    Participant,
    Patient,
    Record,
    Revocation,
    Role,
    SearchKey,
    User,
)
from patients.records import triggers
from patients.records.looks import note_list
from patients.records.opening import note_access
from tests.conftest import lift_triggers
from tests.patients import boards, courses

SQLITE = connection.vendor == "sqlite"
RECORDS = triggers.record_models()
MUTABLE = {
    *(User, Centre, CentreLimit, Patient, FormerIdentity, SearchKey, OrderKey),
    *(BoardSetting, Meeting, Participant, AgendaItem),
    Draft,
}
REFUSALS = [triggers.REFUSAL, *(str(g.message) for m in RECORDS for g in m.GUARDS)]
every_record = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


@pytest.fixture(scope="module")
def made_once(kept_for_the_module: None) -> None:
    by = courses.person("ines.gil", Role.CLINICIAN, Role.READER)
    case = courses.case(by, *courses.visit(ecog="1"), courses.line(), courses.event())
    note_access(case, AccessKind.LOOKED, by=by)
    note_list(case.centre, ListKind.WORKLIST, [case.pk], by=by)
    Revocation.objects.create(membership=Membership.objects.get(role=Role.READER), revoked_by=by)
    AccountChange.objects.create(user=by, act=AccountAct.CHOSEN, by=by)
    CentreChange.objects.create(
        centre=case.centre, rule=CentreRule.SECOND_FACTOR, holds=True, by=by
    )
    opened = note_access(case, AccessKind.EMERGENCY, by=by)
    Emergency.objects.create(access=opened, reason="Fever", until=timezone.now())
    boards.followed_up(case, by)
    connection.check_constraints()  # PostgreSQL alters no table with a check that is still to come


@pytest.fixture
def one_of_each(made_once: None, db: None) -> None:
    """A row in every table of records."""


def refused(act: Any) -> bool:
    """Whether it is refused in our words, and nothing of it stays."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return any(words in str(error) for words in REFUSALS)
    return False


def sql(statement: str) -> Any:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return act


def test_every_table_is_of_records_or_known_to_change() -> None:
    ours = set(apps.get_app_config("patients").get_models())

    assert ours - set(RECORDS) == MUTABLE


@every_record
def test_no_record_is_changed_or_deleted_by_a_model(model: type[Record], one_of_each: None) -> None:
    manager: models.Manager[Any] = model._default_manager
    row = manager.all()[0]
    field = next(f.name for f in model._meta.concrete_fields if not f.primary_key)

    assert refused(row.save)
    assert refused(lambda: manager.update(**{field: models.F(field)}))
    assert refused(lambda: manager.bulk_update([row], [field]))
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


@every_record
def test_no_record_is_changed_or_deleted_by_sql(model: type[Record], one_of_each: None) -> None:
    table = model._meta.db_table

    assert refused(sql(f"UPDATE {table} SET id = id"))  # noqa: S608 - our own names
    assert refused(sql(f"DELETE FROM {table}"))  # noqa: S608 - as above


@every_record
def test_no_record_is_replaced_or_truncated_by_sql(model: type[Record], one_of_each: None) -> None:
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        act = sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - as above
    else:
        act = sql(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")

    assert refused(act)


@every_record
def test_no_record_is_replaced_under_another_key(model: type[Record], one_of_each: None) -> None:
    """By the same slot and revision, or any other unique columns, with a new id."""
    table = model._meta.db_table
    keys = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    keyed = bool(keys) or any(f.unique and not f.primary_key for f in model._meta.concrete_fields)
    columns = [f'"{f.column}"' for f in model._meta.concrete_fields if not f.primary_key]
    copied = f"INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - as above
    if connection.vendor == "sqlite":
        assert refused(sql(f"INSERT OR REPLACE {copied}")) == keyed
    elif keyed:
        with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
            sql(f"INSERT {copied}")()


def test_interim_visits_are_several_and_milestones_are_not(one_of_each: None) -> None:
    by = User.objects.get(username="ines.gil")
    case = courses.case(by, *courses.visit("interim"), *courses.visit("interim"), case_id="A-2")

    assert len(courses.known(case).assessments) == 2


@pytest.mark.django_db
def test_a_site_without_a_trigger_does_not_start() -> None:
    name = f"{Observation._meta.db_table}_no_{'update' if SQLITE else 'change'}"
    of = "" if SQLITE else f" ON {Observation._meta.db_table}"
    sql(f"DROP TRIGGER {name}{of}")()

    assert f"The trigger {name} is not in force: run manage.py migrate." in list(
        checks.database_problems(connection)
    )


@pytest.mark.django_db
def test_a_site_with_a_trigger_that_does_nothing_does_not_start() -> None:
    table = Observation._meta.db_table
    if SQLITE:
        name = f"{table}_no_update"
        sql(f"DROP TRIGGER {name}")()
        sql(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")()
    else:
        name = f"{table}_no_change"
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")()

    assert list(triggers.problems(connection)) == [
        f"The trigger {name} is not in force: run manage.py migrate."
    ]


@pytest.mark.django_db
def test_on_postgresql_the_refusing_function_is_the_declared_one() -> None:
    if SQLITE:
        assert list(triggers.problems(connection)) == []
        return
    sql(
        f"CREATE OR REPLACE FUNCTION {triggers.FUNCTION}() RETURNS trigger"
        " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    )()

    assert len(list(triggers.problems(connection))) == 2 * len(RECORDS)


@pytest.mark.django_db
def test_migrating_makes_lost_triggers_anew() -> None:
    lift_triggers()
    lost = len(list(triggers.problems(connection)))

    call_command("migrate", verbosity=0)

    assert lost == len(list(triggers.declared(connection)))
    assert list(triggers.problems(connection)) == []


@pytest.mark.django_db
def test_a_database_migrated_backwards_gets_the_triggers_of_what_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lift_triggers()
    kept = [t for t in connection.introspection.table_names() if not t.startswith("patients_obs")]
    monkeypatch.setattr(connection.introspection, "table_names", lambda _cursor: kept)

    triggers.install(using="default")

    missing = {t.table for t in triggers.declared(connection)} - set(kept)
    assert missing == {Observation._meta.db_table}
    assert len(list(triggers.problems(connection))) == (3 if SQLITE else 2)
