"""Findings that are one card: tumour volume on its axis, bridging, early progression, age."""

from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from patients.course.axis import Axis, axis_of
from patients.course.card import Card
from patients.course.findings import Row, row
from patients.course.places import Cluster, Topic
from patients.course.told import Said, reason
from riskfactors.beside.citations import cited
from riskfactors.domain.derived import bridging
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.timeline import cut_off_of
from riskfactors.published import catalogue
from riskfactors.words import milestone_name
from riskfactors.words.course import listed, treatment_words
from riskfactors.words.facts import day_words, value_words
from riskfactors.words.translating import gettext as _


class CardEntry(Struct, frozen=True, kw_only=True):
    """One finding, or several as one card: its name and what they share, then each of them."""

    cluster: Cluster | None = None
    title: str = ""
    about: str = ""
    caveat: str = ""
    listed: tuple[str, ...] = ()
    axis: Axis | None = None
    rows: tuple[Row, ...]

    @property
    def said(self) -> Said | None:
        """The side that several of its findings share: it is one fact, and stands once."""
        sided = [row.told.said for row in self.rows if row.told.said.side is not None]
        alike = {(said.side, said.association) for said in sided}
        return sided[0] if self.cluster and len(sided) > 1 and len(alike) == 1 else None


def entry(card: Card, of: Topic) -> CardEntry:
    """One finding, or several as one card."""
    rows = tuple([row(card, finding) for finding in of.findings])
    match of.cluster:
        case None:
            return CardEntry(rows=rows)
        case Cluster.VOLUME:
            return _volume(card, of, rows)
        case Cluster.BRIDGING:
            treatments = tuple(map(treatment_words, bridging(card.view).treatments))
            return CardEntry(
                cluster=of.cluster, title=_("Bridging therapy"), listed=treatments, rows=rows
            )
        case Cluster.EARLY:
            about = _("Relapse or progression established on %s.") % day_words(card.found.date)
            title = _("Early or refractory progression")
            return CardEntry(cluster=of.cluster, title=title, about=about, rows=rows)
        case Cluster.AGE:
            return CardEntry(cluster=of.cluster, title=_("Age"), about=_age(card, of), rows=rows)
        case _:
            assert_never(of.cluster)


def _age(card: Card, of: Topic) -> str:
    years = _("%s completed years on this day.") % card.view.years
    if len(of.findings) == 1:
        return years
    several = _("The studies point in different directions, so that neither side is taken.")
    return f"{years} {several}"


def _volume(card: Card, of: Topic, rows: tuple[Row, ...]) -> CardEntry:
    """The value with its method, on one axis with the cut-offs of the studies.

    A value from before a treatment is told, and stands on no axis.
    """
    title = _("Metabolic tumour volume")
    facts = [fact for finding in of.findings for fact in finding.basis if fact.variable == "mtv"]
    if not facts:
        return CardEntry(cluster=of.cluster, title=title, rows=rows)
    at = facts[0].milestone
    visit = card.view.at.get(at, {}) if at else {}
    method = visit.get("mtv_method")
    value = visit["mtv"]
    said = _("%(value)s, %(day)s, %(visit)s. Segmentation method: %(method)s.") % {
        "value": value_words(value.fact),
        "day": day_words(value.fact.observed_on),
        "visit": milestone_name(str(at)),
        "method": value_words(method.fact) if method else _("not recorded"),
    }
    outdated = next(
        (f.reason for f in of.findings if f.reason and f.reason.key == "predates"), None
    )
    return CardEntry(
        cluster=of.cluster,
        title=title,
        about=said,
        caveat=reason(outdated) if outdated else "",
        axis=None if outdated else _axis(value, of),
        rows=rows,
    )


def _axis(value: Observation, of: Topic) -> Axis:
    factors = [catalogue().by_key[finding.factor] for finding in of.findings]
    cut_offs = sorted(
        (number, listed(cited(n).short for n in factor.references))
        for factor in factors
        if (number := cut_off_of(factor)) is not None
    )
    return axis_of(Decimal(value.number), value_words(value.fact), cut_offs)
