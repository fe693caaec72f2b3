"""The few shapes of rule. Each is a declaration that knows its test and its sentence."""

from typing import TypeAlias

from riskfactors.domain.criteria.conclusion import (
    HOLDS,
    MET,
    NOT_MET,
    UNKNOWN,
    Ask,
    Basis,
    Concluded,
    Conclusion,
    conjunction,
    not_applicable,
    unknown,
)
from riskfactors.domain.criteria.conditions import (
    AboveUpperLimit,
    All,
    Any,
    AnyNumber,
    Code,
    Condition,
    Not,
)
from riskfactors.domain.criteria.course import WorstGrade
from riskfactors.domain.criteria.graded import Gradation
from riskfactors.domain.criteria.strata import StrataByCode, Stratification

Criterion: TypeAlias = Condition | Stratification | Gradation

__all__ = [
    "HOLDS",
    "MET",
    "NOT_MET",
    "UNKNOWN",
    "AboveUpperLimit",
    "All",
    "Any",
    "AnyNumber",
    "Ask",
    "Basis",
    "Code",
    "Concluded",
    "Conclusion",
    "Condition",
    "Criterion",
    "Gradation",
    "Not",
    "StrataByCode",
    "Stratification",
    "WorstGrade",
    "conjunction",
    "not_applicable",
    "unknown",
]
