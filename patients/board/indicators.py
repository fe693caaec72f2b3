"""The indicators of a centre: how many of those referred got how far, in how many days."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import quantiles
from typing import Final

from msgspec import Struct

FEWEST: Final = 5
"""Of fewer cases nothing is shown: a number of three patients is about somebody."""


class CaseFacts(Struct, frozen=True, kw_only=True):
    """What is counted of a case: the day of its referral, of the decision for CAR T-cells, of the
    apheresis and of the infusion, why somebody was not eligible or not infused."""

    referred: date | None = None
    indicated: date | None = None
    apheresis: date | None = None
    infusion: date | None = None
    not_eligible: str = ""
    not_infused: str = ""


class Share(Struct, frozen=True):
    """So many of so many, each with its reasons where there are any."""

    count: int
    of: int

    @property
    def shown(self) -> bool:
        """Whether it can be shown: of enough cases, and not of a few among them."""
        return self.of >= FEWEST and not 0 < self.count < FEWEST


class Days(Struct, frozen=True):
    """Days between two dates of some cases: the median and the quartiles."""

    cases: int
    low: float = 0
    median: float = 0
    high: float = 0

    @property
    def shown(self) -> bool:
        return self.cases >= FEWEST


class Indicators(Struct, frozen=True, kw_only=True):
    """All of them; reasons by their codes."""

    referred: int
    not_eligible: tuple[tuple[str, Share], ...]
    apheresed: Share
    infused: Share
    not_infused: tuple[tuple[str, Share], ...]
    to_apheresis: Days
    to_infusion: Days


def indicators(cases: Iterable[CaseFacts]) -> Indicators:
    """The indicators of these cases: everyone referred is a case."""
    cases = list(cases)
    total = len(cases)
    return Indicators(
        referred=total,
        not_eligible=_reasons([case.not_eligible for case in cases], total),
        apheresed=Share(sum(case.apheresis is not None for case in cases), total),
        infused=Share(sum(case.infusion is not None for case in cases), total),
        not_infused=_reasons([case.not_infused for case in cases], total),
        to_apheresis=_days([(case.indicated, case.apheresis) for case in cases]),
        to_infusion=_days([(case.indicated, case.infusion) for case in cases]),
    )


def _reasons(reasons: Sequence[str], total: int) -> tuple[tuple[str, Share], ...]:
    counted = Counter(filter(None, reasons)).most_common()
    return tuple((reason, Share(count, total)) for reason, count in counted)


def _days(spans: Iterable[tuple[date | None, date | None]]) -> Days:
    """From one day to another, of the cases that have both in this order."""
    days = [(end - start).days for start, end in spans if start is not None and end is not None]
    days = [span for span in days if span >= 0]
    if len(days) < FEWEST:
        return Days(len(days))
    low, median, high = quantiles(days, n=4, method="inclusive")
    return Days(len(days), low, median, high)
