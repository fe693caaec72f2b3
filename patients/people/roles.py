"""Centres, and who may do what there: each grant and each revocation is added, none removed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from patients.models import Centre, CentreLimit, Membership, Revocation, Role, User
from patients.permissions import Right, centres_of
from patients.records import journal


class LastAdministrator(Exception):
    """Without this person nobody could give roles at the centre."""


def open_centre(*, code: str, name: str, administrator: User) -> Centre:
    """A centre with its first administrator, for whoever sets up the site.

    Raises ValidationError.
    """
    centre = Centre(code=code, name=name)
    with transaction.atomic():
        centre.full_clean()
        centre.save(force_insert=True)
        first = Membership(
            user=administrator, centre=centre, role=Role.ADMINISTRATOR, granted_by=administrator
        )
        journal.add(first)
    return centre


def grant(*, user: User, role: Role, centre: Centre, by: User) -> Membership:
    """The membership that now holds, new or not. Raises Centre.DoesNotExist without the right."""
    with transaction.atomic():
        locked = _managed(centre, by)
        holding = _holding(user, role, locked).first()
        if holding is None:
            holding = Membership(user=user, centre=locked, role=role, granted_by=by)
            journal.add(holding)
        return holding


def revoke(*, user: User, role: Role, centre: Centre, by: User) -> Revocation | None:
    """The end of a membership, if it holds.

    Raises Centre.DoesNotExist without the right, LastAdministrator.
    """
    with transaction.atomic():
        locked = _managed(centre, by)
        holding = _holding(user, role, locked).first()
        if holding is None:
            return None
        if role is Role.ADMINISTRATOR and not _others_administer(locked, user):
            raise LastAdministrator
        revocation = Revocation(membership=holding, revoked_by=by)
        journal.add(revocation)
        return revocation


def set_limits(centre: Centre, limits: Sequence[CentreLimit], *, by: User) -> None:
    """How the centre's laboratory prints: these units and limits take the place of all before.

    Raises Centre.DoesNotExist without the right.
    """
    with transaction.atomic():
        locked = _managed(centre, by)
        now = [_set_limit(locked, limit) for limit in limits]
        others = locked.limits.exclude(pk__in=[limit.pk for limit in now])
        gone = list(others)
        others.delete()
        journal.follow(now, gone=gone)


def _set_limit(centre: Centre, limit: CentreLimit) -> CentreLimit:
    said = {"unit": limit.unit, "value": limit.value}
    kept, _new = CentreLimit.objects.update_or_create(
        centre=centre, variable=limit.variable, defaults=said
    )
    return kept


def _others_administer(centre: Centre, user: User) -> bool:
    """Whether somebody else can give roles there, so that the centre is not left without."""
    administrators = Membership.objects.filter(
        centre=centre, role=Role.ADMINISTRATOR, revocation__isnull=True, user__is_active=True
    )
    return administrators.exclude(user=user).exists()


def _managed(centre: Centre, by: User) -> Centre:
    """The centre, locked so that of two grants or revocations one waits for the other.

    The right is asked once the lock is held: it may have ended while this one waited.
    """
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    return centres_of(by, Right.MANAGE_PEOPLE).get(pk=centre.pk)


def _holding(user: User, role: Role, centre: Centre) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, role=role, centre=centre, revocation__isnull=True)
