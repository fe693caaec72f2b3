"""What an entry wrote, in words: of what, what stood there before, what stands there since."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.frame.statements import row_in_words
from patients.models import (
    AssessmentDate,
    Case,
    ClearanceRevision,
    Demographics,
    EventRevision,
    Observation,
    OutcomeRevision,
    RecommendationRevision,
    Revision,
    TreatmentRevision,
)
from patients.models.identifying import DATES, IDENTIFYING
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of

TABLES: Final[tuple[type[Revision], ...]] = (
    Demographics,
    AssessmentDate,
    Observation,
    TreatmentRevision,
    EventRevision,
    ClearanceRevision,
    RecommendationRevision,
    OutcomeRevision,
)
"""In the order in which an entry's statements are shown."""


class Change(Struct, frozen=True):
    """One statement of an entry: of what, what stood there before, what stands there since;
    `tells` whether its words may tell who somebody is, other than by a day of the course."""

    of: str
    old: str
    new: str
    tells: bool = False


def wrote(case: Case, entries: list[int]) -> dict[int, list[Change]]:
    """What each of these entries wrote; one query for each table."""
    changes: dict[int, list[Change]] = defaultdict(list)
    newest, wanted = max(entries, default=0), set(entries)
    for table in TABLES:
        standing: dict[tuple[object, ...], Revision] = {}
        for row in _rows(table, case, newest):
            before = standing.get(row.slot)
            standing[row.slot] = row
            if row.entry_id in wanted:
                old = row_in_words(before) if before else ""
                tells = any(_tells(each) for each in (before, row) if each)
                changes[row.entry_id].append(Change(_of(row), old, row_in_words(row), tells))
    return changes


def _tells(row: Revision) -> bool:
    """Whether a row holds a birth date, a reference or words that somebody wrote."""
    fields = {name for name, why in IDENTIFYING[type(row).__name__].items() if why != DATES}
    if isinstance(row, Observation) and row.variable in catalogue().dictionary.variables:
        fields.remove("value")
    return any(getattr(row, name) for name in fields)


def _rows(table: type[Revision], case: Case, newest: int) -> Iterable[Revision]:
    """All rows of a table that the entries up to this one wrote, each after what it follows."""
    owner = table.SLOT[0]
    of_the_case = owner if owner == "case" else f"{owner}__case"
    rows = table._default_manager.filter(**{of_the_case: case}, entry_id__lte=newest)
    return rows.select_related(owner).order_by("revision", "pk")


def _of(row: Revision) -> str:
    """What a statement is about."""
    match row:
        case Demographics():
            return _("Birth date and sex")
        case AssessmentDate():
            return _("Visit: %s") % milestone_name(row.assessment.milestone)
        case Observation():
            known = row.variable in catalogue().dictionary.variables
            name = name_of(row.variable) if known else row.variable
            return f"{milestone_name(row.assessment.milestone)}: {name}"
        case TreatmentRevision():
            return _("Treatment %s") % row.treatment.number
        case EventRevision():
            return _("Event %s") % row.event.number
        case RecommendationRevision():
            return _("Recommendation %s") % row.recommendation.number
        case OutcomeRevision():
            return _("What came of recommendation %s") % row.recommendation.number
        case ClearanceRevision():
            return row.get_kind_display()
    raise TypeError(f"{type(row).__name__} has no place in the history")
