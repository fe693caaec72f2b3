"""The milestones of a course, their order, and time counted from birth and infusion."""

from datetime import date
from typing import Final

from riskfactors.domain.vocabulary import Word


class Milestone(Word):
    """An assessment's place in the course; the order of the members is the order of the course."""

    INTERIM = "interim"  # of two visits on one date the interim one is the earlier
    ELECTION = "election"
    APHERESIS = "apheresis"
    LYMPHODEPLETION = "lymphodepletion"
    INFUSION = "infusion"
    DAY_7 = "day_7"
    DAY_28 = "day_28"
    DAY_90 = "day_90"
    MONTH_6 = "month_6"
    MONTH_12 = "month_12"
    MONTH_24 = "month_24"
    RELAPSE = "relapse"


MILESTONES: Final = tuple(m for m in Milestone if m is not Milestone.INTERIM)
"""Those of the course: of interim visits rules read responses after the infusion alone."""

SCHEDULED: Final = tuple(m for m in MILESTONES if m is not Milestone.RELAPSE)
"""Those whose dates follow each other: a relapse may fall anywhere after the infusion."""

AFTER_INFUSION: Final = frozenset(SCHEDULED[SCHEDULED.index(Milestone.INFUSION) + 1 :])
"""Those that are after the infusion by their name."""

ORDER: Final = {milestone: place for place, milestone in enumerate(Milestone)}


def age_on(day: date, birth_date: date) -> int:
    """Completed years; a 29 February birthday falls on 1 March in other years."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday
