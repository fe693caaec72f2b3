"""The evidence library: every factor, searched and filtered, grouped by the part of the course."""

from collections.abc import Iterator, Mapping
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Link
from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Setting
from riskfactors.library.filters import Filters, meets
from riskfactors.library.search import Text, asked_words, guesses, searchable
from riskfactors.published import catalogue
from riskfactors.words import kind_name, milestone_name, setting_name
from riskfactors.words.comparisons import outcome_title
from riskfactors.words.library import outcomes_in, side_of


class FactorEntry(Struct, frozen=True, kw_only=True):
    """A factor in the list."""

    key: str
    name: str
    url: str
    milestones: str
    kind: str
    direction: str
    direction_code: str
    outcomes: str


class Listed(Struct, frozen=True):
    """A factor, ready to be searched and shown."""

    factor: Factor
    text: Text
    row: SafeString


class FactorSection(Struct, frozen=True):
    """The factors of one part of the course."""

    dom_id: str
    title: str
    rows: tuple[SafeString, ...]


class LibraryPage(Struct, frozen=True, kw_only=True):
    """The list, the form that narrows it, and what was wrong with what was asked."""

    fields: tuple[SafeString, ...]
    search: str
    groups: tuple[FactorSection, ...]
    guesses: tuple[Link, ...]
    problems: tuple[str, ...]
    narrowed: bool


def library_page(asked: Mapping[str, str]) -> LibraryPage:
    """The library as an address asks for it."""
    language = get_language()
    filters = Filters(asked)
    wanted = filters.wanted()
    words = asked_words(wanted.words)
    found = [
        listed
        for listed in _listed(language)
        if meets(listed.factor, wanted) and all(map(listed.text.has, words))
    ]
    return LibraryPage(
        fields=tuple(
            _select(name, getattr(wanted, name), language)
            for name in ("setting", "milestone", "outcome", "direction", "kind")
        ),
        search=wanted.words,
        groups=tuple(_groups(found)),
        guesses=() if found else tuple(_guessed(wanted.words, language)),
        problems=tuple(
            f"{filters.fields[name].label}: {' '.join(map(str, messages))}"
            for name, messages in filters.errors.items()
        ),
        narrowed=any(getattr(wanted, name) for name in wanted.__struct_fields__),
    )


def _guessed(search: str, language: str) -> Iterator[Link]:
    for word in guesses(search, (listed.text for listed in _listed(language))):
        yield Link(word, reverse("riskfactors:library", query={"q": word}))


def _groups(found: list[Listed]) -> Iterator[FactorSection]:
    for setting in Setting:
        rows = tuple(listed.row for listed in found if listed.factor.setting is setting)
        if rows:
            yield FactorSection(setting, setting_name(setting), rows)


@cache
def _listed(_language: str) -> tuple[Listed, ...]:
    """Every factor; its row is rendered once, since it depends on catalogue and language alone."""
    return tuple(
        Listed(
            factor,
            Text(searchable(factor)),
            render_to_string("riskfactors/_entry.html", {"entry": entry(factor)}),
        )
        for factor in catalogue().factors
    )


@cache
def _select(name: str, chosen: str, _language: str) -> SafeString:
    """A choice of filter with what is chosen; only valid choices come here, so they are few."""
    return render_to_string("riskfactors/_filter.html", {"field": Filters({name: chosen})[name]})


def entry(factor: Factor) -> FactorEntry:
    """A factor as the list shows it."""
    outcomes = dict.fromkeys(o for line in factor.evidence for o in outcomes_in(line.outcome))
    return FactorEntry(
        key=factor.key,
        name=_(factor.name),
        url=reverse("riskfactors:factor", args=[factor.key]),
        milestones=", ".join(milestone_name(m) for m in factor.evaluated_at),
        kind=kind_name(factor.kind),
        direction=side_of(factor),
        direction_code=factor.direction,
        outcomes=", ".join(
            _shortened(outcome_title(o), first=not n) for n, o in enumerate(outcomes)
        ),
    )


def _shortened(title: str, *, first: bool) -> str:
    """Within a list a title begins small, unless it begins with an abbreviation."""
    return title if first or title[1:2].isupper() else title[:1].lower() + title[1:]
