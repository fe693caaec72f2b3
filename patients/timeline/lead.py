"""What leads a card: the response or progression, and the standing facts."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from patients.course.card import Card, Item, item
from patients.course.facts import OF_FACTOR, fact_url
from patients.course.places import stands
from riskfactors.beside.citations import Link
from riskfactors.beside.claims import Quotation, quoted
from riskfactors.domain.agenda import Finding
from riskfactors.domain.derived import prior_lines
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.points import CIRS_SYSTEMS
from riskfactors.domain.snapshot import Absence, Observation
from riskfactors.domain.timeline import confounders
from riskfactors.domain.timepoints import AFTER_INFUSION, ORDER, Milestone
from riskfactors.domain.vocabulary import Direction, Response, Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of, verdict_name
from riskfactors.words.course import (
    beside_words,
    change_words,
    confounder_name,
    listed,
    multiple_words,
    note_words,
)
from riskfactors.words.facts import day_words, untold_words, value_words
from riskfactors.words.translating import gettext as _

THIRD_LINE_FROM: Final = 2
LEADING: Final = ("response", "deauville", "suvmax", "new_lesions", "ctdna")
STANDING: Final = ("histology", "tp53", "product")
STATES: Final = {"cns_disease": ("active", "past"), "infection_active": ("yes",)}
"""What stands among the facts while it is so, with the codes that say it."""


class Fact(Struct, frozen=True):
    """A recorded value: what, its value, when and with which note; `kind` names a look."""

    name: str
    value: str
    when: str
    kind: str = ""


class Carried(Struct, frozen=True):
    """A finding of a standing fact from an earlier card, with where its results stand."""

    factor: str
    said: str
    when: str
    published: Link


class Lead(Struct, frozen=True, kw_only=True):
    """The response first; what came later stands beside an earlier response."""

    relapsed: str
    claims: tuple[Quotation, ...]
    since: str
    facts: tuple[Fact, ...]
    recorded: tuple[Fact, ...]
    response_asked: Item | None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to lead with."""
        shown = self.relapsed or self.since or self.facts or self.recorded or self.response_asked
        return bool(shown)


class Standing(Struct, frozen=True):
    """Facts that stay true: as recorded by then, and what earlier cards found in them."""

    facts: tuple[Fact, ...]
    carried: tuple[Carried, ...]


def headline(card: Card) -> Fact | None:
    """The response of the milestone, so that a closed card shows it too."""
    response = card.view.at[card.milestone].get("response")
    return None if response is None else _led("response", response)


def lead(card: Card) -> Lead:
    """Response or progression first."""
    relapsed = _("Relapse or progression, established on %s.") % day_words(card.found.date)
    asked = card.milestone in catalogue().dictionary.variables["response"].asked_at
    return Lead(
        relapsed=relapsed if card.milestone is Milestone.RELAPSE else "",
        claims=tuple(_claims(card)) if card.milestone is Milestone.RELAPSE else (),
        since=_since(card),
        facts=tuple(_leading(card)),
        recorded=tuple(_recorded(card)),
        response_asked=item(card, "response") if asked and not _is_answered(card) else None,
    )


def _claims(card: Card) -> Iterator[Quotation]:
    """What the review says of a relapse as a whole, by the line of this treatment; both, where it
    is not known."""
    lines = prior_lines(card.view)
    is_third = lines.number >= THIRD_LINE_FROM
    if not is_third:
        yield quoted("relapse after second line")
    if is_third or not lines.exact:
        yield quoted("after relapse")


def _is_answered(card: Card) -> bool:
    visit = card.visit
    return "response" in visit.observations or "response" in visit.absences


def _leading(card: Card) -> Iterator[Fact]:
    """The response and what belongs to it; a response that cannot be given says why."""
    visit = card.visit
    for name in LEADING:
        if (observation := visit.observations.get(name)) is not None:
            yield _led(name, observation)
        elif name == "response" and (absence := visit.absences.get(name)) is not None:
            yield absent(name, absence)


def _recorded(card: Card) -> Iterator[Fact]:
    """All else that was recorded at the visit, as the dictionary lists it."""
    visit = card.visit
    for name in catalogue().dictionary.variables:
        if name in LEADING:
            continue
        if (observation := visit.observations.get(name)) is not None:
            yield _measured(card, name, observation)
        elif (absence := visit.absences.get(name)) is not None:
            yield absent(name, absence)


def _measured(card: Card, name: str, observation: Observation) -> Fact:
    """A value with its limit, what it was before, and what can move it."""
    moved = confounders(name, card.visit, card.course.snapshot.events, catalogue().dictionary)
    about = (
        multiple_words(observation),
        beside_words(on=_another_day(card, observation), note=observation.note),
        _("† %s") % "; ".join(map(confounder_name, moved)) if moved else "",
        _before(card, name, observation),
    )
    return Fact(name_of(name), value_words(observation.fact), listed(about))


def _before(card: Card, name: str, now: Observation) -> str:
    """The quantity that was recorded last before the visit, and the change since then."""
    earlier = card.before.get(name)
    if earlier is None or isinstance(earlier.value, str) or earlier.fact.unit is None:
        return ""
    before = _("before: %(value)s, %(day)s") % {
        "value": value_words(earlier.fact),
        "day": day_words(earlier.fact.observed_on),
    }
    return listed((change_words(now, earlier), before))


def _another_day(card: Card, observation: Observation) -> date | None:
    on = observation.fact.observed_on
    return None if on == card.found.date else on


def absent(name: str, absence: Absence) -> Fact:
    """Why something has no value."""
    return Fact(name_of(name), untold_words(name, absence), note_words(absence.note))


def _led(name: str, observation: Observation) -> Fact:
    kind = ""
    if name == "response":
        kind = "progression" if observation.value == Response.PD else "response"
    note = _("note: %s") % observation.note if observation.note else ""
    when = listed((day_words(observation.fact.observed_on), note))
    return Fact(name_of(name), value_words(observation.fact), when, kind)


def _since(card: Card) -> str:
    """What another card tells of the state of this one: a relapse before it, whose treatment its
    response may be to, or progression after it, so that it is not the state of now."""
    if card.milestone not in AFTER_INFUSION:
        return ""
    here = (card.found.date, ORDER[card.milestone])
    relapse = card.course.visits.get(Milestone.RELAPSE)
    if relapse is not None and relapse.place < here:
        return _(
            "After relapse or progression, %s: a response is not one to CAR T-cells alone."
        ) % day_words(relapse.date)
    for visit in sorted(card.course.snapshot.assessments, key=lambda a: a.place):
        response = visit.observations.get("response")
        progressed = response is not None and response.value == Response.PD
        if visit.place > here and (progressed or visit.milestone is Milestone.RELAPSE):
            return _("Since then: relapse or progression, %(day)s (%(visit)s).") % {
                "day": day_words(visit.date),
                "visit": milestone_name(visit.milestone),
            }
    return ""


def standing(card: Card) -> Standing:
    """Facts that stay true, and findings of them that this milestone itself does not evaluate."""
    facts = [
        Fact(name_of(name), value_words(o.fact), day_words(o.fact.observed_on))
        for name in STANDING
        if (o := card.view.latest.get(name)) is not None
    ]
    facts += [
        Fact(name_of(name), value_words(o.fact), _state_since(name, o))
        for name, codes in STATES.items()
        if (o := card.view.latest.get(name)) is not None and o.value in codes
    ]
    burden = "; ".join(
        f"{name_of(system)} {o.value}"
        for system in CIRS_SYSTEMS
        if (o := card.view.latest.get(system)) is not None and o.number > 0
    )
    if burden:
        facts.append(Fact(_("Comorbidity"), burden, ""))
    return Standing(tuple(facts), tuple(_carried(card)))


def _full_url(card: Card, key: str) -> str:
    return fact_url(card.course.public_id, OF_FACTOR[key].key, card.course.query)


def _state_since(name: str, observation: Observation) -> str:
    """When it was recorded, and whether these cohorts have patients like this."""
    unlike = (name, observation.value) == ("cns_disease", "active")
    few = _("few of these cohorts include it") if unlike else ""
    return listed((day_words(observation.fact.observed_on), few))


def _carried(card: Card) -> Iterator[Carried]:
    own = {finding.factor for finding in card.found.findings}
    latest: dict[str, tuple[MilestoneFindings, Finding]] = {}
    for found in card.course.findings:
        if found is card.found:
            break
        latest |= {f.factor: (found, f) for f in found.findings if stands(f.factor)}
    for key, (found, finding) in latest.items():
        said_before = finding.verdict is Verdict.STRATUM or (
            finding.verdict is Verdict.MET and finding.direction is not Direction.NEUTRAL
        )
        if key in own or not said_before:
            continue
        factor = catalogue().by_key[key]
        said = verdict_name(finding.verdict)
        if finding.stratum:
            said = f"{said}: {_(factor.strata[finding.stratum].name)}"
        yield Carried(
            key,
            f"{_(factor.name)}: {said}",
            _("at %s") % milestone_name(found.milestone),
            Link(_("in full"), _full_url(card, key)),
        )
