"""Lets the database itself refuse to change or delete a record, or to add one where it is guarded.

Installed after every migrate, since SQLite's table rebuilds drop triggers; asserted at start.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from patients.models import Record

REFUSAL = "Records are added, never changed or deleted."
FUNCTION = "cartapp_refuse_change"
FUNCTION_BODY = f" BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23000'; END "
RETURNS = "RETURNS trigger LANGUAGE plpgsql AS"


class Trigger(NamedTuple):
    """A trigger: its name, its table, and the statement that makes it; on PostgreSQL the body of
    its function too."""

    name: str
    table: str
    statement: str
    body: str = ""


def record_models() -> list[type[Record]]:
    """Every model whose rows are added and never edited."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


def declared(connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    """The triggers that this database must have."""
    for model in record_models():
        if connection.vendor == "sqlite":
            yield from _sqlite(model, connection)
        else:
            yield from _postgresql(model)
        yield from _guards(model, connection)


def _postgresql(model: type[Record]) -> Iterator[Trigger]:
    table = model._meta.db_table
    for act, of, each in (
        ("change", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        name = f"{table}_no_{act}"
        made = (
            f'CREATE TRIGGER "{name}" BEFORE {of} ON "{table}"'
            f" FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()"
        )
        yield Trigger(name, table, made, FUNCTION_BODY)


def _guards(model: type[Record], connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    table = model._meta.db_table
    for guard in model.GUARDS:
        name, message = f"{table}_{guard.name}", str(guard.message).replace("'", "''")
        when = f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}"'
        if connection.vendor == "sqlite":
            refusal = f"WHEN {guard.refuses} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            yield Trigger(name, table, f"{when} {refusal}")
        else:
            body = (
                f" BEGIN IF {guard.refuses} THEN RAISE EXCEPTION '{message}'"
                " USING ERRCODE = '23000'; END IF; RETURN NEW; END "
            )
            yield Trigger(name, table, f"{when} FOR EACH ROW EXECUTE FUNCTION {name}()", body)


def _sqlite(model: type[Record], connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    table = model._meta.db_table
    taken = " OR ".join(_taken(model, connection))
    existing = f'EXISTS (SELECT 1 FROM "{table}" WHERE {taken})'  # noqa: S608 - our own names
    # INSERT OR REPLACE deletes the row in its way without firing the trigger of DELETE.
    for act, of, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", f"WHEN {existing} "),
    ):
        name = f"{table}_no_{act}"
        made = (
            f'CREATE TRIGGER "{name}" BEFORE {of} ON "{table}" {when}'
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        yield Trigger(name, table, made)


def _taken(model: type[Record], connection: BaseDatabaseWrapper) -> Iterator[str]:
    """A condition for each key of the table, true of a row that a new one would replace."""
    for field in model._meta.local_concrete_fields:
        if field.unique:
            yield f'"{field.column}" = NEW."{field.column}"'
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    columns = {field.name: field.column for field in model._meta.local_concrete_fields}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            same = [f'"{columns[name]}" = NEW."{columns[name]}"' for name in constraint.fields]
            only_if = constraint._get_condition_sql(model, editor)  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way to its SQL
            if only_if:  # of both rows: it may speak of fields that are not equal in them
                same += [only_if, re.sub(r'"\w+"', r"NEW.\g<0>", only_if)]
            yield f"({' AND '.join(same)})"


def install(*, using: str, **_signal: Any) -> None:
    """Makes every trigger anew; a receiver of post_migrate."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE OR REPLACE FUNCTION {FUNCTION}() {RETURNS} $${FUNCTION_BODY}$$")
        present = connection.introspection.table_names(cursor)  # not all, migrated backwards
        for trigger in declared(connection):
            if trigger.table not in present:
                continue
            cursor.execute(dropping(trigger, connection))
            if trigger.body not in ("", FUNCTION_BODY):
                made = f'CREATE OR REPLACE FUNCTION "{trigger.name}"() {RETURNS} $${trigger.body}$$'
                cursor.execute(made)
            cursor.execute(trigger.statement)
            if connection.vendor == "postgresql":
                cursor.execute(
                    f'ALTER TABLE "{trigger.table}" ENABLE ALWAYS TRIGGER "{trigger.name}"'
                )


def dropping(trigger: Trigger, connection: BaseDatabaseWrapper) -> str:
    """The statement that removes a trigger."""
    table = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
    return f'DROP TRIGGER IF EXISTS "{trigger.name}"{table}'


def problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Each declared trigger that is missing, switched off or another than declared."""
    found = _sqlite_found if connection.vendor == "sqlite" else _postgresql_found
    installed = found(connection)
    for trigger in declared(connection):
        if trigger not in installed:
            yield f"The trigger {trigger.name} is not in force: run manage.py migrate."


def _sqlite_found(connection: BaseDatabaseWrapper) -> set[Trigger]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {Trigger(*row) for row in cursor.fetchall()}


def _postgresql_found(connection: BaseDatabaseWrapper) -> set[Trigger]:
    """Those that always fire and call a function as it is written here."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid, true), p.prosrc
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgenabled = 'A' AND NOT t.tgisinternal
              AND c.relnamespace = current_schema()::regnamespace
            """
        )
        found = {(name, table, _plain(made), body) for name, table, made, body in cursor}
    return {
        trigger
        for trigger in declared(connection)
        if (trigger.name, trigger.table, _plain(trigger.statement), trigger.body) in found
    }


def _plain(definition: str) -> str:
    """A definition in words that do not depend on who wrote it: PostgreSQL has its own."""
    return definition.replace('"', "").replace("DELETE OR UPDATE", "UPDATE OR DELETE")
