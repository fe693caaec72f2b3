"""The worst toxicity of the treatment itself: not of what came before it or after a relapse."""

from math import inf

from msgspec import Struct

from riskfactors.domain.timeline.laid import Lane, Timeline


class Worst(Struct, frozen=True):
    """The highest grade, and whether it also occurred without one that is recorded."""

    grade: int | None
    also_ungraded: bool


def worst(timeline: Timeline, variable: str, event: str) -> Worst:
    """The worst of a toxicity from the infusion until a salvage treatment starts."""
    if not timeline.from_infusion:
        return Worst(None, False)
    salvage = [span.start for span in timeline.spans if span.lane is Lane.SALVAGE]
    until = min((start for start in salvage if start >= 0), default=inf)
    events = [
        h.event
        for h in timeline.happenings
        if h.event is not None and h.event.kind == event and 0 <= h.day < until
    ]
    grades = [e.grade for e in events if e.grade is not None]
    grades += [
        int(marker.observation.number)
        for marker in timeline.markers
        if marker.variable == variable and marker.observation and 0 <= marker.day < until
    ]
    return Worst(max(grades, default=None), any(e.grade is None for e in events))
