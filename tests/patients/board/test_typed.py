"""The text of a recommendation is kept as it is typed, for whoever types it alone."""

import re
from datetime import date

import pytest

from patients.models import Draft, Role, User
from tests.patients import boards, courses
from tests.patients.courses import visit
from tests.patients.desks import SEEN, TOKEN, Desk

PATH = "meetings/1/recommendation/"
CANARY = "zqrationale"
DUE = r'type="(\w+)" name="due_on" value="([^"]*)"'


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def desk(ana: User) -> Desk:
    case = courses.case(ana, *visit("election", date(2024, 2, 1), crp="35"))
    boards.item(case, ana)
    return Desk(ana, case)


def typed_by(desk: Desk, **typed: object) -> dict[str, object]:
    """Type into the form, which is kept and not sent."""
    page = desk.look(PATH)
    form: dict[str, object] = dict(re.findall(r'name="(head|digest)" value="([^"]+)"', page))
    form |= {"token": TOKEN.findall(page)[0], "seen": SEEN.findall(page)[0][1]}
    form |= {"question": "Salvage?", "gate": "day_28", **typed}
    place = re.findall(r'data-draft-of="([^"]+)"', page)[0]
    answer = desk.send("recommendations/typed/", {**form, "draft-of": place})
    assert answer.status_code == 204
    return form


def test_the_text_stands_in_the_form_of_its_author_again(desk: Desk) -> None:
    colleague = Desk(courses.person("leo.vidal", Role.CLINICIAN), desk.case)
    typed_by(desk, rationale=CANARY, options=["observe", "salvage"], rests_on_none="on")

    page = desk.look(PATH)

    assert (page.count(CANARY), colleague.look(PATH).count(CANARY)) == (1, 0)
    chosen = re.findall(r'name="options" value="(\w+)"[^>]* checked', page)
    assert sorted(chosen) == ["observe", "salvage"]
    assert re.findall(r'name="rests_on_none"[^>]* checked', page) != []
    assert "and not recorded" in page


def test_the_chair_keeps_a_text_too_and_a_reader_none(desk: Desk) -> None:
    chair = Desk(boards.chair(at=desk.case), desk.case)
    reader = Desk(courses.person("rita", Role.READER), desk.case)

    typed_by(chair, rationale=CANARY)

    assert CANARY in chair.look(PATH)
    assert reader.send("recommendations/typed/", {}).status_code == 403


@pytest.mark.parametrize("typed", ["21", "2024-05-01"])
def test_a_day_that_is_typed_in_one_place_is_shown_in_the_way_of_the_other(
    desk: Desk, typed: str
) -> None:
    """On a projector stand days from the meeting of 10 April, at a desk those of the calendar."""
    typed_by(desk, due_on=typed)

    shown = [re.findall(DUE, desk.look(f"{PATH}{part}")) for part in ("?part", "")]

    assert shown == [[("number", "21")], [("date", "2024-05-01")]]


def test_what_is_no_day_stays_as_it_was_typed(desk: Desk) -> None:
    form = typed_by(desk)

    page = desk.send(f"{PATH}?part", form | {"draft": "1", "due_on": "soon"}).content.decode()

    assert re.findall(DUE, page) == [("number", "soon")]
    assert "A whole number of days is expected, as 14." in page


def test_it_goes_when_the_shared_draft_is_written(desk: Desk) -> None:
    form = typed_by(desk, rationale=CANARY)

    answer = desk.send(PATH, form | {"draft": "1"})

    assert (answer.status_code, Draft.objects.count()) == (302, 0)


def test_a_text_that_is_refused_stays(desk: Desk) -> None:
    chair = Desk(boards.chair(at=desk.case), desk.case)
    form = typed_by(chair, rationale=CANARY)

    answer = chair.send(PATH, form | {"sign": "1"})

    assert (answer.status_code, Draft.objects.count()) == (422, 1)


def test_what_somebody_else_wrote_since_is_told_and_met(desk: Desk) -> None:
    colleague = Desk(courses.person("leo.vidal", Role.CLINICIAN), desk.case)
    form = typed_by(desk, rationale=CANARY)
    theirs = typed_by(colleague, rationale="theirs")
    colleague.send(PATH, theirs | {"draft": "1"})

    page = desk.look(PATH)
    answer = desk.send(PATH, form | {"draft": "1"})

    assert "Recorded since" in page
    assert SEEN.findall(page)[0][1] == form["seen"]
    assert answer.status_code == 409
