"""The glossary: the terms that the screens use, by the names that stand there."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Link
from riskfactors.beside.facts import facts, link_to
from riskfactors.beside.related import looked_at
from riskfactors.domain.evidence import Factor
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Measure, Verdict
from riskfactors.library.search import Text, asked_words
from riskfactors.published import Explanation, catalogue, explanations
from riskfactors.words import code_name, measure_name, milestone_name, name_of, verdict_name
from riskfactors.words.comparisons import outcome_title
from riskfactors.words.library import VERDICT_MEANINGS, outcomes_in

GROUPS: Final[Mapping[str, str]] = {
    "course": gettext_noop("The course"),
    "verdicts": gettext_noop("Verdicts"),
    "evidence": gettext_noop("Reading the evidence"),
    "imaging": gettext_noop("Response and imaging"),
    "laboratory": gettext_noop("Laboratory"),
    "lymphoma": gettext_noop("Patient and lymphoma"),
    "indices": gettext_noop("Indices"),
    "treatment": gettext_noop("Products and treatments"),
    "toxicity": gettext_noop("Toxicity"),
}


class GlossaryRow(Struct, frozen=True, kw_only=True):
    """A term as the glossary shows it; `facts` are the studies compared that rest on it."""

    anchor: str
    name: str
    short: str
    also: str
    means: str
    window: str
    source: str
    facts: tuple[Link, ...]


class GlossaryEntry(Struct, frozen=True):
    """A term, ready to be searched and shown."""

    explains: tuple[str, ...]
    group: str
    link: Link
    text: Text
    row: SafeString


class GlossaryGroup(Struct, frozen=True):
    """Terms of one subject."""

    dom_id: str
    title: str
    rows: tuple[SafeString, ...]


class GlossaryPage(Struct, frozen=True):
    """The terms that were asked for."""

    search: str
    groups: tuple[GlossaryGroup, ...]


def glossary_page(search: str) -> GlossaryPage:
    """The terms with all words of a search, or every term."""
    words = asked_words(search)
    found = [entry for entry in entries() if all(map(entry.text.has, words))]
    groups = (
        GlossaryGroup(group, _(title), tuple(e.row for e in found if e.group == group))
        for group, title in GROUPS.items()
    )
    return GlossaryPage(search, tuple(group for group in groups if group.rows))


def terms_of(factor: Factor) -> tuple[Link, ...]:
    """The terms that the page of a factor uses: what its rule looks at, outcomes and measures."""
    codes = {f"{kind}.{name}" for kind in ("variable", "index") for name in _names(factor)}
    codes |= {f"measure.{line.measure}" for line in factor.evidence}
    codes |= {f"outcome.{o}" for line in factor.evidence for o in outcomes_in(line.outcome)}
    return tuple(entry.link for entry in entries() if codes & {*entry.explains})


def entries() -> tuple[GlossaryEntry, ...]:
    """Every term in the active language."""
    return _entries(get_language())


def _names(factor: Factor) -> Collection[str]:
    return looked_at(factor.criterion.sentence)


@cache
def _entries(_language: str) -> tuple[GlossaryEntry, ...]:
    return tuple(map(_entry, (*_verdicts(), *explanations())))


def _verdicts() -> Iterator[Explanation]:
    """The verdicts are explained where their rules are."""
    for verdict in Verdict:
        means = VERDICT_MEANINGS[verdict]
        yield Explanation(group="verdicts", means=means, explains=(f"verdict.{verdict}",))


def _entry(explanation: Explanation) -> GlossaryEntry:
    row = _row(explanation)
    return GlossaryEntry(
        explanation.explains,
        explanation.group,
        Link(row.name, f"{reverse('riskfactors:glossary')}#{row.anchor}"),
        Text([row.name, row.short, row.also, row.means, *explanation.explains]),
        render_to_string("riskfactors/_term.html", {"row": row}),
    )


def _row(explanation: Explanation) -> GlossaryRow:
    of = explanation.explains
    return GlossaryRow(
        anchor=re.sub(r"[^a-z0-9]+", "-", (of[0] if of else explanation.term).lower()).strip("-"),
        name=_(explanation.term) if explanation.term else named(of[0]),
        short=explanation.short,
        also=", ".join([*(_(words) for words in explanation.also), *map(named, of[1:])]),
        means=_(explanation.means),
        window=_window(of),
        source=explanation.source,
        facts=tuple(link_to(f) for f in facts() if {*f.names} & {c.partition(".")[2] for c in of}),
    )


def named(code: str) -> str:
    """What a code is called on the screen."""
    kind, _dot, of = code.partition(".")
    match kind:
        case "verdict":
            return verdict_name(Verdict(of))
        case "milestone":
            return milestone_name(Milestone(of))
        case "variable" | "index":
            return name_of(of)
        case "product" | "response":
            return code_name(kind, of)
        case "event":
            return _(catalogue().dictionary.events[of].label)
        case "measure":
            return measure_name(Measure(of))
        case "outcome":
            return outcome_title(of)
        case _:
            raise ValueError(f"{code}: there is no such kind of term")


def _window(codes: tuple[str, ...]) -> str:
    """The days of a milestone, as the data dictionary has them."""
    windows = catalogue().dictionary.windows_days_after_infusion
    for milestone, window in windows.items():
        if f"milestone.{milestone}" in codes:
            first, last = window.ends
            return _("Days %(first)s to %(last)s after the infusion.") % {
                "first": first,
                "last": last,
            }
    return ""
