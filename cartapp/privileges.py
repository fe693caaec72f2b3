"""What the role that serves the site may do on PostgreSQL: add records, change what changes.

Given by the role that owns the tables, after each migration and restore (scripts/postgresql-roles).
"""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from patients.models import Case, Record

READ: Final = "SELECT"
ADD: Final = "SELECT, INSERT"
ADD_AND_LOCK: Final = "SELECT, INSERT, UPDATE (id)"
"""Whoever locks a row has to be allowed to change a column of it; the triggers refuse it then."""
CHANGE: Final = "SELECT, INSERT, UPDATE, DELETE"


def give(*, using: str, **_signal: Any) -> None:
    """To the role that serves, where another one migrates; a receiver of post_migrate."""
    connection, role = connections[using], settings.SERVING_ROLE
    if connection.vendor != "postgresql" or role in ("", connection.settings_dict["USER"]):
        return
    to = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        present = connection.introspection.table_names(cursor)  # not all, migrated backwards
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to}")
        cursor.execute(f"GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO {to}")
        for table, rights in _rights():
            if table in present:
                cursor.execute(f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {to}")


def _rights() -> Iterator[tuple[str, str]]:
    """By table, whatever is not named here stays closed."""
    for model in apps.get_models(include_auto_created=True):
        rights = ADD if issubclass(model, Record) else CHANGE
        yield model._meta.db_table, ADD_AND_LOCK if model is Case else rights
    yield str(settings.CACHES["default"]["LOCATION"]), CHANGE
    yield MigrationRecorder.Migration._meta.db_table, READ


def owns_tables(connection: BaseDatabaseWrapper) -> bool:
    """Whether this role could lift the triggers: it owns a table, or acts for who does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(bool_or(pg_has_role(relowner, 'MEMBER')), false) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        (owns,) = cursor.fetchone()
    return bool(owns)
