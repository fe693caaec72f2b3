"""What stands on every page: the demonstration and its sign-in, the catalogue, light or dark."""

from django.conf import settings
from django.http import HttpRequest

from cartapp.look import Look, look_of
from cartapp.sessions import SECONDS_ON_SCREEN
from patients.demonstration import filling as demonstration
from riskfactors.published import catalogue

DIGEST_CHARACTERS_SHOWN = 12


def standing(request: HttpRequest | None) -> dict[str, object]:
    """Context processor of the frame round every page."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "demonstration_password": demonstration.PASSWORD if settings.DEMONSTRATION else "",
        "seconds_on_screen": SECONDS_ON_SCREEN,
        "look": look_of(request) if request else Look.SYSTEM,
        "looks": Look.choices,
        "catalogue_digest": catalogue().digest[:DIGEST_CHARACTERS_SHOWN],
    }
