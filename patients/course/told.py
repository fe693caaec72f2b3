"""What is told of a finding whatever its values are: its verdict, its side, and why."""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.agenda import Finding
from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Direction, Phrase, Verdict
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words import say, verdict_name
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


class Told(Struct, frozen=True, kw_only=True):
    """What is told of every patient in whom a factor stands like this: its name and verdict as
    markup already, with its side and without it, why nothing is decided, and how it follows."""

    said: Said
    opening: SafeString
    without_side: SafeString
    reason: str
    how: str


@lru_cache(maxsize=4096)
def told(finding: Finding, score: str, _language: str) -> Told:
    """The words of a finding, whatever its values are."""
    factor = catalogue().by_key[finding.factor]
    said = _said(factor, finding, score)
    return Told(
        said=said,
        opening=_opening(factor, said),
        without_side=_opening(factor, replace(said, side=None)),
        reason=_own_reason(finding),
        how=" ".join(_how(finding)),
    )


def _opening(factor: Factor, said: Said) -> SafeString:
    association = _("Published association:")
    return rendered(
        "patients/course/opening.jinja",
        name=_(factor.name),
        said=said,
        association=association,
    )


def _said(factor: Factor, finding: Finding, score: str) -> Said:
    """Only what is met, or a group, has the look of its side. A criterion that is not met, a value
    and a group whose figure lies between others lie on none: the figures say it."""
    said, side = verdict_name(finding.verdict), side_of(factor)
    match finding.verdict:
        case Verdict.STRATUM:
            group = factor.strata[str(finding.stratum)]
            said = _("%(verdict)s: %(name)s") % {"verdict": said, "name": _(group.name)}
            if finding.direction is Direction.MIXED:
                return Said(said)
            return Said(said, finding.direction, side_name(finding.direction, of_group=True))
        case Verdict.MET | Verdict.NOT_MET if finding.direction is Direction.MIXED:
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
