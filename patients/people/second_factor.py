"""The second factor: who owes one, who has one, and what a centre asks of its people."""

from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from patients.models import Centre, CentreChange, CentreRule, Membership, User
from patients.people.sessions import end_sessions
from patients.permissions import Right, centres_of
from patients.records import journal

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these, and are no factor alone."""


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The authenticator app and the security keys that somebody has set up."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def is_asked_of(user: User) -> bool:
    """Whether a centre where the person has a role asks for a second factor."""
    return _asking(user.pk).exists()


def with_what_is_owed(users: QuerySet[User]) -> QuerySet[User]:
    """People, each with whether they must set up a second factor before anything else."""
    has_one = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    owes = Q(Exists(_asking(OuterRef("pk")))) & ~Q(Exists(has_one))
    return users.annotate(  # type: ignore[no-redef]  # in place of the False of User
        owes_second_factor=owes
    )


def without_one(users: QuerySet[User]) -> QuerySet[User]:
    """Those who have set up none."""
    return users.exclude(pk__in=Authenticator.objects.filter(type__in=FACTORS).values("user"))


def forget(user: User) -> None:
    """Removes the factors and the recovery codes of somebody, whose sessions end."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)


def set_rule(centre: Centre, rule: CentreRule, *, holds: bool, by: User) -> None:
    """What the centre asks or allows from now on; a change is on record.

    Raises Centre.DoesNotExist without the right.
    """
    with transaction.atomic():
        Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        locked = centres_of(by, Right.MANAGE_PEOPLE).get(pk=centre.pk)
        if getattr(locked, rule.value) is not holds:
            setattr(locked, rule.value, holds)
            locked.save(update_fields=[rule.value])
            journal.add(CentreChange(centre=locked, rule=rule, holds=holds, by=by))


def _asking(user: int | OuterRef) -> QuerySet[Membership]:
    return Membership.objects.filter(
        user=user, revocation__isnull=True, centre__asks_second_factor=True
    )
