"""Names the application of people and records, and registers the checks of the site."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    """People and records."""

    name = "patients"
    verbose_name = _("Patients")

    def ready(self) -> None:
        from cartapp import checks  # noqa: F401, PLC0415 - registers them, once models are loaded
