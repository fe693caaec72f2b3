"""The addresses of the site; signing up, resetting by mail and social accounts have none."""

from allauth.account.views import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe

from cartapp.accounts import sign_out
from cartapp.health import health, ready
from cartapp.look import choose
from cartapp.metrics import metrics

handler400 = "cartapp.errors.bad_request"
handler500 = "cartapp.errors.server_error"


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What cartapp is, for everybody: it says nothing of any patient."""
    return render(request, "home.html")


urlpatterns = [
    path("", home, name="home"),
    path("", include("patients.urls")),
    path("evidence/", include("riskfactors.library.urls")),
    path("sign-in/", login, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("look/", choose, name="look"),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
    path("metrics/", metrics, name="metrics"),
]
