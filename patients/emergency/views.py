"""The page where a clinician opens a case of another centre in an emergency."""

import logging

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.emergency.forms import EmergencyForm
from patients.emergency.opening import LASTS, open_in_emergency
from patients.frame.faults import faults_of
from patients.frame.policy import of_somewhere, user_of
from patients.models import Case
from patients.permissions import Right, centres_in_emergency

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@of_somewhere(Right.OPEN_IN_EMERGENCY)
@rate_limit(action="emergency")  # type: ignore[no-untyped-call,untyped-decorator]  # allauth's
def emergency(request: HttpRequest) -> HttpResponse:
    """Which centres allow it; leads to the case."""
    user = user_of(request)
    centres = centres_in_emergency(user)
    form = EmergencyForm(request.POST if request.method == "POST" else None, centres=centres)
    if form.is_valid():
        try:
            case = open_in_emergency(**form.cleaned_data, by=user)
        except Case.DoesNotExist:
            logger.warning("Account %s asked for a case that is not there.", user.pk)
            form.add_error("number", _("This centre has no case of this number or pseudonym."))
        else:
            return redirect("patients:case", case.public_id)
    about = {
        "form": form,
        "faults": faults_of(form),
        "allowed": centres.exists(),
        "hours": LASTS.seconds // 3600,
    }
    status = 422 if form.errors else 200
    return render(request, "patients/emergency/emergency.html", about, status=status)
