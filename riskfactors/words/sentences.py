"""Words the phrases of the domain: rules, reasons, points of scores, warnings, refusals."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_noop

from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Phrase, Problem
from riskfactors.published import catalogue
from riskfactors.words.concerns import concern
from riskfactors.words.names import code_name, milestone_name, name_of, unit_name
from riskfactors.words.translating import gettext as _

PLAIN: Final = {
    "bridging_given": gettext_noop("bridging therapy was given"),
    "salvage_given": gettext_noop("a salvage treatment was started on or after the relapse"),
    "groups_by_bridging": gettext_noop(
        "groups: no bridging, bridging with complete or partial response, bridging with stable "
        "or progressive disease, bridging with unknown response"
    ),
    "progressive_disease": gettext_noop(
        "Progressive disease at this milestone: the change of uptake was not studied in it."
    ),
    "ended_by_relapse": gettext_noop(
        "A relapse or progression is established: a response of before is lost, and one after it "
        "is not this treatment's."
    ),
    "uptake_unchanged": gettext_noop(
        "SUVmax is the same as before: neither decreased nor increased, so the group cannot be "
        "decided."
    ),
    "points_age_over_60": gettext_noop("Age over 60 years: 1 point"),
    "points_ldh_above_limit": gettext_noop("Above the upper limit of normal: 1 point"),
    "points_ecog_2": gettext_noop("2 or more: 1 point"),
    "points_stage_3": gettext_noop("III or IV: 1 point"),
    "points_extranodal_2": gettext_noop("2 or more: 1 point"),
    "points_nccn_age": gettext_noop(
        "Age over 40 years: 1 point; over 60: 2 points; over 75: 3 points"
    ),
    "points_nccn_ldh": gettext_noop(
        "Above the upper limit of normal: 1 point; above three times the limit: 2 points"
    ),
    "points_major_extranodal": gettext_noop("Any of these organs: 1 point"),
    "points_platelets": gettext_noop("175 ×10⁹/L or below: 1 point; below 75 ×10⁹/L: 2 points"),
    "points_neutrophils": gettext_noop("Below 1.2 ×10⁹/L: 1 point"),
    "points_hemoglobin": gettext_noop("Below 9.0 g/dL: 1 point"),
    "points_crp": gettext_noop("3.0 mg/dL (30 mg/L) or more: 1 point"),
    "points_ferritin": gettext_noop("650 ng/mL or more: 1 point; above 2000 ng/mL: 2 points"),
    "points_cirs_grade": gettext_noop("The grade, 0 to 4"),
    "easix_formula": gettext_noop("LDH (U/L) × creatinine (mg/dL) / platelets (10⁹/L)"),
    "m_easix_formula": gettext_noop("LDH (U/L) × CRP (mg/dL) / platelets (10⁹/L)"),
    "s_easix_formula": gettext_noop("LDH (U/L) / platelets (10⁹/L)"),
    "not_json": gettext_noop("the text is not one JSON object"),
    "not_utf_8": gettext_noop("the text is not encoded in UTF-8"),
    "object_expected": gettext_noop("a JSON object is expected"),
    "list_expected": gettext_noop("a list is expected"),
    "text_expected": gettext_noop("a text is expected"),
    "plain_text_expected": gettext_noop(
        "a text without control characters and marks of the direction of writing is expected"
    ),
    "value_expected": gettext_noop("null is not a value: leave the field out, or give one"),
    "date_expected": gettext_noop(
        "a date of the calendar with its year, month and day is expected, written YYYY-MM-DD; a "
        "year or a month alone is not enough"
    ),
    "not_yet": gettext_noop("this day has not come yet: only what has happened is imported"),
    "obligatory": gettext_noop("it is missing and obligatory"),
    "unknown_variable": gettext_noop("there is no such variable in the data dictionary"),
    "value_or_absent": gettext_noop("exactly one of value and absent is expected"),
    "unit_not_expected": gettext_noop("only quantities have a unit"),
    "comparator_not_expected": gettext_noop("only quantities have a comparator"),
    "comparator_beside_absent": gettext_noop("a comparator belongs to a value"),
    "below_zero": gettext_noop("nothing lies below 0: give the value, or another limit"),
    "no_grade": gettext_noop("this kind of event has no grade"),
    "no_cause": gettext_noop("only death and not_infused have a cause"),
    "no_class": gettext_noop("only salvage and other treatments have a class"),
    "before_birth": gettext_noop("the date is before the birth date"),
    "before_start": gettext_noop("the date is before the start of the treatment"),
    "before_event": gettext_noop("the end is before the date of the event"),
    "born_too_early": gettext_noop("a birth date from 1900 on is expected"),
}
"""Sentences that speak of nothing in particular."""


def say(phrase: Phrase) -> str:
    """The sentence of a phrase in the active language. Raises KeyError for one without words."""
    if phrase.key in PLAIN:
        return _(PLAIN[phrase.key])
    for words in (concern, _rule, _reason, _refusal):
        if (sentence := words(phrase)) is not None:
            return sentence
    raise KeyError(phrase.key)


def say_problem(problem: Problem) -> str:
    """One line: the place, what would be right, and what was given."""
    sentence = say(problem.phrase)
    if problem.given is not None:
        sentence = _("%(sentence)s; given: %(given)s") % {
            "sentence": sentence,
            "given": problem.given,
        }
    return f"{problem.place}: {sentence}"


def _either(words: Iterable[str]) -> str:
    """Alternatives: "a, b or c"."""
    *others, last = words
    if not others:
        return last
    return _("%(others)s or %(last)s") % {"others": ", ".join(others), "last": last}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _rule(phrase: Phrase) -> str | None:
    match phrase.key, phrase.about:
        case "at_least", (str(name), str(number)):
            return _("%(name)s: %(number)s or more") % _measured(name, number)
        case "above", (str(name), str(number)):
            return _("%(name)s: above %(number)s") % _measured(name, number)
        case "at_most", (str(name), str(number)):
            return _("%(name)s: %(number)s or less") % _measured(name, number)
        case "code", (str(name), *codes):
            return f"{name_of(name)}: {_either(code_name(name, str(code)) for code in codes)}"
        case "above_upper_limit", (str(name),):
            return _("%s: above the laboratory's upper limit of normal") % name_of(name)
        case "all", parts:
            return _(" and ").join(_nested(part) for part in parts)
        case "any", parts:
            return _(" or ").join(_nested(part) for part in parts)
        case "sum_at_least", (number,):
            return _("their sum: %s or more") % number
        case "not", (Phrase() as part,):
            return _("not (%s)") % say(part)
        case "latest_response", codes:
            return _(
                "latest response recorded after the infusion, without a relapse by then: %s"
            ) % _either(code_name("response", str(code)) for code in codes)
        case "any_response", codes:
            names = _either(code_name("response", str(code)) for code in codes)
            return _("any response recorded after the infusion: %s") % names
        case "relapse_within", (days,):
            return _("fewer than %s days from infusion to relapse or progression") % days
        case "salvage_class", (str(code),):
            name = code_name("treatments.salvage", code)
            return _("salvage treatment started on or after the relapse: %s") % name
        case "groups_by", (str(name),):
            return _("groups by %s") % name_of(name)
        case "groups_by_line", names:
            values = _either(name_of(str(name)) for name in names)
            return _("groups by line of therapy, once a value is recorded: %s") % values
        case "groups_by_uptake_change", (str(milestone),):
            return _(
                "groups by Deauville score: 1 to 3; 4 or 5 with SUVmax decreased since the "
                "assessment of %(milestone)s; 4 or 5 with SUVmax increased since then; not studied "
                "with progressive disease"
            ) % {"milestone": milestone_name(milestone)}
        case "graded", names:
            return _("the value itself, without a cut-off: %s") % _listed(
                name_of(str(name)) for name in names
            )
    return None


def _measured(name: str, number: str) -> dict[str, str]:
    variable = catalogue().dictionary.variables.get(name)
    unit = unit_name("a" if name == "age" else variable.unit if variable else None)
    return {"name": name_of(name), "number": f"{number} {unit}".strip()}


def _nested(part: str | Phrase) -> str:
    if not isinstance(part, Phrase):
        return part
    return f"({say(part)})" if part.key in ("all", "any") else say(part)


def _reason(phrase: Phrase) -> str | None:
    match phrase.key, phrase.about:
        case "not_recorded", names:
            return _("Not recorded: %s.") % _listed(map(_missing, names))
        case "beyond_a_limit", (str(name),):
            return _("%s (known only to lie beyond a limit)") % name_of(name)
        case "not_met", (Phrase() as rule,):
            return _("What is recorded does not meet the criterion (%s).") % say(rule)
        case "not_studied", (Phrase() as condition,):
            return _("Studied only where this holds: %s.") % say(condition)
        case "group_not_studied", (str(name), *codes):
            groups = _either(code_name(name, str(code)) for code in codes)
            return _("Studied only with %(name)s: %(groups)s.") % {
                "name": name_of(name),
                "groups": groups,
            }
        case "predates", (str(name),):
            return _(
                "%s was recorded before a line of therapy or a bridging treatment started: the "
                "value predates that treatment."
            ) % name_of(name)
    return None


def _missing(name: str | Phrase) -> str:
    return say(name) if isinstance(name, Phrase) else name_of(name)


def _refusal(phrase: Phrase) -> str | None:
    match phrase.key, phrase.about:
        case "not_json_at", (line, column):
            return _("the text is not one JSON object (line %(line)s, column %(column)s)") % {
                "line": line,
                "column": column,
            }
        case "duplicate_key", (key,):
            return _("the key %s stands twice in one object") % key
        case "not_a_json_number", (name,):
            return _("%s is not a number of JSON") % name
        case "unknown_key", keys:
            return _("there is no such field; known are %s") % _listed(map(str, keys))
        case "code_expected", codes:
            return _("one of these is expected: %s") % _listed(map(str, codes))
        case "count_expected", (low, high):
            return _("a whole number from %(low)s to %(high)s is expected") % {
                "low": low,
                "high": high,
            }
        case "quantity_expected", (low, high, unit):
            return _("a number from %(low)s to %(high)s %(unit)s is expected") % {
                "low": low,
                "high": high,
                "unit": unit,
            }
        case "unit_expected", units:
            return _("one of these units is expected: %s") % _listed(map(str, units))
        case "upper_limit_not_expected", ():
            limited = (v.label for v in catalogue().dictionary.variable if v.needs is not None)
            return _("only these have an upper limit: %s") % _listed(map(_, limited))
        case "shorter_text_expected", (most, length):
            return _("at most %(most)s characters are expected; it has %(length)s") % {
                "most": most,
                "length": length,
            }
        case "too_many", (most, number):
            return _("at most %(most)s are expected; there are %(number)s") % {
                "most": most,
                "number": number,
            }
        case "more_problems", (number,):
            return _("%s problems in all, of which the first are listed") % number
        case "after_death", (day,):
            return _("it is after the date of death, %s") % day
        case "second_death", (place,):
            return _("a death stands already in %s; there is one at most") % place
        case "after_visit", (day,):
            return _("it is after the date of its assessment, %s") % day
        case "stands_twice", (Milestone.INFUSION, place):
            return _(
                "the milestone infusion stands already in %s; a second infusion is a second case "
                "of the same patient: write it, and what followed, as a document of its own"
            ) % (place,)
        case "stands_twice", (Milestone.RELAPSE, place):
            return _(
                "the milestone relapse stands already in %s; write a later progression as an "
                "assessment of milestone interim, with its date and the response PD"
            ) % (place,)
        case "stands_twice", (milestone, place):
            return _("the milestone %(milestone)s stands already in %(place)s") % {
                "milestone": milestone,
                "place": place,
            }
        case "before_milestone", (later, earlier, day):
            return _("%(later)s cannot be before %(earlier)s, which is dated %(day)s") % {
                "later": later,
                "earlier": earlier,
                "day": day,
            }
    return None
