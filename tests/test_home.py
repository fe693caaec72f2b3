"""The first page: what cartapp is and is not, and the way to the cases and to the evidence."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page

from patients.models import User
from tests.accessibility import broken_rules
from tests.library.pages import read

WAYS = re.compile(r'<a class="btn btn[^"]*" href="([^"]*)">([^<]*)</a>')


def ways_of(client: Client) -> list[tuple[str, str]]:
    """Where the buttons of the page lead."""
    page = client.get("/").content.decode()
    return WAYS.findall(page.partition("<main")[2])


@pytest.mark.django_db
def test_a_stranger_is_led_to_sign_in_and_to_the_evidence(client: Client) -> None:
    ways = ways_of(client)

    assert ways == [("/sign-in/", "Sign in"), ("/evidence/", "Evidence library")]


def test_whoever_has_signed_in_is_led_to_the_cases_first(client: Client, clinician: User) -> None:
    client.force_login(clinician)

    ways = ways_of(client)

    assert ways == [("/cases/", "Go to the cases"), ("/evidence/", "Evidence library")]


@pytest.mark.django_db
def test_the_first_page_says_whom_it_is_for_and_what_it_does_not_do(client: Client) -> None:
    text = read(client, "/")

    expected = [
        "cartapp is for clinicians who treat large B-cell lymphoma",
        "no validated score combines these findings",
        "It gives no directive",
        "It makes no forecast for one person",
        "It is not a medical device as it stands",
        "to 2023",
    ]
    assert [words for words in expected if words not in text] == []


@pytest.mark.django_db
def test_nothing_is_sent_to_the_first_page(client: Client) -> None:
    answer = client.post("/")

    assert answer.status_code == 405


@pytest.mark.one_database("it is no row of a database")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_page_is_accessible_and_fits_the_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.goto("/")

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert broken_rules(page) == []
