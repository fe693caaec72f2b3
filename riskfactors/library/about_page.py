"""The page on method and limits, and the page of the data dictionary."""

from collections.abc import Iterator
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.claims import Quotation, quotations
from riskfactors.domain.variables import UNBOUNDED, Interval, Variable, VariableType
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, unit_name, verdict_name
from riskfactors.words.library import REVIEW, VERDICT_MEANINGS, capitalised


class VerdictRow(Struct, frozen=True):
    """A verdict and when it is given."""

    name: str
    meaning: str


class AboutPage(Struct, frozen=True):
    """Method, claims and the catalogue in use."""

    verdicts: tuple[VerdictRow, ...]
    claims: tuple[Quotation, ...]
    review: str
    digest: str


class CodeRow(Struct, frozen=True):
    """A code, and what it stands for."""

    label: str
    code: str


class VariableRow(Struct, frozen=True, kw_only=True):
    """A variable of the dictionary."""

    key: str
    label: str
    values: str
    codes: tuple[CodeRow, ...]
    unusual: str
    asked_at: str
    note: str
    marks: tuple[str, ...]


class VariableGroup(Struct, frozen=True):
    """Variables that belong together."""

    dom_id: str
    title: str
    rows: tuple[VariableRow, ...]


class VariablesPage(Struct, frozen=True):
    """The data dictionary, rendered group by group."""

    groups: tuple[SafeString, ...]


def about_page() -> AboutPage:
    """The page in the active language."""
    return _about(get_language())


def variables_page() -> VariablesPage:
    """The page in the active language."""
    return _variables(get_language())


@cache
def _about(_language: str) -> AboutPage:
    return AboutPage(
        verdicts=tuple(VerdictRow(verdict_name(v), _(VERDICT_MEANINGS[v])) for v in Verdict),
        claims=quotations(),
        review=REVIEW,
        digest=catalogue().digest,
    )


@cache
def _variables(_language: str) -> VariablesPage:
    grouped: dict[str, list[VariableRow]] = {}
    for variable in catalogue().dictionary.variable:
        grouped.setdefault(variable.group, []).append(_row(variable))
    return VariablesPage(
        tuple(
            render_to_string(
                "riskfactors/_variables.html",
                {"group": VariableGroup(f"group-{number}", capitalised(_(group)), tuple(rows))},
            )
            for number, (group, rows) in enumerate(grouped.items(), 1)
        )
    )


def _row(variable: Variable) -> VariableRow:
    return VariableRow(
        key=variable.name,
        label=_(variable.label),
        values=". ".join(_values(variable)),
        codes=tuple(CodeRow(_(label), code) for code, label in variable.codes.items()),
        unusual=_between(variable.unusual_outside, variable.unit),
        asked_at=", ".join(milestone_name(m) for m in variable.asked_at),
        note=_(variable.note) if variable.note else "",
        marks=tuple(_marks(variable)),
    )


def _values(variable: Variable) -> Iterator[str]:
    """What can be recorded."""
    match variable.type:
        case VariableType.COUNT:
            yield _("Whole number, %s") % _between(variable.range, None)
        case VariableType.QUANTITY:
            yield _between(variable.impossible_outside, variable.unit)
            others = [unit_name(unit) for unit in variable.accepts if unit != variable.unit]
            if others:
                yield _("Also in %s") % ", ".join(others)
    if variable.needs:
        yield _("With the laboratory's upper limit of normal, %s") % _between(
            variable.upper_limit_impossible_outside, variable.unit
        )


def _between(limits: Interval, unit: str | None) -> str:
    if limits is UNBOUNDED:
        return ""
    low, high = limits.ends
    return _("%(low)s to %(high)s %(unit)s") % {
        "low": low,
        "high": high,
        "unit": unit_name(unit),
    }


def _marks(variable: Variable) -> Iterator[str]:
    if variable.standing:
        yield _("Stays true through the course")
    if variable.availability == "research":
        yield _("Research item: never asked for as missing")
