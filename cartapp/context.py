"""What stands on every page: whether this is the demonstration, and which catalogue is in use."""

from django.conf import settings
from django.http import HttpRequest

from riskfactors.published import catalogue

DIGEST_CHARACTERS_SHOWN = 12


def standing(_request: HttpRequest | None) -> dict[str, object]:
    """Context processor of the frame round every page."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "catalogue_digest": catalogue().digest[:DIGEST_CHARACTERS_SHOWN],
    }
