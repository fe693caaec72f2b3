"""Names, hospital numbers and pseudonyms: one line, as people send it, kept as it is seen."""

import re
from typing import Final
from unicodedata import category, normalize

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from patients.models.search import plain

JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Nobody sees them, but Persian and Indian names are spelt with them."""

LOOSE_JOINERS: Final = re.compile(f"(?<![^\\x00-\\x7f])[{JOINERS}]+")
"""Those that follow no letter they could join: two equal pseudonyms would seem to be one."""


def identifier(text: str) -> str:
    """The text as it is kept: composed (NFC), with plain spaces, without what is pasted along
    unseen, such as marks of direction and of byte order.

    Raises ValidationError for a control character, and without any letter or digit.
    """
    kept = LOOSE_JOINERS.sub("", normalize("NFC", "".join(map(_seen, text))))
    written = re.sub(" +", " ", kept).strip(" ")
    for character in written:
        if not character.isprintable() and character not in JOINERS:
            raise ValidationError(
                _("A control character (U+%04X) stands in it: write it anew, in one line.")
                % ord(character)
            )
    if not plain(written):
        raise ValidationError(_("Write it with letters or digits."))
    return written


def _seen(character: str) -> str:
    """The character, if it is seen or belongs to the letters; any space as the plain one."""
    match category(character):
        case "Cf" if character not in JOINERS:
            return ""
        case "Zs":
            return " "
    return character
