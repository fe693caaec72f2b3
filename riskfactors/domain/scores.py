"""The named indices as intervals: from the lowest to the highest value that missing inputs allow.

Definitions: IPI and age-adjusted IPI (N Engl J Med 1993;329:987), R-IPI (Blood 2007;109:1857),
NCCN-IPI (Blood 2014;123:837), CIRS (14 systems graded 0-4), CAR-HEMATOTOX, EASIX and variants.
"""

from bisect import bisect_left
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.snapshot import Fact, Observation, View, worked_out_once
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import EXACT, Amount, Number
from riskfactors.domain.vocabulary import Phrase, Word


class ScoreName(Word):
    IPI = "ipi"
    R_IPI = "r_ipi"
    AAIPI = "aaipi"
    NCCN_IPI = "nccn_ipi"
    CIRS_TOTAL = "cirs_total"
    CAR_HEMATOTOX = "car_hematotox"
    EASIX = "easix"
    M_EASIX = "m_easix"
    S_EASIX = "s_easix"


class Scoring(Struct, frozen=True, cache_hash=True):
    """The points that an input gives, and the rule in words: the same for many patients.

    `missing` names what is not recorded, if anything that could still matter.
    """

    name: str
    points_low: int | None
    points_high: int | None
    rule: Phrase
    missing: str | None = None


class Component(Struct, frozen=True, gc=False):
    """One input of a score: how it is scored, and the patient's value in the unit of the
    dictionary, which is that of the rule."""

    scoring: Scoring
    value: Amount | None

    @property
    def name(self) -> str:
        """The variable, or age."""
        return self.scoring.name

    @property
    def points_low(self) -> int | None:
        """The fewest points it can give; None where the score is no sum."""
        return self.scoring.points_low

    @property
    def points_high(self) -> int | None:
        """The most points it can give."""
        return self.scoring.points_high

    @property
    def rule(self) -> Phrase:
        """The rule in words."""
        return self.scoring.rule


class Score(Struct, frozen=True, gc=False):
    """A score as an interval; both ends None where nothing can be computed.

    `group` is given where both ends fall into it.
    """

    score: ScoreName
    low: int | Decimal | None
    high: int | Decimal | None
    components: tuple[Component, ...]
    missing: tuple[str, ...]
    group: str | None = None


CIRS_WORST_GRADE: Final = 4

Input: TypeAlias = Callable[[View], Component]
"""Reads one input, most at the view's own milestone, and gives its component."""


def _scorings(name: str, rule: str, most: int) -> tuple[Component, tuple[Scoring, ...]]:
    """The component without a value, and the scoring for each number of points."""
    phrase = Phrase(rule)
    not_recorded = Component(Scoring(name, 0, most, phrase, name), None)
    return not_recorded, tuple(Scoring(name, n, n, phrase) for n in range(most + 1))


def _input(name: str, rule: str, most: int, points: Callable[[Observation], int]) -> Input:
    not_recorded, scorings = _scorings(name, rule, most)

    def component(view: View) -> Component:
        observation = view.own.get(name)
        if observation is None:
            return not_recorded
        return Component(scorings[points(observation)], observation.value)

    return component


def _grade(name: str) -> Input:
    """As many points as the latest grade."""
    not_recorded, scorings = _scorings(name, "points_cirs_grade", CIRS_WORST_GRADE)
    components = [Component(scoring, scoring.points_low) for scoring in scorings]

    def component(view: View) -> Component:
        observation = view.latest.get(name)
        return not_recorded if observation is None else components[int(observation.value)]

    return component


def _age(rule: str, *over: int) -> Input:
    """A point for each age that is exceeded."""
    _, scorings = _scorings("age", rule, len(over))
    return lambda view: Component(scorings[bisect_left(over, view.years)], view.years)


def _ldh(rule: str, *over: int) -> Input:
    """A point for each multiple of its upper limit of normal that the value exceeds."""
    not_recorded, scorings = _scorings("ldh", rule, len(over))
    unlimited = replace(not_recorded.scoring, missing="ldh.upper_limit")
    multiples = tuple(map(Decimal, over))

    def component(view: View) -> Component:
        observation = view.own.get("ldh")
        if observation is None:
            return not_recorded
        value, limit = observation.number, observation.upper_limit
        if limit is None:
            return Component(unlimited, value)
        exceeded = sum(value > EXACT.multiply(limit, times) for times in multiples)
        return Component(scorings[exceeded], value)

    return component


def _platelet_points(platelets: Number) -> int:
    return 2 if platelets < 75 else int(platelets <= 175)


def _ferritin_points(ferritin: Number) -> int:
    return 2 if ferritin > 2000 else int(ferritin >= 650)


AGE: Final = _age("points_age_over_60", 60)
LDH: Final = worked_out_once(_ldh("points_ldh_above_limit", 1))
ECOG: Final = _input("ecog", "points_ecog_2", 1, lambda o: o.number >= 2)
STAGE: Final = _input("stage", "points_stage_3", 1, lambda o: o.number >= 3)
EXTRANODAL: Final = _input("extranodal_sites", "points_extranodal_2", 1, lambda o: o.number > 1)
MAJOR: Final = _input("major_extranodal", "points_major_extranodal", 1, lambda o: o.value == "yes")

CIRS_SYSTEMS: Final = tuple(
    f"cirs_{system}"
    for system in (
        *("cardiac", "hypertension", "vascular", "respiratory", "eent", "upper_gi", "lower_gi"),
        *("hepatic", "renal", "genitourinary", "musculoskeletal", "neurological", "endocrine"),
        "psychiatric",
    )
)

_IPI: Final = (AGE, LDH, ECOG, STAGE, EXTRANODAL)
INPUTS: Final[dict[ScoreName, tuple[Input, ...]]] = {
    ScoreName.IPI: _IPI,
    ScoreName.R_IPI: _IPI,
    ScoreName.AAIPI: (LDH, ECOG, STAGE),
    ScoreName.NCCN_IPI: (
        *(_age("points_nccn_age", 40, 60, 75), _ldh("points_nccn_ldh", 1, 3), ECOG, STAGE, MAJOR),
    ),
    ScoreName.CIRS_TOTAL: tuple(map(_grade, CIRS_SYSTEMS)),
    ScoreName.CAR_HEMATOTOX: (
        _input("platelets", "points_platelets", 2, lambda o: _platelet_points(o.number)),
        _input("neutrophils", "points_neutrophils", 1, lambda o: o.number < Decimal("1.2")),
        _input("hemoglobin", "points_hemoglobin", 1, lambda o: o.number < 9),
        _input("crp", "points_crp", 1, lambda o: o.number >= 30),
        _input("ferritin", "points_ferritin", 2, lambda o: _ferritin_points(o.number)),
    ),
}

GROUPS: Final[dict[ScoreName, tuple[tuple[int, str], ...]]] = {
    ScoreName.IPI: ((1, "low"), (2, "low-intermediate"), (3, "high-intermediate"), (5, "high")),
    ScoreName.R_IPI: ((0, "very good"), (2, "good"), (5, "poor")),
    ScoreName.AAIPI: ((0, "low"), (1, "low-intermediate"), (2, "high-intermediate"), (3, "high")),
    ScoreName.NCCN_IPI: (
        *((1, "low"), (3, "low-intermediate"), (5, "high-intermediate"), (8, "high")),
    ),
    ScoreName.CAR_HEMATOTOX: ((1, "low"), (7, "high")),
}
"""The highest value of each group, in rising order."""

EASIX_INPUTS: Final[dict[ScoreName, tuple[Scoring, ...]]] = {
    name: tuple(Scoring(variable, None, None, Phrase(f"{name}_formula")) for variable in variables)
    for name, variables in {
        ScoreName.EASIX: ("ldh", "creatinine", "platelets"),
        ScoreName.M_EASIX: ("ldh", "crp", "platelets"),
        ScoreName.S_EASIX: ("ldh", "platelets"),
    }.items()
}
"""The last is the denominator."""
MG_PER_DL: Final = Decimal("0.1")
"""CRP is read in mg/L; the m-EASIX takes mg/dL."""
FOUR_DECIMALS: Final = Decimal("0.0001")

CIRS_TOTAL: Final = ScoreName.CIRS_TOTAL

INDICES: Final = (ScoreName.IPI, ScoreName.R_IPI, ScoreName.AAIPI, ScoreName.NCCN_IPI)

SCORES_AT: Final[dict[Milestone, tuple[ScoreName, ...]]] = {
    Milestone.ELECTION: (*INDICES, ScoreName.CIRS_TOTAL),
    Milestone.APHERESIS: (*INDICES, ScoreName.CIRS_TOTAL),
    Milestone.LYMPHODEPLETION: (*INDICES, ScoreName.CAR_HEMATOTOX, *EASIX_INPUTS),
}


def scores_at(view: View) -> tuple[Score, ...]:
    """The scores of a milestone."""
    return tuple([score(name, view) for name in SCORES_AT.get(view.milestone, ())])


def score(name: ScoreName, view: View) -> Score:
    """One score: from the milestone's own values; the CIRS total from the latest ones."""
    known: Score | None = view.worked_out.get(name)
    if known is None:
        known = _easix(name, view) if name in EASIX_INPUTS else _total(name, view)
        view.worked_out[name] = known
    return known


def facts_of(score: Score, view: View) -> tuple[Fact, ...]:
    """The recorded values that a score was computed from."""
    values = view.latest if score.score is CIRS_TOTAL else view.own
    facts: list[Fact] = []
    for component in score.components:
        if component.name == "age":
            facts.append(view.age)
        elif component.name in values:
            facts += values[component.name].grounds
    return tuple(facts)


def _total(name: ScoreName, view: View) -> Score:
    components = tuple([read(view) for read in INPUTS[name]])
    scorings = tuple([component.scoring for component in components])
    low, high, missing, group = _sum(name, scorings)
    return Score(name, low, high, components, missing, group)


@lru_cache(maxsize=4096)
def _sum(
    name: ScoreName, scorings: tuple[Scoring, ...]
) -> tuple[int, int, tuple[str, ...], str | None]:
    """The sum of the points from low to high, what is missing, and the group."""
    low = sum(scoring.points_low or 0 for scoring in scorings)
    high = sum(scoring.points_high or 0 for scoring in scorings)
    missing = tuple(sorted(filter(None, (scoring.missing for scoring in scorings))))
    for highest, group in GROUPS.get(name, ()):
        if low <= highest:
            return low, high, missing, group if high <= highest else None
    return low, high, missing, None


def _easix(name: ScoreName, view: View) -> Score:
    """LDH (U/L), alone or times creatinine or CRP (mg/dL), over platelets (10*9/L)."""
    scorings, own = EASIX_INPUTS[name], view.own
    found = [own.get(scoring.name) for scoring in scorings]
    components = tuple(
        [Component(s, o.value if o else None) for s, o in zip(scorings, found, strict=True)]
    )
    missing = tuple(sorted([c.name for c in components if c.value is None]))
    numbers = [o.number for o in found if o is not None]
    if missing or numbers[-1] == 0:
        return Score(name, None, None, components, missing)
    *numerator, platelets = numbers
    product = Decimal(1)
    for number in numerator:
        product = EXACT.multiply(product, number)
    if name is ScoreName.M_EASIX:
        product = EXACT.multiply(product, MG_PER_DL)
    try:
        ratio = EXACT.divide(product, platelets)
        value = ratio.quantize(FOUR_DECIMALS, rounding=ROUND_HALF_UP, context=EXACT)
    except InvalidOperation:  # a count like 1e-600 is possible, and its ratio beyond any number
        value = None
    return Score(name, value, value, components, missing)
