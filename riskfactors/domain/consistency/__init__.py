"""What a case may hold altogether: one list for documents, for saving and for forms.

`problems` are refused at every door, `warnings` are accepted and asked about. Neither knows what
day it is.
"""

from riskfactors.domain.consistency.places import Places
from riskfactors.domain.consistency.problems import EARLIEST_BIRTH, problems
from riskfactors.domain.consistency.visits import Concern
from riskfactors.domain.consistency.warnings import warnings

__all__ = ["EARLIEST_BIRTH", "Concern", "Places", "problems", "warnings"]
