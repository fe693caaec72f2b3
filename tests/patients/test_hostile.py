"""Parts of addresses, queries and cookies that no page of ours makes: never an error of the server.

Every address of the site is asked, with each of its parts in turn and with every name that it reads
from a query, by somebody with every role.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import quote_from_bytes

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client

from patients.models import Membership, Role
from tests.patients import courses
from tests.patients.matrix import Route, routes
from tests.patients.seeded import Seeded, seed

pytestmark = pytest.mark.usefixtures("paper_as_text")
HOSTILE = {
    "nul": b"zqzqzqzq\0",
    "surrogate": b"\xed\xa0\x80",
    "half a letter": b"\xff\xfe",
    "5,000 digits": b"9" * 5000,
    "beyond a key": b"9" * 19,
    "last day": b"9999-12-31",
    "first day": b"0001-01-01",
    "no day": b"0000-00-00",
    "first moment": b"0001-01-01T00:00:00+23:59~1~1",
    "last moment": b"9999-12-31T23:59:59-23:59~0~1",
    "direction": "\u202e1".encode(),
    "another digit": "\u0665".encode(),
}
PARTS = [quote_from_bytes(part) for part in HOSTILE.values()]
REFUSED = {400, 404}
FIELD = re.compile(r'<(?:input|select|textarea)[^>]* name="(\w+)"')
COOKIES = ("sessionid", "csrftoken", "messages", "look", "django_language")
BESIDES = {"home", "account_logout"}
"""The first page reads nothing, and signing out ends the run."""


@pytest.fixture(autouse=True)
def unlogged() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def seeded(db: None) -> Seeded:
    """A case, and somebody with every role there."""
    seeded = seed("ZQA", born=date(1961, 2, 3), infused=date(2024, 3, 6), crp="37")
    for role in {*Role} - {Role.CLINICIAN, Role.ADMINISTRATOR}:
        Membership.objects.create(
            user=seeded.staff, centre=seeded.centre, role=role, granted_by=seeded.staff
        )
    return seeded


@pytest.fixture
def client(seeded: Seeded) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(seeded.staff)
    return client


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that the pages asked so far have read from their query."""
    read: set[str] = set()
    for way in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, way, noting(getattr(QueryDict, way), read))
    return read


def noting(way: Callable[..., object], read: set[str]) -> Callable[..., object]:
    def noted(query: QueryDict, name: str, *more: object) -> object:
        if not query._mutable:  # which it is while it is put together
            read.add(name)
        return way(query, name, *more)

    return noted


def asked() -> list[Route]:
    """Every address, on PostgreSQL without those of published evidence, which is no row there."""
    everywhere = connection.vendor == "sqlite"
    return [r for r in routes() if everywhere or not r.name.startswith("riskfactors:")]


def status(client: Client, address: str) -> int:
    """What an address answers; whatever it writes is taken back."""
    with transaction.atomic():
        answer = client.get(address).status_code
        transaction.set_rollback(True)
    return answer


def fields(client: Client, address: str) -> set[str]:
    """The names of the fields that a page has."""
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    return {*FIELD.findall("" if answer.streaming else answer.content.decode("utf-8", "ignore"))}


def note_what_is_read(client: Client, plain: str) -> None:
    """Asks an address so that it reads from a query what it ever reads: with nothing, with the
    names of all its fields, and with each of them alone where they are refused together."""
    offered = sorted(fields(client, plain))
    if status(client, f"{plain}?" + "&".join(f"{name}=1" for name in offered)) in REFUSED:
        for name in offered:
            status(client, f"{plain}?{name}=1")


def asked_with(client: Client, plain: str, part: str, read: set[str]) -> dict[str, int]:
    """What an address answers with all names together that it reads from a query, as they turn up,
    and alone where they are refused together."""
    found, names = dict[str, int](), set[str]()
    while read - names:
        names |= read
        path = f"{plain}?" + "&".join(f"{name}={part}" for name in sorted(names))
        found[path] = status(client, path)
    if {*found.values()} & REFUSED:
        alone = [f"{plain}?{name}={part}" for name in sorted(names)]
        found |= {path: status(client, path) for path in alone}
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_part_of_an_address_is_an_error_of_the_server(
    kind: str, client: Client, seeded: Seeded
) -> None:
    part = quote_from_bytes(HOSTILE[kind])
    paths = [
        route.path({**seeded.examples, name: part}) for route in asked() for name in route.kwargs
    ]

    found = {path: status(client, path) for path in paths}

    assert {path: answer for path, answer in found.items() if answer >= 500} == {}
    assert kind != "nul" or {*found.values()} == {400}


@pytest.mark.long
def test_nothing_that_a_page_reads_from_a_query_is_an_error_of_the_server(
    client: Client, seeded: Seeded, read: set[str]
) -> None:
    found, reading = dict[str, int](), set[str]()
    for route in asked():
        if route.name in BESIDES:
            continue
        read.clear()
        plain = route.path(seeded.examples)
        note_what_is_read(client, plain)
        for part in PARTS:
            found |= asked_with(client, plain, part, read)
        unread = "&".join(f"unread={part}" for part in PARTS[1:])
        for path in (f"{plain}?unread={PARTS[0]}", f"{plain}?{unread}"):
            found[path] = status(client, path)
        reading |= read

    assert {path: answer for path, answer in found.items() if answer >= 500} == {}
    assert {found[path] for path in found if "%00" in path} == {400}
    assert {"q", "on", "recorded", "after", "centre", "other", "year"} <= reading


def test_a_part_of_a_query_without_a_name_opens_no_second_case(
    client: Client, seeded: Seeded
) -> None:
    other = courses.case(seeded.staff, case_id="zqother", at=seeded.centre)
    pages = [r for r in routes() if r.policy and r.policy.of == "case" and not r.policy.beside]
    paths = [f"{route.path(seeded.examples)}?={other.public_id}" for route in pages]

    found = {path: status(client, path) for path in paths}

    assert {path: answer for path, answer in found.items() if answer >= 500} == {}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_cookie_is_an_error_of_the_server(kind: str, seeded: Seeded) -> None:
    found = {}
    for name in COOKIES:
        client = Client(raise_request_exception=False)
        client.force_login(seeded.staff)
        client.cookies[name] = HOSTILE[kind].decode("latin-1")
        found[name] = client.get("/cases/").status_code

    assert {*found.values()} <= ({400} if kind == "nul" else {200, 302})
