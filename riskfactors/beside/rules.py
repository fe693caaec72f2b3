"""A rule in words, as a list where it has several parts."""

from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.domain.vocabulary import Phrase
from riskfactors.words import say
from riskfactors.words.library import capitalised


class RulePart(Struct, frozen=True):
    """A part of a rule, with the parts it is made of."""

    text: str
    parts: tuple["RulePart", ...] = ()


def rule_part(rule: Phrase) -> RulePart:
    """A rule as a sentence, or as a list where it has several parts."""
    if _leaves(rule) < 2:
        return RulePart(capitalised(say(rule)))
    parts = _parts(rule)
    match rule.key, parts[0].key:
        case "all", _:
            text = _("All of these:")
        case "any", _:
            text = _("At least one of these:")
        case "not", "all":
            text, parts = _("Not all of these together:"), _parts(parts[0])
        case "not", "any":
            text, parts = _("None of these:"), _parts(parts[0])
        case _:
            raise ValueError(f"{rule.key}: no list is worded for it")
    return RulePart(text, tuple(rule_part(part) for part in parts))


def _parts(rule: Phrase) -> list[Phrase]:
    return [part for part in rule.about if isinstance(part, Phrase)]


def _leaves(rule: Phrase) -> int:
    parts = _parts(rule)
    return sum(map(_leaves, parts)) if parts else 1
