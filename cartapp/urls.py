"""The addresses of the site; signing up, resetting by mail and social accounts have none."""

from allauth.account.views import login, reauthenticate
from allauth.mfa.base import views as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as authenticator_app
from allauth.mfa.webauthn import views as security_key
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe

from cartapp.accounts import sign_out
from cartapp.health import health, ready
from cartapp.look import choose
from cartapp.metrics import metrics
from cartapp.second_factor import RemoveKey, of_those_with
from patients.frame.policy import of_everybody
from patients.people.second_factor import FACTORS

handler400 = "cartapp.errors.bad_request"
handler500 = "cartapp.errors.server_error"


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What cartapp is, for everybody: it says nothing of any patient."""
    return render(request, "home.html")


own_app = of_those_with(Authenticator.Type.TOTP)(authenticator_app.deactivate_totp)
own_key = of_those_with(Authenticator.Type.WEBAUTHN)(RemoveKey.as_view())
own_codes = of_those_with(Authenticator.Type.RECOVERY_CODES)(recovery_codes.view_recovery_codes)
new_codes = of_those_with(*FACTORS)(recovery_codes.generate_recovery_codes)

of_a_second_factor = [
    path("", of_everybody(second_factor.index), name="mfa_index"),
    path("app/", of_everybody(authenticator_app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", of_everybody(own_app), name="mfa_deactivate_totp"),
    path("keys/new/", of_everybody(security_key.add_webauthn), name="mfa_add_webauthn"),
    path("keys/<int:pk>/remove/", of_everybody(own_key), name="mfa_remove_webauthn"),
    path("codes/", of_everybody(own_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", of_everybody(new_codes), name="mfa_generate_recovery_codes"),
    path("password/", of_everybody(reauthenticate), name="account_reauthenticate"),
]

urlpatterns = [
    path("", home, name="home"),
    path("", include("patients.urls")),
    path("evidence/", include("riskfactors.library.urls")),
    path("sign-in/", login, name="account_login"),
    path("sign-in/second-factor/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/", include(of_a_second_factor)),
    path("sign-out/", sign_out, name="account_logout"),
    path("look/", choose, name="look"),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
    path("metrics/", metrics, name="metrics"),
]
