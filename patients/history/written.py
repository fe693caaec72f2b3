"""What an entry wrote, in words: of what, what stood there before, what stands there since."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.models import (
    AssessmentDate,
    Case,
    Demographics,
    EventRevision,
    Observation,
    TreatmentRevision,
)
from riskfactors.domain.variables import VariableType
from riskfactors.domain.vocabulary import Role, Sex
from riskfactors.published import catalogue
from riskfactors.words import code_name, milestone_name
from riskfactors.words.course import listed
from riskfactors.words.facts import day_words, with_unit
from riskfactors.words.names import OTHER_CODES, role_name

Row: TypeAlias = Mapping[str, Any]
SEXES: Final = {
    Sex.FEMALE: gettext_noop("female"),
    Sex.MALE: gettext_noop("male"),
    Sex.OTHER: gettext_noop("other sex"),
    Sex.UNKNOWN: gettext_noop("sex not known"),
}


class Change(Struct, frozen=True):
    """One statement of an entry: of what, what stood there before, what stands there since."""

    of: str
    old: str
    new: str


class _Table(NamedTuple):
    """A table of statements: what names a slot, and how a statement and its slot are worded."""

    model: Any
    case: str
    slot: tuple[str, ...]
    columns: tuple[str, ...]
    of: Callable[[Row], str]
    said: Callable[[Row], str]


def _person(row: Row) -> str:
    born = _("born %s") % day_words(row["birth_date"])
    return listed((born, _(SEXES[Sex(row["sex"])])))


def _date(row: Row) -> str:
    return day_words(row["date"]) if row["date"] else _("withdrawn")


def _observation_of(row: Row) -> str:
    variable = catalogue().dictionary.variables.get(row["variable"])
    name = _(variable.label) if variable else row["variable"]
    return f"{milestone_name(row['assessment__milestone'])}: {name}"


def _observed(row: Row) -> str:
    if row["withdrawn"]:
        return _("withdrawn")
    reasons = catalogue().dictionary.absent_reasons
    value = _value(row) if not row["absent"] else _(reasons.get(row["absent"], row["absent"]))
    limit = _("upper limit %s") % row["upper_limit"] if row["upper_limit"] else ""
    on = _("observed on %s") % day_words(row["observed_on"]) if row["observed_on"] else ""
    confirmed = _("confirmed as meant") if row["confirmed"] else ""
    return listed((value, limit, on, row["note"], confirmed))


def _value(row: Row) -> str:
    variable = catalogue().dictionary.variables.get(row["variable"])
    if variable is None:
        return with_unit(row["value"], row["unit"])
    if variable.type is VariableType.CODE:
        return _(variable.codes.get(row["value"], row["value"]))
    return with_unit(row["value"], row["unit"] or variable.unit)


def _treatment(row: Row) -> str:
    if row["withdrawn"]:
        return _("withdrawn")
    kind = OTHER_CODES.get(row["modality"] or row["salvage_class"])
    response = row["best_response"] and code_name("response", row["best_response"])
    return listed(
        (
            role_name(Role(row["role"])),
            row["regimen"],
            _(kind) if kind else "",
            *_days(row["start"], row["end"]),
            _("best response: %s") % response if response else "",
            _("response on %s") % day_words(row["response_on"]) if row["response_on"] else "",
        )
    )


def _days(start: date, end: date | None) -> Iterator[str]:
    yield _("from %s") % day_words(start)
    if end:
        yield _("to %s") % day_words(end)


def _event(row: Row) -> str:
    if row["withdrawn"]:
        return _("withdrawn")
    kind = catalogue().dictionary.events[row["kind"]]
    grade = _("grade %s") % row["grade"] if row["grade"] is not None else ""
    cause = _(kind.causes[row["cause"]]) if row["cause"] else ""
    return listed((_(kind.label), day_words(row["date"]), grade, cause, row["note"]))


TABLES: Final = (
    _Table(
        Demographics,
        "case",
        (),
        ("birth_date", "sex"),
        lambda _row: _("Birth date and sex"),
        _person,
    ),
    _Table(
        AssessmentDate,
        "assessment__case",
        ("assessment__number",),
        ("assessment__milestone", "date"),
        lambda row: _("Visit: %s") % milestone_name(row["assessment__milestone"]),
        _date,
    ),
    _Table(
        Observation,
        "assessment__case",
        ("assessment__number", "variable"),
        (
            *("assessment__milestone", "value", "unit", "upper_limit", "observed_on", "absent"),
            *("note", "confirmed", "withdrawn"),
        ),
        _observation_of,
        _observed,
    ),
    _Table(
        TreatmentRevision,
        "treatment__case",
        ("treatment__number",),
        (
            *("role", "regimen", "modality", "salvage_class", "start", "end", "best_response"),
            *("response_on", "withdrawn"),
        ),
        lambda row: _("Treatment %s") % row["treatment__number"],
        _treatment,
    ),
    _Table(
        EventRevision,
        "event__case",
        ("event__number",),
        ("kind", "date", "grade", "cause", "note", "withdrawn"),
        lambda row: _("Event %s") % row["event__number"],
        _event,
    ),
)
"""In the order in which an entry's statements are shown."""


def wrote(case: Case, entries: list[int]) -> dict[int, list[Change]]:
    """What each of these entries wrote; one query for each table."""
    changes: dict[int, list[Change]] = defaultdict(list)
    newest = max(entries, default=0)
    wanted = set(entries)
    for table in TABLES:
        rows = (
            table.model._default_manager.filter(**{table.case: case}, entry_id__lte=newest)
            .order_by("revision", "pk")
            .values("entry_id", *table.slot, *table.columns)
        )
        standing: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            slot = tuple(row[name] for name in table.slot)
            before = standing.get(slot)
            standing[slot] = row
            if row["entry_id"] in wanted:
                old = table.said(before) if before else ""
                changes[row["entry_id"]].append(Change(table.of(row), old, table.said(row)))
    return changes
