"""The indicators of a centre: counted exactly, with denominators, and nothing of a few cases."""

from datetime import date, timedelta

import pytest

from patients.board.indicators import CaseFacts, Days, Share, indicators
from patients.board.indicators_page import days_words, facts_of, indicators_page, share_words
from patients.models import ClearanceRevision, Role, User
from tests.patients import boards, courses

DAY = date(2024, 1, 1)


def infused_after(days: int) -> CaseFacts:
    return CaseFacts(indicated=DAY, apheresis=DAY, infusion=DAY + timedelta(days))


def test_everyone_referred_is_in_the_denominator() -> None:
    stopped = CaseFacts(referred=DAY, not_eligible="wish")

    found = indicators([*map(infused_after, range(20, 26)), *[stopped] * 5])

    assert (found.referred, found.infused) == (11, Share(6, 11))
    assert found.not_eligible == (("wish", Share(5, 11)),)


def test_days_are_those_of_cases_that_have_both_dates_in_order() -> None:
    backwards = CaseFacts(indicated=DAY, infusion=DAY - timedelta(1))
    without = CaseFacts(infusion=DAY)

    found = indicators([*map(infused_after, (10, 20, 30, 40, 50)), backwards, without])

    assert found.to_infusion == Days(5, 20, 30, 40)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(4, 4), "not shown: fewer than 5 cases"),
        (Share(4, 20), "fewer than 5 of 20"),
        (Share(5, 20), "5 of 20 (25\N{NO-BREAK SPACE}%)"),
        (Share(0, 20), "0 of 20 (0\N{NO-BREAK SPACE}%)"),
        (Share(5, 5), "5 of 5 (100\N{NO-BREAK SPACE}%)"),
    ],
)
def test_a_number_of_a_few_cases_is_not_shown(share: Share, words: str) -> None:
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (Days(4), "not shown: fewer than 5 cases"),
        (Days(5, 20, 30.5, 40), "median 30.5 days (quartiles 20 to 40), 5 cases"),
    ],
)
def test_days_of_a_few_cases_are_not_shown(days: Days, words: str) -> None:
    assert days_words(days) == words


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


def test_what_is_counted_is_read_as_it_stands(ines: User) -> None:
    """The decision is the answer "eligible", else the election; what is withdrawn says nothing."""
    election = courses.visit("election", DAY)
    case = courses.case(ines, *election, *courses.visit(), case_id="A-1")
    referral = courses.event("referral", DAY - timedelta(9))
    courses.record(case, ines, referral, courses.event("not_infused", DAY, cause="other"))
    referral.event.refresh_from_db()
    withdrawn = courses.event("not_infused", DAY)
    withdrawn.event = case.event_set.get(number=2)
    withdrawn.revision, withdrawn.withdrawn, withdrawn.kind = 2, True, ""
    withdrawn.date = None
    courses.record(case, ines, withdrawn, reason="in error")
    decided = DAY + timedelta(3)
    courses.record(
        case,
        ines,
        ClearanceRevision(case=case, kind="eligibility", revision=1, answer="eligible", on=decided),
    )

    assert facts_of(case.centre)[case.pk] == CaseFacts(
        referred=DAY - timedelta(9), indicated=decided, infusion=courses.INFUSION_DAY
    )


def test_a_year_holds_the_cases_decided_in_it(ines: User) -> None:
    for number in range(6):
        courses.case(ines, *courses.visit("election", DAY), case_id=f"A-{number}")
    chair = boards.chair(at=courses.case(ines, case_id="B-1"))
    centre = chair.memberships.get().centre

    both = [indicators_page(centre, year).lines[0].value for year in (None, 2024, 2023)]

    assert both == ["7", "6", "0"]
    assert indicators_page(centre, None).years == (2024,)
