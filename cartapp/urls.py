"""The addresses of the site; signing up, resetting by mail and social accounts have none."""

from allauth.account.views import login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import include, path

from cartapp.accounts import sign_out
from riskfactors.access import open_in_demonstration

handler400 = "cartapp.errors.bad_request"
handler500 = "cartapp.errors.server_error"


@open_in_demonstration
def home(request: HttpRequest) -> HttpResponseBase:
    """The cases of whoever has signed in; published evidence for everybody else."""
    known = request.user.is_authenticated
    return redirect("patients:worklist" if known else "riskfactors:library")


urlpatterns = [
    path("", home, name="home"),
    path("", include("patients.urls")),
    path("evidence/", include("riskfactors.library.urls")),
    path("sign-in/", login, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
]
