"""Adapts allauth's second factor: whom it is asked of, and how its secrets are kept."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.frame.policy import View, user_of
from patients.models import AccountAct, User
from patients.people.accounts import note_own_act
from patients.people.second_factor import FACTORS, factors_of, is_asked_of, with_what_is_owed
from patients.people.sessions import end_sessions

INDEX: Final = "mfa_index"
"""The name of the page that shows what somebody has set up."""


class StaffBackend(ModelBackend):
    """Finds who has signed in together with whether they owe a second factor: no further query."""

    def get_user(self, user_id: int) -> User | None:
        user = with_what_is_owed(User.objects.all()).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets lie encrypted, and nobody removes the last factor of those that a centre asks for."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This did not match. A code of the app holds for half a minute and is taken once."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Your centre asks for a second factor, and this is your only one."
            " Set up another one first."
        ),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        return f"cartapp {self._get_site_name()}"

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = factors_of(authenticator.user).exclude(pk=authenticator.pk)
        return others.exists() or not is_asked_of(authenticator.user)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Key %(number)s") % {"number": number}


def _vault() -> MultiFernet:
    """Seals and opens with the site's secret key: a copy of the database alone opens nothing."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (salted_hmac("second factor", "", secret=key, algorithm="sha256") for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(each.digest())) for each in made])


@receiver(post_save, sender=Authenticator, dispatch_uid="second factor added")
def added(instance: Authenticator, *, created: bool, **_signal: Any) -> None:
    """On record in the same transaction; the person's sessions without it end."""
    if not created:
        return
    if instance.type not in FACTORS:
        note_own_act(instance.user, AccountAct.CODES_MADE)
        return
    note_own_act(instance.user, AccountAct.FACTOR_ADDED)
    here = context.request.session.session_key if context.request else None
    end_sessions(instance.user, but=here)


@receiver(post_delete, sender=Authenticator, dispatch_uid="second factor removed")
def removed(instance: Authenticator, **_signal: Any) -> None:
    """On record likewise; what an administrator resets is noted where that is done."""
    own = context.request is not None and context.request.user == instance.user
    if own and instance.type in FACTORS:
        note_own_act(instance.user, AccountAct.FACTOR_REMOVED)


def of_those_with(*types: str) -> Callable[[View], View]:
    """A page about what somebody has set up; whoever has not is led to where that is done."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, **rest: Any) -> HttpResponseBase:
            theirs = Authenticator.objects.filter(user=user_of(request), type__in=types, **rest)
            return view(request, **rest) if theirs.exists() else redirect(INDEX)

        return opened

    return decorate


class RemoveKey(RemoveWebAuthnView):
    """A security key is removed, unless it is the last factor of whom a centre asks for one."""

    success_url = reverse_lazy(INDEX)

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = SecondFactorAdapter()
        if adapter.can_delete_authenticator(self.get_object()):
            return super().form_valid(form)
        messages.warning(self.request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect(INDEX)
