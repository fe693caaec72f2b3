"""Why a case could not be read with what was typed, at the field where it can be put right."""

from collections.abc import Iterable
from datetime import date

from django.forms import Form
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from riskfactors.domain.vocabulary import Phrase, Problem
from riskfactors.words import milestone_name, say
from riskfactors.words.facts import day_words


def add_problems(form: Form, problems: Iterable[Problem]) -> None:
    """Show each problem at the field that its place names, else at the head of the form."""
    for problem in problems:
        name = problem.place.rpartition(".")[2]
        name = {"class": "treatment_class", "observed_on": ""}.get(name, name)
        form.add_error(name if name in form.fields else None, _sentence(problem.phrase))


def died_before(day: date) -> str:
    """Why a visit cannot have its date: one of the two days is wrong."""
    return _("The death is recorded before it, on %s.") % day_words(day)


def _sentence(phrase: Phrase) -> str:
    match phrase.key, phrase.about:
        case "before_milestone", (str(later), str(earlier), str(day)):
            return _("%(later)s cannot be before %(earlier)s, which is dated %(day)s.") % {
                "later": milestone_name(later),
                "earlier": milestone_name(earlier),
                "day": day_words(date.fromisoformat(day)),
            }
        case "after_visit", (str(day),):
            return _("A value was observed after its visit of %s.") % day_words(
                date.fromisoformat(day)
            )
        case "before_birth", _nothing:
            return _("The date is before the patient's birth.")
    return f"{capfirst(say(phrase))}."
