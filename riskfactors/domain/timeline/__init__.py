"""A course laid on days counted from the infusion."""

from riskfactors.domain.timeline.building import (
    MARKED,
    NOT_EVALUABLE,
    build,
    cut_off_of,
    multiple_of_limit,
)
from riskfactors.domain.timeline.confounding import MOVED_BY, confounders
from riskfactors.domain.timeline.laid import (
    CutOff,
    Expected,
    Happening,
    Lane,
    Marker,
    Point,
    Span,
    Timeline,
    Track,
    VisitMark,
)
from riskfactors.domain.timeline.toxicity import Worst, worst

__all__ = [
    "MARKED",
    "MOVED_BY",
    "NOT_EVALUABLE",
    "CutOff",
    "Expected",
    "Happening",
    "Lane",
    "Marker",
    "Point",
    "Span",
    "Timeline",
    "Track",
    "VisitMark",
    "Worst",
    "build",
    "confounders",
    "cut_off_of",
    "multiple_of_limit",
    "worst",
]
