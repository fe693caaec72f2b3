"""What is told of a finding whatever its values are: verdict, figures, rule and whose results."""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct
from msgspec.structs import replace

from riskfactors.beside.citations import Link
from riskfactors.beside.evidence import evidence_of, rule_of
from riskfactors.beside.figures import Study, studies
from riskfactors.domain.agenda import Finding
from riskfactors.domain.evidence import Factor
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Direction, Phrase, Verdict
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, say, verdict_name
from riskfactors.words.library import VERDICT_MEANINGS, side_name, side_of
from riskfactors.words.translating import gettext as _


class Said(Struct, frozen=True):
    """A verdict in the words that are never replaced by others.

    `side` and its `association` are set where the verdict lies on one; `kind` is said of it where
    it lies on none.
    """

    verdict: str
    side: Direction | None = None
    association: str = ""
    kind: str = ""


class Figures(Struct, frozen=True):
    """Why nothing is decided, and what was published, with the words that mark a group and what is
    in doubt."""

    reason: str
    studies: tuple[Study, ...]
    own_group: str
    discrepancy: str
    doubt: str


class Grounds(Struct, frozen=True, kw_only=True):
    """The rule, how the verdict follows, and whose results the figures are: here, or on another
    card."""

    factor: str
    title: str
    rule_title: str
    rule: SafeString
    how_title: str
    how: str
    evidence: SafeString | None
    elsewhere: Link | None


class Told(Struct, frozen=True, kw_only=True):
    """What is told of every patient in whom a factor stands like this, as markup already: its name
    and verdict, with its side and without it, and what was published."""

    said: Said
    opening: SafeString
    without_side: SafeString
    figures: SafeString
    grounds: SafeString


@lru_cache(maxsize=4096)
def told(finding: Finding, score: str, elsewhere: Milestone | None, _language: str) -> Told:
    """The words of a finding, whatever its values are, and wherever its results stand."""
    factor = catalogue().by_key[finding.factor]
    said = _said(factor, finding, score)
    return Told(
        said=said,
        opening=_opening(factor, said),
        without_side=_opening(factor, replace(said, side=None)),
        figures=rendered("patients/timeline/figures.jinja", of=_figures(finding)),
        grounds=rendered("patients/timeline/grounds.jinja", of=_grounds(finding, elsewhere)),
    )


def _opening(factor: Factor, said: Said) -> SafeString:
    association = _("Published association:")
    return rendered(
        "patients/timeline/opening.jinja",
        name=_(factor.name),
        said=said,
        association=association,
    )


def _figures(finding: Finding) -> Figures:
    own = finding.stratum or finding.verdict.value
    published = studies(finding.factor, own)
    return Figures(
        _own_reason(finding), published, _("group of this case"), _("discrepancy"), _("doubt")
    )


def _grounds(finding: Finding, elsewhere: Milestone | None) -> Grounds:
    key, evidence, link = finding.factor, None, None
    if elsewhere is None:
        evidence = evidence_of(key)
    else:
        there = _("Cohorts, doubts and references: on the card of %s")
        link = Link(there % milestone_name(elsewhere), f"#evidence-{key}")
    return Grounds(
        factor=key,
        title=_("Rule, cohorts and doubts"),
        rule_title=_("Rule."),
        rule=rule_of(key),
        how_title=_("How this follows."),
        how=" ".join(_how(finding)),
        evidence=evidence,
        elsewhere=link,
    )


def _said(factor: Factor, finding: Finding, score: str) -> Said:
    """Only what is met, or a group, has the look of its side. A criterion that is not met, a value
    and a group whose figure lies between others lie on none: the figures say it."""
    said, side = verdict_name(finding.verdict), side_of(factor)
    match finding.verdict:
        case Verdict.STRATUM:
            group = factor.strata[str(finding.stratum)]
            said = _("%(verdict)s: %(name)s") % {"verdict": said, "name": _(group.name)}
            if group.direction is Direction.MIXED:
                return Said(said)
            return Said(said, group.direction, side_name(group.direction, of_group=True))
        case Verdict.MET if finding.direction is Direction.MIXED:
            return Said(said, kind=side)
        case Verdict.MET:
            return Said(said, finding.direction, side)
        case Verdict.NOT_MET:
            return Said(said, kind=_("Published association where it is met: %s") % side.lower())
        case Verdict.GRADED:
            return Said(f"{said} {score}".rstrip(), kind=_("No cut-off published"))
        case _:
            return Said(said)


def _own_reason(finding: Finding) -> str:
    """Why nothing is decided, or was studied, unless the names of what is missing say it."""
    if finding.verdict not in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE) or finding.reason is None:
        return ""
    return "" if finding.reason.key == "not_recorded" else reason(finding.reason)


def _how(finding: Finding) -> Iterator[str]:
    """Why the verdict is what it is."""
    yield _(VERDICT_MEANINGS[finding.verdict])
    if finding.reason is not None and finding.verdict is Verdict.NOT_MET:
        yield reason(finding.reason)


@lru_cache(maxsize=4096)
def _reason(phrase: Phrase, _language: str) -> str:
    return say(phrase)


def reason(phrase: Phrase) -> str:
    """A reason in words, remembered."""
    return _reason(phrase, get_language())
