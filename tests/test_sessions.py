"""How long somebody stays signed in, and what a script is told whose person no longer is."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cartapp import sessions
from patients.models import User
from tests.conftest import PASSWORD

MINUTE = 60
HOUR = 60 * MINUTE
SCRIPTS = [
    {"X-Requested-With": "XMLHttpRequest"},
    {"HX-Request": "true"},
    {"Accept": "application/json"},
    {"Accept": "text/html;q=0.5, application/json"},
]


class Clock:
    """The time of day, as a test sets it."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sessions, "time", clock)
    return clock


@pytest.fixture
def client(clock: Clock, clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def still_in(client: Client) -> bool:
    return client.get("/cases/").status_code == 200


@pytest.mark.parametrize(("minutes", "expected"), [(29, True), (30, True), (31, False)])
def test_half_an_hour_without_a_request_ends_a_session(
    minutes: int, expected: bool, client: Client, clock: Clock
) -> None:
    clock.now += minutes * MINUTE

    assert (still_in(client), still_in(client)) == (expected, expected)


def test_requests_keep_a_session_open_but_not_beyond_a_working_day(
    client: Client, clock: Clock
) -> None:
    hours = []
    for _ in range(5 * 12):
        clock.now += 10 * MINUTE
        hours.append(still_in(client))

    assert hours == [True] * 48 + [False] * 12


def test_a_session_that_another_window_ended_meanwhile_is_over(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now += 2 * MINUTE
    ended = client.session

    def logged_out_elsewhere(*_: object) -> None:
        monkeypatch.undo()
        ended.flush()
        raise UpdateError

    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.save", logged_out_elsewhere
    )

    assert not still_in(client)


def test_choosing_a_password_does_not_begin_the_day_anew(client: Client, clock: Clock) -> None:
    new = "chosen by ana alone"
    for _ in range(3 * 6):
        clock.now += 10 * MINUTE
        still_in(client)
    client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    begun, now = client.session["begun"], clock.now
    assert (now - begun, still_in(client)) == (3 * HOUR, True)


def test_a_session_that_does_not_say_when_it_began_is_over(client: Client) -> None:
    session = client.session
    del session["begun"]
    session.save()

    assert not still_in(client)


def test_an_ended_session_is_gone_from_the_database(client: Client, clock: Clock) -> None:
    clock.now += HOUR
    still_in(client)

    assert not client.session.exists(client.session.session_key or "")


def test_a_session_is_written_once_a_minute_at_most(client: Client, clock: Clock) -> None:
    written = []
    for seconds in (0, 59, 1, 30, 30):
        clock.now += seconds
        with CaptureQueriesContext(connection) as captured:
            still_in(client)
        written.append(sum("UPDATE" in query["sql"] for query in captured))

    assert written == [0, 0, 1, 0, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cases/", "/evidence/", "/password/"])
@pytest.mark.parametrize("headers", SCRIPTS, ids=str)
def test_a_script_without_a_session_is_told_so_and_never_led_to_a_page(
    headers: dict[str, str], path: str
) -> None:
    answers = [Client().get(path, headers=headers), Client().post(path, headers=headers)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(401, b"")] * 2
    assert ["Location" in answer.headers for answer in answers] == [False, False]


def test_a_script_of_an_expired_session_is_told_so(client: Client, clock: Clock) -> None:
    clock.now += HOUR

    assert client.get("/cases/", headers=SCRIPTS[0]).status_code == 401


def test_a_script_of_somebody_who_must_choose_a_password_is_told_so_too(
    client: Client, clinician: User
) -> None:
    User.objects.filter(pk=clinician.pk).update(must_choose_password=True)

    assert client.get("/cases/", headers=SCRIPTS[0]).status_code == 401


@pytest.mark.django_db
def test_a_browser_without_a_session_is_led_to_the_sign_in(client: Client, clock: Clock) -> None:
    clock.now += HOUR

    led_to = client.get("/cases/", headers={"Accept": "text/html,*/*;q=0.8"})

    assert led_to.headers["Location"] == "/sign-in/?next=/cases/"


def test_whoever_sent_a_form_after_its_session_is_told_that_nothing_is_recorded(
    client: Client, clock: Clock
) -> None:
    clock.now += HOUR

    page = client.post("/cases/new/", {"name": "typed"}, follow=True).content.decode()

    assert '<p class="notice" role="status">You had been signed out.' in page
    assert "What you sent is not recorded." in page


CLEARED = '"cache", "storage"'


def test_what_ends_a_session_leaves_nothing_of_it_in_the_browser(
    client: Client, clock: Clock
) -> None:
    still = client.get("/cases/").headers
    clock.now += HOUR
    idle = client.get("/cases/").headers
    told = client.get("/cases/", headers=SCRIPTS[0]).headers

    assert [answer.get("Clear-Site-Data") for answer in (still, idle, told)] == [
        *(None, CLEARED, None),
    ]


def test_signing_out_leaves_nothing_in_the_browser_but_its_look(client: Client) -> None:
    client.post("/look/", {"look": "dark"})

    answer = client.post("/sign-out/")

    assert answer.headers["Clear-Site-Data"] == CLEARED
    assert (answer.cookies["sessionid"].value, client.cookies["look"].value) == ("", "dark")


def test_a_page_says_how_long_it_may_stay_to_whoever_has_signed_in(client: Client) -> None:
    pages = [one.get("/").content.decode() for one in (client, Client())]

    ends = 'data-seconds="1801" data-day="28801"'
    assert [ends in page for page in pages] == [True, False]
