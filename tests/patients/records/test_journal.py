"""All that is added at a centre is a line of its journal, in one transaction with what it tells."""

import uuid
from datetime import date
from functools import partial

import pytest
from django.db import transaction

from patients.board import meetings, presenting
from patients.models import (
    Access,
    AccessKind,
    Case,
    Gate,
    JournalLine,
    MeetingKind,
    Membership,
    Revision,
    Role,
    Slot,
    User,
)
from patients.people import accounts, roles
from patients.records import journal, triggers, verification
from patients.records.looks import note_look
from patients.records.opening import note_access
from tests.patients import courses
from tests.patients.courses import infusion, record, value, visit
from tests.patients.records.test_races import at_once

LOOKS = 12


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN, Role.ADMINISTRATOR)


def told(code: str | None = "BCN") -> list[str]:
    """The tables of the lines of a journal, in their order."""
    lines = JournalLine.objects.filter(centre__code=code).order_by("sequence")
    return list(lines.values_list("table", flat=True))


def test_every_record_is_told_by_an_entry_or_is_a_line_itself() -> None:
    statements = {m for m in triggers.record_models() if issubclass(m, Slot | Revision)}
    others = {m._meta.model_name for m in triggers.record_models() if m not in statements}

    assert others - set(journal.CENTRE_OF) == {"case", "journalline"}
    assert set(journal.CENTRE_OF) - others == journal.CHANGING


def test_each_act_is_a_line(ana: User) -> None:
    centre, begun = courses.centre(), len(told())
    case = courses.case(ana, *visit(ecog="1"))
    record(case, ana, value(infusion(case), "crp", "12"))
    note_look(case, by=ana)
    note_access(case, AccessKind.EXPORTED, account="root")
    roles.grant(user=ana, role=Role.READER, centre=centre, by=ana)
    roles.revoke(user=ana, role=Role.READER, centre=centre, by=ana)
    leo, _password = accounts.make_account(
        username="leo.vidal", first_name="", last_name="", role=Role.READER, centre=centre, by=ana
    )
    accounts.reset_password(leo, centre=centre, by=ana)
    accounts.close_account(leo, centre=centre, by=ana)
    accounts.choose_password(leo, "an invented long phrase")

    assert told()[begun:] == [
        *("entry", "patient", "entry", "access", "access", "membership", "revocation"),
        *("membership", "accountchange", "accountchange", "accountchange"),
    ]
    assert told(None) == ["accountchange"]
    assert list(verification.faults(centre)) + list(verification.faults(None)) == []
    assert list(verification.strays()) == []


def test_a_line_of_a_centre_has_a_number_that_a_line_of_the_site_has_too(ana: User) -> None:
    for _line in range(4):
        accounts.choose_password(ana, "an invented long phrase")

    roles.grant(user=ana, role=Role.READER, centre=courses.centre(), by=ana)

    assert (len(told()), len(told(None))) == (3, 4)


def test_what_is_done_to_a_meeting_is_a_line_each(ana: User) -> None:
    case, begun = courses.case(ana, *visit()), len(told())
    meeting = meetings.plan(
        case.centre, kind=MeetingKind.FOLLOW_UP, held_on=date(2024, 4, 10), by=ana
    )
    item = meetings.add(meeting, case, ana, gate=Gate.DAY_28, question="What follows?")
    meetings.ask(meeting, item.pk, ana, gate=Gate.DAY_28, question="What follows the PET?")
    meetings.ask(meeting, item.pk, ana, gate=Gate.DAY_28, question="What follows the PET?")
    meetings.invite(meeting, ana, name="Dr Invented", discipline="nursing", user=None)
    presenting.show(meeting, item, ana)
    meetings.remove(meeting, item.pk, ana)
    meetings.close(meeting, ana)

    assert told()[begun:] == [
        *("meeting", "agendaitem", "agendaitem", "participant", "agendaitem", "meeting"),
    ]
    assert list(JournalLine.objects.filter(content="").values_list("table", flat=True)) == [
        "agendaitem"
    ]
    assert list(verification.faults(case.centre)) == []


def test_what_is_taken_back_leaves_no_line(ana: User) -> None:
    case = courses.case(ana, *visit())
    before = told()

    with transaction.atomic():
        note_look(case, by=ana)
        transaction.set_rollback(True)

    assert told() == before
    assert Access.objects.count() == 0


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    head = courses.person("head", Role.ADMINISTRATOR)
    return [head, *(courses.person(f"viewer.{n}", Role.CLINICIAN) for n in range(4))]


def looking(case: Case, by: User) -> None:
    for _each in range(LOOKS):
        note_look(case, by=by)


def test_of_four_who_look_and_write_at_once_none_waits_for_ever_and_nothing_is_lost(
    people: list[User],
) -> None:
    """One of them is given a new password meanwhile: their account is locked, then the journal."""
    head, *viewers = people
    case = courses.case(viewers[0], *visit(ecog="1"))
    at = infusion(case)
    begun = JournalLine.objects.count()

    def resetting() -> None:
        for _each in range(LOOKS):
            accounts.reset_password(viewers[0], centre=case.centre, by=head)

    def recording() -> None:
        for number in range(LOOKS):
            said = value(at, "crp", str(number + 1), number + 1)
            record(case, viewers[1], said, reason="again" if number else "")

    given = at_once(*(partial(looking, case, viewer) for viewer in viewers), resetting, recording)

    assert given == [None] * 6
    assert Access.objects.count() == 4 * LOOKS
    assert JournalLine.objects.count() == begun + 6 * LOOKS
    assert list(verification.faults(case.centre)) == []


def test_a_save_sent_twice_is_one_line(ana: User) -> None:
    case, token = courses.case(ana, *visit(ecog="1")), uuid.uuid4()
    said = value(infusion(case), "crp", "12")

    first = record(case, ana, said, token=token)
    again = record(case, ana, value(infusion(case), "crp", "12"), token=token)

    assert (first.pk, told().count("entry")) == (again.pk, 2)


def test_rows_written_past_the_journal_are_strays(ana: User) -> None:
    stray = Membership.objects.create(
        user=ana, centre=courses.centre(), role=Role.CHAIR, granted_by=ana
    )

    assert [(f.table, f.row, f.flaw) for f in verification.strays()] == [
        ("membership", stray.pk, "stray")
    ]
