"""Where in the document of a case something stands."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from riskfactors.domain.snapshot import Assessment, Event, Snapshot, Treatment


class Places(NamedTuple):
    """The position in its document of each item that a snapshot holds, in the snapshot's order."""

    assessments: Sequence[int]
    treatments: Sequence[int]
    events: Sequence[int]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Places":
        """Those of a snapshot that holds all of its document."""
        return cls(
            range(len(snapshot.assessments)),
            range(len(snapshot.treatments)),
            range(len(snapshot.events)),
        )

    @classmethod
    def as_of(cls, snapshot: Snapshot, day: date) -> "Places":
        """Those of what is dated by a day, of a snapshot that holds all of its document."""
        return cls(
            [place for place, a in enumerate(snapshot.assessments) if a.date <= day],
            [place for place, t in enumerate(snapshot.treatments) if t.start <= day],
            [place for place, e in enumerate(snapshot.events) if e.date <= day],
        )


def assessments_of(snapshot: Snapshot, places: Places) -> Iterator[tuple[str, Assessment]]:
    """The assessments with their places, as the document lists them."""
    for position, assessment in zip(places.assessments, snapshot.assessments, strict=True):
        yield f"assessments[{position}]", assessment


def treatments_of(snapshot: Snapshot, places: Places) -> Iterator[tuple[str, Treatment]]:
    """The treatments with their places, as the document lists them."""
    for position, treatment in zip(places.treatments, snapshot.treatments, strict=True):
        yield f"treatments[{position}]", treatment


def events_of(snapshot: Snapshot, places: Places) -> Iterator[tuple[str, Event]]:
    """The events with their places, as the document lists them."""
    for position, event in zip(places.events, snapshot.events, strict=True):
        yield f"events[{position}]", event
