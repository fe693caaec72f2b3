"""Names the wiring, and registers the checks, and what follows a sign-in or a second factor."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CartappConfig(AppConfig):
    """The wiring: it has no models."""

    name = "cartapp"
    verbose_name = _("Wiring")

    def ready(self) -> None:
        from cartapp import checks, privileges, second_factor, sessions  # noqa: F401, PLC0415 - register, once models are loaded

        # Django sends it for applications that have models.
        patients = apps.get_app_config("patients")
        post_migrate.connect(privileges.give, sender=patients, dispatch_uid="serving role")
