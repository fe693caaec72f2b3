"""Statements to the database that are written once: only what they are given differs.

Writing a query takes the ORM several times as long as asking it.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, IntegerField, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Given(Value):
    """Stands in a query for what it is given when it is asked: a key, or a value of a field."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(name, output_field or IntegerField())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """A place among the parameters, which this holds until the query is asked."""
        return "%s", (self,)

    def prepared(self, given: dict[str, object], on: BaseDatabaseWrapper) -> object:
        """What it stands for, as the database takes it."""
        return self.output_field.get_db_prep_value(given[self.value], on)


class PreparedQuery(Generic[Row]):
    """A query whose words the ORM writes when it is first asked of a kind of database."""

    def __init__(self, query: Callable[[], QuerySet[Row]]) -> None:
        self._query = query
        self._written: dict[str, tuple[type[Row], str, tuple[object, ...]]] = {}

    def __call__(self, **given: object) -> list[Row]:
        if connection.vendor not in self._written:
            query = self._query()
            self._written[connection.vendor] = query.model, *query.query.sql_with_params()
        model, sql, places = self._written[connection.vendor]
        parameters = [
            place.prepared(given, connection) if isinstance(place, Given) else place
            for place in places
        ]
        return list(model._default_manager.raw(sql, parameters))


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one table as bulk_create does, in half its time: they do not learn their keys,
    and what many hold is prepared once."""
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    lines = list(zip(*(_column(field, rows) for field in fields), strict=True))
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    most = connection.ops.bulk_batch_size(fields, rows)
    with connection.cursor() as cursor:
        for some in (lines[start : start + most] for start in range(0, len(lines), most)):
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({names})"  # noqa: S608 - our own names
                f" VALUES {', '.join([places] * len(some))}",
                list(chain.from_iterable(some)),
            )


def _column(field: "Field[Any, Any]", rows: Sequence[Model]) -> list[object]:
    values = [getattr(row, field.attname) for row in rows]
    if field.is_relation and None in values:  # what they point to was saved after they were made
        values = [getattr(row, field.name).pk for row in rows]
    once = {id(value): value for value in values}
    prepared = {key: field.get_db_prep_save(value, connection) for key, value in once.items()}
    return [prepared[id(value)] for value in values]
