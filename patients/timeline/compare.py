"""Two visits side by side: two milestones of a case, or one of each of two cases without identity.

Nothing is counted, and no side is called the better one. Of two cases no word stands here that may
tell who somebody is: what is dated is told by its day after the infusion, age by its ten years.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.safestring import SafeString
from msgspec import Struct

from patients.course.card import Card
from patients.course.known import Course
from patients.course.state import Tile, by_tens, unrecorded
from patients.course.summary import line_tile, unlike_cohorts
from patients.timeline.cards import cards_of, when
from patients.timeline.compare_findings import found_beside
from patients.timeline.lead import LEADING, absent
from patients.timeline.scores import Index, moved_words, movers, scores
from riskfactors.domain.derived import prior_lines
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.domain.variables import VariableType
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of, sex_name, unbroken
from riskfactors.words.course import day_number, listed, multiple_words, percent_words, signed
from riskfactors.words.facts import amount, value_words, with_unit
from riskfactors.words.translating import gettext as _
from riskfactors.words.translating import one_language


class Head(Struct, frozen=True):
    """Whose column it is, of what, and what is to be known of it."""

    name: str
    about: str
    notes: tuple[str, ...]
    tiles: tuple[Tile, ...] = ()


class Said(Struct, frozen=True):
    """What one side says in a row; `about` stands small beside it."""

    words: str
    about: str = ""


class SaidRow(Struct, frozen=True):
    """A variable or an index, as both sides say it; `change` is from one visit to the later one."""

    name: str
    sides: tuple[Said, Said]
    change: str = ""


class SaidPart(Struct, frozen=True, kw_only=True):
    """Rows under a title, with where they are from; `change` heads a column of its own."""

    title: str
    about: str = ""
    of: str
    change: str = ""
    rows: tuple[SaidRow, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """All that the page shows of both sides."""

    heads: tuple[Head, Head]
    values: SaidPart
    findings: SafeString
    indices: tuple[SaidPart, ...]


def comparison(at: tuple[Course, Milestone], beside: tuple[Course, Milestone]) -> Comparison:
    """A milestone of a course beside another one: of one case in the order of time."""
    with one_language():
        cards = _card(*at), _card(*beside)
        named = at[0].public_id == beside[0].public_id
        if named:
            cards = min(cards, key=_place), max(cards, key=_place)
            left, right = map(_head, cards)
        else:
            left, right = map(_unnamed, "AB", cards)
        change = _("Change to %s") % right.name if named else ""
        return Comparison(
            heads=(left, right),
            values=SaidPart(
                title=_("Recorded values"),
                of=_("Variable"),
                change=change,
                rows=tuple(_values(cards, changes=named)),
            ),
            findings=found_beside(cards, (left.name, right.name), named=named),
            indices=tuple(_indices(cards)),
        )


def _card(course: Course, milestone: Milestone) -> Card:
    return next(c for c in cards_of(course, may_record=False) if c.milestone is milestone)


def _place(card: Card) -> int:
    return card.course.findings.index(card.found)


def _head(card: Card) -> Head:
    return Head(milestone_name(card.milestone), when(card.found), tuple(_notes(card)))


def _unnamed(letter: str, card: Card) -> Head:
    product = card.view.latest.get("product")
    day = card.found.day
    said = _("no infusion recorded") if day is None else unbroken(_("Day %s") % signed(day))
    tiles = (
        Tile(_("Day after infusion"), said),
        Tile(_("Age"), _decade(card)),
        Tile(_("Sex"), sex_name(card.course.snapshot.sex)),
        Tile(_("Product"), value_words(product.fact)) if product else unrecorded(_("Product")),
        line_tile(prior_lines(card.view)),
    )
    return Head(letter, milestone_name(card.milestone), tuple(_notes(card)), tiles)


def _notes(card: Card) -> Iterator[str]:
    relapse = card.course.visits.get(Milestone.RELAPSE)
    if relapse is not None and relapse.place < card.visit.place:
        yield _("After relapse or progression: a response is not one to CAR T-cells alone.")
    yield from unlike_cohorts(card.view)


def _decade(card: Card) -> str:
    """Ten years of age, at the infusion; before it at the visit."""
    on = card.view.infusion or card.found.date
    return by_tens(age_on(on, card.course.snapshot.birth_date))


def _values(cards: tuple[Card, Card], *, changes: bool) -> Iterator[SaidRow]:
    """What was recorded on either side: the response leads, the rest as the dictionary lists it."""
    left, right = (card.visit for card in cards)
    for name in dict.fromkeys((*LEADING, *catalogue().dictionary.variables)):
        if any(name in v.observations or name in v.absences for v in (left, right)):
            before, after = left.observations.get(name), right.observations.get(name)
            change = _change(before, after) if changes and before and after else ""
            yield SaidRow(name_of(name), (_value(cards[0], name), _value(cards[1], name)), change)


def _value(card: Card, name: str) -> Said:
    if (observation := card.visit.observations.get(name)) is not None:
        about = (
            multiple_words(observation),
            _another_day(card, observation),
            moved_words(movers(card, name)),
        )
        return Said(value_words(observation.fact), listed(about))
    if (absence := card.visit.absences.get(name)) is not None:
        return Said(absent(name, absence).value)
    return Said(_("not recorded"))


def _another_day(card: Card, observation: Observation) -> str:
    """When it was observed, where that is not the day of the visit; never by its date."""
    later = (observation.fact.observed_on - card.found.date).days
    if not later:
        return ""
    if card.found.day is None:
        return _("observed %s days from the visit") % signed(later)
    return _("observed on %s") % day_number(card.found.day + later)


def _change(before: Observation, after: Observation) -> str:
    """From one value to a later one: whether it is higher or lower, and by how much."""
    one, other = before.fact, after.fact
    variable = catalogue().dictionary.variables[one.variable]
    if one.comparator or other.comparator:
        return _("one lies beyond a limit: no difference")
    if (one.unit or variable.unit) != (other.unit or variable.unit):
        return _("recorded in different units")
    if isinstance(one.value, str) or isinstance(other.value, str):
        return _("the same") if one.value == other.value else _("another")
    start, end = Decimal(one.value), Decimal(other.value)
    if start == end:
        return _("the same")
    by = unbroken(with_unit(amount(abs(end - start)), one.unit or variable.unit))
    words = _("higher by %s") % by if end > start else _("lower by %s") % by
    if variable.type is not VariableType.QUANTITY or not start:
        return words
    return f"{words} ({percent_words((end - start) / start * 100)})"


def _indices(cards: tuple[Card, Card]) -> Iterator[SaidPart]:
    """The named indices of either side; those of toxicity apart, with where they are from."""
    left, right = ({part.title: part for part in scores(card)} for card in cards)
    for title, part in (left | right).items():
        sides = [
            {i.key: i for i in of[title].indices} if title in of else {} for of in (left, right)
        ]
        rows = (
            SaidRow(index.name, (_index(sides[0].get(key)), _index(sides[1].get(key))))
            for key, index in (sides[0] | sides[1]).items()
        )
        yield SaidPart(title=title, about=part.about, of=_("Index"), rows=tuple(rows))


def _index(index: Index | None) -> Said:
    if index is None:
        return Said(_("not computed at this milestone"))
    missing = ", ".join(item.name for item in index.missing)
    about = _("not recorded: %s") % missing if missing else ""
    return Said(listed((index.value, index.group)), listed((index.moved, about)))
