"""The named indices as intervals: from the lowest to the highest value that missing inputs allow.

Definitions: IPI and age-adjusted IPI (N Engl J Med 1993;329:987), R-IPI (Blood 2007;109:1857),
NCCN-IPI (Blood 2014;123:837), CIRS (14 systems graded 0-4), CAR-HEMATOTOX, EASIX and variants.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.points import (
    AGE,
    CAR_HEMATOTOX,
    CIRS,
    CIRS_SYSTEMS,
    CIRS_WORST_GRADE,
    ECOG,
    EXTRANODAL,
    LDH,
    MAJOR,
    NCCN_AGE,
    NCCN_LDH,
    STAGE,
    Component,
    Input,
    Reader,
)
from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import EXACT, Number
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

MOST_POINTS: Final[dict[ScoreName, int]] = {
    **{name: groups[-1][0] for name, groups in GROUPS.items()},
    ScoreName.CIRS_TOTAL: CIRS_WORST_GRADE * len(CIRS_SYSTEMS),
}
"""The highest value that a score of points can have."""

ADDED_UP: Final[dict[ScoreName, tuple[Reader, ...]]] = {
    ScoreName.CIRS_TOTAL: CIRS,
    ScoreName.CAR_HEMATOTOX: CAR_HEMATOTOX,
}
"""The inputs whose points are added up; the indices share theirs."""

EASIX_INPUTS: Final[dict[ScoreName, tuple[str, ...]]] = {
    ScoreName.EASIX: ("ldh", "creatinine", "platelets"),
    ScoreName.M_EASIX: ("ldh", "crp", "platelets"),
    ScoreName.S_EASIX: ("ldh", "platelets"),
}
"""What is multiplied, and last what the product is divided by."""
EASIX_RULES: Final = {name: Phrase(f"{name}_formula") for name in EASIX_INPUTS}
MG_PER_DL: Final = Decimal("0.1")
"""CRP is read in mg/L; the m-EASIX takes mg/dL."""
FOUR_DECIMALS: Final = Decimal("0.0001")

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
        if name in INDICES:
            view.worked_out.update(_indices(view))
        elif name in EASIX_INPUTS:
            view.worked_out[name] = _easix(name, view)
        else:
            view.worked_out[name] = _total(name, *[read(view) for read in ADDED_UP[name]])
        known = view.worked_out[name]
    return known


def _indices(view: View) -> dict[object, Score]:
    """The four indices, which share their inputs; the R-IPI is the IPI, grouped anew."""
    ldh, ecog, stage = LDH(view), ECOG(view), STAGE(view)
    ipi = _total(ScoreName.IPI, AGE(view), ldh, ecog, stage, EXTRANODAL(view))
    nccn = NCCN_AGE(view), NCCN_LDH(view), ecog, stage, MAJOR(view)
    group = _group(ScoreName.R_IPI, ipi.low, ipi.high)
    return {
        ScoreName.IPI: ipi,
        ScoreName.R_IPI: replace(ipi, score=ScoreName.R_IPI, group=group),
        ScoreName.AAIPI: _total(ScoreName.AAIPI, ldh, ecog, stage),
        ScoreName.NCCN_IPI: _total(ScoreName.NCCN_IPI, *nccn),
    }


def facts_of(score: Score, view: View) -> tuple[Fact, ...]:
    """The recorded values that a score was computed from."""
    values = view.latest if score.score is ScoreName.CIRS_TOTAL else view.at[view.milestone]
    facts: list[Fact] = []
    for component in score.components:
        if component.name == "age":
            facts.append(view.age)
        elif (observation := values.get(component.name)) is not None:
            facts.extend(observation.grounds)
    return tuple(facts)


def _total(name: ScoreName, *inputs: Input) -> Score:
    low = high = 0
    components, missing = [], []
    for component, lacking in inputs:
        low += component.points_low or 0
        high += component.points_high or 0
        components.append(component)
        if lacking is not None:
            missing.append(lacking)
    missing.sort()
    return Score(name, low, high, tuple(components), tuple(missing), _group(name, low, high))


@cache
def _group(name: ScoreName, low: Number, high: Number) -> str | None:
    for highest, group in GROUPS.get(name, ()):
        if low <= highest:
            return group if high <= highest else None
    return None


def _easix(name: ScoreName, view: View) -> Score:
    """LDH (U/L), alone or times creatinine or CRP (mg/dL), over platelets (10*9/L).

    It needs each value itself: one that is only known to lie beyond a limit is missing.
    """
    rule, own = EASIX_RULES[name], view.own
    components, missing, numbers = [], [], []
    for variable in EASIX_INPUTS[name]:
        observation = own.get(variable)
        if observation is None:
            components.append(Component(variable, None, None, None, rule))
        else:
            value, sign = observation.value, observation.comparator
            components.append(Component(variable, value, None, None, rule, sign))
        if observation is None or observation.comparator is not None:
            missing.append(variable)
        else:
            numbers.append(observation.number)
    ratio = None if missing or numbers[-1] == 0 else _ratio(name, *numbers)
    return Score(name, ratio, ratio, tuple(components), tuple(sorted(missing)))


def _ratio(name: ScoreName, *numbers: Number) -> Decimal | None:
    """The product of the first numbers over the last, which is not 0."""
    *numerator, platelets = numbers
    product = Decimal(1)
    for number in numerator:
        product = EXACT.multiply(product, number)
    if name is ScoreName.M_EASIX:
        product = EXACT.multiply(product, MG_PER_DL)
    try:
        ratio = EXACT.divide(product, platelets)
        return ratio.quantize(FOUR_DECIMALS, rounding=ROUND_HALF_UP, context=EXACT)
    except InvalidOperation:  # a count like 1e-600 is possible, and its ratio beyond any number
        return None
