"""The pages where administrators give and end roles, and make, reset and close accounts."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.frame.faults import faults_of
from patients.frame.policy import of_centre, of_everybody, user_of
from patients.models import Centre, User
from patients.people import accounts
from patients.people import roles as people
from patients.people.forms import GrantForm, LimitsForm, NewAccountForm, RoleForm
from patients.people.pages import centres_page, people_page, person_page, shown
from patients.permissions import Right

Done = TypeVar("Done")

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@of_everybody
def centres(request: HttpRequest) -> HttpResponse:
    """The person's own roles, and the centres whose people they administer."""
    return render(request, "patients/people/centres.html", {"page": centres_page(user_of(request))})


@form_page
@of_centre(Right.MANAGE_PEOPLE)
def everybody(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The people of a centre; somebody who has an account gets a role."""
    form = GrantForm(_typed(request))
    if form.is_valid():
        user, role = form.cleaned_data["username"], form.cleaned_data["role"]
        people.grant(user=user, role=role, centre=centre, by=user_of(request))
        said = _("%(name)s has the role: %(role)s.") % {"name": shown(user), "role": role.label}
        messages.success(request, said)
        return redirect("patients:people", centre.code)
    return _page(request, "people", form, page=people_page(centre))


@form_page
@of_centre(Right.MANAGE_PEOPLE)
def new_account(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Somebody new gets an account and a role; the password is shown this once."""
    form = NewAccountForm(_typed(request))
    if form.is_valid():
        try:
            user, password = accounts.make_account(
                **form.cleaned_data, centre=centre, by=user_of(request)
            )
        except accounts.UsernameTaken:
            form.add_error("username", _("Another account has this user name."))
        else:
            return _password_shown(request, centre, user, password)
    return _page(request, "new_account", form, centre=centre)


@form_page
@of_centre(Right.MANAGE_PEOPLE)
def person(request: HttpRequest, centre: Centre, username: str) -> HttpResponse:
    """Somebody with a role at the centre; they get a further one."""
    user = get_object_or_404(User, username=username)
    page = person_page(centre, user, by=user_of(request))
    form = RoleForm(_typed(request))
    if form.is_valid():
        role = form.cleaned_data["role"]
        people.grant(user=user, role=role, centre=centre, by=user_of(request))
        return redirect(page.line.address)
    return _page(request, "person", form, page=page)


@require_POST
@of_centre(Right.MANAGE_PEOPLE)
def end_role(request: HttpRequest, centre: Centre, username: str) -> HttpResponse:
    """A role ends with the next request of who had it."""
    user = get_object_or_404(User, username=username)
    page = person_page(centre, user, by=user_of(request))
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            role = form.cleaned_data["role"]
            people.revoke(user=user, role=role, centre=centre, by=user_of(request))
        except people.LastAdministrator:
            form.add_error(None, _("Nobody else administers this centre. Give another the role."))
        else:
            return redirect("patients:people", centre.code)
    return _page(request, "person", form, page=page)


@require_POST
@of_centre(Right.MANAGE_PEOPLE)
def new_password(request: HttpRequest, centre: Centre, username: str) -> HttpResponse:
    """A forgotten password is replaced; the new one is shown this once."""
    user, password = _act(accounts.reset_password, request, centre, username)
    return _password_shown(request, centre, user, password)


@require_POST
@of_centre(Right.MANAGE_PEOPLE)
def no_second_factor(request: HttpRequest, centre: Centre, username: str) -> HttpResponse:
    """Somebody has lost their second factors; they sign in by password until they set one up."""
    _act(accounts.reset_second_factors, request, centre, username)
    return redirect("patients:person", centre.code, username)


@require_POST
@of_centre(Right.MANAGE_PEOPLE)
def close(request: HttpRequest, centre: Centre, username: str) -> HttpResponse:
    """An account is closed."""
    _act(accounts.close_account, request, centre, username)
    return redirect("patients:person", centre.code, username)


@require_POST
@of_centre(Right.MANAGE_PEOPLE)
def reopen(request: HttpRequest, centre: Centre, username: str) -> HttpResponse:
    """A closed account is opened again."""
    _act(accounts.reopen_account, request, centre, username)
    return redirect("patients:person", centre.code, username)


@form_page
@of_centre(Right.MANAGE_PEOPLE)
def settings(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What the centre's own laboratory prints."""
    form = LimitsForm(_typed(request), limits=centre.limits.all())
    if form.is_valid():
        people.set_limits(centre, form.limits(), by=user_of(request))
        messages.success(request, _("The units and limits are saved."))
        return redirect("patients:settings", centre.code)
    return _page(request, "settings", form, centre=centre)


def _act(
    act: Callable[..., Done], request: HttpRequest, centre: Centre, username: str
) -> tuple[User, Done]:
    """An act on an account: 404 for who has no role here, 403 where it is not theirs to change."""
    user = get_object_or_404(User, username=username)
    try:
        return user, act(user, centre=centre, by=user_of(request))
    except (User.DoesNotExist, Centre.DoesNotExist) as nobody:
        raise Http404 from nobody
    except accounts.NotTheirs as refused:
        raise PermissionDenied from refused


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, name: str, form: Form, **about: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(
        request,
        f"patients/people/{name}.html",
        {"form": form, "faults": faults_of(form), **about},
        status=status,
    )


def _password_shown(
    request: HttpRequest, centre: Centre, user: User, password: str
) -> HttpResponse:
    about = {"centre": centre, "name": shown(user), "username": user.username}
    return render(request, "patients/people/password_shown.html", {"password": password, **about})
