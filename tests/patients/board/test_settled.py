"""Eligibility, approval and what came of a recommendation, as somebody records them."""

import pytest

from patients.models import ClearanceRevision, OutcomeRevision, Role, User
from tests.patients import boards, courses
from tests.patients.desks import Desk, text_of
from tests.patients.screens import plain

pytestmark = pytest.mark.django_db
ELIGIBILITY = "clearances/eligibility/"
OUTCOME = "recommendations/1/outcome/"
DAY = "2024-04-11"


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


@pytest.fixture
def desk(ines: User) -> Desk:
    return Desk(ines, courses.case(ines, *courses.visit(crp="12")))


@pytest.fixture
def signed(desk: Desk, ines: User) -> Desk:
    """The desk, once a chair has signed a recommendation."""
    boards.signed(boards.item(desk.case, ines), boards.chair(at=desk.case))
    return desk


def test_who_is_not_eligible_is_a_case_with_a_reason(desk: Desk) -> None:
    desk.type(ELIGIBILITY, answer="not_eligible", not_eligible="comorbidity", on=DAY)

    page = plain(desk.look("clearances/"))

    assert "Eligibility : Not eligible, comorbidity or organ function, 11 Apr 2024" in page
    assert "Consent : not recorded" in page


def test_without_a_reason_nothing_is_recorded_and_nothing_lost(desk: Desk) -> None:
    sent = desk.type(ELIGIBILITY, answer="not_eligible", on=DAY, note="seen in clinic")

    assert sent.status_code == 422
    assert "Say why CAR T-cells are not given." in text_of(sent)
    assert 'value="seen in clinic"' in sent.content.decode()
    assert ClearanceRevision.objects.count() == 0


def test_nothing_comes_of_a_recommendation_before_it_is_made(signed: Desk) -> None:
    sent = signed.type(OUTCOME, answer="done", on="2024-04-09")

    assert sent.status_code == 422
    assert "The board said it on 10 Apr 2024: this day is before." in text_of(sent)
    assert OutcomeRevision.objects.count() == 0


def test_an_approval_names_the_panel_and_its_reference(desk: Desk) -> None:
    desk.type("clearances/approval/", answer="approved", by_whom="Funder", reference="F-7", on=DAY)

    assert "Approved, Funder, F-7, 11 Apr 2024" in plain(desk.look("clearances/"))


def test_referral_consent_and_the_end_are_events_of_the_course(desk: Desk, ines: User) -> None:
    courses.record(desk.case, ines, courses.event("consent", note="version 3"))

    page = plain(desk.look("clearances/"))

    assert "Consent : Consent, 6 Mar 2024, note: version 3 Open" in page
    assert "Referral : not recorded Record" in page
    assert "Version of the consent" in desk.look("events/new/consent/")


def test_a_correction_says_why_and_shows_what_stood_before(desk: Desk) -> None:
    desk.type(ELIGIBILITY, answer="eligible", on=DAY)
    without = desk.type(ELIGIBILITY, answer="not_eligible", not_eligible="wish", on=DAY)

    corrected = desk.answer(without, {"reason": "the patient changed her mind"})

    assert (without.status_code, corrected.status_code) == (422, 302)
    history = plain(desk.look(ELIGIBILITY))
    assert "Eligible, 11 Apr 2024" in history
    assert "the patient changed her mind" in history


def test_what_was_recorded_in_error_is_withdrawn(desk: Desk) -> None:
    desk.type(ELIGIBILITY, answer="eligible", on=DAY)

    desk.type(ELIGIBILITY, withdraw="1", reason="another patient")

    assert [row.withdrawn for row in ClearanceRevision.objects.order_by("pk")] == [False, True]
    assert "Eligibility : Withdrawn: it was recorded in error" in plain(desk.look("clearances/"))


def test_of_two_first_answers_the_second_meets_the_first(desk: Desk) -> None:
    late = desk.opened(ELIGIBILITY) | {"answer": "not_eligible", "not_eligible": "wish", "on": DAY}
    desk.type(ELIGIBILITY, answer="eligible", on=DAY)

    met = desk.send(ELIGIBILITY, late)
    gone_on = desk.answer(met, {"seen": "1", "reason": "asked again"})

    assert (met.status_code, gone_on.status_code) == (409, 302)
    assert [row.answer for row in ClearanceRevision.objects.order_by("revision")] == [
        "eligible",
        "not_eligible",
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [("done", (True, "")), ("medical", (False, "medical")), ("died", (False, "died"))],
)
def test_a_recommendation_was_done_or_not_with_a_reason(
    signed: Desk, answer: str, said: tuple[bool, str]
) -> None:
    signed.type(OUTCOME, answer=answer, on=DAY)

    assert list(OutcomeRevision.objects.values_list("done", "not_done")) == [said]


def test_what_came_of_it_is_corrected_with_a_reason(signed: Desk) -> None:
    signed.type(OUTCOME, answer="done", on=DAY)

    signed.type(OUTCOME, answer="wish", on=DAY, reason="mistaken")

    said = OutcomeRevision.objects.order_by("revision").values_list("done", "not_done")
    assert list(said) == [(True, ""), (False, "wish")]


def test_of_a_draft_nothing_can_have_come(desk: Desk, ines: User) -> None:
    boards.drafted(boards.item(desk.case, ines), ines)

    assert desk.client.get(desk.address(OUTCOME)).status_code == 404


@pytest.mark.parametrize("path", ["clearances/consent/", "recommendations/7/outcome/"])
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    assert desk.client.get(desk.address(path)).status_code == 404


def test_a_reader_reads_and_records_nothing(signed: Desk) -> None:
    reader = Desk(courses.person("rita.reader", Role.READER), signed.case)

    shown = [reader.look(path) for path in (ELIGIBILITY, OUTCOME, "clearances/")]
    sent = [reader.send(path, {}).status_code for path in (ELIGIBILITY, OUTCOME)]

    assert ["<textarea" in page or 'type="radio"' in page for page in shown] == [False] * 3
    assert sent == [403, 403]
