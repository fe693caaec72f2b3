"""Whatever somebody does who owns the database is found, with a head that was kept before."""

import pytest
from django.db import connection

from patients.identity.correcting import correct_identity, identity_of, seal_of
from patients.models import (
    AccountAct,
    AccountChange,
    BoardSetting,
    Case,
    CentreLimit,
    CentreRule,
    JournalLine,
    ListKind,
    Meeting,
    MeetingKind,
    Participant,
    Role,
)
from patients.people import accounts, roles
from patients.people.second_factor import set_rule
from patients.records import heads, journal, verification
from patients.records.chain import breaks
from patients.records.looks import note_list, note_look
from tests.conftest import lift_triggers
from tests.patients import boards, courses
from tests.patients.courses import infusion, record, value, visit
from tests.patients.identity.test_identity import RIGHT
from tests.patients.records.tampering import TAMPERING


@pytest.fixture(scope="module")
def kept_head(kept_for_the_module: None) -> str:
    """Two cases, all that can be recorded of them, and the head that was kept then."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN, Role.READER, Role.ADMINISTRATOR)
    leo = courses.person("leo.vidal", Role.CLINICIAN)
    case = courses.case(
        ana, *visit(ldh="300", ecog="1"), *visit("day_7", crp="4"), courses.line(), courses.event()
    )
    crp = value(infusion(case), "crp", "12", unit="mg/L", comparator="<", note="haemolysed")
    record(case, ana, crp)
    record(case, ana, value(infusion(case), "crp", "13", revision=2), reason="read wrongly")
    boards.followed_up(case, ana)
    seen = seal_of(identity_of(case))
    token = case.public_id
    correct_identity(case, RIGHT, seen=seen, reason="passport", by=ana, token=token)
    second = courses.case(leo, *visit(ecog="2"), case_id="A-2")
    note_look(case, by=leo)
    note_look(second, by=ana)
    note_list(case.centre, ListKind.WORKLIST, [case.pk], by=leo)
    roles.revoke(user=ana, role=Role.READER, centre=case.centre, by=ana)
    journal.add(AccountChange(user=leo, act=AccountAct.CHOSEN, by=leo))
    set_rule(case.centre, CentreRule.SECOND_FACTOR, holds=True, by=ana)
    gone = courses.person("has.left", Role.READER)
    accounts.close_account(gone, centre=case.centre, by=ana)
    ldh = CentreLimit(variable="ldh", unit="U/L", value="250")
    roles.set_limits(case.centre, [ldh], by=ana)
    asked = BoardSetting.objects.create(centre=case.centre, kind=MeetingKind.FOLLOW_UP, quorum=4)
    journal.follow([asked])
    guest = Participant.objects.create(
        meeting=Meeting.objects.get(), name="Dr Invented", discipline="nursing"
    )
    journal.note([guest])
    record(case, leo, value(infusion(case), "ferritin", "500"))
    return heads.head_now()


def found(head: str) -> set[str]:
    """What `verify_chain --against` says, without its places."""
    faults = [f for c in (None, courses.centre()) for f in verification.faults(c)]
    return {
        *(f"case: {broken.flaw}" for case in Case.objects.all() for broken in breaks(case)),
        *(f"journal: {fault.flaw}" for fault in [*faults, *verification.strays()]),
        *(f"head: {gap.flaw}" for gap in heads.gaps(head)),
    }


def test_an_untouched_database_has_nothing_to_find(kept_head: str, db: None) -> None:
    assert found(kept_head) == set()
    assert JournalLine.objects.count() > 20


def test_lines_that_are_read_one_at_a_time_have_nothing_to_find_either(
    kept_head: str, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "AT_ONCE", 1)

    assert found(kept_head) == set()


def test_there_are_at_least_32_kinds() -> None:
    assert len(TAMPERING) >= 32


@pytest.mark.parametrize("kind", TAMPERING)
def test_each_kind_of_tampering_is_found(kind: str, kept_head: str, db: None) -> None:
    statements, where = TAMPERING[kind]

    lift_triggers()
    touched = [rows_touched(statement) for statement in statements]

    assert [rows > 0 for rows in touched] == [True] * len(statements)
    assert found(kept_head) == where


def rows_touched(statement: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
        return int(cursor.rowcount)
