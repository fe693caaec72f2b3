"""What the page of one value shows: every statement ever made in its place, and the form."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from msgspec import Struct

from patients.entry.inputs import input_of
from patients.entry.places import Place
from patients.entry.sheet import FieldGroup, FieldSheet, SheetRow
from patients.entry.statement_page import Past, history_of
from patients.entry.visit_forms import ValueForm
from patients.frame.faults import Faults, faults_of
from patients.frame.heading import Heading, heading_of
from patients.models import Observation
from patients.permissions import OpenedCase
from patients.records.slots import Known
from riskfactors.domain.variables import Variable
from riskfactors.words import milestone_name, name_of
from riskfactors.words.facts import day_words


class ValuePage(Struct, frozen=True, kw_only=True):
    """One variable at one visit."""

    heading: Heading
    title: str
    visit: str
    visit_url: str
    history: tuple[Past, ...]
    form: ValueForm
    sheet: SafeString
    faults: Faults | None


def revisions_of(assessment_id: int, variable: str) -> QuerySet[Observation]:
    """Every statement ever made of a variable at a visit."""
    rows = Observation.objects.filter(assessment=assessment_id, variable=variable)
    return rows.select_related("entry__recorded_by").order_by("revision")


def value_page(
    opened: OpenedCase,
    known: Known,
    form: ValueForm,
    place: Place,
    rows: Iterable[Observation],
) -> ValuePage:
    """The history first, then the form for whoever may record."""
    (variable,) = place.variables
    visit, _assessment = known.visits[place.number or 0]
    return ValuePage(
        heading=heading_of(opened, "records"),
        title=name_of(variable.name),
        visit=f"{milestone_name(visit.milestone)}, {day_words(visit.date)}",
        visit_url=reverse("patients:visit", args=[opened.case.public_id, visit.number]),
        history=tuple(history_of(rows)),
        form=form,
        sheet=_sheet(form, variable) if opened.may_record else SafeString(""),
        faults=faults_of(form),
    )


def _sheet(form: ValueForm, variable: Variable) -> SafeString:
    """The one row of the form."""
    row = SheetRow(name=variable.name, input=input_of(form, variable))
    group = FieldGroup(dom_id="value", title="", measured=True, rows=(row,))
    return FieldSheet(
        groups=(group,), research=(), gap=None, shown=frozenset(), may_record=True
    ).markup()
