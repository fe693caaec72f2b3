"""A case as it was known on a past day: by what was dated by then, and by what was recorded."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.domain.cases import case as document
from tests.patients import courses
from tests.patients.courses import value, visit
from tests.patients.screens import cells, imported, opened, somebody, vignette, words

SAID = "As of {}, from what was recorded by {}: not what is known now."


def test_what_is_dated_later_is_not_shown(manager: Client) -> None:
    of = imported(vignette("01"))

    page = opened(manager, of, "?on=2019-09-01")

    assert {at for at, _factor in cells(page)} == {
        *("election", "apheresis", "lymphodepletion", "infusion", "day_7"),
    }
    said = words(page)
    assert "As of 1 Sep 2019, from what was recorded by" in said
    assert "11 Nov 2019" not in said


def test_what_was_recorded_later_is_not_shown(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that was corrected afterwards stands as it was read then."""
    clerk, now = somebody(), timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now - timedelta(days=9))
    of = courses.case(clerk, *visit("infusion", crp="12"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now - timedelta(days=2))
    corrected = value(courses.infusion(of), "crp", "71.5", revision=2)
    courses.record(of, clerk, corrected, reason="misread")
    then = timezone.localdate() - timedelta(days=5)

    before = words(opened(manager, of, f"?on={then}&recorded={then}"))
    after = words(opened(manager, of, f"?on={then}"))

    assert ("12 mg/L" in before, "71.5 mg/L" in before) == (True, False)
    assert ("12 mg/L" in after, "71.5 mg/L" in after) == (False, True)


def test_the_addresses_of_a_past_page_stay_in_the_past_and_lead_to_no_form(
    manager: Client,
) -> None:
    of = imported(vignette("01"))
    today = timezone.localdate()
    query = f"?on=2019-09-01&recorded={today}"

    page = opened(manager, of, query)
    fact = opened(manager, of, f"facts/response-before-infusion/{query}")

    assert "/visits/" not in page
    led_to = sum(map(page.count, ("/facts/", "/charts/", "/timeline.json", "/timeline.svg")))
    assert led_to == page.count(f'{query.replace("&", "&amp;")}"')
    cards = page.count("/cards/")
    assert cards == page.count(f"/cards/{query.replace('&', '&amp;')}#card-") > 0
    assert "As of 1 Sep 2019" in words(fact)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?on=2999-01-01", "This day is still to come."),
        ("?on=yesterday", "Enter a valid date."),
        ("?on=2019-09-01&recorded=2001-01-01", "Nothing of this case was recorded by 1 Jan 2001."),
        ("?recorded=2019-09-01", "This field is required."),
        ("?on=0001-01-01&recorded=9999-12-31", "This day is still to come."),
    ],
)
def test_a_day_that_cannot_be_shown_is_refused_with_words(
    manager: Client, query: str, said: str
) -> None:
    of = imported(document(infusion={"crp": 3}))

    response = manager.get(f"/cases/{of.public_id}/{query}")

    page = words(response.content.decode())
    assert response.status_code == 422
    assert said in page
    assert "cannot be shown: this is the case as known now." in page


@pytest.mark.parametrize("page", ["", "timeline.svg", "timeline.json"])
def test_a_case_is_shown_as_it_was_before_its_first_day(manager: Client, page: str) -> None:
    of = imported(document(infusion={"crp": 3}))

    response = manager.get(f"/cases/{of.public_id}/{page}?on=1990-01-01")

    assert response.status_code == 200


def test_now_is_not_said_to_be_the_past(manager: Client) -> None:
    page = opened(manager, imported(document(infusion={"crp": 3})))

    assert "not what is known now" not in words(page)
    assert "cannot be shown" not in words(page)
