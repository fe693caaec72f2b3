"""Who is asking, what they may see and do, and the one way to cases.

Rights come from the memberships that hold now, asked of the database each time: a revoked one is
gone with the next statement. Django's superuser has no right here that no membership gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.transaction import TransactionManagementError
from django.http import Http404
from django.utils import timezone

from patients.models import (
    BOARD_ACTIONS,
    Case,
    Centre,
    Demographics,
    Emergency,
    Entry,
    Membership,
    Role,
    User,
)

Person: TypeAlias = User | AnonymousUser


class Right(StrEnum):
    """What may be done at a centre."""

    SEE = "see"
    RECORD = "record"
    TRANSFER = "transfer"  # import and export
    PREPARE = "prepare"  # meetings, and drafts of recommendations
    PRINT = "print"
    SIGN = "sign"
    MANAGE_PEOPLE = "manage_people"
    OPEN_IN_EMERGENCY = "open_in_emergency"  # a case of another centre, for some hours


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.READER: frozenset({Right.SEE}),
    Role.CLINICIAN: frozenset(
        {Right.SEE, Right.RECORD, Right.PREPARE, Right.PRINT, Right.OPEN_IN_EMERGENCY}
    ),
    Role.DATA_MANAGER: frozenset(
        {Right.SEE, Right.RECORD, Right.TRANSFER, Right.PREPARE, Right.PRINT}
    ),
    Role.CHAIR: frozenset({Right.SEE, Right.PREPARE, Right.PRINT, Right.SIGN}),
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_PEOPLE}),
}

# The account is asked of the database too: an object in memory may be older than its closing.
HOLDING: Final = Membership.objects.filter(user__is_active=True, revocation__isnull=True)
"""The memberships that hold now."""


def centres_of(person: Person, right: Right) -> QuerySet[Centre]:
    """The centres where this person has a right."""
    return Centre.objects.filter(pk__in=_giving(right, _held_by(person)))


def has_a_role_at(person: Person, code: str) -> bool:
    """Whether the person knows the centre of this code from within."""
    return _held_by(person).filter(centre__code=code).exists()


def _held_by(person: Person) -> QuerySet[Membership]:
    if not (isinstance(person, User) and person.pk):
        return Membership.objects.none()
    return HOLDING.filter(user=person.pk)


def _giving(right: Right, memberships: QuerySet[Membership]) -> QuerySet[Membership, int]:
    """The keys of the centres where one of the memberships gives a right."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    return memberships.filter(role__in=roles).values_list("centre_id", flat=True)


def rights_at_centres(person: User) -> dict[Centre, frozenset[Right]]:
    """What this person may do, by centre in the order of their names."""
    rights: dict[Centre, frozenset[Right]] = {}
    held = _held_by(person).select_related("centre").order_by("centre__name", "centre")
    for membership in held:
        given = RIGHTS[Role(membership.role)]
        rights[membership.centre] = rights.get(membership.centre, frozenset()) | given
    return rights


def visible_to(person: Person, right: Right = Right.SEE) -> QuerySet[Case]:
    """The cases that this person may see, or use another right on: the one way to cases."""
    return Case.objects.filter(centre__in=_giving(right, _held_by(person)))


def locked(key: int, person: Person, right: Right) -> Case:
    """The case of this key, which nobody else writes until the transaction ends.

    Raises Case.DoesNotExist without the right.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock lasts as long as its transaction: there is none.")
    return visible_to(person, right).select_for_update(no_key=True).get(pk=key)


def cases_at(centre: Centre) -> QuerySet[Case]:
    """The cases of a centre of which this very request has asked that the person may see them:
    centres come from `centres_of` or `rights_at_centres`."""
    return Case.objects.filter(centre=centre)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """A case as one person found it: with its last entry, and what this person may do with it."""

    case: Case
    rights: frozenset[Right]
    head: int
    """The key of the last entry that tells of the course."""
    born: date
    """As the rules take it; the identity may be unknown or erased."""
    until: datetime | None = None
    """Where it is opened in an emergency: how long."""

    @property
    def may_record(self) -> bool:
        """Whether this person may add to the case."""
        return Right.RECORD in self.rights

    def again(self) -> "OpenedCase":
        """The same case with what has been recorded since."""
        last = telling_of_the_course().filter(case=self.case).aggregate(head=Max("pk"))
        return replace(self, head=last["head"])


def telling_of_the_course() -> QuerySet[Entry]:
    """The entries that tell of the course of a case: all but what a board recommended."""
    return Entry.objects.exclude(action__in=BOARD_ACTIONS)


@cache  # the question, which each page of a case asks, never its answer
def _told_of_cases() -> QuerySet[Case]:
    """Cases with centre, patient, the key of the last entry of the course, and the birth date."""
    last = telling_of_the_course().filter(case=OuterRef("pk")).order_by("-sequence").values("pk")
    told = Demographics.objects.filter(case=OuterRef("pk")).order_by("-revision")
    return Case.objects.select_related("centre", "patient").annotate(
        head=Subquery(last[:1]), born=Subquery(told.values("birth_date")[:1])
    )


def kept_from(public_id: UUID) -> Case | None:
    """The case that somebody was refused, to note that they asked; None where there is none."""
    return Case.objects.filter(public_id=public_id).first()


def open_case_of(person: Person, public_id: UUID, right: Right) -> OpenedCase:
    """A case with its centre and patient, in one query: a row for each role that opens it.

    Raises Http404 for a case that the person may not see, PermissionDenied without the right.
    """
    cases = _told_of_cases().filter(public_id=public_id)
    theirs = cases.filter(centre__memberships__in=_held_by(person))
    opening: list[Any] = list(theirs.annotate(role=F("centre__memberships__role")))
    rights = frozenset[Right]().union(*(RIGHTS[Role(case.role)] for case in opening))
    if Right.SEE not in rights:
        opening, rights = list(_opened_in_emergency(cases, person)), frozenset({Right.SEE})
    if not opening:
        raise Http404
    if right not in rights:
        raise PermissionDenied
    case = opening[0]
    until = getattr(case, "until", None)
    return OpenedCase(case=case, rights=rights, head=case.head, born=case.born, until=until)


def _opened_in_emergency(cases: QuerySet[Case], person: Person) -> QuerySet[Case]:
    """Those that the person has opened so, as long as that, their right and the centre's leave
    last."""
    opened = Emergency.objects.filter(
        access__case=OuterRef("pk"), access__user=person.pk, until__gt=timezone.now()
    )
    return (
        cases.filter(
            Exists(centres_of(person, Right.OPEN_IN_EMERGENCY)), centre__opens_in_emergency=True
        )
        .annotate(until=Subquery(opened.order_by("-until").values("until")[:1]))
        .exclude(until=None)
    )


def centres_in_emergency(person: Person) -> QuerySet[Centre]:
    """The other centres where this person may open a case in an emergency."""
    return Centre.objects.filter(
        Exists(centres_of(person, Right.OPEN_IN_EMERGENCY)), opens_in_emergency=True
    ).exclude(pk__in=_giving(Right.SEE, _held_by(person)))


def cases_in_emergency(person: Person, centre: Centre, number: str) -> QuerySet[Case]:
    """Those of the patient with this hospital number, or the case with this pseudonym."""
    named = Q(case_id=number) | Q(patient__hospital_number=number)
    return Case.objects.filter(named, centre=centre, centre__in=centres_in_emergency(person))
