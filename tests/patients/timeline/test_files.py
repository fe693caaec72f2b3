"""The timeline as a file: of whom nothing stands in it, and when and on what evidence it rests."""

import re
from html import unescape

import pytest
from django.test import Client

from patients.models import AccessKind, Case
from riskfactors.published import catalogue
from tests.patients.screens import imported, opened, plain, vignette

pytestmark = pytest.mark.django_db


def named(case: Case) -> Case:
    case.patient.name = "Zqname Zqsurname"
    case.patient.hospital_number = "ZQ-4711"
    case.patient.save()
    return case


def test_the_drawing_is_saved_under_the_case_and_says_when_and_on_what(manager: Client) -> None:
    case = named(imported(vignette("01")))

    answer = manager.get(f"/cases/{case.public_id}/timeline.svg")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    saved = answer.headers["Content-Disposition"]
    assert saved == 'attachment; filename="01-review-case-timeline.svg"'
    said = plain(answer.content.decode())
    assert re.findall(r"Case 01-review-case. As known on \d+ \w+ \d{4}", said) != []
    assert f"catalogue {catalogue().digest[:12]}" in said
    assert [word for word in ("Zqname", "Zqsurname", "4711") if word in said] == []


@pytest.mark.parametrize("address", ["timeline.svg", "timeline.json"])
def test_each_look_at_it_is_logged_and_names_nobody(manager: Client, address: str) -> None:
    case = named(imported(vignette("01")))

    answer = manager.get(f"/cases/{case.public_id}/{address}")

    assert "Zqname" not in answer.content.decode()
    assert [access.kind for access in case.accesses.all()].count(AccessKind.LOOKED) == 1


def test_dates_stand_in_it_when_they_are_asked_for(manager: Client) -> None:
    case = imported(vignette("01"))

    days, dates = (
        manager.get(f"/cases/{case.public_id}/timeline.svg{asked}").content.decode()
        for asked in ("", "?dates=1")
    )

    written = re.compile(r'tl-(?:day|date)"[^>]*>([^<]*)<')
    assert "12 Aug 2019" in plain(" ".join(written.findall(dates)))
    assert "+28" in written.findall(days)
    assert "+28" not in written.findall(dates)


def test_a_past_page_leads_to_files_of_that_past(manager: Client) -> None:
    case = imported(vignette("01"))

    page = opened(manager, case, "?on=2019-09-01")

    asked = [unescape(url) for url in re.findall(r'"([^"]*/timeline\.(?:svg|json)[^"]*)"', page)]
    assert ["on=2019-09-01" in address for address in asked] == [True, True]
    figure, drawing = (
        manager.get(address).content.decode().replace("\xa0", " ") for address in asked
    )
    assert [when in figure for when in ("19 Aug 2019", "11 Nov 2019")] == [True, False]
    assert [when in drawing for when in ("19 Aug 2019", "11 Nov 2019")] == [True, False]
    assert "As of 1 Sep 2019, from what was recorded by" in plain(drawing)


@pytest.mark.parametrize("address", ["timeline.svg", "timeline.json"])
def test_a_moment_that_cannot_be_is_not_taken_for_now(manager: Client, address: str) -> None:
    case = imported(vignette("01"))

    assert manager.get(f"/cases/{case.public_id}/{address}?on=2999-01-01").status_code == 404
