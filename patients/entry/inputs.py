"""The inputs of one variable at a visit, with what stands beside them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.cells import Asked, Cell, asked_about, cell_of, controls_of
from patients.entry.explaining import Explained, explained
from patients.entry.visit_forms import VisitForm
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.variables import QUANTITY, Variable
from riskfactors.words import name_of, unit_name
from riskfactors.words.facts import day_words, observation_words, with_unit

DETAILS: Final = ("on", "absent", "note")


class Input(Struct, frozen=True, kw_only=True):
    """The fields of one variable that is not recorded yet, or typed and not recorded."""

    name: str
    label: str
    value: Cell
    unit: Cell | None
    unit_words: str
    factors: tuple[str, ...]
    """What a number in each unit is multiplied with to be one in the unit of the dictionary."""
    limit: Cell | None
    centre_limit: str
    centre_taken: bool
    before: str
    before_number: str
    """In the unit of the dictionary; empty where a change from it says nothing."""
    when: tuple[Cell, ...]
    explained: Explained
    asked: Asked
    seen: int | str | None
    details: tuple[Cell, ...]

    @property
    def detailed(self) -> bool:
        """Whether something was typed into what opens on demand."""
        return any(cell.typed or cell.error for cell in self.details)

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """What is wrong with what is always seen, each with the field at fault."""
        cells = (self.value, self.unit, self.limit, *self.when)
        return tuple((c.control.dom_id, c.error) for c in cells if c is not None and c.error)


def input_of(form: VisitForm, variable: Variable) -> Input:
    """The inputs, with the value before beside them and what is asked about what was typed."""
    name, desk, controls = variable.name, form.desk, controls_of(variable.name)
    limit, previous = desk.limits.get(name), desk.previous.get(name)
    cells = {part: cell_of(form, control) for part, control in controls.items()}
    return Input(
        name=name,
        label=name_of(name),
        value=cells[name],
        unit=cells.get(f"{name}-unit"),
        unit_words=unit_name(variable.unit),
        factors=tuple(str(factor) for factor in variable.accepts.values()),
        limit=cells.get(f"{name}-limit"),
        centre_limit=with_unit(*limit) if limit else "",
        centre_taken=bool(limit) and bool(_sent(form, f"{name}-centre")),
        before=_before(name, form),
        before_number=_number(previous) if variable.type is QUANTITY else "",
        when=_cells(cells, name, ("when", "until")) if form.dated else (),
        explained=explained(variable, cells[name].control.help),
        asked=asked_about(form, name),
        seen=_seen(form, name),
        details=_cells(cells, name, DETAILS),
    )


def _sent(form: VisitForm, field: str) -> Any:
    """What was sent of a field, or left in it."""
    return form[field].value() if form.is_bound else form.initial.get(field)


def _seen(form: VisitForm, name: str) -> Any:
    """The revision that whoever typed something saw; else the one that is shown now."""
    typed = form.is_bound or any(form.initial.get(f) for f in (name, f"{name}-absent"))
    return _sent(form, f"{name}-seen") if typed else form.desk.revisions.get(name)


def _cells(cells: dict[str, Cell], name: str, parts: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(cells[f"{name}-{part}"] for part in parts if f"{name}-{part}" in cells)


def _before(name: str, form: VisitForm) -> str:
    """The value before with its day, or that one is awaited."""
    if name in form.desk.pending:
        return _("Pending.")
    observation = form.desk.previous.get(name)
    return "" if observation is None else before_words(observation)


def before_words(observation: Observation) -> str:
    """A value with its day."""
    return _("%(value)s (%(day)s)") % {
        "value": observation_words(observation),
        "day": day_words(observation.fact.observed_on),
    }


def _number(observation: Observation | None) -> str:
    if observation is None or observation.fact.comparator or not observation.number:
        return ""
    return f"{Decimal(observation.number):f}"
