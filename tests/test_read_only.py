"""When nothing can be written: cases are read, what is typed is kept, looks are made good."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import pytest
from django.db import InternalError, OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from cartapp import sessions
from patients.models import Access, AccessKind, Case, ListAccess, Role, User
from patients.records import looks
from patients.records.away import is_away
from tests.conftest import PASSWORD
from tests.patients import courses
from tests.patients.courses import visit
from tests.patients.desks import Desk
from tests.test_outage import offered

Switch = Callable[[], AbstractContextManager[None]]


@contextmanager
def only_read() -> Iterator[None]:
    """As a standby: each transaction can only read."""
    sqlite = connection.vendor == "sqlite"
    on, off = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
        if sqlite
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with told(on, off):
        yield


@contextmanager
def full() -> Iterator[None]:
    """As a full disk, of which SQLite can be told; the last place is taken by looks like those
    that a test makes: what differs may find place in another page."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
    looks_at = {"case": Case.objects.get(), "user": User.objects.get(username="ana.ruiz")}
    filling = Access(kind=AccessKind.LOOKED, **looks_at)
    with told(f"PRAGMA max_page_count = {pages}", "PRAGMA max_page_count = 1073741823"):
        with suppress(OperationalError):
            while True:
                filling.pk, filling.at = None, timezone.now()
                filling.save(force_insert=True)
        yield


@contextmanager
def told(on: str, off: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(off)


SWITCHES = [only_read, full] if connection.vendor == "sqlite" else [only_read]
"""A full disk of PostgreSQL is met as its locked table is: both are operational errors."""


@pytest.fixture(autouse=True)
def none_waiting() -> Iterator[None]:
    yield
    looks._waiting.clear()


@pytest.fixture
def ana(transactional_db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN, Role.DATA_MANAGER)


@pytest.fixture
def desk(ana: User) -> Desk:
    desk = Desk(ana, courses.case(ana, *visit(ecog="1")))
    desk.client.raise_request_exception = False
    return desk


def looked(case: Case) -> int:
    return Access.objects.filter(case=case, user__username="ana.ruiz").count()


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_case_is_read_and_the_look_is_logged_and_made_good(
    switch: Switch, desk: Desk, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    pages = ("", "records/", "history/", "visits/1/", "visits/1/values/ecog/")
    with switch():
        before = looked(desk.case)
        answers = [desk.client.get(desk.address(page)).status_code for page in pages]
        noted = looked(desk.case) - before
    logged = [r.getMessage() for r in caplog.records if r.name == "patients.looks"]
    caplog.clear()

    desk.look("")

    assert (answers, noted, looked(desk.case)) == ([200] * 5, 0, before + 6)
    said = f"account {ana.pk}, looked: case {desk.case.pk}."
    assert [line.endswith(said) for line in logged] == [True] * 5
    times = list(ana.accesses.order_by("pk").values_list("at", flat=True))
    told = [line.split()[4] for line in logged]
    assert told == [at.isoformat() for at in sorted(times)[before:][:5]]
    assert "Noted now: 5 looks." in caplog.text


def test_what_was_typed_is_kept_and_recorded_later(desk: Desk) -> None:
    typed = desk.opened("visits/1/") | {"crp": "71.5", "crp-unit": "mg/L"}
    with only_read():
        refused = desk.send("visits/1/", typed)

    kept = offered(refused)
    sent_again = desk.send("visits/1/", kept)

    assert (refused.status_code, kept["crp"], sent_again.status_code) == (503, "71.5", 302)
    assert str(courses.values(desk.case)["crp"]) == "71.5"


def test_a_list_is_shown_and_the_look_is_logged_and_made_good(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with only_read():
        status = desk.client.get("/cases/").status_code
        noted = ListAccess.objects.count()
    logged = [r.getMessage() for r in caplog.records if r.name == "patients.looks"]

    desk.look("")

    assert (status, noted, ListAccess.objects.count()) == (200, 0, 1)
    assert [line.endswith(f", worklist: cases [{desk.case.pk}].") for line in logged] == [True]


def test_what_can_not_work_says_so(desk: Desk) -> None:
    """Signing in and out, and a copy, which has to leave a record."""
    User.objects.create_user("ines.gil", password=PASSWORD)
    stranger = Client(raise_request_exception=False)
    with only_read():
        shown = stranger.get("/sign-in/").status_code
        signed_in = stranger.post("/sign-in/", {"login": "ines.gil", "password": PASSWORD})
        exported = desk.send("export/", {})
        signed_out = desk.client.post("/sign-out/")

    assert shown == 200
    # Where no attempt can be counted, none is let by.
    assert [one.status_code for one in (signed_in, exported, signed_out)] == [503, 503, 503]
    assert desk.client.get("/cases/").status_code == 200


def test_a_session_that_can_not_be_written_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SECONDS_BETWEEN_WRITES", 0)
    with only_read():
        answers = [desk.client.get("/cases/").status_code for _each in range(2)]

    assert answers == [200, 200]


def test_another_failure_of_a_look_is_no_outage(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise InternalError("something else")

    monkeypatch.setattr(Access, "save", fail)

    assert not is_away(InternalError("something else"))
    assert desk.client.get(desk.address("")).status_code == 500


def test_a_locked_table_stops_neither_the_sign_in_nor_a_case(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no table alone")
    caplog.set_level(logging.ERROR)
    other = connections.create_connection("default")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE patients_access, cache IN ACCESS EXCLUSIVE MODE")
        sign_in = Client().get("/sign-in/").status_code
        page = desk.client.get(desk.address("")).status_code
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")

    assert (sign_in, page) == (200, 200)
    desk.look("")
    assert looked(desk.case) == 2
