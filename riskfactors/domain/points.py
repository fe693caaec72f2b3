"""What each input of a score gives: its points by the patient's value, with the rule in words."""

from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeAlias

from msgspec import Struct

from riskfactors.domain.remembered import Remembered
from riskfactors.domain.snapshot import View
from riskfactors.domain.variables import EXACT, Amount, Number
from riskfactors.domain.vocabulary import Phrase


class Component(Struct, frozen=True, gc=False):
    """One input of a score: the patient's value in the unit of the dictionary, which is that of
    the rule, the points it gives, and the rule in words."""

    name: str
    value: Amount | None
    points_low: int | None
    points_high: int | None
    rule: Phrase

    @property
    def missing(self) -> str | None:
        """The input that is not recorded, if any."""
        if self.value is None:
            return self.name
        return None if self.points_low == self.points_high else f"{self.name}.upper_limit"


Input: TypeAlias = Callable[[View], Component]
"""Reads one input at the view's own milestone and gives its component."""


def _measured(name: str, rule: str, most: int, points: Callable[[Any], int]) -> Input:
    """The points that a quantity gives."""
    component, not_recorded = _components(name, Phrase(rule), most, points)

    def read(view: View) -> Component:
        observation = view.own.get(name)
        return not_recorded if observation is None else component(observation.value)

    return read


def _stated(name: str, rule: str, points: Callable[[Any], int]) -> Input:
    """The point that a count or a code gives: of these there are so few that all are kept."""
    component, not_recorded = _components(name, Phrase(rule), 1, points)
    known = Remembered(component)

    def read(view: View) -> Component:
        observation = view.own.get(name)
        return not_recorded if observation is None else known[observation.value]

    return read


def _age(rule: str, *over: int) -> Input:
    """A point for each age that is exceeded."""
    component, _ = _components("age", Phrase(rule), len(over), lambda age: bisect_left(over, age))
    known = Remembered(component)
    return lambda view: known[view.years]


def _components(
    name: str, rule: Phrase, most: int, points: Callable[[Any], int]
) -> tuple[Callable[[Amount], Component], Component]:
    """The component of a value, and that of none."""

    def component(value: Amount) -> Component:
        given = int(points(value))
        return Component(name, value, given, given, rule)

    return component, Component(name, None, 0, most, rule)


def _ldh(rule: str, *over: int) -> Input:
    """A point for each multiple of its upper limit of normal that the value exceeds."""
    phrase = Phrase(rule)
    not_recorded = Component("ldh", None, 0, len(over), phrase)

    def component(view: View) -> Component:
        observation = view.own.get("ldh")
        if observation is None:
            return not_recorded
        value, limit = observation.number, observation.upper_limit
        if limit is None:
            return Component("ldh", value, 0, len(over), phrase)
        given = 0
        for times in over:
            given += value > EXACT.multiply(limit, times)
        return Component("ldh", value, given, given, phrase)

    return component


def _platelet_points(platelets: Number) -> int:
    return 2 if platelets < 75 else int(platelets <= 175)


def _ferritin_points(ferritin: Number) -> int:
    return 2 if ferritin > 2000 else int(ferritin >= 650)


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
    _measured("neutrophils", "points_neutrophils", 1, lambda count: count < Decimal("1.2")),
    _measured("hemoglobin", "points_hemoglobin", 1, lambda hemoglobin: hemoglobin < 9),
    _measured("crp", "points_crp", 1, lambda crp: crp >= 30),
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
CIRS_COMPONENTS: Final[dict[str, dict[Amount | None, Component]]] = {
    system: {
        None: Component(system, None, 0, CIRS_WORST_GRADE, CIRS_RULE),
        **{g: Component(system, g, g, g, CIRS_RULE) for g in range(CIRS_WORST_GRADE + 1)},
    }
    for system in CIRS_SYSTEMS
}
"""The component of each system by its grade; None: not recorded."""
