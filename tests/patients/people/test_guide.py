"""The guide for the first time: above the cases until it is put away, for good, on any machine."""

import re

import pytest
from django.test import Client

from patients.course.matrix import matrix_labels
from patients.models import Role, User
from tests.patients.courses import person
from tests.patients.pages import words

TITLE = "The first time here"
SHAPE = re.compile(r'<li class="cell-([\w-]+)"><span class="shape"></span>(.*?)</li>')


@pytest.fixture
def newcomer(db: None) -> User:
    return person("ines.gil", Role.READER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_guide_stands_above_the_cases_until_it_is_put_away_for_good(newcomer: User) -> None:
    client = signed_in(newcomer)
    before = words(client.get("/cases/"))

    answer = client.post("/guide/")

    elsewhere = words(signed_in(User.objects.get(pk=newcomer.pk)).get("/cases/"))
    assert (TITLE in before, TITLE in elsewhere) == (True, False)
    assert answer.headers["Location"] == "/cases/"


def test_who_puts_it_away_does_so_for_nobody_else(newcomer: User) -> None:
    other = person("joan.mas", Role.CLINICIAN)

    signed_in(newcomer).post("/guide/")

    assert TITLE in words(signed_in(other).get("/cases/"))


def test_it_stays_on_a_page_of_its_own(newcomer: User) -> None:
    client = signed_in(newcomer)
    client.post("/guide/")

    page = client.get("/guide/")

    assert page.status_code == 200
    assert '<a href="/guide/">Guide</a>' in client.get("/cases/").content.decode()
    assert "not a forecast" in words(page)


def test_its_shapes_are_those_of_the_findings(newcomer: User) -> None:
    page = signed_in(newcomer).get("/guide/").content.decode()

    assert tuple(SHAPE.findall(page)) == matrix_labels().shapes
