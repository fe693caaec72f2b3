"""The words of the screen: names, rules, reasons, warnings and refusals, all translatable."""

from riskfactors.words.names import (
    begun,
    class_name,
    code_name,
    direction_name,
    kind_name,
    measure_name,
    milestone_name,
    name_of,
    outcome_name,
    role_name,
    setting_name,
    sex_name,
    unbroken,
    unit_name,
    verdict_name,
)
from riskfactors.words.sentences import say, say_problem

__all__ = [
    "begun",
    "class_name",
    "code_name",
    "direction_name",
    "kind_name",
    "measure_name",
    "milestone_name",
    "name_of",
    "outcome_name",
    "role_name",
    "say",
    "say_problem",
    "setting_name",
    "sex_name",
    "unbroken",
    "unit_name",
    "verdict_name",
]
