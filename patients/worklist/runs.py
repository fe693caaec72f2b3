"""In which order cases stand: a list is one run of cases after another, each by one key.

Everything that orders a case stands in its key, so that a run walks one index and no plan depends
on how many cases there are.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from django.db.models import Q

NEW_DAYS: Final = 30
"""So long a relapse or progression is a new one."""


class Show(StrEnum):
    """Which cases: by what was recorded, never by a finding."""

    ALL = ""
    EXPECTED = "expected"
    PROGRESSED = "progressed"
    PENDING = "pending"
    CHANGED = "changed"
    NOT_INFUSED = "not_infused"
    INFUSED = "infused"
    DIED = "died"


class Order(StrEnum):
    """In which order; a minus stands before the one that is turned round."""

    TODAY = ""
    CASE = "case"
    CASE_BACK = "-case"
    INFUSION = "infusion"
    INFUSION_BACK = "-infusion"
    RESPONSE = "response"
    RESPONSE_BACK = "-response"
    EXPECTED = "expected"
    EXPECTED_BACK = "-expected"


class Today(NamedTuple):
    """What a list depends on beside the records: the day, and the cases that have changed since
    the reader looked."""

    day: date
    changed: Collection[int] = ()


class Run(NamedTuple):
    """Cases that stand together, by a field of their key or by their pseudonym.

    `part` is what they are shown for, and the heading above them.
    """

    where: Q
    by: str
    back: bool = False
    part: Show = Show.ALL


CASE_ID: Final = "case__case_id"
COLUMNS: Final = {"infusion": "infusion", "response": "responded_on", "expected": "expected_until"}
"""The field behind each column that a list can stand by."""


PARTS: Final = {
    Show.EXPECTED: ("expected_from", True),
    Show.PROGRESSED: ("progressed_on", True),
    Show.PENDING: ("pending_since", False),
    Show.CHANGED: (CASE_ID, False),
}
"""What there is to do today and by what it stands: what came due last, the latest progression and
what has been pending longest come first."""


def runs_of(order: Order, show: Show, at: Today) -> tuple[Run, ...]:
    """The runs of an order; cases without what is asked for come last."""
    name, back = order.removeprefix("-"), order.startswith("-")
    match order:
        case Order.TODAY if show in PARTS:
            return (Run(Q(), *PARTS[show]),)
        case Order.TODAY if show is Show.ALL:
            return tuple(_today(at))
        case Order.TODAY | Order.CASE | Order.CASE_BACK:
            return (Run(Q(), CASE_ID, back),)
    field = COLUMNS[name]
    return (
        Run(Q((f"{field}__isnull", False)), field, back),
        Run(Q((f"{field}__isnull", True)), CASE_ID),
    )


def _today(at: Today) -> Iterator[Run]:
    """What is to be done, then what is new, then the others: each case once."""
    others = Q()
    for part, (by, back) in PARTS.items():
        where = shown(part, at)
        yield Run(others & where, by, back, part)
        others &= ~where
    yield Run(others, CASE_ID)


def shown(show: Show, at: Today) -> Q:
    """Which keys are those of the cases to show."""
    match show:
        case Show.ALL:
            return Q()
        case Show.EXPECTED:
            return Q(expected_from__lte=at.day)
        case Show.PROGRESSED:
            since = at.day - timedelta(days=NEW_DAYS)
            return Q(progressed_on__gte=since, died_on__isnull=True)
        case Show.PENDING:
            return Q(pending_since__isnull=False)
        case Show.CHANGED:
            return Q(case__in=at.changed)
        case Show.INFUSED:
            return Q(infusion__lte=at.day)
        case Show.NOT_INFUSED:
            return Q(infusion__isnull=True) | Q(infusion__gt=at.day)
        case Show.DIED:
            return Q(died_on__lte=at.day)
