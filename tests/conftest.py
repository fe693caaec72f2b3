"""What many tests ask for: marks by what a test touches, people, a real browser."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import User
from patients.records import triggers

PASSWORD = "an invented long phrase"
COMMITTING_FIXTURES = {"transactional_db", "live_server"}
DATABASE_FIXTURES = {"db"} | COMMITTING_FIXTURES

# Playwright leaves an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what touches a database and what drives a browser, so that no test can forget to.

    What drives a browser takes longest and comes first: no core waits for it in the end.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "page" in fixtures:
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


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
        "executable_path": "/usr/bin/chromium",
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


def opened_on(server: LiveServer) -> dict[str, Any]:
    """Pages open on the site under test, at the size of a projector."""
    return {"base_url": server.url, "viewport": {"width": 1280, "height": 720}}
