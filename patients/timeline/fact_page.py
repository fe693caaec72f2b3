"""One fact of a case in full: how it stands at each milestone and why, and what is published."""

from django.utils.safestring import SafeString
from msgspec import Struct

from patients.course.card import Card, Item
from patients.course.facts import KnownFact
from patients.course.findings import Ground, Row, row
from patients.course.known import Course
from patients.course.told import Said
from patients.timeline.cards import cards_of, when
from riskfactors.beside.evidence import evidence_of, rule_of
from riskfactors.beside.figures import studies
from riskfactors.domain.agenda import Finding
from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Verdict
from riskfactors.drawing.forest import Comparison, comparisons, rows_of
from riskfactors.drawing.strips import Strip, Tick, axis_for
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words import measure_name, milestone_name
from riskfactors.words.comparisons import Sides, comparison_name
from riskfactors.words.course import listed
from riskfactors.words.translating import gettext as _


class Stands(Struct, frozen=True, kw_only=True):
    """How a factor stands at a milestone, why, and from which values."""

    milestone: str
    when: str
    verdict: Verdict
    said: Said
    why: str
    recorded: tuple[Ground, ...]
    missing: tuple[Item, ...]
    caveats: tuple[str, ...]


class ForestRow(Struct, frozen=True):
    """A ratio on its axis; its figure stands in the list of results."""

    label: str
    strip: Strip
    doubtful: bool


class Forest(Struct, frozen=True, kw_only=True):
    """Ratios of one factor that compare the same, with what either side of 1 means."""

    title: str
    sides: Sides
    ticks: tuple[Tick, ...]
    rows: tuple[ForestRow, ...]


class FactorInFull(Struct, frozen=True, kw_only=True):
    """A factor: how it stands, its rule, every figure with the patient's group, and whose they
    are."""

    key: str
    name: str
    stands: tuple[Stands, ...]
    rule: SafeString
    figures: SafeString
    forests: tuple[Forest, ...]
    evidence: SafeString


class FactPage(Struct, frozen=True):
    """A fact with its factors that are evaluated in the course."""

    key: str
    name: str
    factors: tuple[FactorInFull, ...]


def fact_page(course: Course, fact: KnownFact, *, may_record: bool) -> FactPage:
    """All that the page of a fact shows, what was evaluated last first."""
    made = cards_of(course, may_record=may_record)
    found: dict[str, list[tuple[Card, Finding]]] = {
        key: [] for fact_row in fact.rows for key in fact_row.factors
    }
    for card in made:
        for finding in card.found.findings:
            if finding.factor in found:
                found[finding.factor].append((card, finding))
    evaluated = sorted(
        ((key, at) for key, at in found.items() if at),
        key=lambda item: made.index(item[1][-1][0]),
        reverse=True,
    )
    return FactPage(fact.key, _(fact.name), tuple(_in_full(key, at) for key, at in evaluated))


def _in_full(key: str, at: list[tuple[Card, Finding]]) -> FactorInFull:
    factor = catalogue().by_key[key]
    latest = at[-1][1]
    return FactorInFull(
        key=key,
        name=_(factor.name),
        stands=tuple(_stands(card, row(card, finding)) for card, finding in reversed(at)),
        rule=rule_of(key),
        figures=rendered(
            "patients/timeline/figures.jinja",
            studies=studies(key, latest.stratum or latest.verdict.value),
            own_group=_("group of this case"),
            discrepancy=_("discrepancy"),
            doubt=_("doubt"),
        ),
        forests=tuple(_forest(factor, comparison) for comparison in comparisons(factor)),
        evidence=evidence_of(key),
    )


def _forest(factor: Factor, comparison: Comparison) -> Forest:
    rows = rows_of(comparison)
    axis = axis_for(row.interval for row in rows)
    measure = measure_name(comparison.measure)
    return Forest(
        title=f"{measure}: {comparison_name(factor, comparison.estimates[0])}",
        sides=comparison.sides,
        ticks=axis.ticks,
        rows=tuple(
            ForestRow(
                listed((row.label, row.remark)),
                axis.strip(row.estimate, row.interval),
                row.doubtful,
            )
            for row in rows
        ),
    )


def _stands(card: Card, of: Row) -> Stands:
    return Stands(
        milestone=milestone_name(card.milestone),
        when=when(card.found),
        verdict=of.verdict,
        said=of.told.said,
        why=" ".join(filter(None, (of.told.how, of.told.reason))),
        recorded=of.recorded,
        missing=of.missing,
        caveats=of.caveats,
    )
