"""What is usual among patients with relapsed large B-cell lymphoma, as far as it is invented."""

from collections.abc import Mapping
from datetime import date

from riskfactors.domain.timepoints import Milestone

FIRST_ELECTION = date(2019, 1, 7)
DAYS_OF_ELECTIONS = 1800
FOLLOWED = {
    Milestone.DAY_7: (5, 8),
    Milestone.DAY_28: (25, 35),
    Milestone.DAY_90: (80, 105),
}
"""The visits after the infusion, with the days on which they are."""
RECORDED = {"routine": 0.6, "research": 0.05}
"""How often an item that is asked for has a value."""
COMORBIDITY_SCORED = 0.4
"""How often the comorbidity scale is filled in, as a whole or not at all."""

TYPICAL = {
    "longest_diameter": (5, 0.5),
    "ldh": (260, 0.4),
    "crp": (18, 1.0),
    "ferritin": (500, 0.9),
    "ferritin_peak": (1500, 0.9),
    "il6": (12, 1.0),
    "neutrophils": (2.5, 0.5),
    "hemoglobin": (10.5, 0.15),
    "platelets": (140, 0.5),
    "creatinine": (0.9, 0.25),
    "mtv": (90, 1.1),
    "suvmax": (13, 0.5),
    "ctdna_level": (150, 1.5),
    "car_t_level": (40, 1.0),
    "car_t_peak": (60, 1.0),
    "car_t_peak_copies": (30000, 1.0),
    "car_t_auc_28": (500, 1.0),
    "product_cd8_naive_percent": (10, 0.6),
    "product_cd8_tcm_percent": (25, 0.4),
}
"""Median and logarithmic spread of the quantities that are not simply about the middle of what is
usual."""
SPREAD = 0.3
"""That of the others."""
WITH_BURDEN = {"longest_diameter", "ldh", "crp", "ferritin", "il6", "mtv", "suvmax"}
RESPONDED = {"CR": 4, "PR": 1.5}
"""By how much of its spread the burden is less after a response to the infusion."""
FREQUENT: Mapping[str, Mapping[str, int]] = {
    "histology": {
        "dlbcl_nos": 60,
        "transformed": 15,
        "hgbl_myc_bcl2": 8,
        "hgbl_nos": 6,
        "pmbcl": 6,
        "thrlbcl": 3,
        "fl3b": 2,
    },
    "cns_disease": {"none": 95, "past": 4, "active": 1},
    "prior_transplant": {"none": 78, "autologous": 21, "allogeneic": 1},
    "product": {"axi_cel": 5, "tisa_cel": 3, "liso_cel": 3},
    "toxicity_grading": {"astct": 9, "lee_2014": 1},
    "mtv_method": {"suv_41_percent": 5, "suv_4_0": 4, "suv_2_5": 1},
    "cd19_at_relapse": {"positive": 5, "low": 1, "negative": 2, "no_biopsy": 5},
}
"""How often a code is recorded, in shares; the codes of others are equally frequent."""
SELDOM = {"yes": 1, "no": 4}
STAGES = {1: 1, 2: 3, 3: 5, 4: 11}
AT_ELECTION = ("PD", "PD", "PD", "SD")
LATER_BEFORE_INFUSION = ("PD", "SD", "SD", "PR")
AFTER_BRIDGING = {True: ("PD", "PD", "SD"), False: ("PR", "PR", "SD", "PD", "CR")}
AFTER_INFUSION = {True: ("PR", "PR", "SD"), False: ("CR", "CR", "PR")}
"""Of refractory disease and of other: what progresses is recorded as a relapse."""
AFTER_A_LINE = ("CR", "PR", "PR", "SD", "PD")
UPTAKE = {"CR": (1, 2, 2, 3), "PR": (4, 4, 5), "SD": (5,), "PD": (5,)}
"""The Deauville scores that go with a response."""
BULKY_ABOVE = 7.5
"""Centimetres."""
FIRST_LINE = "R-CHOP"
LATER_LINES = ("R-DHAP", "R-GemOx", "R-ESHAP", "R-ICE")
MODALITIES = ("systemic", "systemic", "radiotherapy", "combined", "steroids")
NOT_INFUSED = ("progression", "progression", "manufacturing", "other")
WHOLE_FROM = 100
"""Larger quantities are reported without decimals."""
