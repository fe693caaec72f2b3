"""Which pseudonym is offered for the next case: a number in the centre's own manner.

Words of a pseudonym may speak of its patient, above all of one that was made elsewhere. They go
on to the next patient only where several registered cases share them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from patients.models import Action, Centre, Entry
from patients.permissions import cases_at

NUMBERED: Final = re.compile(r"^(.*?)([0-9]{1,12})([^0-9]*)$", re.DOTALL)
RECENT: Final = 500
TRIED: Final = 50
SHARED: Final = 2
"""So many registered cases make a manner."""


class Manner(NamedTuple):
    """What stands around the number of a pseudonym."""

    before: str
    behind: str


def suggested_case_id(centre: Centre) -> str:
    """The next free number in the manner of the cases registered last; until there is one, the
    code of the centre and a number."""
    recent = [
        (Manner(found[1], found[3]), found[2], opened)
        for case_id, opened in _recent(centre)
        if (found := NUMBERED.fullmatch(case_id))
    ]
    manner, last = _continued(centre, recent)
    tries = [
        f"{manner.before}{int(last) + n:0{len(last)}}{manner.behind}" for n in range(1, TRIED + 1)
    ]
    taken = set(cases_at(centre).filter(case_id__in=tries).values_list("case_id", flat=True))
    return next((one for one in tries if one not in taken), "")


def _recent(centre: Centre) -> list[tuple[str, bool]]:
    """The pseudonyms of the last cases, the last first, and whether each was registered here."""
    cases = cases_at(centre).order_by("-pk").values("pk")[:RECENT]
    first = Entry.objects.filter(case__in=cases, sequence=1).order_by("-case")
    opened = first.values_list("case__case_id", "action")
    return [(case_id, action == Action.OPENED) for case_id, action in opened]


def _continued(centre: Centre, recent: Sequence[tuple[Manner, str, bool]]) -> tuple[Manner, str]:
    """A manner, and the number that was given in it last."""
    of_code = Manner(f"{centre.code.upper()}-", "")
    registered = Counter(manner for manner, _number, opened in recent if opened)
    for manner, number, opened in recent:
        if opened and (manner == of_code or registered[manner] >= SHARED):
            return manner, number
    numbers = [number for manner, number, _opened in recent if manner == of_code]
    return of_code, max(numbers, key=int, default="000")
