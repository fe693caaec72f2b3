"""A course laid on days counted from the infusion."""

from riskfactors.domain.timeline.building import MARKED, build, cut_off_of, worst
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
    Visit,
)

__all__ = [
    "MARKED",
    "CutOff",
    "Expected",
    "Happening",
    "Lane",
    "Marker",
    "Point",
    "Span",
    "Timeline",
    "Track",
    "Visit",
    "build",
    "cut_off_of",
    "worst",
]
