"""Accounts of staff, made and reset by administrators: each act leaves a record.

An administrator may act on an account only where it gives access to nothing that they do not
administer: otherwise a new password would open another centre to them.
"""

import secrets
from enum import StrEnum
from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from patients.models import AccountAct, AccountChange, Centre, Membership, Role, User
from patients.people.second_factor import forget
from patients.people.sessions import end_sessions
from patients.permissions import Right, centres_of
from patients.records import journal

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like another one when somebody reads them out or copies them."""


class Obstacle(StrEnum):
    """Why an administrator may not act on an account."""

    OWN = "own"
    OPERATOR = "operator"  # of the installation: not a centre's to take over
    ELSEWHERE = "elsewhere"  # it holds a role where the administrator is none


class NotTheirs(Exception):
    """The account is not this administrator's to change."""


class UsernameTaken(Exception):
    """Another account has this user name, or one that differs in capitals alone."""


def temporary_password() -> str:
    """Twenty characters, some 99 bits, in groups that can be copied by hand."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(5))


def make_account(
    *, username: str, first_name: str, last_name: str, role: Role, centre: Centre, by: User
) -> tuple[User, str]:
    """A new member of staff with a role, and the password to be changed at the first sign-in.

    Raises Centre.DoesNotExist without the right, UsernameTaken, ValidationError.
    """
    password = temporary_password()
    user = User(
        username=username,
        first_name=first_name,
        last_name=last_name,
        password=make_password(password),
        must_choose_password=True,
    )
    with transaction.atomic():
        managed = _administered(by).get(pk=centre.pk)
        _save_new(user)
        journal.add(
            Membership(user=user, centre=managed, role=role, granted_by=by),
            AccountChange(user=user, act=AccountAct.MADE, centre=managed, by=by),
        )
    return user, password


def _save_new(user: User) -> None:
    if User.objects.filter(username__iexact=user.username).exists():
        raise UsernameTaken
    user.full_clean()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:  # in this very moment
        raise UsernameTaken from taken


def reset_password(user: User, *, centre: Centre, by: User) -> str:
    """The password to be changed at the next sign-in; whoever was signed in is so no longer.

    Raises as every act on an account: Centre.DoesNotExist without the right, User.DoesNotExist
    for somebody without a role at the centre, NotTheirs.
    """
    password = temporary_password()
    hashed = make_password(password)  # takes long, so before anything is locked
    with transaction.atomic():
        locked = _locked(user, centre, by)
        locked.password, locked.must_choose_password = hashed, True
        locked.save(update_fields=["password", "must_choose_password"])
        end_sessions(locked)
        journal.add(AccountChange(user=locked, act=AccountAct.RESET, centre=centre, by=by))
    return password


def reset_second_factors(user: User, *, centre: Centre, by: User) -> None:
    """The person has lost them, and signs in by password alone until others are set up.

    Whoever was signed in is so no longer. Raises as above.
    """
    with transaction.atomic():
        locked = _locked(user, centre, by)
        forget(locked)
        journal.add(AccountChange(user=locked, act=AccountAct.FACTOR_RESET, centre=centre, by=by))


def close_account(user: User, *, centre: Centre, by: User) -> None:
    """Nobody signs in with it, and whoever is signed in is so no longer. Raises as above."""
    _set_active(user, active=False, act=AccountAct.CLOSED, centre=centre, by=by)


def reopen_account(user: User, *, centre: Centre, by: User) -> None:
    """It can be used again, with the roles and the password it had. Raises as above."""
    _set_active(user, active=True, act=AccountAct.REOPENED, centre=centre, by=by)


def choose_password(user: User, password: str, *, session: str | None = None) -> None:
    """The person's own choice; their sessions but the one of this key end.

    Raises ValidationError for a password that is common, short or like the person's name.
    """
    validate_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.must_choose_password = False
        user.save(update_fields=["password", "must_choose_password"])
        end_sessions(user, but=session)
        note_own_act(user, AccountAct.CHOSEN)


def note_own_act(user: User, act: AccountAct) -> None:
    """Somebody did something to their own account."""
    journal.add(AccountChange(user=user, act=act, by=user))


def obstacle_to(by: User, user: User) -> Obstacle | None:
    """Why this administrator may not act on this account."""
    if user.pk == by.pk:
        return Obstacle.OWN
    if user.is_superuser or user.is_staff:
        return Obstacle.OPERATOR
    held = user.memberships.filter(revocation__isnull=True)
    if held.exclude(centre__in=_administered(by)).exists():
        return Obstacle.ELSEWHERE
    return None


def _set_active(user: User, *, active: bool, act: AccountAct, centre: Centre, by: User) -> None:
    with transaction.atomic():
        locked = _locked(user, centre, by)
        if locked.is_active is not active:
            locked.is_active = active
            locked.save(update_fields=["is_active"])
            end_sessions(locked)
            journal.add(AccountChange(user=locked, act=act, centre=centre, by=by))


def _locked(user: User, centre: Centre, by: User) -> User:
    """The account, with the centres where it holds a role, so that nothing is given meanwhile.

    A grant refers to the account, which waits for this lock; an administrator who is just being
    revoked is so under the lock of the centre.
    """
    held = user.memberships.filter(revocation__isnull=True).values("centre_id")
    centres = Centre.objects.filter(pk__in=held).order_by("pk")
    list(centres.select_for_update(no_key=True))
    locked = User.objects.select_for_update().get(pk=user.pk)
    managed = _administered(by).get(pk=centre.pk)
    if not locked.memberships.filter(centre=managed, revocation__isnull=True).exists():
        raise User.DoesNotExist
    if obstacle_to(by, locked) is not None:
        raise NotTheirs
    return locked


def _administered(by: User) -> QuerySet[Centre]:
    return centres_of(by, Right.MANAGE_PEOPLE)
