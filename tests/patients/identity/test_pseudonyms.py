"""The pseudonym that is offered for the next case goes on in the centre's own manner."""

import json
from collections.abc import Sequence

import pytest

from patients.identity.pseudonyms import suggested_case_id
from patients.models import Role, User
from patients.transfer.documents import import_case
from tests.domain.cases import case
from tests.patients import courses


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN, Role.DATA_MANAGER)


def offered(by: User, *, registered: Sequence[str] = (), imported: Sequence[str] = ()) -> str:
    """What is offered after some cases have been registered and then some imported."""
    for case_id in registered:
        courses.case(by, case_id=case_id)
    for case_id in imported:
        document = json.dumps(case() | {"case_id": case_id}).encode()
        import_case(document, centre=courses.centre(), by=by)
    return suggested_case_id(courses.centre())


@pytest.mark.parametrize(
    ("registered", "next_one"),
    [
        ([], "BCN-001"),
        (["BCN-001"], "BCN-002"),
        (["BCN-0999"], "BCN-1000"),
        (["KH-0009-x", "KH-0011-x", "KH-0010-x"], "KH-0012-x"),
        (["1001", "1002"], "1003"),
        (["Kärnten/7", "Kärnten/8"], "Kärnten/9"),
    ],
)
def test_the_next_free_number_in_the_manner_of_the_centre_is_offered(
    ana: User, registered: list[str], next_one: str
) -> None:
    assert offered(ana, registered=registered) == next_one


@pytest.mark.parametrize(
    ("registered", "next_one"),
    [
        (["garcia-1"], "BCN-001"),
        (["plain"], "BCN-001"),
        (["7712345"], "BCN-001"),
        (["BCN-001", "leap-day-7"], "BCN-002"),
        (["KH-1", "KH-2", "leap-day-7"], "KH-3"),
    ],
)
def test_what_one_registered_case_is_called_is_no_manner(
    ana: User, registered: list[str], next_one: str
) -> None:
    assert offered(ana, registered=registered) == next_one


@pytest.mark.parametrize(
    ("registered", "imported", "next_one"),
    [
        ([], ["k13-leap-day"], "BCN-001"),
        ([], ["k13-leap-day", "k14-leap-day"], "BCN-001"),
        (["KH-1", "KH-2"], ["k13-leap-day"], "KH-3"),
        (["leap-day-1"], ["leap-day-2"], "BCN-001"),
        ([], ["BCN-007-leap-day"], "BCN-001"),
        ([], ["BCN-041", "BCN-007"], "BCN-042"),
        (["BCN-001"], ["BCN-002", "BCN-003"], "BCN-004"),
    ],
)
def test_words_of_an_imported_case_are_not_carried_to_the_next(
    ana: User, registered: list[str], imported: list[str], next_one: str
) -> None:
    assert offered(ana, registered=registered, imported=imported) == next_one


def test_where_no_free_number_is_near_none_is_offered(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patients.identity.pseudonyms.TRIED", 2)

    assert offered(ana, registered=["BCN-003", "BCN-002", "BCN-001"]) == ""
