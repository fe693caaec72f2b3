"""Registering a patient with a case, and correcting who a patient is."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.frame.policy import of_case, of_everybody, user_of
from patients.frame.saving import saved
from patients.identity import registering as registration
from patients.identity.correcting import (
    IdentityChanged,
    NothingChanged,
    correct_identity,
    former_identities,
    identity_of,
    seal_of,
)
from patients.identity.forms import IdentityForm, RegistrationForm
from patients.identity.pages import (
    identity_page,
    new_token,
    register_page,
)
from patients.identity.pseudonyms import suggested_case_id
from patients.models import Case, Centre, Entry, FormerIdentity, ListKind, User
from patients.permissions import OpenedCase, Right, rights_at_centres
from patients.records.looks import note_list, note_look
from patients.records.opening import CaseExists
from patients.records.preview import Change, changes_if_born
from riskfactors.domain.timepoints import Milestone


@require_http_methods(["GET", "HEAD", "POST"])
@of_everybody
def register(request: HttpRequest) -> HttpResponse:
    """A patient with a case, at one of the centres where the person may record."""
    centres, centre = _centres(request)
    today = timezone.localdate()
    if request.method == "POST":
        form = RegistrationForm(request.POST, today=today)
        entry = _registered(form, centre, user_of(request))
        if entry is not None:
            messages.success(request, _("The case %s is open.") % entry.case.case_id)
            return redirect("patients:new_standing", entry.case.public_id, Milestone.ELECTION)
    else:
        fresh = {"token": new_token(), "case_id": suggested_case_id(centre)}
        form = RegistrationForm(initial=fresh, today=today)
    page = register_page(form, centre, centres)
    status = 422 if form.is_bound else 200
    if form.knows_the_person:
        note_list(centre, ListKind.LOOK_ALIKES, page.cases, by=user_of(request))
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


def _registered(form: RegistrationForm, centre: Centre, by: User) -> Entry | None:
    """The first entry, unless something is wrong or to be decided, which the form then says."""
    if not form.is_valid():
        return None
    valid = form.cleaned_data
    opening = partial(
        registration.register,
        form.person(),
        centre=centre,
        case_id=valid["case_id"],
        known=valid["known"],
        same_as=valid["same_as"],
        by=by,
        token=valid["token"],
    )
    try:
        return saved(form, opening)
    except registration.LookAlikesFound:
        form.add_error(None, _("Who may be the same patient is shown below: say who it is."))
    except registration.AnotherPerson:
        form.add_error(
            None,
            _("The patient you chose has another birth date or sex: correct one of the two first."),
        )
    except CaseExists:
        form.add_error("case_id", _("Another case of this centre has this pseudonym."))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.RECORD)
def identity(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """Who the patient of a case is, corrected for all cases of the patient."""
    recorded, today = identity_of(opened.case), timezone.localdate()
    former = former_identities(opened.case)
    taken_up = _asked_for(request, former)
    if request.method == "POST":
        form = IdentityForm(request.POST, today=today, recorded=recorded)
        if _corrected(form, opened.case, user_of(request)):
            messages.success(request, _("The identity is corrected."))
            return redirect("patients:case", opened.case.public_id)
    else:
        shown = asdict(recorded)
        if taken_up is not None:
            shown = model_to_dict(taken_up, list(shown))
        fresh = shown | {"token": new_token(), "seen": seal_of(recorded)}
        form = IdentityForm(initial=fresh, today=today, recorded=recorded)
    changes = _changes(form, opened.case, user_of(request))
    page = identity_page(form, opened, changes, former=former, taken_up=taken_up)
    status = 422 if form.is_bound else 200
    return render(request, "patients/identity/identity.html", {"identity": page}, status=status)


def _asked_for(request: HttpRequest, former: Sequence[FormerIdentity]) -> FormerIdentity | None:
    """The former identity whose number the address has, to be put into the form."""
    numbered = {str(number): kept for number, kept in enumerate(former, 1)}
    return numbered.get(request.GET.get("former", ""))


def _changes(form: IdentityForm, case: Case, by: User) -> list[tuple[Case, list[Change]]]:
    """What another birth date would change; a look at another case of the patient is logged."""
    if not form.to_confirm:
        return []
    born = form.person().birth_date
    changes = list(changes_if_born(born, patient=case.patient, by=by, as_of=form.today))
    for one, _changed in changes:
        if one != case:
            note_look(one, by=by)
    return changes


def _corrected(form: IdentityForm, case: Case, by: User) -> bool:
    if not form.is_valid():
        return False
    correct = partial(
        correct_identity,
        case,
        form.person(),
        seen=form.cleaned_data["seen"],
        reason=form.cleaned_data["reason"],
        by=by,
        token=form.cleaned_data["token"],
    )
    try:
        return saved(form, correct) is not None
    except IdentityChanged:
        form.add_error(
            None, _("Somebody else has corrected this patient since you opened the form.")
        )
    except NothingChanged:
        form.add_error(None, _("Nothing differs from what is recorded."))
    return False
