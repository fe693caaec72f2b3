"""What stands on every page: the demonstration and its sign-in, the catalogue, light or dark."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from cartapp.look import Look, look_of
from cartapp.sessions import SECONDS_ON_SCREEN, seconds_of_the_day
from patients.demonstration import filling as demonstration
from riskfactors.published import catalogue

DIGEST_CHARACTERS_SHOWN = 12


def standing(request: HttpRequest | None) -> dict[str, object]:
    """Context processor of the frame round every page."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "demonstration_password": demonstration.PASSWORD if settings.DEMONSTRATION else "",
        "seconds_on_screen": SECONDS_ON_SCREEN,
        # Asked by a page that shows it alone: the session may be away with its database.
        "seconds_of_the_day": partial(seconds_of_the_day, request) if request else 0,
        "look": look_of(request) if request else Look.SYSTEM,
        "looks": Look.choices,
        "catalogue_digest": catalogue().digest[:DIGEST_CHARACTERS_SHOWN],
    }
