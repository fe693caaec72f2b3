"""Findings that are one card: metabolic tumour volume on its axis, bridging, age."""

from decimal import Decimal
from math import log10
from typing import Final, assert_never

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from patients.timeline.findings import Card, joined, reason, row
from patients.timeline.places import Cluster, Group
from riskfactors.beside.citations import cited
from riskfactors.beside.evidence import EMPTY
from riskfactors.domain.derived import bridging
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.timeline import cut_off_of
from riskfactors.published import catalogue
from riskfactors.words import milestone_name
from riskfactors.words.course import listed, treatment_words
from riskfactors.words.facts import amount, day_words, value_words

WIDTH: Final = 640.0
LEFT: Final = 16.0
RIGHT: Final = 600.0
FLOOR: Final = 74.0
DECADES: Final = 4
"""The axis of volumes runs from 0 to 10,000 mL, which is more than anybody has."""


def group(card: Card, of: Group) -> SafeString:
    """One finding, or several as one card."""
    if of.cluster is None:
        return row(card, of.findings[0])
    match of.cluster:
        case Cluster.VOLUME:
            title, about = _("Metabolic tumour volume"), _volume(card, of)
        case Cluster.BRIDGING:
            title, about = _("Bridging therapy"), _bridging(card)
        case Cluster.AGE:
            title, about = _("Age"), _age(card, of)
        case _:
            assert_never(of.cluster)
    return format_html(
        '<li class="cluster" data-cluster="{}"><h4 class="cluster-name">{}</h4>{}'
        '<ul class="findings">{}</ul></li>',
        of.cluster,
        title,
        about,
        joined(row(card, finding) for finding in of.findings),
    )


def _age(card: Card, of: Group) -> SafeString:
    several = _("The studies point in different directions, so that neither side is taken.")
    return format_html(
        "<p>{} {}</p>",
        _("%s completed years on this day.") % card.view.years,
        several if len(of.findings) > 1 else "",
    )


def _bridging(card: Card) -> SafeString:
    """The treatments themselves."""
    treatments = bridging(card.view).treatments
    if not treatments:
        return EMPTY
    return format_html(
        '<ul class="values">{}</ul>',
        format_html_join("", "<li>{}</li>", ((treatment_words(t),) for t in treatments)),
    )


def _volume(card: Card, of: Group) -> SafeString:
    """The value with its method, on one axis with the cut-offs of the studies.

    A value from before a treatment is told, and stands on no axis.
    """
    facts = [fact for finding in of.findings for fact in finding.basis if fact.variable == "mtv"]
    if not facts:
        return EMPTY
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
    if outdated is not None:
        return format_html('<p>{}</p><p class="caveat">{}</p>', said, reason(outdated))
    return format_html(
        '<p><strong>{}</strong></p><div class="axis">{}</div>', said, _axis(value, of)
    )


def _place(volume: Decimal) -> float:
    share = log10(1 + float(volume)) / DECADES
    return LEFT + min(1.0, share) * (RIGHT - LEFT)


def _axis(value: Observation, of: Group) -> SafeString:
    """A logarithmic axis; each cut-off with its number and study, the value as a diamond."""
    cuts = sorted(
        (number, catalogue().by_key[finding.factor])
        for finding in of.findings
        if (number := cut_off_of(catalogue().by_key[finding.factor])) is not None
    )
    parts = []
    for place, (number, factor) in enumerate(cuts):
        studies = listed(cited(n).short for n in factor.references)
        parts.append(
            format_html(
                '<line class="tl-cut-off" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>'
                '<text class="tl-text" x="{3}" y="{4}">{5} mL · {6}</text>',
                f"{_place(number):.1f}",
                FLOOR - 50 + 17 * place,
                FLOOR,
                f"{_place(number) + 6:.1f}",
                FLOOR - 42 + 17 * place,
                amount(number),
                studies,
            )
        )
    x = _place(Decimal(value.number))
    return format_html(
        '<svg class="tl" viewBox="0 0 {} 112" role="img" aria-label="{}">'
        '<line class="tl-floor" x1="{}" y1="{}" x2="{}" y2="{}"/>{}{}'
        '<path class="tl-own" d="M{} {}l7 7-7 7-7-7z"/>'
        '<text class="tl-text tl-strong" x="{}" y="{}" text-anchor="{}">{}</text></svg>',
        WIDTH,
        _("Metabolic tumour volume on a logarithmic axis with the cut-offs of three studies"),
        *(LEFT, FLOOR, RIGHT, FLOOR),
        joined(parts),
        format_html_join(
            "",
            '<text class="tl-tick-text" x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (f"{_place(Decimal(tick)):.1f}", FLOOR + 34, tick)
                for tick in ("0", "10", "100", "1000", "10000")
            ),
        ),
        *(f"{x:.1f}", FLOOR - 7),
        *(f"{x + (12 if x < RIGHT - 140 else -12):.1f}", FLOOR + 18),
        "start" if x < RIGHT - 140 else "end",
        _("this patient: %s") % value_words(value.fact),
    )
