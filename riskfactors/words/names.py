"""The names of variables, codes, units, milestones, outcomes and verdicts."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_noop as _

from riskfactors.domain.vocabulary import (
    Direction,
    Kind,
    Measure,
    OtherClass,
    Role,
    SalvageClass,
    Setting,
    Sex,
    TreatmentClass,
    Verdict,
)
from riskfactors.published import catalogue
from riskfactors.words.translating import gettext, language

UNITS: Final = {
    "1": "",
    "10*9/L": "×10⁹/L",
    "10*3/uL": "×10³/µL",
    "/uL": "/µL",
    "ug/L": "µg/L",
    "umol/L": "µmol/L",
    "ukat/L": "µkat/L",
    "{LG}/mL": "LG/mL",
    "{cells}/uL": "cells/µL",
    "{cells}.d/uL": "cells × days/µL",
    "{copies}/ug": "copies/µg",
    "a": "years",
}
"""How UCUM codes are shown where they do not show themselves."""

OTHER_NAMES: Final = {
    "age": _("Age"),
    "infusion_date": _("Date of infusion"),
    "relapse_date": _("Date of relapse or progression"),
    "events.crs": _("Cytokine release syndrome, grade"),
    "treatments.line": _("Line of therapy"),
    "treatments.best_response": _("Response to the last therapy"),
    "treatments.response_on": _("Date of the response to the last therapy"),
    "treatments.line.best_response": _("Response to the line of therapy"),
    "treatments.bridging": _("Bridging treatment"),
    "treatments.bridging.best_response": _("Response to bridging"),
    "treatments.bridging.response_on": _("Date of the response to bridging"),
    "treatments.salvage": _("Salvage treatment"),
    "ipi": _("International Prognostic Index (IPI)"),
    "r_ipi": _("Revised International Prognostic Index (R-IPI)"),
    "aaipi": _("Age-adjusted International Prognostic Index (aaIPI)"),
    "nccn_ipi": _("NCCN International Prognostic Index (NCCN-IPI)"),
    "cirs_total": _("Cumulative Illness Rating Scale (CIRS), total"),
    "car_hematotox": _("CAR-HEMATOTOX"),
    "easix": _("EASIX"),
    "m_easix": _("m-EASIX"),
    "s_easix": _("s-EASIX"),
}
"""What rules look at and the data dictionary does not name."""

CLASS_NAMES: Final[Mapping[str, str]] = {
    SalvageClass.POLA_BR: _("polatuzumab, bendamustine and rituximab"),
    SalvageClass.LENALIDOMIDE: _("lenalidomide-based"),
    SalvageClass.BISPECIFIC: _("bispecific antibody"),
    SalvageClass.TAFASITAMAB_LENALIDOMIDE: _("tafasitamab and lenalidomide"),
    SalvageClass.LONCASTUXIMAB: _("loncastuximab tesirine"),
    SalvageClass.BTK_INHIBITOR: _("BTK inhibitor"),
    SalvageClass.RADIOTHERAPY: _("radiotherapy"),
    SalvageClass.ALLOGENEIC: _("allogeneic transplantation"),
    SalvageClass.SECOND_CAR_T: _("second CAR T-cell treatment"),
    SalvageClass.TRIAL: _("in a trial"),
    SalvageClass.OTHER: _("of another class"),
    SalvageClass.NONE_SUPPORTIVE: _("none, supportive care"),
    OtherClass.AUTOLOGOUS: _("autologous transplantation"),
    OtherClass.CONSOLIDATION: _("consolidation"),
    OtherClass.MAINTENANCE: _("maintenance"),
}
"""The classes of salvage and other treatments; a code means the same in both."""

OTHER_CODES: Final[Mapping[str, str]] = {
    "CR": _("complete response"),
    "PR": _("partial response"),
    "SD": _("stable disease"),
    "PD": _("progressive disease"),
    "systemic": _("systemic"),
    "radiotherapy": _("radiotherapy"),
    "combined": _("systemic and radiotherapy combined"),
    "steroids": _("corticosteroids alone"),
    **CLASS_NAMES,
}
"""Codes of treatments."""

ROLE_NAMES: Final = {
    Role.LINE: _("Line of therapy"),
    Role.BRIDGING: _("Bridging"),
    Role.LYMPHODEPLETION: _("Lymphodepletion"),
    Role.SALVAGE: _("Salvage after relapse"),
    Role.OTHER: _("Other treatment"),
}
SEX_NAMES: Final = {
    Sex.FEMALE: _("female"),
    Sex.MALE: _("male"),
    Sex.OTHER: _("other sex"),
    Sex.UNKNOWN: _("sex not known"),
}
VERDICTS: Final = {
    Verdict.MET: _("Criterion met"),
    Verdict.NOT_MET: _("Criterion not met"),
    Verdict.GRADED: _("Value"),
    Verdict.STRATUM: _("Group"),
    Verdict.UNKNOWN: _("Cannot be decided"),
    Verdict.NOT_APPLICABLE: _("Not studied here"),
}
DIRECTIONS: Final = {
    Direction.ADVERSE: _("Adverse"),
    Direction.FAVOURABLE: _("Favourable"),
    Direction.MIXED: _("Differs by group"),
    Direction.NEUTRAL: _("Neither adverse nor favourable"),
    Direction.UNCERTAIN: _("Direction uncertain"),
}
KINDS: Final = {
    Kind.BINARY: _("Criterion: met or not met"),
    Kind.STRATIFIED: _("Groups that were compared"),
    Kind.GRADED: _("Value without a cut-off"),
}
SETTINGS: Final = {
    Setting.PRE_INFUSION: _("Before infusion"),
    Setting.POST_INFUSION: _("After infusion"),
    Setting.POST_RELAPSE: _("At relapse or progression after CAR T-cells"),
}
MEASURES: Final = {
    Measure.HAZARD_RATIO: _("Hazard ratio"),
    Measure.ODDS_RATIO: _("Odds ratio"),
    Measure.RATIO: _("Ratio between groups"),
    Measure.MEDIAN_MONTHS: _("Median, months"),
    Measure.RATE: _("Rate, %"),
    Measure.COUNT: _("Patients"),
    Measure.P_ONLY: _("p only"),
    Measure.STATEMENT: _("Statement"),
}
UNSPECIFIED: Final = "outcome"
"""How an outcome is called where the review says no more of it."""

OUTCOMES: Final = {
    "PFS": _("progression-free survival"),
    "OS": _("overall survival"),
    "EFS": _("event-free survival"),
    "ORR": _("overall response"),
    "CR": _("complete response"),
    "CR at 3 months": _("complete response at 3 months"),
    "DoR": _("duration of response"),
    "OS (axi-cel), EFS (tisa-cel)": _("overall survival (axi-cel), event-free survival (tisa-cel)"),
    UNSPECIFIED: _("outcome, not specified"),
}
"""Outcomes that are printed as abbreviations; the others are words already."""


def name_of(name: str) -> str:
    """A variable, a score, or what else a rule looks at."""
    variables = catalogue().dictionary.variables
    if name in variables:
        return gettext(variables[name].label)
    of, _dot, part = name.rpartition(".")
    if part == "upper_limit":
        label = name_of(of)
        within = label[0].lower() + label[1:] if label[1:2].islower() else label
        return gettext("Upper limit of normal of %s") % within
    return gettext(OTHER_NAMES[name])


def code_name(name: str, code: str) -> str:
    """A code of a variable, or of treatments."""
    variable = catalogue().dictionary.variables.get(name)
    return gettext(OTHER_CODES[code] if variable is None else variable.codes[code])


def unbroken(text: str) -> str:
    """A text that stays on one line, also behind the dash of an interval."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("–", "–\N{WORD JOINER}")


def begun(sentence: str) -> str:
    """A sentence begins with a capital, unless it begins with an abbreviation such as ctDNA."""
    return sentence[:1].upper() + sentence[1:] if sentence[:4].islower() else sentence


def milestone_name(milestone: str) -> str:
    """A milestone, or an interim visit; "day" and its number stay on one line."""
    return _milestone(milestone, language())


@lru_cache(maxsize=64)
def _milestone(milestone: str, _language: str) -> str:
    milestones: Mapping[str, str] = catalogue().dictionary.milestones  # type: ignore[assignment]  # a milestone is a str
    name = gettext(milestones.get(milestone, _("Interim visit")))
    return re.sub(r" (?=[+\d])", "\N{NO-BREAK SPACE}", name)


def unit_name(unit: str | None) -> str:
    """A UCUM unit as it is shown; empty where there is none."""
    return gettext(UNITS.get(unit or "1", unit or "")) if unit != "1" else ""


def sex_name(sex: Sex) -> str:
    """A person's sex."""
    return gettext(SEX_NAMES[sex])


def role_name(role: Role) -> str:
    """What a treatment was given for."""
    return gettext(ROLE_NAMES[role])


def class_name(code: TreatmentClass) -> str:
    """The class of a salvage or another treatment."""
    return gettext(CLASS_NAMES[code])


def verdict_name(verdict: Verdict) -> str:
    """A verdict in the words that are never replaced by others."""
    return gettext(VERDICTS[verdict])


def direction_name(direction: Direction) -> str:
    """The side of a published association."""
    return gettext(DIRECTIONS[direction])


def kind_name(kind: Kind) -> str:
    """What a factor answers."""
    return gettext(KINDS[kind])


def setting_name(setting: Setting) -> str:
    """The part of the course."""
    return gettext(SETTINGS[setting])


def measure_name(measure: Measure) -> str:
    """What a published number is."""
    return gettext(MEASURES[measure])


def outcome_name(outcome: str) -> str:
    """A published outcome, spelt out."""
    return gettext(OUTCOMES.get(outcome, outcome))
