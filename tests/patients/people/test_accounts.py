"""Accounts of staff: who makes, resets and closes which, and what stays on record."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client

from patients.models import AccountChange, Centre, Membership, Role, User
from patients.people import accounts
from patients.people import roles as people
from patients.people.accounts import NotTheirs, Obstacle, UsernameTaken, obstacle_to
from tests.patients import courses

ACTS = [accounts.reset_password, accounts.close_account, accounts.reopen_account]
every_act = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)


@pytest.fixture
def head(db: None) -> User:
    return courses.person("head", Role.ADMINISTRATOR)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


def make(by: User, username: str = "new.one", **about: Any) -> tuple[User, str]:
    about = {"first_name": "New", "last_name": "One", "role": Role.READER, **about}
    return accounts.make_account(username=username, centre=courses.centre(), by=by, **about)


def changes() -> list[tuple[str, str, str]]:
    return [(one.user.username, one.act, one.by.username) for one in AccountChange.objects.all()]


def test_an_account_is_made_with_a_role_and_a_password_to_be_changed(head: User) -> None:
    made, password = make(head)

    user = User.objects.get(username="new.one")
    membership = user.memberships.get()
    assert (made, user.must_choose_password, user.check_password(password)) == (user, True, True)
    assert (membership.role, membership.granted_by) == ("reader", head)
    assert changes() == [("new.one", "made", "head")]


def test_temporary_passwords_are_long_random_and_legible() -> None:
    made = {accounts.temporary_password() for _ in range(100)}

    assert len(made) == 100
    assert {len(password) for password in made} == {24}
    assert set("".join(made)) <= set(accounts.LETTERS) | {"-"}
    assert not set("01lio") & set(accounts.LETTERS)


@pytest.mark.parametrize("username", ["ana.ruiz", "Ana.Ruiz"])
def test_two_accounts_never_differ_in_capitals_alone(username: str, head: User, ana: User) -> None:
    with pytest.raises(UsernameTaken):
        make(head, username)

    assert AccountChange.objects.count() == 0


def test_who_loses_the_race_for_a_user_name_is_told_so(
    head: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(User, "full_clean", lambda _user: None)
    monkeypatch.setattr(User.objects, "filter", lambda **_: User.objects.none())

    with pytest.raises(UsernameTaken):
        make(head, "ana.ruiz")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_makes_an_account(role: Role, db: None) -> None:
    with pytest.raises(Centre.DoesNotExist):
        make(courses.person("somebody", role))

    assert not User.objects.filter(username="new.one").exists()


def test_a_password_is_reset_and_the_old_one_opens_nothing(head: User, ana: User) -> None:
    ana.set_password("what ana knew before")
    ana.save()

    password = accounts.reset_password(ana, centre=courses.centre(), by=head)

    ana.refresh_from_db()
    assert (ana.check_password(password), ana.must_choose_password) == (True, True)
    assert authenticate(username="ana.ruiz", password="what ana knew before") is None
    assert changes() == [("ana.ruiz", "reset", "head")]


def test_an_account_is_closed_once_and_opened_again_as_it_was(head: User, ana: User) -> None:
    about: dict[str, Any] = {"centre": courses.centre(), "by": head}
    active = []
    for act in (*[accounts.close_account] * 2, accounts.reopen_account):
        act(ana, **about)
        ana.refresh_from_db()
        active.append(ana.is_active)

    assert active == [False, False, True]
    assert [act for _, act, _ in changes()] == ["closed", "reopened"]


@every_act
def test_an_account_with_rights_elsewhere_is_not_one_centre_s_to_change(
    act: Any, head: User, ana: User
) -> None:
    elsewhere = courses.centre("MAD")
    Membership.objects.create(user=ana, centre=elsewhere, role=Role.READER, granted_by=ana)

    with pytest.raises(NotTheirs):
        act(ana, centre=courses.centre(), by=head)

    ana.refresh_from_db()
    assert (obstacle_to(head, ana), ana.is_active, changes()) == (Obstacle.ELSEWHERE, True, [])


@every_act
def test_giving_somebody_a_role_does_not_open_their_account(act: Any, head: User) -> None:
    """The way to take over an account of another centre: invite it, then reset it."""
    theirs = courses.person("of.madrid", Role.CLINICIAN, at=courses.centre("MAD"))
    people.grant(user=theirs, role=Role.READER, centre=courses.centre(), by=head)

    with pytest.raises(NotTheirs):
        act(theirs, centre=courses.centre(), by=head)


def test_who_administers_both_centres_changes_an_account_of_both(head: User, ana: User) -> None:
    elsewhere = courses.centre("MAD")
    for user, role in ((ana, Role.READER), (head, Role.ADMINISTRATOR)):
        Membership.objects.create(user=user, centre=elsewhere, role=role, granted_by=head)

    accounts.close_account(ana, centre=courses.centre(), by=head)

    assert changes() == [("ana.ruiz", "closed", "head")]


def test_a_role_elsewhere_that_has_ended_is_no_obstacle(head: User, ana: User) -> None:
    there = courses.centre("MAD")
    courses.person("head.mad", Role.ADMINISTRATOR, at=there)
    by = User.objects.get(username="head.mad")
    people.grant(user=ana, role=Role.READER, centre=there, by=by)
    people.revoke(user=ana, role=Role.READER, centre=there, by=by)

    assert obstacle_to(head, ana) is None


@every_act
def test_the_account_of_who_runs_the_site_is_no_centre_s_to_change(act: Any, head: User) -> None:
    root = User.objects.create_superuser("root")
    people.grant(user=root, role=Role.READER, centre=courses.centre(), by=head)

    with pytest.raises(NotTheirs):
        act(root, centre=courses.centre(), by=head)

    assert obstacle_to(head, root) == Obstacle.OPERATOR


@every_act
def test_nobody_acts_on_their_own_account_or_on_one_without_a_role_here(
    act: Any, head: User
) -> None:
    stranger = courses.person("stranger")

    with pytest.raises(NotTheirs):
        act(head, centre=courses.centre(), by=head)
    with pytest.raises(User.DoesNotExist):
        act(stranger, centre=courses.centre(), by=head)


@every_act
def test_only_an_administrator_of_this_centre_acts_on_its_accounts(act: Any, ana: User) -> None:
    for by in (
        courses.person("somebody", *[role for role in Role if role is not Role.ADMINISTRATOR]),
        courses.person("stranger", Role.ADMINISTRATOR, at=courses.centre("MAD")),
    ):
        with pytest.raises(Centre.DoesNotExist):
            act(ana, centre=courses.centre(), by=by)


def test_choosing_a_password_is_on_record_too(ana: User) -> None:
    ana.must_choose_password = True

    accounts.choose_password(ana, "chosen by ana herself")

    ana.refresh_from_db()
    assert (ana.must_choose_password, ana.check_password("chosen by ana herself")) == (False, True)
    assert changes() == [("ana.ruiz", "chosen", "ana.ruiz")]


@pytest.mark.parametrize("password", ["1q2w3e4r5t6y", "Password12345", "ana.ruiz.bcn"])
def test_a_password_that_is_common_or_like_the_name_is_refused_at_the_last_door_too(
    password: str, ana: User
) -> None:
    with pytest.raises(ValidationError):
        accounts.choose_password(ana, password)

    assert changes() == []


def sessions() -> int:
    return Session.objects.count()


@pytest.mark.parametrize("act", [accounts.close_account, accounts.reset_password])
def test_sessions_of_an_account_that_changes_are_deleted(act: Any, head: User, ana: User) -> None:
    """Opened again, the account would bring them back to life."""
    other, theirs = Client(), Client()
    other.force_login(head)
    theirs.force_login(ana)
    before = sessions()

    act(ana, centre=courses.centre(), by=head)

    assert (before, sessions()) == (2, 1)
    accounts.reopen_account(ana, centre=courses.centre(), by=head)
    assert [one.get("/cases/").status_code for one in (other, theirs)] == [200, 302]


def test_a_centre_keeps_an_administrator_with_an_open_account(head: User) -> None:
    second = courses.person("second", Role.ADMINISTRATOR)
    about: dict[str, Any] = {"role": Role.ADMINISTRATOR, "centre": courses.centre(), "by": head}
    accounts.close_account(second, centre=courses.centre(), by=head)

    with pytest.raises(people.LastAdministrator):
        people.revoke(user=head, **about)
    accounts.reopen_account(second, centre=courses.centre(), by=head)

    assert people.revoke(user=head, **about) is not None
    with pytest.raises(people.LastAdministrator):
        people.revoke(user=second, **about | {"by": second})
