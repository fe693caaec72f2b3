"""Which caveats of a factor fit a patient: those of another group stay in the library."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Response


class Fit(Struct, frozen=True):
    """The groups of a factor that a caveat speaks of, and the responses, where not of all."""

    strata: tuple[str, ...]
    responses: tuple[Response, ...] | None = None


NOT_PROGRESSING: Final = (Response.PR, Response.SD)

FITS: Final[Mapping[str, Mapping[str, Fit]]] = {
    "bridging_given": {
        "The need for bridging follows": Fit(("effective", "refractory", "response_unknown")),
        "The estimate compares bridging": Fit(("refractory", "response_unknown")),
    },
    "deauville_day_28": {
        "A lesion with DS 4 or 5": Fit(("ds_4", "ds_5"), NOT_PROGRESSING),
        "DS 4 differs between cohorts": Fit(("ds_4",)),
    },
    "deauville_suv_change_day_28": {
        "61% against 33%": Fit(("ds_4_5_decreased", "ds_4_5_increased")),
    },
    "ctdna_day_90": {"Clearance by three months": Fit(("undetectable",))},
    "response_day_90": {
        "No figure is printed for PD": Fit(("pd",)),
        "The PR estimate": Fit(("pr",)),
    },
}
"""How a caveat begins, and whom it fits. The others fit every group of their factor."""


def fitting(factor: Factor, stratum: str, response: str | None) -> tuple[str, ...]:
    """The caveats of a factor that fit a group and the response recorded with it."""
    return tuple(text for text in factor.caveats if _fits(factor.key, text, stratum, response))


def particular(factor: Factor, stratum: str, response: str | None) -> tuple[str, ...]:
    """Of those the caveats that speak of this group or response and of no other."""
    own = tuple(FITS.get(factor.key, ()))
    return tuple(t for t in fitting(factor, stratum, response) if t.startswith(own))


def _fits(key: str, text: str, stratum: str, response: str | None) -> bool:
    for beginning, fit in FITS.get(key, {}).items():
        if text.startswith(beginning):
            responds = fit.responses is None or response in fit.responses
            return stratum in fit.strata and responds
    return True
