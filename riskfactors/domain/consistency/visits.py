"""A visit with its place in the document, and which of its values do not go together."""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from riskfactors.domain.snapshot import Assessment
from riskfactors.domain.vocabulary import Phrase, Response

BULKY_FROM: Final = 10
"""Centimetres: no definition of bulky disease in use asks for more."""


class Concern(NamedTuple):
    """A warning: what it says, the places it speaks of, and where it stands in time."""

    phrase: Phrase
    places: tuple[str, ...]
    at: tuple[date, int]


class PlacedVisit(NamedTuple):
    """An assessment with its place in the document."""

    place: str
    assessment: Assessment

    def place_of(self, name: str) -> str:
        return f"{self.place}.observations.{name}"

    def concern(self, key: str, names: tuple[str, ...], *about: str, also: str = "") -> Concern:
        """A warning about variables of this visit, and another place."""
        milestone, day = self.assessment.milestone, self.assessment.date
        places = [*map(self.place_of, names), *([also] if also else [])]
        phrase = Phrase(key, milestone, day.isoformat(), *about)
        return Concern(phrase, tuple(places) or (f"{self.place}.date",), self.assessment.place)

    def has(self, name: str, *codes: object) -> bool:
        """Whether one of these values is recorded."""
        observation = self.assessment.observations.get(name)
        return observation is not None and observation.value in codes


def is_above(visit: PlacedVisit, name: str, number: int, *, or_equal: bool) -> bool:
    """Whether every value that is possible lies above a number."""
    observation = visit.assessment.observations.get(name)
    if observation is None:
        return False
    lowest = observation.ends[0]
    return lowest >= (number, 0) if or_equal else lowest > (number, 0)


PAIRS: Final[tuple[tuple[str, tuple[str, ...], Callable[[PlacedVisit], bool]], ...]] = (
    (
        "volume_without_method",
        ("mtv",),
        lambda v: (
            "mtv" in v.assessment.observations and "mtv_method" not in v.assessment.observations
        ),
    ),
    (
        "complete_with_uptake",
        ("response", "deauville"),
        lambda v: v.has("response", Response.CR) and v.has("deauville", 4, 5),
    ),
    (
        "complete_with_new_lesions",
        ("response", "new_lesions"),
        lambda v: v.has("response", Response.CR) and v.has("new_lesions", "yes"),
    ),
    (
        "progression_without_uptake",
        ("response", "deauville"),
        lambda v: (
            v.has("response", Response.PD)
            and v.has("deauville", 1, 2)
            and not v.has("new_lesions", "yes")
        ),
    ),
    (
        "undetectable_with_level",
        ("ctdna", "ctdna_level"),
        lambda v: v.has("ctdna", "undetectable") and is_above(v, "ctdna_level", 0, or_equal=False),
    ),
    (
        "limited_with_extranodal",
        ("stage", "extranodal_sites"),
        lambda v: v.has("stage", 1) and is_above(v, "extranodal_sites", 2, or_equal=True),
    ),
    (
        "nervous_system_without_site",
        ("cns_disease", "major_extranodal"),
        lambda v: v.has("cns_disease", "active") and v.has("major_extranodal", "no"),
    ),
    (
        "large_but_not_bulky",
        ("bulky", "longest_diameter"),
        lambda v: (
            v.has("bulky", "no") and is_above(v, "longest_diameter", BULKY_FROM, or_equal=True)
        ),
    ),
    (
        "not_large_b_cell",
        ("histology",),
        lambda v: v.has("histology", "not_large_b_cell"),
    ),
)
"""Contradictions within one visit: the key of the sentence, the variables of which the first is
recorded, when it is one."""
