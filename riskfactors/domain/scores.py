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
    CIRS_COMPONENTS,
    CIRS_SYSTEMS,
    ECOG,
    EXTRANODAL,
    LDH,
    MAJOR,
    NCCN_AGE,
    NCCN_LDH,
    STAGE,
    Component,
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
        elif name is ScoreName.CIRS_TOTAL:
            view.worked_out[name] = _cirs_total(view)
        else:
            view.worked_out[name] = _total(name, *[read(view) for read in CAR_HEMATOTOX])
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


def _cirs_total(view: View) -> Score:
    latest = view.latest
    if latest.keys().isdisjoint(CIRS_SYSTEMS):
        return CIRS_NOT_RECORDED
    return _total(
        ScoreName.CIRS_TOTAL,
        *[
            components[None if (grade := latest.get(system)) is None else grade.value]
            for system, components in CIRS_COMPONENTS.items()
        ],
    )


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


def _total(name: ScoreName, *components: Component) -> Score:
    low = high = 0
    missing: list[str] = []
    for component in components:
        fewest, most = component.points_low or 0, component.points_high or 0
        low += fewest
        high += most
        if fewest != most:
            missing.append(component.missing or component.name)
    missing.sort()
    return Score(name, low, high, components, tuple(missing), _group(name, low, high))


@cache
def _group(name: ScoreName, low: Number, high: Number) -> str | None:
    for highest, group in GROUPS.get(name, ()):
        if low <= highest:
            return group if high <= highest else None
    return None


CIRS_NOT_RECORDED: Final = _total(
    ScoreName.CIRS_TOTAL, *[components[None] for components in CIRS_COMPONENTS.values()]
)


def _easix(name: ScoreName, view: View) -> Score:
    """LDH (U/L), alone or times creatinine or CRP (mg/dL), over platelets (10*9/L)."""
    rule, own = EASIX_RULES[name], view.own
    found = [(variable, own.get(variable)) for variable in EASIX_INPUTS[name]]
    components = tuple(
        [Component(variable, o.value if o else None, None, None, rule) for variable, o in found]
    )
    missing = tuple(sorted([variable for variable, o in found if o is None]))
    numbers = [o.number for _, o in found if o is not None]
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
