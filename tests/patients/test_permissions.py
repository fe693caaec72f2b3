"""Who sees which cases, and what each role may do: roles by centres."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.models import Case, Centre, Membership, Revocation, Role, User
from patients.people import roles as people
from patients.permissions import RIGHTS, Person, Right, centres_of, locked, visible_to
from tests.patients import courses

PATIENTS = Path(__file__).resolve().parents[2] / "patients"


@pytest.fixture
def cases(db: None) -> list[Case]:
    """One of each of two centres."""
    found = []
    for code in ("BCN", "MAD"):
        centre = courses.centre(code)
        by = courses.person(f"clinician.{code}", Role.CLINICIAN, at=centre)
        found.append(courses.case(by, at=centre))
    return found


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_a_role_gives_its_rights_at_its_own_centre_alone(
    role: Role, right: Right, cases: list[Case]
) -> None:
    somebody = courses.person("somebody", role, at=courses.centre("BCN"))

    expected = cases[:1] if right in RIGHTS[role] else []

    assert list(visible_to(somebody, right)) == expected


@pytest.mark.parametrize("right", Right)
def test_only_whom_the_right_is_given_gets_a_case_under_its_lock(
    right: Right, cases: list[Case]
) -> None:
    """The words of this query are written once, so all people are asked by the same ones."""
    people = [courses.person(role, role, at=courses.centre("BCN")) for role in Role]
    people += [courses.person("twice", *Role, at=courses.centre("MAD"))]
    people += [courses.person("closed", *Role), courses.person("ended", *Role)]
    User.objects.filter(username="closed").update(is_active=False)
    for membership in Membership.objects.filter(user__username="ended"):
        Revocation.objects.create(membership=membership, revoked_by=people[0])
    strangers: list[Person] = [User(username="not saved"), AnonymousUser()]

    for somebody in (*people, *strangers):
        for case in cases:
            got = []
            try:
                with transaction.atomic():
                    got = [locked(case.pk, somebody, right)]
            except Case.DoesNotExist:
                pass
            assert got == list(visible_to(somebody, right).filter(pk=case.pk))


def test_a_case_is_locked_only_within_a_transaction(transactional_db: None) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    case = courses.case(ana)

    with pytest.raises(transaction.TransactionManagementError):
        locked(case.pk, ana, Right.RECORD)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        locked(case.pk, ana, Right.RECORD)

    (query,) = asked.captured_queries
    assert query["sql"].endswith(" FOR NO KEY UPDATE") is (connection.vendor == "postgresql")


@pytest.mark.parametrize("role", Role)
def test_all_but_the_administrator_of_people_see_cases(role: Role, cases: list[Case]) -> None:
    somebody = courses.person("somebody", role, at=courses.centre("MAD"))

    assert list(visible_to(somebody)) == ([] if role is Role.ADMINISTRATOR else cases[1:])


def test_what_each_role_may_do_is_written_out() -> None:
    assert {role: sorted(rights) for role, rights in RIGHTS.items()} == {
        Role.READER: ["see"],
        Role.CLINICIAN: ["open_in_emergency", "prepare", "print", "record", "see"],
        Role.DATA_MANAGER: ["prepare", "print", "record", "see", "transfer"],
        Role.CHAIR: ["prepare", "print", "see", "sign"],
        Role.ADMINISTRATOR: ["manage_people"],
    }


def test_roles_at_several_centres_add_up(cases: list[Case]) -> None:
    somebody = courses.person("somebody", Role.READER, at=courses.centre("BCN"))
    Membership.objects.create(
        user=somebody, centre=courses.centre("MAD"), role=Role.CLINICIAN, granted_by=somebody
    )

    assert set(visible_to(somebody)) == set(cases)
    assert list(visible_to(somebody, Right.RECORD)) == cases[1:]


def test_nobody_else_sees_anything(cases: list[Case]) -> None:
    superuser = User.objects.create_superuser("root")
    closed = courses.person("has.left", *Role)
    User.objects.filter(pk=closed.pk).update(is_active=False)

    seen = [list(visible_to(who)) for who in (AnonymousUser(), User(), superuser, closed)]

    assert seen == [[], [], [], []]


def test_a_revoked_grant_acts_at_once_and_stays_on_record(cases: list[Case]) -> None:
    somebody = courses.person("somebody", Role.READER)
    already_asked = visible_to(somebody)
    grant = somebody.memberships.get()

    Revocation.objects.create(membership=grant, revoked_by=somebody)

    assert list(already_asked) == []
    assert (grant.revocation.revoked_at - grant.granted_at).total_seconds() >= 0
    assert grant.revocation.revoked_at <= timezone.now()


def test_an_administrator_grants_revokes_and_grants_again(cases: list[Case]) -> None:
    head, somebody = courses.person("head", Role.ADMINISTRATOR), courses.person("somebody")
    about: dict[str, Any] = {
        "user": somebody,
        "role": Role.READER,
        "centre": courses.centre(),
        "by": head,
    }

    first = people.grant(**about)
    again = people.grant(**about)
    ended = people.revoke(**about)
    seen_after = list(visible_to(somebody))
    nothing_to_end = people.revoke(**about)
    later = people.grant(**about)

    assert (first, seen_after, nothing_to_end) == (again, [], None)
    assert ended is not None
    assert (ended.membership, ended.revoked_by) == (first, head)
    assert later != first
    assert list(visible_to(somebody)) == cases[:1]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_grants_or_revokes(role: Role, cases: list[Case]) -> None:
    somebody = courses.person("somebody", role)
    stranger = courses.person("stranger", Role.ADMINISTRATOR, at=courses.centre("MAD"))

    for by in (somebody, stranger):
        for act in (people.grant, people.revoke):
            with pytest.raises(Centre.DoesNotExist):
                act(user=somebody, role=Role.CHAIR, centre=courses.centre(), by=by)

    assert Membership.objects.filter(user=somebody).count() == 1


def test_a_centre_opens_with_its_first_administrator(db: None) -> None:
    head = courses.person("head")

    centre = people.open_centre(code="VLC", name="Hospital of Valencia", administrator=head)

    assert list(centres_of(head, Right.MANAGE_PEOPLE)) == [centre]
    assert list(visible_to(head)) == []


def test_cases_are_reached_through_visible_to_alone() -> None:
    """Who names Case.objects elsewhere says here why."""
    found = {
        str(path.relative_to(PATIENTS))
        for path in PATIENTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id == "Case"
    }

    assert found == {
        "permissions.py",  # the one way
        "records/opening.py",  # asks whether a pseudonym is taken, under the lock of the centre
        "records/ordering.py",  # puts every case in order again, for a migration: shows none
        "board/meeting_forms.py",  # none, until the form has its meeting
        "management/commands/export_case.py",  # the machine's own account, which is recorded
        "management/commands/verify_chain.py",  # shows no more than pseudonyms, to that account
    }
