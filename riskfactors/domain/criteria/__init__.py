"""The few shapes of rule. Each is a declaration that knows its test and its sentence."""

from typing import TypeAlias

from riskfactors.domain.criteria.conclusion import (
    MET,
    NOT_MET,
    UNKNOWN,
    Ask,
    Conclusion,
    not_applicable,
    undecided,
)
from riskfactors.domain.criteria.conditions import All, Any, Code, Condition, Not
from riskfactors.domain.criteria.graded import Gradation
from riskfactors.domain.criteria.strata import StrataByCode, Stratification

Criterion: TypeAlias = Condition | Stratification | Gradation

__all__ = [
    "MET",
    "NOT_MET",
    "UNKNOWN",
    "All",
    "Any",
    "Ask",
    "Code",
    "Conclusion",
    "Condition",
    "Criterion",
    "Gradation",
    "Not",
    "StrataByCode",
    "Stratification",
    "not_applicable",
    "undecided",
]
