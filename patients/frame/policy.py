"""What each address asks of a person: an address without a policy fails the build."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, NamedTuple, TypeAlias
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from patients.models import AccessKind, Centre, User
from patients.permissions import (
    OpenedCase,
    Right,
    centres_of,
    has_a_role_at,
    kept_from,
    open_case_of,
)
from patients.records.looks import note_look, note_refusal
from patients.records.opening import note_access

View: TypeAlias = Callable[..., HttpResponseBase]
CaseView: TypeAlias = Callable[Concatenate[HttpRequest, OpenedCase, ...], HttpResponseBase]
CentreView: TypeAlias = Callable[Concatenate[HttpRequest, Centre, ...], HttpResponseBase]


SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Policy(NamedTuple):
    """The right that a person needs, at the centre of what the address names.

    `post` is the right for what changes something, where it is another than to look; `beside` the
    part of the query that may name a second case. `shows` says whether the answer holds anything
    of the case.
    """

    of: str
    right: Right | None = None
    post: Right | None = None
    beside: str = ""
    shows: bool = True


def user_of(request: HttpRequest) -> User:
    """Who is asking: behind every policy somebody has signed in."""
    assert isinstance(request.user, User)  # noqa: S101 - LoginRequiredMiddleware let nobody else by
    return request.user


def of_everybody(view: View) -> View:
    """Anybody who has signed in; the view itself shows only what is theirs."""
    return _marked(view, Policy("everybody"))


def of_centre(right: Right, *, post: Right | None = None) -> Callable[[CentreView], View]:
    """A centre where the person has the right, given to the view.

    404 for a centre where the person has no role, 403 where only the right to do this is missing.
    """

    def decorate(view: CentreView) -> View:
        @wraps(view)
        def opened(request: HttpRequest, code: str, **rest: Any) -> HttpResponseBase:
            needed = post if post and request.method not in SAFE_METHODS else right
            centre = centres_of(user_of(request), needed).filter(code=code).first()
            if centre is None:
                raise PermissionDenied if has_a_role_at(user_of(request), code) else Http404
            return view(request, centre, **rest)

        return _marked(opened, Policy("centre", right, post))

    return decorate


def of_somewhere(right: Right) -> Callable[[View], View]:
    """Anybody who has the right at some centre; 403 for everybody else."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, **rest: Any) -> HttpResponseBase:
            if not centres_of(user_of(request), right).exists():
                raise PermissionDenied
            return view(request, **rest)

        return _marked(opened, Policy("somewhere", right))

    return decorate


def of_case(
    right: Right = Right.SEE,
    *,
    post: Right | None = None,
    beside: str = "",
    prints: bool = False,
    shows: bool = True,
) -> Callable[[CaseView], View]:
    """A case of the person's centres, given to the view; the look is logged, a refused one too.

    404 for a case that the person may not see, 403 where only the right to do this is missing.
    `beside` is the part of the query that may name a second case: it is opened, given and logged
    like the first. What `prints` is a copy: logged as one, and refused
    where it cannot be logged. What `shows` nothing of the case is no look.
    """

    def decorate(view: CaseView) -> View:
        @wraps(view)
        def opened(request: HttpRequest, public_id: UUID, **rest: Any) -> HttpResponseBase:
            user = user_of(request)
            needed = post if post and request.method not in SAFE_METHODS else right
            keys = (public_id, *(_another(request, beside, public_id) if beside else ()))
            found = [_opened(user, key, needed) for key in keys]
            for each in found if shows else ():
                if prints:
                    note_access(each.case, AccessKind.PRINTED, by=user)
                else:
                    note_look(each.case, by=user)
            return view(request, *found, **rest)

        return _marked(opened, Policy("case", right, post, beside, shows))

    return decorate


def _opened(user: User, public_id: UUID, right: Right) -> OpenedCase:
    """The case, or a note that the person was refused it."""
    try:
        return open_case_of(user, public_id, right)
    except (Http404, PermissionDenied):
        if (case := kept_from(public_id)) is not None:
            note_refusal(case, by=user)
        raise


def _another(request: HttpRequest, name: str, than: UUID) -> Iterator[UUID]:
    """The second case that an address names; what names none is the page's to refuse."""
    try:
        named = UUID(request.GET.get(name, ""))
    except ValueError:
        return
    if named != than:
        yield named


def _marked(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined]  # read by the test that walks the addresses
    return view
