"""Random cases that are valid: courses with gaps, absences, several units and late results."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from riskfactors.domain.timepoints import MILESTONES
from riskfactors.domain.variables import Variable, VariableType
from riskfactors.published import catalogue
from tests.domain.cases import Json

FIRST_DAY = date(2024, 1, 1)
COMPARATORS = ("<", "<=", ">", ">=")
NUMBERS: dict[str, list[Any]] = {
    "ldh": [100, 240, 250, 251, 750.1, {"value": 250, "upper_limit": 250}]
    + [{"value": value, "upper_limit": 250} for value in (100, 249.9, 250.1, 750, 750.1)]
    + [{"value": 4.2, "unit": "ukat/L", "upper_limit": 4.1}]
    + [{"value": 250, "upper_limit": 250, "comparator": sign} for sign in COMPARATORS],
    "crp": [0, 29.9, 30, 30.1, {"value": 2.9, "unit": "mg/dL"}, {"value": 3.0, "unit": "mg/dL"}]
    + [{"value": 30, "comparator": sign} for sign in COMPARATORS],
    "mtv": [0, 24.9, 25, 80, 80.1, 147.5, {"value": 147.6, "unit": "cm3"}, 900]
    + [{"value": 80, "comparator": sign} for sign in COMPARATORS],
    "suvmax": [0, 9.9, 10, 10.0, 10.1, 25]
    + [{"value": 10, "comparator": sign} for sign in COMPARATORS],
    "platelets": [0, 7, 74.9, 75, 175, {"value": 176000, "unit": "/uL"}]
    + [{"value": 75, "comparator": sign} for sign in COMPARATORS],
    "neutrophils": [0, 1.19, 1.2, {"value": 1200, "unit": "/uL"}],
    "hemoglobin": [8.9, 9.0, {"value": 89.9, "unit": "g/L"}],
    "ferritin": [649.9, 650, 2000, 2000.1, {"value": 1500, "unit": "pmol/L"}]
    + [{"value": 2000, "comparator": sign} for sign in COMPARATORS],
    "creatinine": [0.3, 1, {"value": 90, "unit": "umol/L"}],
    "il6": [0, 12.5],
    "ferritin_peak": [5, 20000],
    "car_t_peak": [0, 40.5],
    "car_t_auc_28": [0, 400],
    "product_cd8_naive_percent": [0, 12.5],
    "product_cd8_tcm_percent": [100],
    "prior_lines": [0, 1, 2, 2.0, 3],
    "extranodal_sites": [0, 1, 2, 3],
}
"""Values on both sides of each cut-off; other variables take any value of theirs, and other
quantities either end of theirs."""


def _values(variable: Variable) -> st.SearchStrategy[Any]:
    if variable.name in NUMBERS:
        return st.sampled_from(NUMBERS[variable.name])
    match variable.type:
        case VariableType.CODE:
            return st.sampled_from(list(variable.codes))
        case VariableType.COUNT:
            return st.integers(int(variable.range.low), int(variable.range.high))
        case VariableType.QUANTITY:
            possible = variable.impossible_outside
            return st.sampled_from([float(possible.low), float(possible.high)])


OBSERVATIONS = {v.name: _values(v) for v in catalogue().dictionary.variable}
VARIABLES = list(OBSERVATIONS)
DAYS = st.integers(0, 250)


def day(number: int) -> str:
    return (FIRST_DAY + timedelta(days=number)).isoformat()


@st.composite
def observations(draw: st.DrawFn, visit: int) -> Json:
    chosen = draw(st.lists(st.sampled_from(VARIABLES), max_size=14, unique=True))
    return {name: draw(_observation(OBSERVATIONS[name], visit)) for name in chosen}


@st.composite
def _observation(draw: st.DrawFn, values: st.SearchStrategy[Any], visit: int) -> Any:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return {"absent": draw(st.sampled_from(["temp-unknown", "not-performed"]))}
    value = draw(values)
    if kind > 1:
        return value
    fields = value if isinstance(value, dict) else {"value": value}
    return fields | {"observed_on": day(visit - draw(st.integers(0, 30))), "note": "of the past"}


ROLES = ("line", "line", "bridging", "lymphodepletion", "salvage", "other")


@st.composite
def treatments(draw: st.DrawFn) -> Json:
    role = draw(st.sampled_from(ROLES))
    start = draw(st.integers(-60, 250))
    fields: Json = {"role": role, "start": day(start)}
    if role == "bridging":
        modalities = ["systemic", "radiotherapy", "combined", "steroids"]
        fields["modality"] = draw(st.sampled_from(modalities))
    if role == "salvage":
        fields["class"] = draw(st.sampled_from(["pola_br", "lenalidomide", "bispecific", "other"]))
    if role == "other" and draw(st.booleans()):
        fields["class"] = draw(st.sampled_from(["autologous", "radiotherapy", "other"]))
    for name in ("end", "response_on"):
        if draw(st.booleans()):
            fields[name] = day(start + draw(st.integers(0, 60)))
    if draw(st.booleans()):
        fields["best_response"] = draw(st.sampled_from(["CR", "PR", "SD", "PD"]))
    return fields


@st.composite
def events(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from(["crs", "crs", "icans", "tocilizumab", "infection"]))
    begun = draw(DAYS)
    fields: Json = {"kind": kind, "date": day(begun)}
    if kind in ("crs", "icans") and draw(st.booleans()):
        fields["grade"] = draw(st.integers(1, 5))
    if draw(st.booleans()):
        fields["end"] = day(begun + draw(st.integers(0, 20)))
    return fields


DEATHS = st.lists(st.just({"kind": "death", "date": day(900)}), max_size=1)
"""After everything else, since nothing may be dated later."""


@st.composite
def cases(draw: st.DrawFn) -> Json:
    """A valid case document."""
    reached = draw(st.lists(st.sampled_from(MILESTONES), min_size=1, max_size=11, unique=True))
    number = 0
    days: dict[str, int] = {}
    for milestone in MILESTONES[:-1]:
        if milestone in reached:
            number += draw(st.sampled_from([0, 1, 5, 28, 35, 60]))
            days[milestone] = number
    if "relapse" in reached:
        earliest = days.get("infusion", 0)
        days["relapse"] = earliest + draw(st.sampled_from([0, 5, 29, 30, 33, 90, 200]))
    visits = [
        *days.items(),
        *[("interim", n) for n in draw(st.lists(DAYS, max_size=3, unique=True))],
    ]
    return {
        "schema": draw(st.sampled_from(["cartapp-case/1", "cartapp-case/2"])),
        "case_id": "random",
        "birth_date": draw(
            st.sampled_from(["1944-02-29", "1959-01-15", "1963-03-01", "1984-01-01"])
        ),
        "sex": "unknown",
        "assessments": [
            {"milestone": name, "date": day(n), "observations": draw(observations(n))}
            for name, n in visits
        ],
        "treatments": draw(st.lists(treatments(), max_size=5)),
        "events": draw(st.lists(events(), max_size=3)) + draw(DEATHS),
    }
