"""Why a case cannot hold what was typed, at the field where it can be put right."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from django.forms import Form
from django.utils.translation import gettext as _

from riskfactors.domain.vocabulary import Phrase, Problem
from riskfactors.words import begun, milestone_name, say
from riskfactors.words.facts import day_words

PLACE: Final = re.compile(r"(\w+)\[([0-9]+)\]\.?(.*)")
DETAILS: Final = {"observed_on": "-on", "upper_limit": "-limit", "unit": "-unit", "note": "-note"}
"""What belongs to a value, and the ending of its field's name."""


class Spot(NamedTuple):
    """A place of a case: a list, a position in it or a number, and the field of a form for it."""

    of: str
    number: int
    field: str


def spot_of(place: str) -> Spot | None:
    """The spot that a place names, None for one that is of no visit, treatment or event."""
    found = PLACE.fullmatch(place)
    if found is None:
        return None
    match found[3].split("."):
        case ["observations", name, *details]:
            field = name + "".join(DETAILS.get(detail, "") for detail in details)
        case ["class"]:
            field = "treatment_class"
        case parts:
            field = parts[0]
    return Spot(found[1], int(found[2]), field)


def add_problems(form: Form, problems: Iterable[Problem]) -> None:
    """Show each problem at the field that its place names, else at the head of the form."""
    for problem in problems:
        spot = spot_of(problem.place)
        field = spot.field if spot else problem.place
        form.add_error(field if field in form.fields else None, sentence_of(problem.phrase))


def sentence_of(phrase: Phrase) -> str:
    """What is wrong, as it is said beside a field."""
    match phrase.key, phrase.about:
        case "before_milestone", (str(later), str(earlier), str(day)):
            return _("%(later)s cannot be before %(earlier)s, which is dated %(day)s.") % {
                "later": milestone_name(later),
                "earlier": milestone_name(earlier),
                "day": day_words(date.fromisoformat(day)),
            }
        case "after_visit", (str(day),):
            return _("It was observed after the visit of %s.") % _day(day)
        case "after_death", (str(day),):
            return _("It is after the death of %s.") % _day(day)
        case "second_death", _place:
            return _("A death is recorded already. Correct what is recorded instead.")
        case "before_birth", _nothing:
            return _("It is before the patient's birth.")
        case "before_start", _nothing:
            return _("It is before the start of the treatment.")
        case "before_event", _nothing:
            return _("It is before the date of the event.")
    return f"{begun(say(phrase))}."


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text))
