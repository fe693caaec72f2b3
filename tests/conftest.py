"""What many tests ask for: marks by what a test touches, people, a real browser.

Whatever touches a database runs on SQLite and on PostgreSQL: writes, races, triggers, searches and
hostile input do not come out alike. Only a test that asks for pages alone may say why one database
is enough: `@pytest.mark.one_database("its reason")`. It then runs on SQLite, and fails if a form is
sent to the site. What a browser sends is the same on every database: where it says which tests send
that on both without one, it may send it on SQLite alone, `@pytest.mark.one_database("test_these.py
send the same", sends=True)`. The main job is done in a browser on both: test_journey_browser.py.
"""

import gc
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_started
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from patients.board.paper import pdf_of
from patients.models import Case, User
from patients.records import triggers

PASSWORD = "an invented long phrase"
COMMITTING_FIXTURES = {"transactional_db", "live_server"}
DATABASE_FIXTURES = {"db"} | COMMITTING_FIXTURES
READING_METHODS = {"GET", "HEAD", "OPTIONS"}
READING_FORMS = ("/follows/", "/results/", "/drafts/", "/typed/")
"""How the addresses end that are sent a form and record nothing: timeline/test_following.py,
entry/test_pasted.py, and entry/test_drafts.py, which tries on both databases what is kept."""

TESTS = {path.name for path in Path(__file__).parent.rglob("test_*.py")}

# Playwright leaves an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what touches a database and what drives a browser, so that no test can forget to.

    What takes long comes first, and then what drives a browser: no core waits for it in the end.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("browser"):  # one of its own
            fixtures.add("page")
        exempt = item.get_closest_marker("one_database")
        if exempt:
            refuse_exemption(item.nodeid, fixtures, exempt)
        elif fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "page" in fixtures:
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What is collected lasts to the end: whoever looks for garbage need not look there."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


def refuse_exemption(test: str, fixtures: set[str], mark: pytest.Mark) -> None:
    """Ends the run where a test may not leave PostgreSQL out."""
    match mark.args:
        case [str(reason)] if reason:
            pass
        case _:
            raise pytest.UsageError(f"{test}: one_database(reason) takes one reason.")
    if mark.kwargs.get("sends") and ("page" not in fixtures or not sent_elsewhere(reason)):
        raise pytest.UsageError(f"{test} sends: its reason names the tests that do so on both.")
    if fixtures & COMMITTING_FIXTURES and "page" not in fixtures:
        raise pytest.UsageError(f"{test} commits: it runs on both databases.")


def sent_elsewhere(reason: str) -> bool:
    """Whether a reason names modules of tests, and none that is not there."""
    named = set(re.findall(r"test_\w+\.py", reason))
    return bool(named) and named <= TESTS


@pytest.fixture(autouse=True)
def reading_where_one_database_is_enough(request: pytest.FixtureRequest) -> Iterator[None]:
    mark = request.node.get_closest_marker("one_database")
    if mark and not mark.kwargs.get("sends"):
        with only_reading():
            yield
    else:
        yield


@contextmanager
def only_reading() -> Iterator[None]:
    """Fails if the site is sent anything but a question, by a client or by a browser."""
    sent = []

    def listen(*, environ: dict[str, Any], **_signal: Any) -> None:
        reads = environ["PATH_INFO"].endswith(READING_FORMS)
        if environ["REQUEST_METHOD"] not in READING_METHODS and not reads:
            sent.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")

    request_started.connect(listen)
    try:
        yield
    finally:
        request_started.disconnect(listen)
    assert sent == [], "what writes runs on both databases"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A request of a browser that was under way when its test ended may hold the database, which
    PostgreSQL would not drop then."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="module")
def kept_for_the_module(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database for what the tests of a module find: made once, taken back after the last one.

    Each test that asks for `db` as well writes on top of it, and leaves it as it was.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def kept(recorded_once: tuple[User, Case], db: None) -> tuple[User, Case]:
    """Somebody and a case that a module recorded once, as each of its tests finds them."""
    return deepcopy(recorded_once)


@pytest.fixture
def clinician(db: None) -> User:
    return User.objects.create_user("ana.ruiz", password=PASSWORD)


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def reader(client: Client, demonstration: None, db: None) -> Client:
    """Somebody who looks at the demonstration."""
    return client


@pytest.fixture
def paper_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on paper, where no test looks at its pages: to set them takes a second."""

    def text_of(template: str, page: object, *, sheets: int | None = None) -> bytes:
        return render_to_string(template, {"page": page}).encode()

    monkeypatch.setattr("patients.board.paper_views.pdf_of", text_of)


@pytest.fixture
def paper_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paper that says the same is the same, where it is asked for again and again."""
    made: dict[str, bytes] = {}

    def once(template: str, page: object, *, sheets: int | None = None) -> bytes:
        said = render_to_string(template, {"page": page})
        if said not in made:
            made[said] = pdf_of(template, page, sheets=sheets)
        return made[said]

    monkeypatch.setattr("patients.board.paper_views.pdf_of", once)


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Readies the database for the flush after a test that commits.

    Lifts the triggers of records, which the flush then makes anew; empties the table of the
    cache, which the flush does not know.
    """
    if not COMMITTING_FIXTURES & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    cache.clear()
    lift_triggers()


def lift_triggers() -> None:
    """Takes the guard off the records: for the flush, and to show what the chain then notices."""
    with connection.cursor() as cursor:
        for trigger in triggers.declared(connection):
            cursor.execute(triggers.dropping(trigger, connection))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": "/usr/bin/chromium-headless-shell",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(live_server: LiveServer) -> dict[str, Any]:
    return opened_on(live_server)


def let_in(page: Page, user: User, server: LiveServer) -> None:
    """Gives the browser a session of somebody, who need not sign in then."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])


def opened_on(server: LiveServer) -> dict[str, Any]:
    """Pages open on the site under test, at the size of a projector."""
    return {"base_url": server.url, "viewport": {"width": 1280, "height": 720}}
