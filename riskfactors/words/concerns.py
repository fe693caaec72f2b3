"""Words what is accepted in a case and asked about: unusual values, and contradictions."""

from collections.abc import Callable
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop

from riskfactors.domain.vocabulary import Phrase, Role
from riskfactors.published import catalogue
from riskfactors.words.facts import day_words
from riskfactors.words.names import code_name, milestone_name, name_of, role_name, unit_name
from riskfactors.words.translating import gettext as _

AT_A_VISIT: Final = {
    "volume_without_method": gettext_noop(
        "%s: the metabolic tumour volume has no segmentation method; published cut-offs depend on "
        "it."
    ),
    "progression_without_relapse": gettext_noop(
        "%s: progressive disease without an assessment of the relapse."
    ),
    "complete_with_uptake": gettext_noop(
        "%s: complete response beside Deauville score 4 or 5; a complete metabolic response "
        "(Lugano) is 1 to 3."
    ),
    "complete_with_new_lesions": gettext_noop(
        "%s: complete response beside new lesions, which are progressive disease (Lugano)."
    ),
    "progression_without_uptake": gettext_noop(
        "%s: progressive disease beside Deauville score 1 or 2, and no new lesion is recorded."
    ),
    "undetectable_with_level": gettext_noop("%s: ctDNA undetectable beside a level above 0."),
    "limited_with_extranodal": gettext_noop(
        "%s: stage I beside two or more extranodal sites; stage I has one at most."
    ),
    "nervous_system_without_site": gettext_noop(
        "%s: active central nervous system disease beside no involvement of marrow, central "
        "nervous system, liver, gastrointestinal tract or lung."
    ),
    "large_but_not_bulky": gettext_noop(
        "%s: not bulky beside a longest diameter of 10 cm or more, which every definition in use "
        "counts as bulky."
    ),
    "not_large_b_cell": gettext_noop(
        "%s: the histology is no large B-cell lymphoma; none of these cohorts includes it."
    ),
}
"""Sentences that speak of a visit alone."""

OF_TREATMENTS: Final = {
    "response_without_date": gettext_noop(
        "%(treatment)s: the response has no date, of its own or of the end of the treatment; it "
        "does not count without one."
    ),
    "bridging_after_infusion": gettext_noop(
        "%(treatment)s: it starts on or after the day of the infusion, and does not count as "
        "bridging."
    ),
    "lymphodepletion_after_infusion": gettext_noop(
        "%(treatment)s: it starts on or after the day of the infusion."
    ),
    "lymphodepletion_long_before": gettext_noop(
        "%(treatment)s: it starts more than 14 days before the infusion."
    ),
}


def concern(phrase: Phrase) -> str | None:
    """The sentence of a warning, None for another phrase."""
    if phrase.key in AT_A_VISIT:
        return _(AT_A_VISIT[phrase.key]) % _visit(*map(str, phrase.about[:2]))
    if phrase.key in OF_TREATMENTS:
        role, start = map(str, phrase.about)
        treatment = f"{role_name(Role(role))}, {_day(start)}"
        return _(OF_TREATMENTS[phrase.key]) % {"treatment": treatment}
    words = WORDS.get(phrase.key)
    return None if words is None else words(*map(str, phrase.about))


def _visit(milestone: str, day: str) -> str:
    return f"{milestone_name(milestone)}, {_day(day)}"


def _day(day: str) -> str:
    return day_words(date.fromisoformat(day))


def _number(number: str, unit: str) -> str:
    return f"{number} {unit_name(unit)}".strip()


def _unusual(
    milestone: str, day: str, name: str, number: str, unit: str, low: str, high: str, usual: str
) -> str:
    return _("%(visit)s: %(name)s %(number)s is unusual (usually %(low)s to %(high)s).") % {
        "visit": _visit(milestone, day),
        "name": name_of(name),
        "number": _number(number, unit),
        "low": low,
        "high": _number(high, usual),
    }


def _not_fresh(milestone: str, day: str, name: str, days: str, fresh: str) -> str:
    return _(
        "%(visit)s: %(name)s was observed %(days)s days before the visit (at most %(fresh)s are "
        "usual)."
    ) % {"visit": _visit(milestone, day), "name": name_of(name), "days": days, "fresh": fresh}


def _outside_window(milestone: str, day: str, days: str, low: str, high: str) -> str:
    return _(
        "%(visit)s: day %(days)s after infusion lies outside the window of days %(low)s to "
        "%(high)s."
    ) % {"visit": _visit(milestone, day), "days": days, "low": low, "high": high}


def _fewer_lines(milestone: str, day: str, recorded: str, listed: str) -> str:
    return _(
        "%(visit)s: lines of therapy before CAR T-cells: %(recorded)s recorded, %(listed)s listed; "
        "the larger number counts."
    ) % {"visit": _visit(milestone, day), "recorded": recorded, "listed": listed}


def _lines_fell(milestone: str, day: str, now: str, before: str, *earlier: str) -> str:
    return _(
        "%(visit)s: lines of therapy before CAR T-cells: %(now)s, but %(before)s at %(earlier)s."
    ) % {
        "visit": _visit(milestone, day),
        "now": now,
        "before": before,
        "earlier": _visit(*earlier),
    }


def _bridging_denied(milestone: str, day: str, start: str) -> str:
    return _("%(visit)s: no bridging, beside a bridging treatment that starts on %(start)s.") % {
        "visit": _visit(milestone, day),
        "start": _day(start),
    }


def _event_denied(milestone: str, day: str, name: str, kind: str, on: str) -> str:
    return _("%(visit)s: %(name)s: no, beside the event %(event)s of %(day)s.") % {
        "visit": _visit(milestone, day),
        "name": name_of(name),
        "event": _event(kind),
        "day": _day(on),
    }


def _event(kind: str) -> str:
    return _(catalogue().dictionary.events[kind].label)


def _not_rearranged(milestone: str, day: str, gene: str) -> str:
    return _(
        "%(visit)s: high-grade B-cell lymphoma with MYC and BCL2 rearrangements, beside %(gene)s: "
        "no."
    ) % {"visit": _visit(milestone, day), "gene": name_of(gene)}


def _other_product(milestone: str, day: str, given: str, planned: str, *earlier: str) -> str:
    return _("%(visit)s: %(given)s is recorded as given, but %(planned)s at %(earlier)s.") % {
        "visit": _visit(milestone, day),
        "given": code_name("product", given),
        "planned": code_name("product", planned),
        "earlier": _visit(*earlier),
    }


def _peak_below_value(
    milestone: str, day: str, peak: str, peak_unit: str, value: str, unit: str, *earlier: str
) -> str:
    return _("%(visit)s: peak ferritin %(peak)s is below ferritin %(value)s at %(earlier)s.") % {
        "visit": _visit(milestone, day),
        "peak": _number(peak, peak_unit),
        "value": _number(value, unit),
        "earlier": _visit(*earlier),
    }


def _event_before_infusion(kind: str, on: str) -> str:
    return _(
        "%(event)s of %(day)s is before the infusion: it belongs to another treatment and does not "
        "count for this one."
    ) % {"event": _event(kind), "day": _day(on)}


WORDS: Final[dict[str, Callable[..., str]]] = {
    "unusual": _unusual,
    "not_fresh": _not_fresh,
    "outside_window": _outside_window,
    "fewer_lines": _fewer_lines,
    "lines_fell": _lines_fell,
    "bridging_denied": _bridging_denied,
    "event_denied": _event_denied,
    "not_rearranged": _not_rearranged,
    "other_product": _other_product,
    "peak_below_value": _peak_below_value,
    "event_before_infusion": _event_before_infusion,
}
