"""Who is asking, what they may see and do, and the one way to cases.

Rights come from the memberships that hold now, asked of the database each time: a revoked one is
gone with the next statement. Django's superuser has no right here that no membership gives.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from patients.models import Case, Centre, Role, User

Person: TypeAlias = User | AnonymousUser


class Right(StrEnum):
    """What may be done at a centre."""

    SEE = "see"
    RECORD = "record"
    TRANSFER = "transfer"  # import and export
    SIGN = "sign"
    MANAGE_PEOPLE = "manage_people"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.READER: frozenset({Right.SEE}),
    Role.CLINICIAN: frozenset({Right.SEE, Right.RECORD}),
    Role.DATA_MANAGER: frozenset({Right.SEE, Right.RECORD, Right.TRANSFER}),
    Role.CHAIR: frozenset({Right.SEE, Right.SIGN}),
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_PEOPLE}),
}


def centres_of(person: Person, right: Right) -> QuerySet[Centre]:
    """The centres where this person has a right."""
    if not (isinstance(person, User) and person.pk):
        return Centre.objects.none()
    # The account is asked of the database too: an object in memory may be older than its closing.
    return Centre.objects.filter(
        pk__in=person.memberships.filter(
            user__is_active=True,
            role__in=[role for role, rights in RIGHTS.items() if right in rights],
            revocation__isnull=True,
        ).values("centre_id")
    )


def visible_to(person: Person, right: Right = Right.SEE) -> QuerySet[Case]:
    """The cases that this person may see, or use another right on: the one way to cases."""
    return Case.objects.filter(centre__in=centres_of(person, right))
