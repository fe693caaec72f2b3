"""The snapshots of many cases, each as up to one of its entries: as many queries as for one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from patients.models import (
    AssessmentDate,
    Demographics,
    EventRevision,
    Observation,
    TreatmentRevision,
)
from patients.records.rows import EVENT, OBSERVATION, TREATMENT
from patients.records.snapshots import CaseRows, read_together
from riskfactors.domain.snapshot import Snapshot
from riskfactors.domain.vocabulary import Sex

Rows: TypeAlias = Mapping[int, list[tuple[Any, ...]]]


class ManyCases:
    """All that is recorded of some cases, given by their keys and pseudonyms; of observations
    those of some variables alone, where they are named."""

    def __init__(self, cases: Mapping[int, str], variables: Collection[str] | None = None) -> None:
        self.cases = cases
        keys = list(cases)
        self._people = _read(Demographics, "case", keys, "birth_date", "sex")
        self._visits = _read(
            AssessmentDate,
            "assessment__case",
            keys,
            *("assessment__number", "assessment_id", "assessment__milestone", "date"),
        )
        named = {} if variables is None else {"variable__in": variables}
        self._observations = _read(
            Observation, "assessment__case", keys, "assessment_id", *OBSERVATION, **named
        )
        self._treatments = _read(
            TreatmentRevision, "treatment__case", keys, "treatment__number", "withdrawn", *TREATMENT
        )
        self._events = _read(
            EventRevision, "event__case", keys, "event__number", "withdrawn", *EVENT
        )

    def up_to(self, case: int, head: int) -> Snapshot | None:
        """A case as its entries up to this one tell it, None where there was none yet."""
        people = _told(self._people, case, head)
        if not people:
            return None
        birth_date, sex = people[-1]
        rows = CaseRows(
            self.cases[case],
            birth_date,
            Sex(sex),
            _told(self._visits, case, head),
            _told(self._observations, case, head),
            _told(self._treatments, case, head),
            _told(self._events, case, head),
        )
        return read_together(rows).snapshot


def _read(
    model: Any, case: str, keys: Collection[int], *columns: str, **named: Collection[str]
) -> Rows:
    """By case: the key of the entry, then the columns, the later revisions last."""
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    found = model.objects.filter(**{f"{case}__in": keys}, **named).order_by("revision", "pk")
    for key, *row in found.values_list(f"{case}_id", "entry_id", *columns):
        rows[key].append(tuple(row))
    return rows


def _told(rows: Rows, case: int, head: int) -> list[tuple[Any, ...]]:
    return [row[1:] for row in rows.get(case, ()) if row[0] <= head]
