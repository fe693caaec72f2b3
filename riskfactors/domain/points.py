"""What each input of a score gives: its points by the patient's value, with the rule in words."""

from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeAlias

from msgspec import Struct

from riskfactors.domain.snapshot import Observation, View
from riskfactors.domain.variables import EXACT, Amount, End
from riskfactors.domain.vocabulary import Comparator, Phrase


class Component(Struct, frozen=True, gc=False, omit_defaults=True):
    """One input of a score: the patient's value in the unit of the dictionary, which is that of
    the rule, the points it gives, and the rule in words.

    Of a value beyond a limit the points run from the fewest to the most that are possible.
    """

    name: str
    value: Amount | None
    points_low: int | None
    points_high: int | None
    rule: Phrase
    comparator: Comparator | None = None


Input: TypeAlias = tuple[Component, str | None]
"""A component, and what is missing where its points are not decided."""

Reader: TypeAlias = Callable[[View], Input]
"""Reads one input at the view's own milestone."""

Points: TypeAlias = Callable[[Any], int]
"""The points that a value gives; of a quantity, an end of what it may be. They only rise or only
fall with the value, so both ends tell the fewest and the most."""


def _measured(name: str, rule: str, most: int, points: Points) -> Reader:
    """The points that a quantity gives."""
    phrase = Phrase(rule)
    not_recorded = (Component(name, None, 0, most, phrase), name)

    def read(view: View) -> Input:
        observation = view.own.get(name)
        return not_recorded if observation is None else _between(observation, phrase, points)

    return read


def _between(observation: Observation, rule: Phrase, points: Points) -> Input:
    """The points of a quantity, between those of its ends."""
    fact = observation.grounds[0]
    name, sign = fact.variable, fact.comparator
    if sign is None:
        low = high = int(points((observation.value, 0)))
    else:
        low, high = sorted(int(points(end)) for end in observation.ends)
    component = Component(name, observation.value, low, high, rule, sign)
    return component, None if low == high else name


def _stated(name: str, rule: str, points: Points) -> Reader:
    """The point that a count or a code gives."""
    phrase = Phrase(rule)
    not_recorded = (Component(name, None, 0, 1, phrase), name)

    def read(view: View) -> Input:
        observation = view.own.get(name)
        if observation is None:
            return not_recorded
        given = int(points(observation.value))
        return (Component(name, observation.value, given, given, phrase), None)

    return read


def _age(rule: str, *over: int) -> Reader:
    """A point for each age that is exceeded."""
    phrase = Phrase(rule)

    def read(view: View) -> Input:
        given = bisect_left(over, view.years)
        return (Component("age", view.years, given, given, phrase), None)

    return read


def _ldh(rule: str, *over: int) -> Reader:
    """A point for each multiple of its upper limit of normal that the value exceeds."""
    phrase = Phrase(rule)
    not_recorded = (Component("ldh", None, 0, len(over), phrase), "ldh")

    def read(view: View) -> Input:
        observation = view.own.get("ldh")
        if observation is None:
            return not_recorded
        limit, sign = observation.upper_limit, observation.comparator
        if limit is None:
            component = Component("ldh", observation.value, 0, len(over), phrase, sign)
            return component, "ldh.upper_limit"
        limits = [(EXACT.multiply(limit, times), 0) for times in over]
        return _between(observation, phrase, lambda end: sum(end > above for above in limits))

    return read


def _platelet_points(platelets: End) -> int:
    return (platelets <= (175, 0)) + (platelets < (75, 0))


def _ferritin_points(ferritin: End) -> int:
    return (ferritin >= (650, 0)) + (ferritin > (2000, 0))


AGE: Final = _age("points_age_over_60", 60)
LDH: Final = _ldh("points_ldh_above_limit", 1)
ECOG: Final = _stated("ecog", "points_ecog_2", lambda ecog: ecog >= 2)
STAGE: Final = _stated("stage", "points_stage_3", lambda stage: stage >= 3)
EXTRANODAL: Final = _stated("extranodal_sites", "points_extranodal_2", lambda sites: sites > 1)
MAJOR: Final = _stated("major_extranodal", "points_major_extranodal", lambda of: of == "yes")

NCCN_AGE: Final = _age("points_nccn_age", 40, 60, 75)
NCCN_LDH: Final = _ldh("points_nccn_ldh", 1, 3)

CAR_HEMATOTOX: Final = (
    _measured("platelets", "points_platelets", 2, _platelet_points),
    _measured("neutrophils", "points_neutrophils", 1, lambda count: count < (Decimal("1.2"), 0)),
    _measured("hemoglobin", "points_hemoglobin", 1, lambda hemoglobin: hemoglobin < (9, 0)),
    _measured("crp", "points_crp", 1, lambda crp: crp >= (30, 0)),
    _measured("ferritin", "points_ferritin", 2, _ferritin_points),
)

CIRS_SYSTEMS: Final = tuple(
    f"cirs_{system}"
    for system in (
        *("cardiac", "hypertension", "vascular", "respiratory", "eent", "upper_gi", "lower_gi"),
        *("hepatic", "renal", "genitourinary", "musculoskeletal", "neurological", "endocrine"),
        "psychiatric",
    )
)
CIRS_WORST_GRADE: Final = 4
CIRS_RULE: Final = Phrase("points_cirs_grade")


def _cirs_grade(system: str) -> Reader:
    """The latest grade of a system, which is its points."""
    not_recorded = Component(system, None, 0, CIRS_WORST_GRADE, CIRS_RULE), system

    def read(view: View) -> Input:
        observation = view.latest.get(system)
        if observation is None:
            return not_recorded
        grade = int(observation.number)
        return Component(system, grade, grade, grade, CIRS_RULE), None

    return read


CIRS: Final = tuple(map(_cirs_grade, CIRS_SYSTEMS))
