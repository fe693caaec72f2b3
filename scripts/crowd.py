"""Fills a database with a centre of many invented cases, by bulk inserts: for measurements alone.

The cases that the first pages show have every value that is asked for; the others have visits,
events and the values that lists read, so that what a list walks through is as long as it would be.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Centre,
    Demographics,
    Entry,
    Event,
    EventRevision,
    Observation,
    Patient,
    SearchKey,
    User,
)
from patients.models.search import keys_of
from patients.records import triggers
from patients.records.ordering import put_all_in_order
from patients.records.progress import LISTED
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import VariableType
from riskfactors.published import catalogue

AT_ONCE = 5000
DETAILED = 100
"""So many cases at each end of the lists have every value."""
YEARS = 10
SURNAMES = ("Álamo", "Boj", "Castaño", "Encina", "Fresno", "García", "López", "Núñez", "Olmo")
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su")
DAYS = {
    Milestone.ELECTION: -60,
    Milestone.APHERESIS: -45,
    Milestone.LYMPHODEPLETION: -5,
    Milestone.INFUSION: 0,
    Milestone.DAY_7: 7,
    Milestone.DAY_28: 28,
    Milestone.DAY_90: 90,
}
COLUMNS: dict[type[models.Model], Sequence[str]] = {
    Patient: ("id", "centre_id", "name", "hospital_number", "birth_date"),
    Case: ("id", "public_id", "centre_id", "patient_id", "case_id"),
    SearchKey: ("case_id", "centre_id", "key"),
    Entry: (
        *("id", "case_id", "token", "recorded_by_id", "recorded_at"),
        *("sequence", "action", "reason", "request", "key_id", "digest"),
    ),
    Demographics: ("entry_id", "case_id", "birth_date", "sex", "revision"),
    Assessment: ("id", "case_id", "number", "entry_id", "milestone"),
    AssessmentDate: ("entry_id", "assessment_id", "date", "revision"),
    Observation: (
        *("entry_id", "assessment_id", "variable", "value", "revision", "unit", "upper_limit"),
        *("comparator", "absent", "note", "confirmed", "withdrawn"),
    ),
    Event: ("id", "case_id", "number", "entry_id"),
    EventRevision: (
        *("entry_id", "event_id", "kind", "date", "cause", "revision", "note", "withdrawn"),
    ),
}
Rows = dict[type[models.Model], list[tuple[Any, ...]]]


def crowd(cases: int, *, centre: Centre, by: User, today: date) -> None:
    """So many cases, numbered C-000000 and on, of an otherwise empty database."""
    with connection.cursor() as cursor, transaction.atomic():
        for trigger in triggers.declared(connection):
            cursor.execute(triggers.dropping(trigger, connection))
        for first in range(0, cases, AT_ONCE):
            rows: Rows = defaultdict(list)
            for number in range(first, min(first + AT_ONCE, cases)):
                ago = (number * 7919) % cases * YEARS * 365 // cases
                ends = number < DETAILED or ago * cases < YEARS * 365 * 2 * DETAILED
                _case(rows, number, today - timedelta(days=ago), centre, by, ends)
            for model, written in rows.items():
                _insert(model, written)
        for reset in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(reset)  # rows were inserted with keys of their own
    triggers.install(using=connection.alias)
    put_all_in_order()
    if connection.vendor == "postgresql":  # whose server does so by itself, after a while
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _case(rows: Rows, number: int, infusion: date, centre: Centre, by: User, whole: bool) -> None:
    """One in ten is not infused; four in ten of the others relapse."""
    chance, key = Random(number), number + 1  # noqa: S311 - no secret
    born = str(date(1940, 1, 1) + timedelta(days=chance.randrange(20000)))
    name = f"{chance.choice(SURNAMES)} {_word(chance)}, {_word(chance)}"
    patient = Patient(name=name, hospital_number=f"H{number:07}")
    case = Case(case_id=f"C-{number:06}")
    rows[Patient].append((key, centre.pk, name, patient.hospital_number, born))
    rows[Case].append((key, _uuid(chance), centre.pk, key, case.case_id))
    rows[SearchKey] += [(key, centre.pk, word) for word in keys_of(case, patient)]
    opened = (key, key, _uuid(chance), by.pk, str(timezone.now()))
    rows[Entry].append((*opened, 1, "opened", "", "", "none", ""))
    rows[Demographics].append((key, key, born, "female", 1))
    reached = [milestone for milestone in DAYS if chance.random() < 0.95]
    if chance.random() < 0.1:
        reached = [Milestone.ELECTION, Milestone.APHERESIS]
    elif chance.random() < 0.4:
        reached.append(Milestone.RELAPSE)
    for place, milestone in enumerate(reached, 1):
        visit, day = key * 10 + place, infusion + timedelta(days=DAYS.get(milestone, 200))
        rows[Assessment].append((visit, key, place, key, milestone))
        rows[AssessmentDate].append((key, visit, str(day), 1))
        for name, value in _values(milestone, chance, whole):
            rows[Observation].append((key, visit, name, value, 1, "", "", "", "", "", False, False))
    for place, kind in enumerate(("crs", "infection", "discharge", "death"), 1):
        if kind != "death" or chance.random() < 0.3:
            event, day = key * 10 + place, infusion + timedelta(days=300)
            rows[Event].append((event, key, place, key))
            rows[EventRevision].append((key, event, kind, str(day), "", 1, "", False))


def _values(milestone: Milestone, chance: Random, whole: bool) -> list[tuple[str, str]]:
    """A code, or the number 1: most routine items, few research items, what stays true once."""
    recorded = {"routine": 0.8, "research": 0.05}
    return [
        (v.name, chance.choice(list(v.codes)) if v.type is VariableType.CODE else "1")
        for v in catalogue().dictionary.variable
        if milestone in (v.asked_at[:1] if v.standing and v.name not in LISTED else v.asked_at)
        and (v.name in LISTED or (whole and chance.random() < recorded[v.availability]))
    ]


def _word(chance: Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3)).capitalize()


def _uuid(chance: Random) -> str:
    return uuid.UUID(int=chance.getrandbits(128), version=4).hex


def _insert(model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
    table, names = model._meta.db_table, ", ".join(COLUMNS[model])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(COLUMNS[model]))
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            cursor.executemany(insert, rows)
