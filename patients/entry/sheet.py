"""The rows of a form, by groups: what is recorded as text, what is not as inputs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.cells import Asked, Cell, asked_about, cell_of, control_of
from patients.entry.explaining import explained_group
from patients.entry.fields import shared_note
from patients.entry.gaps import gap_field, gap_of, gaps_of
from patients.entry.happenings import TreatmentRow
from patients.entry.inputs import Input, before_words, input_of
from patients.entry.places import Place
from patients.entry.visit_forms import VisitForm
from patients.frame.statements import StatementLine, line_of
from patients.permissions import OpenedCase
from patients.records.slots import Known
from riskfactors.domain.progress import PENDING
from riskfactors.domain.snapshot import Absence, Assessment, Observation
from riskfactors.domain.variables import QUANTITY, Variable
from riskfactors.domain.vocabulary import Role
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words import begun, role_name
from riskfactors.words.course import change_words, event_words, treatment_words

MANY_FIELDS: Final = "comorbidity"
"""Comes last: nobody should pass fourteen grades to reach the histology."""
MEASURED: Final = "laboratory"


class Told(Struct, frozen=True):
    """A treatment or an event that is recorded, and where it is corrected."""

    text: str
    url: str


class TypedRow(Struct, frozen=True):
    """A treatment that can be typed: its fields, and what is asked about it."""

    name: str
    cells: tuple[Cell, ...]
    asked: Asked

    @property
    def filled(self) -> bool:
        """Whether anything of it was typed."""
        return any(cell.typed or cell.error for cell in self.cells)


class SheetRow(Struct, frozen=True, kw_only=True):
    """One line of a group: a recorded value, or inputs for one."""

    name: str
    line: StatementLine | None = None
    input: Input | None = None
    before: str = ""
    change: str = ""
    told: tuple[Told, ...] = ()
    treatment: TypedRow | None = None


class FieldGroup(Struct, frozen=True, kw_only=True):
    """What belongs together."""

    dom_id: str
    title: str
    note: str = ""
    measured: bool = False
    rows: tuple[SheetRow, ...] = ()
    told: tuple[Told, ...] = ()
    treatments: tuple[TypedRow, ...] = ()
    gap: Cell | None = None


class FieldSheet(Struct, frozen=True, kw_only=True):
    """All groups, what only research measures, and which variables these are."""

    groups: tuple[FieldGroup, ...]
    research: tuple[SheetRow, ...]
    gap: Cell | None
    shown: frozenset[str]
    may_record: bool

    def markup(self) -> SafeString:
        """The rows of the form."""
        return rendered("patients/entry/sheet.jinja", sheet=self, labels=labels())


def sheet_of(opened: OpenedCase, known: Known, form: VisitForm, place: Place) -> FieldSheet:
    """What a form shows."""
    lines = lines_of(opened, known, place)
    typed = form.data if form.is_bound else {}
    wanted = [v for v in place.variables if v.name not in lines or typed.get(v.name, "") != ""]
    inputs = {v.name: input_of(form, v) for v in wanted} if opened.may_record else {}
    told = _told(opened, known, place)
    treatments = {row.name: typed_row(form, row) for row in place.rows} if inputs else {}
    rows = {
        variable.name: SheetRow(
            name=variable.name,
            line=None if variable.name in inputs else lines.get(variable.name),
            input=inputs.get(variable.name),
            told=told.get(variable.event or variable.treatment or "", ()),
            treatment=treatments.get(variable.name),
            **_beside(form, known, place, variable),
        )
        for variable in catalogue().dictionary.variable
        if variable.name in inputs or variable.name in lines
    }
    research = {n for n in inputs if catalogue().dictionary.variables[n].availability == "research"}
    gaps = gaps_of([v for v in wanted if v.name not in form.desk.revisions]) if inputs else []
    cells = {name: cell_of(form, control_of(name, gap_field())) for name in gaps}
    groups = _groups({n: row for n, row in rows.items() if n not in research}, cells)
    return FieldSheet(
        groups=tuple(_in_order(groups, _of_treatments(place, told, treatments))),
        research=tuple(rows[n] for n in rows if n in research),
        gap=next(iter(cells.values()), None),
        shown=frozenset(rows),
        may_record=opened.may_record,
    )


def _in_order(
    groups: Iterable[FieldGroup], treatments: Iterable[FieldGroup]
) -> Iterator[FieldGroup]:
    """Lines of therapy after the state that counts them; other treatments at the end."""
    given = {group.dom_id: group for group in treatments}
    for group in groups:
        yield group
        if group.dom_id == "state-and-disease" and "line" in given:
            yield given.pop("line")
    yield from given.values()


def typed_row(form: VisitForm, row: TreatmentRow) -> TypedRow:
    """The fields of a treatment."""
    fields = {n: f for n, f in row.fields().items() if not n.endswith("-sure")}
    cells = tuple(cell_of(form, control_of(name, field)) for name, field in fields.items())
    # Of one that a variable answers, what is asked stands at the variable.
    asked = Asked(row.name) if row.says else asked_about(form, row.anchor)
    return TypedRow(row.name, cells, asked)


def _beside(form: VisitForm, known: Known, place: Place, variable: Variable) -> Mapping[str, str]:
    """Of a recorded value the one before, and the change since then."""
    if place.number is None or place.standing:
        return {}
    now = known.visits[place.number][1].observations.get(variable.name)
    before = form.desk.previous.get(variable.name)
    if now is None or before is None:
        return {}
    change = change_words(now, before) if variable.type is QUANTITY else ""
    return {"before": before_words(before), "change": change}


def _of_treatments(
    place: Place, told: Mapping[str, tuple[Told, ...]], treatments: Mapping[str, TypedRow]
) -> Iterator[FieldGroup]:
    """The treatments that no variable of the form answers."""
    by_role: dict[Role, list[TypedRow]] = {}
    for row in place.rows:
        if row.says is None:
            by_role.setdefault(row.role, []).extend(
                [treatments[row.name]] if row.name in treatments else []
            )
    for role, rows in by_role.items():
        recorded = told.get(role, ())
        if rows or recorded:
            yield FieldGroup(
                dom_id=str(role),
                title=role_name(role),
                told=recorded,
                treatments=tuple(rows),
            )


def _told(opened: OpenedCase, known: Known, place: Place) -> dict[str, tuple[Told, ...]]:
    """What is recorded of treatments and events by the day of the visit, by role and kind."""
    visit = None if place.number is None else known.visits[place.number][0]
    snapshot, places = known.snapshot, known.recorded.places
    told: dict[str, list[Told]] = {}
    for number, given in zip(places.treatments, snapshot.treatments, strict=True):
        if visit is None or place.standing or given.start <= visit.date:
            url = reverse("patients:treatment", args=[opened.case.public_id, number])
            told.setdefault(given.role, []).append(Told(treatment_words(given), url))
    for number, event in zip(places.events, snapshot.events, strict=True):
        if visit is None or event.date <= visit.date:
            url = reverse("patients:event", args=[opened.case.public_id, number])
            told.setdefault(event.kind, []).append(Told(event_words(event), url))
    return {of: tuple(some) for of, some in told.items()}


def lines_of(opened: OpenedCase, known: Known, place: Place) -> dict[str, StatementLine]:
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


def _groups(rows: Mapping[str, SheetRow], gaps: Mapping[str, Cell]) -> Iterator[FieldGroup]:
    variables = catalogue().dictionary.variable
    titles = dict.fromkeys(v.group for v in variables)
    for title in sorted(titles, key=MANY_FIELDS.__eq__):
        notes = [note for v in variables if v.group == title and (note := shared_note(v))]
        group = FieldGroup(
            dom_id=title.replace(" ", "-"),
            title=begun(_(title)),
            note=" ".join(filter(None, (*map(_, notes[:1]), explained_group(title)))),
            measured=title == MEASURED,
            rows=tuple(rows[v.name] for v in variables if v.group == title and v.name in rows),
            gap=gaps.get(gap_of(title)),
        )
        if group.rows:
            yield group


def labels() -> dict[str, Any]:
    """The words of the template."""
    return {
        "value": _("Value"),
        "limit": _("Upper limit"),
        "before": _("Before"),
        "change": _("Change"),
        "unit": _("Unit"),
        "more": _("Date, reason, note"),
        "help": _("Help"),
        "no_answer": _("No answer"),
        "choose": _("Choose"),
        "usual": _("As usual here: %s"),
        "correct": _("Correct"),
        "history": _("History"),
        "add": _("Add another"),
        "empty": _("What is left empty here"),
        "all_empty": _("Everything that is left empty"),
        "research": _("Research items"),
        "until": _("until"),
    }
