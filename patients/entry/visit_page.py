"""What the page of a visit shows round the rows of its form, and what lies beside that form."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString
from msgspec import Struct

from patients import models
from patients.entry.cells import Asked, Cell, asked_about, cell_of, control_of
from patients.entry.course import Onward, Step, course_of, onward_from, standing_url
from patients.entry.pasted import NAMES
from patients.entry.places import Place
from patients.entry.questions import Limit
from patients.entry.sheet import sheet_of
from patients.entry.visit_forms import Desk, VisitForm
from patients.frame.faults import ASKED, REST, WRONG, Faults, faults_of
from patients.frame.heading import Heading, heading_of
from patients.permissions import OpenedCase
from patients.records.outlook import outlook
from patients.records.slots import Known, revisions_at
from riskfactors.domain.progress import PENDING
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of
from riskfactors.words.facts import day_words


class Link(NamedTuple):
    """A way to another page; no address where one is already."""

    text: str
    url: str


class VisitPage(Struct, frozen=True, kw_only=True):
    """The form of a visit, or of the standing facts known at it."""

    heading: Heading
    title: str
    day: str
    standing: bool
    may_record: bool
    pasting: bool
    """Whether it asks for what a laboratory measures."""
    form: VisitForm
    action: str
    date: Cell | None
    date_asked: Asked | None
    reason: BoundField | None
    rest: bool
    unsaved: bool
    """Whether it holds what was typed and is not recorded."""
    sheet: SafeString
    others: tuple[Link, ...]
    faults: Faults | None
    date_url: str
    standing_url: str
    course: tuple[Step, ...]
    onward: tuple[Onward, ...]


def desk_of(opened: OpenedCase, known: Known, place: Place) -> Desk:
    """What lies beside the form."""
    recorded: models.Assessment | None = None
    visited_on: date | None = None
    revisions: dict[str, int] = {}
    held: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    if place.number is not None:
        visit, assessment = known.visits[place.number]
        recorded = models.Assessment(
            pk=visit.assessment_id, number=visit.number, milestone=visit.milestone
        )
        visited_on, revisions = visit.date, revisions_at(visit.assessment_id, opened.head)
        held = frozenset(assessment.observations)
        given = frozenset(n for n, o in assessment.observations.items() if o.value == "yes")
        pending = frozenset(n for n, a in assessment.absences.items() if a.reason == PENDING)
    limits, units = _printed(opened, place)
    return Desk(
        address=place.url(opened.case),
        case=opened.case,
        variables=place.variables,
        rows=place.rows,
        milestone=place.milestone,
        visit=recorded,
        visited_on=visited_on,
        previous=known.before(visited_on, number=place.number),
        revisions=revisions,
        held=held,
        pending=pending,
        given=given,
        infusion=known.snapshot.date_of(Milestone.INFUSION),
        events=known.snapshot.events,
        limits=limits,
        units=units,
        outlook=partial(outlook, known),
    )


def _printed(opened: OpenedCase, place: Place) -> tuple[dict[str, Limit], dict[str, str]]:
    """The limits and units of the centre's laboratory, where the form asks for such a variable."""
    if not any(variable.needs or len(variable.accepts) > 1 for variable in place.variables):
        return {}, {}
    printed = list(opened.case.centre.limits.values_list("variable", "value", "unit"))
    limits = {name: Limit(value, unit) for name, value, unit in printed if value}
    return limits, {name: unit for name, _value, unit in printed}


def visit_page(
    opened: OpenedCase, known: Known, form: VisitForm, place: Place, *, partly: bool = False
) -> VisitPage:
    """What is recorded stands as text; what is not, or was typed and not recorded, as inputs.

    `partly`: the form holds what is left of one whose rest was recorded.
    """
    public_id, number = opened.case.public_id, place.number
    sheet = sheet_of(opened, known, form, place)
    return VisitPage(
        heading=heading_of(opened, "records"),
        title=milestone_name(place.milestone),
        day="" if number is None else day_words(known.visits[number][0].date),
        standing=place.standing,
        may_record=opened.may_record,
        pasting=opened.may_record and not place.standing and _asks_a_laboratory(place),
        form=form,
        action=place.url(opened.case),
        date=cell_of(form, control_of("date", form.fields["date"]))
        if "date" in form.fields
        else None,
        date_asked=asked_about(form, "date") if "date" in form.fields else None,
        reason=_reason(form),
        rest=form.is_bound and form.can_record_rest,
        unsaved=form.is_bound,
        sheet=sheet.markup(),
        others=tuple(_others(opened, number, sheet.shown)),
        faults=faults_of(form, _about(form, partly=partly)),
        date_url="" if number is None else reverse("patients:visit_date", args=[public_id, number]),
        standing_url=standing_url(opened.case, known, number),
        course=tuple(course_of(opened, known, place)),
        onward=tuple(onward_from(known, place)) if opened.may_record else (),
    )


def _asks_a_laboratory(place: Place) -> bool:
    return any(variable.name in NAMES for variable in place.variables)


def _about(form: VisitForm, *, partly: bool) -> str:
    """What the list of faults is: what is left of a form, questions, or errors."""
    if partly:
        return REST
    return ASKED if form.questions else WRONG


def _reason(form: VisitForm) -> BoundField | None:
    """Asked for where something typed replaces what somebody else has recorded meanwhile."""
    asked = form.typed.get("reason") or "reason" in form.errors
    return form["reason"] if asked else None


def _others(opened: OpenedCase, number: int | None, shown: Collection[str]) -> Iterator[Link]:
    """Every variable that is not on the page, with the address where it can be recorded."""
    if number is None or not opened.may_record:
        return
    for variable in catalogue().dictionary.variable:
        if variable.name not in shown and not variable.standing:
            address = [opened.case.public_id, number, variable.name]
            yield Link(name_of(variable.name), reverse("patients:value", args=address))
