"""The pages of a centre's people: who has which role, since when and from whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from patients.models import Access, AccessKind, AccountChange, Centre, Membership, Role, User
from patients.people.accounts import Obstacle, obstacle_to
from patients.people.second_factor import factors_of
from patients.permissions import Right, centres_in_emergency, centres_of

LATEST: Final = 50
WHY_NOT: Final[Mapping[Obstacle, str | Promise]] = {
    Obstacle.OWN: gettext_lazy(
        "This is your own account. You change your password by the link on your name; only"
        " another administrator can close the account."
    ),
    Obstacle.OPERATOR: gettext_lazy(
        "This account belongs to those who run the site, who reset or close it themselves."
    ),
    Obstacle.ELSEWHERE: gettext_lazy(
        "This person also has a role at a centre that you do not administer: with a new password"
        " that centre would be open to whoever has it. Ask those who run the site."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role that somebody has or had."""

    person: str
    centre: str
    code: str
    role: str
    given: str
    ended: str = ""
    ends_by_button: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Somebody with a role at the centre."""

    name: str
    username: str
    address: str
    state: str
    roles: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """The people of a centre."""

    centre: Centre
    people: tuple[PersonLine, ...]
    past: tuple[RoleLine, ...]
    acts: tuple[str, ...]
    lists: tuple[str, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One of them, with what may be done."""

    centre: Centre
    user: User
    line: PersonLine
    why_not: str
    has_second_factor: bool
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CentresPage:
    """A person's own roles, and the centres they administer."""

    roles: tuple[RoleLine, ...]
    administered: tuple[Centre, ...]
    opens_in_emergency: bool


def centres_page(user: User) -> CentresPage:
    """What somebody is, and where."""
    held = user.memberships.filter(revocation__isnull=True)
    held = held.select_related("user", "centre", "granted_by")
    return CentresPage(
        roles=tuple(_line(membership) for membership in held.order_by("centre__name", "role")),
        administered=tuple(centres_of(user, Right.MANAGE_PEOPLE).order_by("name")),
        opens_in_emergency=centres_in_emergency(user).exists(),
    )


def people_page(centre: Centre) -> PeoplePage:
    """Everybody with a role there, and every role that has ended."""
    memberships = _memberships(centre)
    past = [line for line in memberships if _ended(line)]
    return PeoplePage(
        centre=centre,
        people=tuple(_people(centre, memberships)),
        past=tuple(_line(membership) for membership in reversed(past)),
        acts=_acts(AccountChange.objects.filter(centre=centre)),
        lists=tuple(_lists(centre)),
        refusals=tuple(_refusals(centre)),
    )


def person_page(centre: Centre, user: User, *, by: User) -> PersonPage:
    """Somebody with a role there. Raises Http404 for anybody else."""
    found = [
        line for line in _people(centre, _memberships(centre)) if line.username == user.username
    ]
    if not found:
        raise Http404
    obstacle = obstacle_to(by, user)
    return PersonPage(
        centre=centre,
        user=user,
        line=found[0],
        why_not="" if obstacle is None else str(WHY_NOT[obstacle]),
        has_second_factor=factors_of(user).exists(),
        acts=_acts(AccountChange.objects.filter(centre=centre, user=user)),
    )


def shown(user: User) -> str:
    """A person's name with the user name, or the user name alone."""
    name = user.get_full_name()
    return f"{name} ({user.username})" if name else user.username


def _memberships(centre: Centre) -> list[Membership]:
    about = ("user", "centre", "granted_by", "revocation__revoked_by")
    order = ("user__last_name", "user__first_name", "user__username", "pk")
    return list(Membership.objects.filter(centre=centre).select_related(*about).order_by(*order))


def _people(centre: Centre, memberships: Iterable[Membership]) -> Iterable[PersonLine]:
    held: dict[User, list[Membership]] = {}
    for membership in memberships:
        if not _ended(membership):
            held.setdefault(membership.user, []).append(membership)
    administering = [
        user
        for user, theirs in held.items()
        if user.is_active and any(one.role == Role.ADMINISTRATOR for one in theirs)
    ]
    for user, theirs in held.items():
        alone = administering == [user]
        yield PersonLine(
            name=user.get_full_name() or user.username,
            username=user.username,
            address=reverse("patients:person", args=[centre.code, user.username]),
            state=_state(user),
            roles=tuple(_line(one, alone=alone) for one in theirs),
        )


def _line(membership: Membership, *, alone: bool = False) -> RoleLine:
    ended = ""
    if _ended(membership):
        revocation = membership.revocation
        ended = by_words(revocation.revoked_by, revocation.revoked_at)
    return RoleLine(
        person=shown(membership.user),
        centre=membership.centre.name,
        code=membership.role,
        role=membership.get_role_display(),
        given=by_words(membership.granted_by, membership.granted_at),
        ended=ended,
        ends_by_button=not (alone and membership.role == Role.ADMINISTRATOR),
    )


def _ended(membership: Membership) -> bool:
    return hasattr(membership, "revocation")


def _state(user: User) -> str:
    if not user.is_active:
        return _("Account closed")
    return _("Has not chosen a password yet") if user.must_choose_password else ""


def _acts(changes: QuerySet[AccountChange]) -> tuple[str, ...]:
    latest_first = changes.select_related("user", "by").order_by("-pk")
    return tuple(
        _("%(what)s: %(who)s, %(by)s")
        % {"what": act.get_act_display(), "who": shown(act.user), "by": by_words(act.by, act.at)}
        for act in latest_first
    )


def _lists(centre: Centre) -> Iterable[str]:
    """The latest looks at lists: how many cases, not which, for whoever may see none."""
    for look in centre.list_accesses.select_related("user").order_by("-pk")[:LATEST]:
        number = len(look.cases)
        yield _("%(what)s, %(cases)s: %(by)s") % {
            "what": look.get_kind_display(),
            "cases": ngettext("%d case", "%d cases", number) % number,
            "by": at_words(look.user, look.at),
        }


def _refusals(centre: Centre) -> Iterable[str]:
    """The latest refusals of cases of the centre, to whomever."""
    refused = Access.objects.filter(case__centre=centre, kind=AccessKind.REFUSED)
    for look in refused.select_related("user").order_by("-pk")[:LATEST]:
        if look.user:  # of the site: no account of the machine is refused
            yield at_words(look.user, look.at)


def at_words(user: User, at: datetime) -> str:
    """Who did something, and at which moment."""
    moment = formats.date_format(timezone.localtime(at), "j M Y, H:i:s")
    return _("%(name)s on %(moment)s") % {"name": shown(user), "moment": moment}


def by_words(user: User, at: datetime) -> str:
    """Who did something, and on which day."""
    day = formats.date_format(timezone.localtime(at), "DATE_FORMAT")
    return _("by %(name)s on %(day)s") % {"name": shown(user), "day": day}
