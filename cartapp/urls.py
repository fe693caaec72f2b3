"""The addresses of the site; signing up, resetting by mail and social accounts have none."""

from allauth.account.views import login
from django.urls import include, path
from django.views.generic import RedirectView

from cartapp.accounts import sign_out
from riskfactors.access import open_in_demonstration

handler400 = "cartapp.errors.bad_request"
handler500 = "cartapp.errors.server_error"

home = RedirectView.as_view(pattern_name="riskfactors:library")

urlpatterns = [
    path("", open_in_demonstration(home), name="home"),
    path("evidence/", include("riskfactors.urls")),
    path("sign-in/", login, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
]
