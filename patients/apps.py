"""Names the application of people and records, and registers its triggers."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    """People and records."""

    name = "patients"
    verbose_name = _("Patients")

    def ready(self) -> None:
        from patients.records import triggers  # noqa: PLC0415 - needs the models to be loaded

        post_migrate.connect(triggers.install, sender=self, dispatch_uid="record triggers")
