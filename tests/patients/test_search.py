"""The keys that a case is found by: one for every way of writing a name."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from patients.models import Case, Patient, Role, SearchKey
from patients.models.search import key_of, keys_of, words_of
from tests.patients import courses

ALIKE = [
    ("Müller", "Mueller", "Muller", "MÜLLER", "Mu\N{COMBINING DIAERESIS}ller"),
    ("Strauß", "Strauss", "STRAUẞ"),
    ("Sørensen", "Soerensen", "Sörensen", "Sorensen"),
    ("Åkesson", "Aakesson", "Akesson"),
    ("Ærø", "Aeroe", "Äro"),
    ("Muñoz", "Munoz"),
    ("Gonçalves", "Goncalves"),
    ("Wałęsa", "Walesa"),
    ("علی\N{ZERO WIDTH NON-JOINER}رضا", "علیرضا"),
]


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda spellings: spellings[0])
def test_every_way_of_writing_a_name_has_one_key(spellings: tuple[str, ...]) -> None:
    assert {key_of(name) for name in spellings} == {key_of(spellings[0])}
    assert {tuple(words_of(name)) for name in spellings} == {(key_of(spellings[0]),)}


@pytest.mark.parametrize("name", [name for spellings in ALIKE for name in spellings])
def test_whatever_begins_a_name_begins_its_key(name: str) -> None:
    beginnings = [key_of(name[:end]) for end in range(1, len(name) + 1)]

    assert [b for b in beginnings if not key_of(name).startswith(b)] == []


def test_a_case_is_found_by_each_part_of_its_names_and_numbers() -> None:
    patient = Patient(name="García-Müller, José", hospital_number="H 100/2")

    keys = keys_of(Case(case_id="BCN-007"), patient)

    names = {"garciamuller", "garcia", "muller", "jose"}
    assert keys == names | {"h1002", "h", "1002", "100", "2", "bcn007", "bcn", "007"}


def test_the_keys_of_recorded_cases_are_made_anew(db: None) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    named = courses.case(ana, case_id="A-0")
    nobody = courses.case(ana, case_id="A-1")
    Patient.objects.filter(cases=named).update(name="Müller, Jürgen")
    Patient.objects.filter(cases=nobody).update(name="", hospital_number="")
    SearchKey.objects.all().delete()
    SearchKey.objects.create(case=named, centre=named.centre, key="mueller")

    migration = import_module("patients.migrations.0009_search_keys_written_out")
    before = MigrationLoader(connection).project_state(("patients", "0008_second_contract"))
    migration.make_keys(before.apps, None)

    found = {c: set(c.search_keys.values_list("key", flat=True)) for c in Case.objects.all()}
    assert found == {named: {"a0", "a", "0", "muller", "jurgen"}, nobody: {"a1", "a", "1"}}
    assert found == {case: keys_of(case, case.patient) for case in found}
