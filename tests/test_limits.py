"""Attacks on the sign-in: guessing is slow, and whoever guesses keeps nobody else out."""

import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.test import Client

from cartapp import limits
from patients.models import User
from tests.conftest import PASSWORD
from tests.test_doors import TOO_MANY, WRONG, sign_in

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
ATTACKER, OWNER, WARD = "192.0.2.66", "192.0.2.7", "192.0.2.100"


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a test happens within one moment, however long it takes to try a hundred times."""
    clock = SimpleNamespace(time=NOW.timestamp, monotonic=time.monotonic, sleep=time.sleep)
    monkeypatch.setattr(ratelimit, "time", clock)
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: NOW)


@pytest.fixture
def known(clinician: User) -> Client:
    """A browser where the owner of the account has signed in before."""
    browser = Client()
    sign_in(browser, address=OWNER)
    browser.post("/sign-out/")
    return browser


def guess(times: int, *, address: str = ATTACKER, client: Client | None = None) -> list[str]:
    """What somebody is told who tries wrong passwords for the owner's name."""
    client = client or Client()
    return [sign_in(client, password=f"wrong {number}", address=address) for number in range(times)]


def test_a_hundred_wrong_passwords_keep_the_owner_out_of_no_known_browser(known: Client) -> None:
    told = guess(100, address=OWNER)

    assert told == [WRONG] * 5 + [TOO_MANY] * 95
    assert sign_in(known, address=OWNER) == "/cases/"


def test_wrong_passwords_keep_the_owner_out_of_no_other_address(
    clinician: User,
) -> None:
    guess(100)

    assert (sign_in(Client(), address=OWNER), sign_in(Client(), address=ATTACKER)) == (
        "/cases/",
        TOO_MANY,
    )


def test_a_known_browser_is_known_at_every_address_and_under_every_spelling(
    known: Client,
) -> None:
    guess(5, address=WARD)

    assert sign_in(known, address=WARD) == "/cases/"


def test_one_password_for_many_names_is_tried_ten_times_a_minute(known: Client) -> None:
    told = [
        sign_in(Client(), username=f"name{n}", password="Spring2026", address=WARD)
        for n in range(100)
    ]

    assert told == [WRONG] * 10 + [TOO_MANY] * 90
    assert sign_in(known, address=WARD) == "/cases/"


def test_many_addresses_have_five_tries_each(clinician: User) -> None:
    told = [guess(7, address=f"198.51.100.{n}") for n in range(20)]

    assert told == [[WRONG] * 5 + [TOO_MANY] * 2] * 20
    assert sign_in(Client(), address=OWNER) == "/cases/"


def test_a_known_browser_is_no_way_to_guess_on(known: Client) -> None:
    told = guess(7, client=known, address=OWNER)

    assert told == [WRONG] * 5 + [TOO_MANY] * 2
    assert sign_in(Client(), address=OWNER) == "/cases/"


def test_a_browser_is_known_for_whom_signed_in_there_alone(known: Client) -> None:
    User.objects.create_user("leo.vidal", password=PASSWORD)
    guess(10)

    assert sign_in(known, username="leo.vidal", address=ATTACKER) == TOO_MANY
    assert sign_in(known, address=ATTACKER) == "/cases/"


def test_people_who_share_a_browser_are_all_known_there(known: Client) -> None:
    User.objects.create_user("leo.vidal", password=PASSWORD)
    sign_in(known, username="leo.vidal", address=WARD)
    known.post("/sign-out/")
    guess(100, address=WARD)

    told = []
    for name in ("ana.ruiz", "leo.vidal"):
        told.append(sign_in(known, username=name, address=WARD))
        known.post("/sign-out/")

    assert told == ["/cases/", "/cases/"]


@pytest.mark.parametrize("value", ["", "x", "WyJhIl0:1abc:forged", "é:b:c"])
def test_a_cookie_that_this_site_has_not_signed_says_nothing(value: str, clinician: User) -> None:
    guess(5)
    browser = Client()
    browser.cookies[limits.COOKIE] = value

    assert sign_in(browser, address=ATTACKER) == TOO_MANY


def test_the_cookie_names_nobody_and_is_kept_from_scripts(known: Client) -> None:
    cookie = known.cookies[limits.COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 15724800)
    assert "ana" not in cookie.value


def test_only_a_sign_in_that_succeeds_makes_a_browser_known(clinician: User) -> None:
    browser = Client()

    guess(1, client=browser)

    assert limits.COOKIE not in browser.cookies


def test_names_without_number_do_not_push_out_what_was_counted(clinician: User) -> None:
    guess(5)
    for n in range(400):
        cache.set(f"another-name-{n}", [NOW.timestamp()], 300)

    assert sign_in(Client(), address=ATTACKER) == TOO_MANY


def test_who_guesses_at_a_second_factor_is_counted_by_the_person(clinician: User) -> None:
    """The address is no part of it: with the password known, each address would be new tries."""
    rates = ratelimit.get_rates(app="allauth.account", action="login_failed")

    assert [str(rate) for rate in rates] == ["5/300.0/key"]
