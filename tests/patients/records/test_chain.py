"""The chain of a case notices what was changed behind the triggers' back."""

import pytest
from django.db import connection
from pytest_django import Settings

from patients.models import Case, Entry, Role, User
from patients.records import chain
from patients.records.chain import Break, Flaw, breaks
from tests.conftest import lift_triggers
from tests.patients import courses
from tests.patients.courses import infusion, record, value, visit

NEW = "0123456789abcdef" * 4


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    """Three entries: opened, recorded, corrected."""
    case = courses.case(ana, *visit(ecog="1"), courses.line(), courses.event("infection"))
    record(case, ana, value(infusion(case), "crp", "12"))
    record(case, ana, value(infusion(case), "crp", "13", revision=2), reason="read wrongly")
    return case


def test_an_untouched_chain_has_no_break(case: Case) -> None:
    assert breaks(Case.objects.get(pk=case.pk)) == []


def behind_the_back(*statements: str) -> None:
    """What somebody does who owns the database."""
    lift_triggers()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE patients_observation SET value = '31' WHERE revision = 2", 3),
        ("UPDATE patients_observation SET value = '0' WHERE variable = 'ecog'", 1),
        ("UPDATE patients_observation SET note = 'x' WHERE variable = 'ecog'", 1),
        ("UPDATE patients_assessmentdate SET date = '2024-03-07'", 1),
        ("UPDATE patients_assessment SET milestone = 'day_7'", 1),
        ("UPDATE patients_treatmentrevision SET regimen = 'other'", 1),
        ("UPDATE patients_eventrevision SET kind = 'death'", 1),
        ("UPDATE patients_demographics SET sex = 'male'", 1),
        ("UPDATE patients_entry SET reason = 'another' WHERE sequence = 3", 3),
        ("UPDATE patients_entry SET recorded_at = '2020-01-01 00:00:00+00' WHERE sequence = 2", 2),
        ("DELETE FROM patients_observation WHERE variable = 'crp' AND revision = 1", 2),
    ],
)
def test_a_changed_or_deleted_row_breaks_the_chain_at_its_entry(
    statement: str, sequence: int, case: Case
) -> None:
    behind_the_back(statement)

    assert breaks(case) == [Break(sequence, Flaw.CHANGED)]


def test_a_deleted_entry_breaks_the_chain_where_it_is_missing(case: Case) -> None:
    entry = case.entries.get(sequence=2)

    behind_the_back(
        f"DELETE FROM patients_observation WHERE entry_id = {entry.pk}",  # noqa: S608 - a number
        f"DELETE FROM patients_entry WHERE id = {entry.pk}",  # noqa: S608 - a number
    )

    assert breaks(case) == [Break(3, Flaw.MISSING)]


def test_a_row_of_another_case_s_entry_is_a_stray(case: Case, ana: User) -> None:
    other = courses.case(ana, case_id="A-2")
    theirs = other.entries.get().pk

    behind_the_back(
        f"UPDATE patients_observation SET entry_id = {theirs} WHERE revision = 2"  # noqa: S608 - a number
    )

    assert breaks(case) == [Break(3, Flaw.CHANGED), Break(None, Flaw.STRAY)]


def test_a_new_digest_made_without_the_key_is_noticed(case: Case, settings: Settings) -> None:
    """Whoever owns the database but not the key cannot mend the chain."""
    behind_the_back("UPDATE patients_observation SET value = '31' WHERE revision = 2")
    ours, settings.CHAIN_KEYS = settings.CHAIN_KEYS, {"test": NEW}
    last = case.entries.get(sequence=3)
    previous = case.entries.get(sequence=2).digest
    rows = [
        chain.content_of(value(infusion(case), "crp", "31", revision=2)),
    ]
    Entry.objects.filter(pk=last.pk).update(digest=chain.link(case, last, rows, previous=previous))

    settings.CHAIN_KEYS = ours

    assert breaks(case) == [Break(3, Flaw.CHANGED)]


def test_keys_are_changed_by_adding_one_in_front(case: Case, ana: User, settings: Settings) -> None:
    settings.CHAIN_KEYS = {"2027": NEW, **settings.CHAIN_KEYS}
    record(case, ana, value(infusion(case), "ferritin", "900"))
    whole = breaks(case)

    settings.CHAIN_KEYS = {"2027": NEW}

    assert list(case.entries.order_by("sequence").values_list("key_id", flat=True)) == [
        *["test"] * 3,
        "2027",
    ]
    assert whole == []
    assert breaks(case) == [Break(number, Flaw.UNKNOWN_KEY) for number in (1, 2, 3)]
