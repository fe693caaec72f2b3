"""The page where somebody chooses their own password."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from patients.frame.faults import faults_of
from patients.frame.policy import of_everybody, user_of
from patients.people.accounts import choose_password
from patients.people.forms import PasswordForm


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@of_everybody
@rate_limit(action="change_password")  # type: ignore[no-untyped-call,untyped-decorator]  # allauth's
def password(request: HttpRequest) -> HttpResponse:
    """Their other sessions end; this one goes on."""
    user = user_of(request)
    form = PasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        new = form.cleaned_data["new_password1"]
        choose_password(user, new, session=request.session.session_key)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your new password is set."))
        return redirect("home")
    page = {"form": form, "faults": faults_of(form)}
    status = 422 if form.errors else 200
    return render(request, "patients/people/password.html", page, status=status)
