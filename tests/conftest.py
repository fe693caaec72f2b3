"""What many tests ask for: marks by what a test touches, people, a real browser."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import User

PASSWORD = "an invented long phrase"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

# Playwright leaves an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what touches a database and what drives a browser, so that no test can forget to."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "page" in fixtures:
            item.add_marker("browser")


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
def nothing_left_in_the_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empties the table of the cache, which the flush after a browser test does not know."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    cache.clear()


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
    """Pages open on the site under test, at the size of a projector."""
    return {"base_url": live_server.url, "viewport": {"width": 1280, "height": 720}}
