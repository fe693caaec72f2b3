"""What watches the site learns that it works, and nothing of what it holds."""

import json
import logging
import sys
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cartapp.logs import JsonFormatter
from patients.models import Role, User
from tests.patients import courses

TOKEN = "0123456789abcdef" * 4
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def test_health_asks_no_database_and_needs_no_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/health/")

    assert (response.status_code, response.content) == (200, b"well\n")


@pytest.mark.django_db
def test_a_site_that_can_record_is_ready(client: Client) -> None:
    courses.case(courses.person("ana", Role.CLINICIAN))

    response = client.get("/ready/")

    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_a_site_whose_clock_is_behind_is_not_ready_and_the_log_says_why(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    courses.case(courses.person("ana", Role.CLINICIAN))
    earlier = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: earlier)

    with caplog.at_level("WARNING", "cartapp.health"):
        response = client.get("/ready/")

    assert (response.status_code, response.content) == (503, b"not ready\n")
    assert [
        record.getMessage().partition(":")[2].partition(",")[0]
        for record in caplog.records
        if record.name == "cartapp.health"
    ] == [" Nothing can be recorded: the clock stands behind the last entry"]


@pytest.mark.django_db
def test_a_site_without_its_database_is_well_but_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> NoReturn:
        raise OperationalError("the server closed the connection, a patient's name")

    monkeypatch.setattr(connection, "cursor", broken)

    answers = [client.get(path) for path in ("/health/", "/ready/")]

    assert [(each.status_code, each.content) for each in answers] == [
        (200, b"well\n"),
        (503, b"not ready\n"),
    ]


@pytest.mark.django_db
def test_metrics_count_pages_by_name(client: Client, settings: Settings, clinician: User) -> None:
    settings.METRICS_TOKEN = TOKEN
    client.get("/look/")
    client.get("/cases/00000000-0000-0000-0000-000000000001/")

    response = client.get("/metrics/", headers=BEARER)

    said = response.content.decode()
    assert response.status_code == 200
    assert 'cartapp_request_seconds_count{method="GET",page="look",status="405"}' in said
    assert "00000000" not in said
    assert "cartapp_ready 1.0" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "given"),
    [("", {}), ("", {"Authorization": "Bearer "}), (TOKEN, {}), (TOKEN, {"Authorization": TOKEN})],
)
def test_without_the_token_there_are_no_metrics(
    client: Client, settings: Settings, token: str, given: dict[str, str]
) -> None:
    settings.METRICS_TOKEN = token

    assert client.get("/metrics/", headers=given).status_code == 404


def test_a_line_of_the_log_can_be_an_object_without_words_of_an_exception() -> None:
    words = "a patient's name"
    try:
        raise ValueError(words)
    except ValueError:
        record = logging.getLogger("cartapp").makeRecord(
            "cartapp", logging.ERROR, "a.py", 1, "%s went wrong", ("This",), sys.exc_info()
        )

    said = json.loads(JsonFormatter().format(record))

    assert list(said) == ["time", "level", "logger", "message", "exception"]
    assert (said["level"], said["logger"], said["message"]) == (
        "ERROR",
        "cartapp",
        "This went wrong",
    )
    assert said["exception"].endswith("ValueError")
    assert words not in said["exception"]
