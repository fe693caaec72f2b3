"""The page where an administrator says what the centre asks of whoever signs in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.frame.policy import of_centre, user_of
from patients.models import Centre, CentreRule
from patients.people.access import access_page
from patients.people.forms import AccessForm
from patients.people.second_factor import set_rule
from patients.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@of_centre(Right.MANAGE_PEOPLE)
def access(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What the centre asks and allows, and who changed it."""
    form = AccessForm(request.POST if request.method == "POST" else None, centre=centre)
    if form.is_valid():
        for rule in CentreRule:
            set_rule(centre, rule, holds=form.cleaned_data[rule.value], by=user_of(request))
        messages.success(request, _("This is saved."))
        return redirect("patients:access", centre.code)
    about = {"form": form, "page": access_page(centre)}
    return render(request, "patients/people/access.html", about)
