"""Registering a patient with a case, and correcting who a patient is."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.frame.policy import of_case, of_everybody, user_of
from patients.identity import registering as registration
from patients.identity.correcting import (
    IdentityChanged,
    NothingChanged,
    correct_identity,
    identity_of,
    seal_of,
)
from patients.identity.forms import IdentityForm, PersonForm, RegistrationForm
from patients.identity.pages import (
    identity_page,
    new_token,
    register_page,
)
from patients.identity.pseudonyms import suggested_case_id
from patients.models import AccessKind, Case, Centre, User
from patients.permissions import OpenedCase, Right, rights_at_centres
from patients.records.opening import CaseExists, note_access
from patients.records.preview import Change, changes_if_born
from patients.records.saving import Refused, TokenReused
from riskfactors.words import say_problem


@require_http_methods(["GET", "HEAD", "POST"])
@of_everybody
def register(request: HttpRequest) -> HttpResponse:
    """A patient with a case, at one of the centres where the person may record."""
    centres, centre = _centres(request)
    today = timezone.localdate()
    if request.method == "POST":
        form = RegistrationForm(request.POST, today=today)
        case = _registered(form, centre, user_of(request))
        if case is not None:
            messages.success(request, _("The case %s is open.") % case.case_id)
            return redirect("patients:records", case.public_id)
    else:
        fresh = {"token": new_token(), "case_id": suggested_case_id(centre)}
        form = RegistrationForm(initial=fresh, today=today)
    page = register_page(form, centre, centres)
    status = 422 if form.is_bound else 200
    return render(request, "patients/identity/register.html", {"register": page}, status=status)


def _centres(request: HttpRequest) -> tuple[list[Centre], Centre]:
    """Where the person may record, and the centre that is asked for or the first."""
    rights = rights_at_centres(user_of(request))
    centres = [centre for centre, may in rights.items() if Right.RECORD in may]
    code = request.GET.get("centre", "")
    if not centres:
        raise PermissionDenied
    for centre in centres:
        if code in ("", centre.code):
            return centres, centre
    raise Http404


def _registered(form: RegistrationForm, centre: Centre, by: User) -> Case | None:
    """The case, unless something is wrong or to be decided, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return registration.register(
            form.person(),
            centre=centre,
            case_id=form.cleaned_data["case_id"],
            known=form.cleaned_data["known"],
            same_as=form.cleaned_data["same_as"],
            by=by,
            token=form.cleaned_data["token"],
        ).case
    except registration.LookAlikesFound:
        form.add_error(None, _("Who may be the same patient is shown below: say who it is."))
    except registration.AnotherPerson:
        form.add_error(
            None,
            _("The patient you chose has another birth date or sex: correct one of the two first."),
        )
    except CaseExists:
        form.add_error("case_id", _("Another case of this centre has this pseudonym."))
    except (ValidationError, Refused, TokenReused) as refused:
        _say(form, refused)
    return None


def _say(form: PersonForm, refused: ValidationError | Refused | TokenReused) -> None:
    """What the database or the reader of case documents refused, as a problem of the form."""
    if isinstance(refused, ValidationError):
        form.add_error(None, refused.messages)
    elif isinstance(refused, Refused):
        form.add_error(None, [say_problem(problem) for problem in refused.problems])
    else:
        form.add_error(
            None, _("This form has been saved already, with other content: open it anew.")
        )


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.RECORD)
def identity(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """Who the patient of a case is, corrected for all cases of the patient."""
    recorded, today = identity_of(opened.case), timezone.localdate()
    if request.method == "POST":
        form = IdentityForm(request.POST, today=today, recorded=recorded)
        if _corrected(form, opened.case, user_of(request)):
            messages.success(request, _("The identity is corrected."))
            return redirect("patients:case", opened.case.public_id)
    else:
        fresh = asdict(recorded) | {"token": new_token(), "seen": seal_of(recorded)}
        form = IdentityForm(initial=fresh, today=today, recorded=recorded)
    page = identity_page(form, opened, _changes(form, opened.case, user_of(request)))
    status = 422 if form.is_bound else 200
    return render(request, "patients/identity/identity.html", {"identity": page}, status=status)


def _changes(form: IdentityForm, case: Case, by: User) -> list[tuple[Case, list[Change]]]:
    """What another birth date would change; a look at another case of the patient is logged."""
    if not form.to_confirm:
        return []
    born = form.person().birth_date
    changes = list(changes_if_born(born, patient=case.patient, by=by, as_of=form.today))
    for one, _changed in changes:
        if one != case:
            note_access(one, AccessKind.LOOKED, by=by)
    return changes


def _corrected(form: IdentityForm, case: Case, by: User) -> bool:
    if not form.is_valid():
        return False
    try:
        correct_identity(
            case,
            form.person(),
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            by=by,
            token=form.cleaned_data["token"],
        )
    except IdentityChanged:
        form.add_error(
            None, _("Somebody else has corrected this patient since you opened the form.")
        )
    except NothingChanged:
        form.add_error(None, _("Nothing differs from what is recorded."))
    except (ValidationError, Refused, TokenReused) as refused:
        _say(form, refused)
    else:
        return True
    return False
