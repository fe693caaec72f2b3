"""Meetings and recommendations, as somebody prepares, writes, signs and reads them."""

import re
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.board import frozen
from patients.board.settings_forms import SettingForm
from patients.models import (
    Assessment,
    BoardSetting,
    ItemMark,
    Meeting,
    MeetingKind,
    Observation,
    Participant,
    RecommendationRevision,
    Role,
    User,
)
from riskfactors.words.facts import day_words
from tests.patients import boards, courses
from tests.patients.desks import Desk, text_of
from tests.patients.screens import plain

pytestmark = pytest.mark.django_db
RECOMMEND = "meetings/1/recommendation/"
HELD = "2026-04-10"
SIGNED = {
    "option": "biopsy",
    "intent": "clarification",
    "rests_on": "day_28:suvmax_ge_10_day_28",
    "responsible": "Dr Invented",
    "due_on": "2024-05-01",
}


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


@pytest.fixture
def desk(ines: User) -> Desk:
    """A clinician at a case with a high SUVmax that is on the agenda of a meeting."""
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", suvmax="12")
    case = courses.case(ines, *courses.visit(crp="12"), *day_28)
    boards.item(case, ines)
    return Desk(ines, case)


@pytest.fixture
def chair(desk: Desk) -> Desk:
    return Desk(boards.chair(at=desk.case), desk.case)


def opened(desk: Desk) -> dict[str, Any]:
    """The form as it is opened: all that it sends hidden, and the question."""
    shown = desk.client.get(desk.address(RECOMMEND))
    page = shown.context["page"].form
    token = desk.opened(RECOMMEND)["token"]
    hidden = {name: page[name].value() for name in ("seen", "head", "digest", "question", "gate")}
    return hidden | {"token": token}


def act(client: Client, button: str, number: int = 1, **typed: Any) -> Any:
    """A button on the page of a meeting."""
    return client.post(f"/centres/BCN/board/{number}/acts/{button}/", typed)


def meeting_page(client: Client, number: int = 1) -> str:
    return plain(client.get(f"/centres/BCN/board/{number}/").content.decode())


def test_a_meeting_is_planned_and_a_case_put_on_its_agenda(desk: Desk) -> None:
    planned = {"kind": "eligibility", "held_on": "2024-05-07", "starts_at": "16:00"}

    answer = desk.client.post("/centres/BCN/board/plan/", planned)
    act(
        desk.client,
        "add",
        2,
        case="\N{NO-BREAK SPACE}A-1",
        gate="infusion",
        question="Infuse, or delay?",
    )

    assert answer.headers["Location"] == "/centres/BCN/board/2/"
    page = meeting_page(desk.client, 2)
    assert "Hospital BCN, 7 May 2024, 16:00. 1 case to discuss, 10 minutes." in page
    assert "16:00 Infuse, or delay? A-1" in page


@pytest.mark.parametrize("day", ["1999-05-07", "2099-05-07"])
def test_a_day_that_cannot_be_meant_is_asked_about(desk: Desk, day: str) -> None:
    planned = {"kind": "eligibility", "held_on": day, "place": "Room 2"}

    answer = desk.client.post("/centres/BCN/board/plan/", planned)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "A day between 10 years ago and 2 years ahead is expected." in page
    assert "Room 2" in page


@pytest.mark.parametrize("field", ["due_on", "follow_up_on"])
@pytest.mark.parametrize("button", ["sign", "draft"])
def test_nothing_is_due_before_the_meeting(chair: Desk, field: str, button: str) -> None:
    form = {**opened(chair), **SIGNED, field: "2024-04-09", button: "1"}

    answer = chair.send(RECOMMEND, form)

    assert answer.status_code == 422
    assert "This day is before the meeting." in text_of(answer)


@pytest.mark.parametrize(("button", "by_chair"), [("draft", False), ("sign", True)])
def test_what_was_typed_while_somebody_signed_stands_beside_what_is_signed(
    desk: Desk, chair: Desk, button: str, by_chair: bool
) -> None:
    """No reason is asked for where the form had no field for it."""
    mine, first = (
        chair if by_chair else desk,
        Desk(boards.chair("eva.chair", at=desk.case), desk.case),
    )
    form = {**opened(mine), **SIGNED, "rationale": "Typed meanwhile.", button: "1"}
    first.send(RECOMMEND, {**opened(first), **SIGNED, "sign": "1"})

    answer = mine.send(RECOMMEND, form)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "Typed meanwhile." in page
    assert "This field is required." not in page
    assert ("eva.chair has signed this in the meantime" in page) is not by_chair
    assert ("Reason for the amendment" in page) is by_chair
    assert RecommendationRevision.objects.get().rationale == ""


def test_whether_there_is_a_quorum_stands_before_one_signs(chair: Desk) -> None:
    page = plain(chair.look(RECOMMEND))

    assert "0 asked, nobody is recorded as there; quorum: 3. Sign" in page


def test_a_case_of_another_centre_is_none_of_this_agenda(desk: Desk, ines: User) -> None:
    madrid = courses.centre("MAD")
    courses.case(courses.person("m", Role.CLINICIAN, at=madrid), case_id="M-1", at=madrid)

    answer = act(desk.client, "add", case="M-1", gate="infusion", question="Infuse, or delay?")

    assert answer.status_code == 422
    assert "No case of this centre has this pseudonym." in text_of(answer)
    assert "Infuse, or delay?" in text_of(answer)


def test_a_case_that_is_on_the_agenda_is_not_added_again_and_what_was_typed_stays(
    desk: Desk,
) -> None:
    answer = act(desk.client, "add", case="A-1", gate="infusion", question="Infuse, or delay?")

    assert answer.status_code == 422
    assert "This case is on the agenda already: change its question there." in text_of(answer)
    assert "Infuse, or delay?" in text_of(answer)
    assert Meeting.objects.get().items.get().gate == "day_28"


def test_what_rules_bring_is_taken_over_with_its_question(desk: Desk, ines: User) -> None:
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", suvmax="12")
    case = courses.case(ines, *courses.visit(), *day_28, case_id="A-2")
    follow_up = {"kind": "follow_up", "held_on": "2024-04-05"}
    desk.client.post("/centres/BCN/board/plan/", follow_up)
    assert "A-2 : What follows an SUVmax of 10 or more" in meeting_page(desk.client, 2)

    act(desk.client, "proposed", 2, case=[case.public_id, desk.case.public_id])

    items = Meeting.objects.get(number=2).items.order_by("position")
    assert [(item.case.case_id, item.gate, item.rules) for item in items] == [
        ("A-1", "day_28", "suvmax not_settled"),
        ("A-2", "day_28", "suvmax"),
    ]
    assert "Nothing more: what the rules bring stands on this agenda" in meeting_page(
        desk.client, 2
    )


def test_a_case_needs_no_action_by_one_click_which_can_be_taken_back(desk: Desk) -> None:
    item = Meeting.objects.get().items.get()

    act(desk.client, "no_action", item=item.pk)
    act(desk.client, "no_action", item=item.pk)
    settled = meeting_page(desk.client)
    act(desk.client, "discuss", item=item.pk)

    assert "Nothing is left to discuss." in settled
    assert [mark.mark for mark in ItemMark.objects.order_by("revision")] == ["no_action", "discuss"]


def test_what_the_minimum_data_set_lacks_is_said_and_discussed_all_the_same(desk: Desk) -> None:
    desk.client.post(
        "/centres/BCN/board/settings/",
        {
            "eligibility-quorum": "3",
            "eligibility-minutes": "10",
            "follow_up-quorum": "2",
            "follow_up-minutes": "8",
            "follow_up-minimum": ["suvmax", "cirs_total", "deauville"],
        },
    )
    lacking = meeting_page(desk.client)

    act(desk.client, "all_the_same", item=Meeting.objects.get().items.get().pk, note="PET tomorrow")

    lacks = "Missing of the minimum data set: Deauville score, CIRS, grades of 14 organ systems"
    assert lacks in lacking
    said = "To be discussed although data are missing: PET tomorrow"
    assert said in meeting_page(desk.client)


def test_the_reason_to_discuss_it_all_the_same_stands_beside_what_is_missing(
    desk: Desk,
) -> None:
    BoardSetting.objects.create(centre=desk.case.centre, kind="follow_up", minimum="deauville")
    missing = "Missing of the minimum data set: Deauville score"
    reader = Desk(courses.person("rita.reader", Role.READER), desk.case)

    prepared, read = meeting_page(desk.client), meeting_page(reader.client)

    why = "Why it is discussed although data are missing Record"
    assert f"{missing} Discuss all the same : A-1 {why} Change : A-1" in prepared
    assert missing in read
    assert why not in read


def test_the_minimum_data_set_is_asked_by_the_groups_of_the_forms(desk: Desk) -> None:
    setting = BoardSetting(centre=desk.case.centre, kind="follow_up", minimum="ldh cirs_renal")

    shown = plain(desk.client.get("/centres/BCN/board/settings/").content.decode())

    first, last = (shown.split("Minimum data set")[1].partition("Comorbidity")[at] for at in (0, 2))
    assert first.strip().startswith("State and disease ECOG performance status")
    assert last.strip().startswith(
        "Cumulative Illness Rating Scale (CIRS), total A case that lacks"
    )
    form = SettingForm(None, setting=setting, prefix="follow_up")
    assert form.initial["minimum"] == ["ldh", "cirs_total"]


def test_the_quorum_is_said_once_somebody_is_there_and_stops_nothing(desk: Desk) -> None:
    act(desk.client, "invite", name="Clara Chair", discipline="haematology")
    person = Participant.objects.get()
    before = meeting_page(desk.client)

    act(desk.client, "attend", present=person.pk)

    assert "1 asked, nobody is recorded as there; quorum: 3." in before
    assert "1 present; the quorum of 3 is not met." in meeting_page(desk.client)


@pytest.mark.parametrize(("quorum", "status", "kept"), [("0", 422, 3), ("1", 302, 1)])
def test_a_quorum_is_at_least_one_person(desk: Desk, quorum: str, status: int, kept: int) -> None:
    of_each = {"quorum": quorum, "minutes": "10"}
    asked = {f"{kind}-{name}": of_each[name] for kind in MeetingKind for name in of_each}

    changed = act(desk.client, "change", held_on=HELD, minutes=10, quorum=quorum)
    settings = desk.client.post("/centres/BCN/board/settings/", asked)

    assert (changed.status_code, settings.status_code) == (status, status)
    assert Meeting.objects.get().quorum == kept
    assert [each.quorum for each in BoardSetting.objects.all()] == [1] * 2 * (status == 302)


def test_a_quorum_of_nobody_that_was_recorded_before_can_still_be_read(desk: Desk) -> None:
    Meeting.objects.update(quorum=0)
    BoardSetting.objects.create(centre=desk.case.centre, kind="follow_up", quorum=0)

    said = meeting_page(desk.client)
    settings = desk.client.get("/centres/BCN/board/settings/")

    assert "0 asked, nobody is recorded as there; quorum: 0." in said
    assert settings.status_code == 200
    assert 'name="follow_up-quorum" value="0"' in settings.content.decode()


@pytest.mark.parametrize(
    ("button", "there", "said"),
    [
        ("cancel", False, "Clara Chair, Haematology asked Nuria Ruiz, Nursing asked"),
        ("close", False, "Clara Chair, Haematology asked Nuria Ruiz, Nursing asked"),
        ("close", True, "Clara Chair, Haematology present Nuria Ruiz, Nursing not there"),
    ],
)
def test_of_nobody_it_is_said_that_they_were_not_there_before_somebody_is(
    desk: Desk, button: str, there: bool, said: str
) -> None:
    act(desk.client, "invite", name="Nuria Ruiz", discipline="nursing")
    act(desk.client, "invite", name="Clara Chair", discipline="haematology")
    if there:
        act(desk.client, "attend", present=Participant.objects.get(name="Clara Chair").pk)

    act(desk.client, button)

    page = meeting_page(desk.client)
    assert said in page
    assert ("is not met" in page) is there


def test_what_is_ticked_is_recorded_whatever_is_pressed_beside_it(desk: Desk) -> None:
    act(desk.client, "invite", name="Clara Chair", discipline="haematology")
    clara = Participant.objects.get()

    refused = act(desk.client, "invite", present=clara.pk)
    act(desk.client, "invite", name="Nora Nurse", discipline="nursing", present=clara.pk)
    nora = Participant.objects.get(name="Nora Nurse")
    act(desk.client, "uninvite", participant=nora.pk, present=clara.pk)

    assert f'value="{clara.pk}" checked' in text_of(refused)
    assert list(Participant.objects.values_list("name", "present")) == [("Clara Chair", True)]


def test_all_that_is_proposed_is_put_on_the_agenda_at_once(desk: Desk, ines: User) -> None:
    day_28 = date(2024, 4, 3)
    for number in (2, 3):
        rows = courses.visit("day_28", day_28, deauville="4")
        courses.case(ines, *courses.visit(), *rows, case_id=f"A-{number}")
    page = desk.client.get("/centres/BCN/board/1/").content.decode()
    cases = re.findall(r'<input type="hidden" name="case" value="([^"]+)">', page)

    act(desk.client, "proposed", case=cases)

    assert "Put all 2 on the agenda" in page
    items = Meeting.objects.get().items.order_by("position")
    assert [(item.case.case_id, item.position) for item in items] == [
        ("A-1", 1),
        ("A-2", 2),
        ("A-3", 3),
    ]


@pytest.mark.parametrize(
    ("visits", "gate"),
    [
        (("election",), "eligible"),
        (("apheresis",), "bridging"),
        (("lymphodepletion",), "infusion"),
        (("infusion", "day_28"), "day_28"),
        (("infusion", "day_90"), "day_90"),
        (("infusion", "month_6"), "long_term"),
        (("infusion", "relapse"), "relapse"),
    ],
)
def test_a_case_added_by_hand_gets_the_gate_of_its_last_visit(
    desk: Desk, ines: User, visits: tuple[str, ...], gate: str
) -> None:
    days = {"infusion": 0, "day_28": 28, "day_90": 90, "month_6": 183, "relapse": 200}
    dated = [(name, courses.INFUSION_DAY + timedelta(days.get(name, -9))) for name in visits]
    rows = [row for name, day in dated for row in courses.visit(name, day)]
    courses.case(ines, *rows, case_id="A-2")

    act(desk.client, "add", case="A-2", gate="", question="What next?")

    assert Meeting.objects.get().items.get(case__case_id="A-2").gate == gate


def test_items_are_moved_and_put_in_any_order(desk: Desk, ines: User) -> None:
    more = [courses.case(ines, case_id=f"A-{number}") for number in (2, 3)]
    first, *others = [
        Meeting.objects.get().items.get(),
        *(boards.item(case, ines) for case in more),
    ]

    moved = act(desk.client, "down", item=first.pk)
    act(desk.client, "order", order=f"{others[1].pk},{others[0].pk}")

    order = Meeting.objects.get().items.order_by("position").values_list("case__case_id", flat=True)
    assert list(order) == ["A-3", "A-2", "A-1"]
    assert moved.headers["Location"] == f"/centres/BCN/board/1/#down-{first.pk}"


def test_of_a_closed_meeting_nothing_changes(desk: Desk) -> None:
    act(desk.client, "close")

    answer = act(desk.client, "invite", name="Late Comer", discipline="nursing")

    assert answer.status_code == 422
    assert "The meeting was closed or cancelled in the meantime" in text_of(answer)
    assert Participant.objects.count() == 0


def test_closing_says_once_what_is_proposed_again(desk: Desk) -> None:
    before = meeting_page(desk.client)

    act(desk.client, "close")

    again = "1 case is neither signed for nor marked “no action”: it is proposed again."
    after = meeting_page(desk.client)
    assert (again in before, again in after) == (True, False)
    assert "10 Apr 2024. 1 case on the agenda." in after


def test_a_meeting_to_come_is_not_closed(desk: Desk) -> None:
    Meeting.objects.update(held_on=timezone.localdate() + timedelta(1))

    answer = act(desk.client, "close")

    assert answer.status_code == 422
    assert "Its day is still to come" in text_of(answer)
    assert Meeting.objects.get().closed_at is None


def test_a_meeting_planned_wrongly_is_cancelled_and_its_cases_are_free(desk: Desk) -> None:
    tomorrow = timezone.localdate() + timedelta(1)
    Meeting.objects.update(held_on=tomorrow)
    planned = {"kind": "follow_up", "held_on": tomorrow + timedelta(7)}
    desk.client.post("/centres/BCN/board/plan/", planned)
    waits = "A-1 : What follows" in meeting_page(desk.client, 2)

    act(desk.client, "cancel")

    assert desk.client.get(desk.address(RECOMMEND)).status_code == 404
    assert (waits, "A-1 : What follows" in meeting_page(desk.client, 2)) == (False, True)
    assert "Cancelled by ines.gil" in meeting_page(desk.client)
    assert "1 case, cancelled" in plain(desk.client.get("/centres/BCN/board/").content.decode())
    assert act(desk.client, "close").status_code == 422
    file = desk.client.get("/centres/BCN/board/1/invitation.ics").content.decode()
    assert "STATUS:CANCELLED" in file


def test_a_meeting_that_began_is_not_cancelled(desk: Desk) -> None:
    act(desk.client, "invite", name="Clara Chair", discipline="haematology")
    act(desk.client, "attend", present=Participant.objects.get().pk)
    somebody_there = act(desk.client, "cancel")
    act(desk.client, "attend")
    boards.drafted(Meeting.objects.get().items.get(), User.objects.get(username="ines.gil"))

    drafted = act(desk.client, "cancel")

    assert [answer.status_code for answer in (somebody_there, drafted)] == [422, 422]
    assert "Cancel the meeting" not in meeting_page(desk.client)
    assert Meeting.objects.get().cancelled_at is None


@pytest.mark.parametrize(
    ("held", "button", "listed"),
    [
        (0, None, "To come {day} : Course and follow-up 1 case Open"),
        (0, "close", "Past, closed or cancelled {day} : Course and follow-up 1 case, closed"),
        (-1, None, "Past, closed or cancelled {day} : Course and follow-up 1 case, not closed yet"),
    ],
)
def test_the_list_says_what_has_become_of_a_meeting(
    desk: Desk, held: int, button: str | None, listed: str
) -> None:
    day = timezone.localdate() + timedelta(held)
    Meeting.objects.update(held_on=day)

    if button:
        act(desk.client, button)

    shown = plain(desk.client.get("/centres/BCN/board/").content.decode())
    assert listed.format(day=plain(day_words(day))) in shown


def test_a_case_of_which_something_was_said_stays_on_the_agenda(desk: Desk, chair: Desk) -> None:
    item = Meeting.objects.get().items.get()
    boards.signed(item, User.objects.get(username="clara.chair"))

    answer = act(desk.client, "remove", item=item.pk)

    assert answer.status_code == 422
    assert "Something was said of this case already: it stays." in text_of(answer)


def test_an_invitation_says_when_and_where_and_no_word_of_patients(desk: Desk) -> None:
    file = desk.client.get("/centres/BCN/board/1/invitation.ics").content.decode()

    assert "DTSTART;VALUE=DATE:20240410" in file
    Meeting.objects.update(starts_at="16:00")
    timed = desk.client.get("/centres/BCN/board/1/invitation.ics").content.decode()
    assert re.findall(r"DTSTART[^\r\n]*", timed) == ["DTSTART:20240410T140000Z"]
    assert "SUMMARY:Board: Course and follow-up" in file
    assert [word for word in ("A-1", "Invented", "SUV", "PET") if word in file] == []


def invited(desk: Desk) -> dict[str, str]:
    """What the invitation to the meeting says, by its properties."""
    file = desk.client.get("/centres/BCN/board/1/invitation.ics").content.decode()
    return dict(line.split(":", 1) for line in file.splitlines())


def test_an_invitation_sent_again_moves_its_entry(desk: Desk) -> None:
    """Each change is above and later than the one before; the first was its case."""
    item = Meeting.objects.get().items.get()
    changed = {"held_on": HELD, "minutes": 10, "quorum": 3}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("change", {**changed, "starts_at": "16:00"}),
        ("change", {**changed, "starts_at": "17:00"}),
        ("remove", {"item": item.pk}),
        ("cancel", {}),
    ]
    sent = [invited(desk)]
    for number, (name, said) in enumerate(steps, 1):
        act(desk.client, name, **said)
        moment = timezone.now() + timedelta(minutes=number)
        with mock.patch.object(timezone, "now", return_value=moment):
            sent.append(invited(desk))

    assert [each["SEQUENCE"] for each in sent] == ["1", "2", "3", "4", "5"]
    assert sorted({each["DTSTAMP"] for each in sent}) == [each["DTSTAMP"] for each in sent]
    assert {each["UID"] for each in sent} == {"cartapp-BCN-1"}
    assert [each.get("DTEND") for each in sent] == [
        None,
        "20260410T141000Z",
        "20260410T151000Z",
        None,
        None,
    ]
    assert [each.get("STATUS") for each in sent] == [None, None, None, None, "CANCELLED"]


def test_an_invitation_asks_as_much_however_often_it_was_changed(desk: Desk) -> None:
    asked = []
    for hour in ("16:00", "17:00", "18:00"):
        act(desk.client, "change", held_on=HELD, minutes=10, quorum=3, starts_at=hour)
        with CaptureQueriesContext(connection) as queries:
            invited(desk)
        asked.append(len(queries))

    assert len(set(asked)) == 1


def test_a_draft_is_gone_on_with_and_signed_by_a_chair(desk: Desk, chair: Desk) -> None:
    desk.send(RECOMMEND, opened(desk) | {"rationale": "One lesion.", "draft": "1"})

    answer = chair.send(RECOMMEND, opened(chair) | SIGNED | {"rationale": "One.", "sign": "1"})

    assert answer.headers["Location"] == desk.address("recommendations/1/")
    page = plain(desk.look("recommendations/1/"))
    assert "Signed by clara.chair" in page
    assert "The board recommended Biopsy" in page
    assert "at day 30 in PR or SD, Day +28: Criterion met (SUVmax 12)" in page
    assert "No verdict has changed." in page


def test_what_was_recorded_since_stands_there_although_no_verdict_is_another(
    desk: Desk, chair: Desk, ines: User
) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})
    before = plain(desk.look("recommendations/1/"))
    relapse = courses.visit("relapse", date(2024, 5, 20), response="PD")
    courses.record(desk.case, ines, *relapse)

    page = plain(desk.look("recommendations/1/"))

    assert "Nothing was recorded since. No verdict has changed." in before
    assert "Visit: Relapse or progression: 20 May 2024" in page
    assert "Relapse or progression: Disease response (Lugano): Progressive disease" in page
    assert "Something was recorded since it was seen; no verdict has changed." in plain(
        desk.look("recommendations/")
    )


def test_what_was_signed_before_an_amendment_stays_to_be_read(
    desk: Desk, chair: Desk, ines: User
) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})
    visit = Assessment.objects.get(case=desk.case, milestone="day_28")
    corrected = courses.value(visit, "suvmax", "8", 2)
    courses.record(desk.case, ines, corrected, reason="typing error")
    boards.amended(desk.case, User.objects.get(username="clara.chair"))

    revisions = plain(desk.look("recommendations/1/")).partition("Revisions")[2]

    rested = "SUVmax 10 or more at day 30 in PR or SD, Day +28: Criterion met (SUVmax 12)"
    assert f"rests on: {rested}" in revisions
    assert "rests on: none, amended because: seen again" in revisions
    assert revisions.count("Findings as they were seen") == 1


def test_to_sign_is_to_be_complete_and_nothing_typed_is_lost(chair: Desk) -> None:
    answer = chair.send(RECOMMEND, opened(chair) | {"rationale": "Kept words.", "sign": "1"})

    assert answer.status_code == 422
    page = text_of(answer)
    for said in (
        "Say what the board recommended.",
        "Say what is aimed at.",
        "Name who is responsible.",
        "Say by when it is due.",
        "Mark the findings it rests on, or that it rests on none of them.",
        "Kept words.",
    ):
        assert said in page, said
    assert RecommendationRevision.objects.count() == 0


def test_a_clinician_cannot_sign_and_a_reader_cannot_write(desk: Desk, chair: Desk) -> None:
    reader = Desk(courses.person("rita.reader", Role.READER), desk.case)

    signed = desk.send(RECOMMEND, opened(desk) | SIGNED | {"sign": "1"})
    written = reader.send(RECOMMEND, {})

    assert (signed.status_code, written.status_code) == (403, 403)
    assert "Nothing has been written yet." in plain(reader.look(RECOMMEND))


def test_two_write_at_once_and_the_second_sees_both_texts(desk: Desk, chair: Desk) -> None:
    late = opened(desk) | {"rationale": "Mine.", "draft": "1"}
    chair.send(RECOMMEND, opened(chair) | {"rationale": "Theirs.", "draft": "1"})

    met = desk.send(RECOMMEND, late)
    page = met.context["page"]
    again = {"token": page.form.typed["token"], "seen": page.form.typed["seen"]}
    gone_on = desk.send(RECOMMEND, late | again)

    assert met.status_code == 409
    assert "clara.chair has written this in the meantime" in text_of(met)
    assert page.meanwhile.lines == (("Rationale", "Theirs.", "Mine."),)
    assert gone_on.status_code == 302
    said = RecommendationRevision.objects.order_by("revision").values_list("rationale", flat=True)
    assert list(said) == ["Theirs.", "Mine."]


def test_a_value_that_came_since_is_shown_before_it_is_signed(
    desk: Desk, chair: Desk, ines: User
) -> None:
    form = opened(chair) | SIGNED | {"sign": "1"}
    visit = Assessment.objects.get(case=desk.case, milestone="day_28")
    row = courses.value(visit, "suvmax", "8.9", 2)
    courses.record(desk.case, ines, row, reason="central reading")

    met = chair.send(RECOMMEND, form)
    page = met.context["page"]
    hidden = {name: page.form.typed[name] for name in ("token", "head", "digest")}
    signed = chair.send(RECOMMEND, form | hidden | {"rests_on_none": "1", "rests_on": []})

    assert met.status_code == 409
    shown = plain(text_of(met))
    assert "Day +28: SUVmax: 12 8.9" in shown
    assert "Criterion met (SUVmax 12) Criterion not met (SUVmax 8.9)" in shown
    assert "Chosen before, and no longer what it was SUVmax 10 or more" in shown
    assert (signed.status_code, RecommendationRevision.objects.get().stage) == (302, "final")


def test_what_is_signed_is_amended_with_a_reason(desk: Desk, chair: Desk) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})
    form = opened(chair) | SIGNED | {"option": "observe", "sign": "1"}

    without = chair.send(RECOMMEND, form)
    amended = chair.send(RECOMMEND, form | {"reason": "biopsy not possible"})

    assert (without.status_code, amended.status_code) == (422, 302)
    page = plain(desk.look("recommendations/1/"))
    assert "Amended: Observe" in page
    assert "amended because: biopsy not possible" in page
    assert "; amended by clara.chair, " in page
    assert "What was seen when it was amended" in page


def test_the_findings_that_were_seen_stay_to_be_read(desk: Desk, chair: Desk, ines: User) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})
    visit = Assessment.objects.get(case=desk.case, milestone="day_28")
    row = courses.value(visit, "suvmax", "8.9", 2)
    courses.record(desk.case, ines, row, reason="central reading")

    page = plain(desk.look("recommendations/1/"))

    _before, _title, seen = page.partition("Findings as they were seen")
    assert "SUVmax 10 or more at day 30 in PR or SD Criterion met (SUVmax 12)" in seen
    assert "8.9" not in seen


def test_who_may_not_go_on_writing_is_not_led_to_it(desk: Desk, chair: Desk) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})

    pages = [plain(each.look("recommendations/1/")) for each in (desk, chair)]

    assert ["Amend it" in page for page in pages] == [False, True]


def test_a_late_result_says_that_a_recommendation_is_overtaken(
    desk: Desk, chair: Desk, ines: User
) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})
    visit = Assessment.objects.get(case=desk.case, milestone="day_28")
    last = Observation.objects.get(assessment=visit, variable="suvmax")
    row = courses.value(visit, "suvmax", "8.9", last.revision + 1)
    courses.record(desk.case, ines, row, reason="central reading")

    listed = plain(desk.look("recommendations/"))
    full = plain(desk.look("recommendations/1/"))

    assert "A finding it rests on has changed since it was seen." in listed
    assert "it rests on this Criterion met (SUVmax 12) Criterion not met (SUVmax 8.9)" in full


def test_what_rests_on_a_factor_published_anew_is_listed(
    desk: Desk, chair: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chair.send(RECOMMEND, opened(chair) | SIGNED | {"sign": "1"})
    call_command("affected_decisions")
    before = capsys.readouterr().out

    known = frozen.factor_digest
    anew = {"suvmax_ge_10_day_28": "another"}
    monkeypatch.setattr("patients.board.affected.factor_digest", lambda k: anew.get(k, known(k)))
    call_command("affected_decisions")

    assert before == ""
    assert "clara.chair\tSUVmax 10 or more" in capsys.readouterr().out
    page = desk.client.get("/centres/BCN/board/affected/").content.decode()
    assert "SUVmax 10 or more" in page


@pytest.mark.parametrize("path", ["meetings/7/recommendation/", "recommendations/7/"])
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    assert desk.client.get(desk.address(path)).status_code == 404
