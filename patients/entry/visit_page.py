"""What the form of a visit shows: what is recorded as text, what is not as inputs, by groups."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from patients import models
from patients.entry.fields import shared_note
from patients.entry.inputs import Asked, Input, asked_about, input_of
from patients.entry.questions import Limit
from patients.entry.visit_forms import Desk, VisitForm
from patients.frame.faults import ASKED, REST, WRONG, Faults, faults_of
from patients.frame.heading import Heading, heading_of
from patients.frame.statements import StatementLine, line_of
from patients.models import Case
from patients.permissions import OpenedCase
from patients.records.outlook import outlook
from patients.records.slots import Known, revisions_at
from riskfactors.domain.progress import PENDING
from riskfactors.domain.snapshot import Absence, Assessment, Observation
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue
from riskfactors.words import begun, milestone_name, name_of
from riskfactors.words.facts import day_words

MANY_FIELDS = "comorbidity"  # comes last: nobody should pass fourteen grades to reach histology


class FieldGroup(Struct, frozen=True, kw_only=True):
    """Variables that belong together."""

    dom_id: str
    title: str
    note: str
    lines: tuple[StatementLine, ...]
    inputs: tuple[Input, ...]


class Link(NamedTuple):
    """A way to another page; no address where one is already."""

    text: str
    url: str


class Place(NamedTuple):
    """A visit, recorded or new (number None), and what its form asks for."""

    milestone: Milestone
    number: int | None
    variables: Sequence[Variable]
    form: str = "visit"
    """The name of its address: visit, standing or value."""

    @property
    def standing(self) -> bool:
        """Whether it asks for what stands for the whole course."""
        return self.form == "standing"

    def at(self, number: int | None) -> "Place":
        """The same form at a recorded visit."""
        return self._replace(number=number)

    def url(self, case: Case) -> str:
        """Where the form lies."""
        if self.number is None:
            return reverse("patients:new_visit", args=[case.public_id, self.milestone])
        address = [case.public_id, self.number]
        if self.form == "value":
            address.append(self.variables[0].name)
        return reverse(f"patients:{self.form}", args=address)


class VisitPage(Struct, frozen=True, kw_only=True):
    """The form of a visit, or of the standing facts known at it."""

    heading: Heading
    title: str
    day: str
    standing: bool
    may_record: bool
    form: VisitForm
    action: str
    date: BoundField | None
    date_asked: Asked | None
    reason: BoundField | None
    rest: bool
    groups: tuple[FieldGroup, ...]
    research: tuple[Input, ...]
    others: tuple[Link, ...]
    faults: Faults | None
    date_url: str
    standing_url: str
    visits: tuple[Link, ...]


def standing_at(milestone: Milestone, number: int) -> Place:
    """The panel of standing facts, as known at a visit."""
    return Place(milestone, number, _standing(), "standing")


def _standing() -> list[Variable]:
    return [v for v in catalogue().dictionary.variable if v.standing]


def desk_of(opened: OpenedCase, known: Known, place: Place) -> Desk:
    """What lies beside the form."""
    recorded: models.Assessment | None = None
    visited_on: date | None = None
    revisions: dict[str, int] = {}
    held: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    if place.number is not None:
        visit, assessment = known.visits[place.number]
        recorded = models.Assessment(
            pk=visit.assessment_id, number=visit.number, milestone=visit.milestone
        )
        visited_on, revisions = visit.date, revisions_at(visit.assessment_id, opened.head)
        held = frozenset(assessment.observations)
        pending = frozenset(n for n, a in assessment.absences.items() if a.reason == PENDING)
    return Desk(
        address=place.url(opened.case),
        variables=place.variables,
        milestone=place.milestone,
        visit=recorded,
        visited_on=visited_on,
        previous=known.before(visited_on, number=place.number),
        revisions=revisions,
        held=held,
        pending=pending,
        limits=_limits(opened, place),
        outlook=partial(outlook, opened.case, opened.head, known),
    )


def _limits(opened: OpenedCase, place: Place) -> dict[str, Limit]:
    """What the centre's laboratory prints, where the form asks for something that has a limit."""
    if not any(variable.needs for variable in place.variables):
        return {}
    limits = opened.case.centre.limits.values_list("variable", "value", "unit")
    return {variable: Limit(value, unit) for variable, value, unit in limits}


def visit_page(
    opened: OpenedCase, known: Known, form: VisitForm, place: Place, *, partly: bool = False
) -> VisitPage:
    """What is recorded stands as text; what is not, or was typed and not recorded, as inputs.

    `partly`: the form holds what is left of one whose rest was recorded.
    """
    public_id, number = opened.case.public_id, place.number
    lines = _lines(opened, known, place)
    wanted = [v for v in place.variables if v.name not in lines or form.data.get(v.name, "") != ""]
    inputs = {v.name: input_of(form, v) for v in wanted} if opened.may_record else {}
    return VisitPage(
        heading=heading_of(opened, "records"),
        title=milestone_name(place.milestone),
        day="" if number is None else day_words(known.visits[number][0].date),
        standing=place.standing,
        may_record=opened.may_record,
        form=form,
        action=place.url(opened.case),
        date=form["date"] if "date" in form.fields else None,
        date_asked=asked_about(form, "date") if "date" in form.fields else None,
        reason=_reason(form),
        rest=form.is_bound and form.can_record_rest,
        groups=tuple(_groups(lines, inputs)),
        research=tuple(inputs[v.name] for v in wanted if v.availability == "research" and inputs),
        others=tuple(_others(opened, number, {*lines, *inputs})),
        faults=faults_of(form, _about(form, partly=partly)),
        date_url="" if number is None else reverse("patients:visit_date", args=[public_id, number]),
        standing_url=""
        if number is None
        else reverse("patients:standing", args=[public_id, number]),
        visits=tuple(_visits(opened, known, number)) if place.standing else (),
    )


def _about(form: VisitForm, *, partly: bool) -> str:
    """What the list of faults is: what is left of a form, questions, or errors."""
    if partly:
        return REST
    return ASKED if form.questions else WRONG


def _reason(form: VisitForm) -> BoundField | None:
    """Asked for where something typed replaces what somebody else has recorded meanwhile."""
    asked = form.typed.get("reason") or "reason" in form.errors
    return form["reason"] if asked else None


def _visits(opened: OpenedCase, known: Known, number: int | None) -> Iterator[Link]:
    for other, (visit, _assessment) in known.visits.items():
        title = f"{milestone_name(visit.milestone)}, {day_words(visit.date)}"
        url = reverse("patients:standing", args=[opened.case.public_id, other])
        yield Link(title, "" if other == number else url)


def _lines(opened: OpenedCase, known: Known, place: Place) -> dict[str, StatementLine]:
    """What is recorded at the visit; of standing facts the latest value, wherever it is."""
    numbers = [place.number] if place.number is not None else []
    if place.standing:
        numbers = list(known.visits)
    lines: dict[str, StatementLine] = {}
    for number in numbers:
        visit, assessment = known.visits[number]
        for name, said in _recorded(assessment).items():
            if isinstance(said, Observation) or name not in lines:
                here = None if place.standing else visit.date
                lines[name] = line_of(opened.case, number, name, said, here)
    asked = {v.name for v in place.variables}
    return {n: line for n, line in lines.items() if n in asked or not place.standing}


def _recorded(assessment: Assessment) -> dict[str, Observation | Absence]:
    """Values, and reasons why there is none; what is pending is asked again."""
    settled = {n: a for n, a in assessment.absences.items() if a.reason != PENDING}
    return {**settled, **assessment.observations}


def _groups(lines: dict[str, StatementLine], inputs: dict[str, Input]) -> Iterator[FieldGroup]:
    variables = catalogue().dictionary.variable
    titles = dict.fromkeys(v.group for v in variables)
    for title in sorted(titles, key=MANY_FIELDS.__eq__):
        names = [v.name for v in variables if v.group == title]
        research = {v.name for v in variables if v.availability == "research"}
        notes = [note for v in variables if v.group == title and (note := shared_note(v))]
        group = FieldGroup(
            dom_id=title.replace(" ", "-"),
            title=begun(_(title)),
            note=_(notes[0]) if notes else "",
            lines=tuple(lines[n] for n in names if n in lines),
            inputs=tuple(inputs[n] for n in names if n in inputs and n not in research),
        )
        if group.lines or group.inputs:
            yield group


def _others(opened: OpenedCase, number: int | None, shown: set[str]) -> Iterator[Link]:
    """Every variable that is not on the page, with the address where it can be recorded."""
    if number is None or not opened.may_record:
        return
    for variable in catalogue().dictionary.variable:
        if variable.name not in shown and not variable.standing:
            address = [opened.case.public_id, number, variable.name]
            yield Link(name_of(variable.name), reverse("patients:value", args=address))
