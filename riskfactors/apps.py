"""Names the application of published evidence."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RiskfactorsConfig(AppConfig):
    """Published evidence: it has no models."""

    name = "riskfactors"
    verbose_name = _("Evidence")
