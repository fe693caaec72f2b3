"""What commands are given, read by the rules of the pages."""

from argparse import ArgumentTypeError

from django.core.exceptions import ValidationError

from patients.models.identifiers import identifier


def pseudonym(typed: str) -> str:
    """The pseudonym of a case as it is kept. Raises ArgumentTypeError."""
    try:
        return identifier(typed)
    except ValidationError as invalid:
        raise ArgumentTypeError(" ".join(invalid.messages)) from invalid
