"""What was pasted, line by line, as the form of a visit would read it: a proposal, no record."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from patients.entry.pasted import PastedLine, pasted_lines
from patients.entry.places import Place
from patients.entry.visit_forms import VisitForm
from patients.entry.visit_page import desk_of
from patients.permissions import OpenedCase
from patients.records.slots import Known
from riskfactors.domain.progress import PENDING
from riskfactors.published import catalogue
from riskfactors.words import name_of, unit_name


class PastedText(forms.Form):
    """What was pasted."""

    pasted = forms.CharField(max_length=20_000, strip=False)


class ReadLine(Struct, frozen=True, kw_only=True):
    """A line with what it was read as; `field` is what it would fill, empty where it fills none.
    `note` is why, what the form will ask, or what of the line is not read."""

    text: str
    name: str = ""
    value: str = ""
    field: str = ""
    typed: str = ""
    unit: str = ""
    note: str = ""


class PastedPage(Struct, frozen=True):
    """The lines, and how many fields they would fill."""

    lines: tuple[ReadLine, ...]

    @property
    def fill(self) -> str:
        """The words of the button; none where there is nothing to fill."""
        number = sum(bool(line.field) for line in self.lines)
        said = ngettext("Fill %d empty field", "Fill %d empty fields", number) % number
        return said if number else ""


def pasted_page(
    opened: OpenedCase, known: Known, place: Place, sent: QueryDict, text: str
) -> PastedPage:
    """Each line with the field that it would fill; what is typed or recorded stays as it is."""
    lines = pasted_lines(text)
    refused = dict(_refused(lines, known, place, sent))
    form = _form(opened, known, place, sent, [n for n in lines if n.variable not in refused])
    return PastedPage(
        tuple(_read_line(line, refused.get(line.variable, ""), form) for line in lines)
    )


def _refused(
    lines: Sequence[PastedLine], known: Known, place: Place, sent: QueryDict
) -> Iterator[tuple[str, str]]:
    """The variables that nothing is proposed for, and why."""
    times = Counter(line.variable for line in lines)
    asked = {variable.name for variable in place.variables}
    for name in filter(None, times):
        if times[name] > 1:
            yield name, _("Named more than once: which one is meant cannot be told.")
        elif name not in asked:
            yield name, _("Not asked for at this visit.")
        elif name in _recorded(known, place):
            yield name, _("Recorded at this visit already: it is not overwritten.")
        elif sent.get(name, "").strip() or sent.get(f"{name}-absent", ""):
            yield name, _("Typed already: it is not overwritten.")


def _recorded(known: Known, place: Place) -> set[str]:
    """What the form shows as recorded, and has no field for."""
    if place.number is None:
        return set()
    _visit, assessment = known.visits[place.number]
    settled = {name for name, a in assessment.absences.items() if a.reason != PENDING}
    return settled | set(assessment.observations)


def _form(
    opened: OpenedCase,
    known: Known,
    place: Place,
    sent: QueryDict,
    lines: Sequence[PastedLine],
) -> VisitForm:
    """The form of the visit as it would be filled, with nothing else in it."""
    typed = sent.copy()
    for line in lines:
        if line.value:
            typed[line.variable] = line.value
            typed[f"{line.variable}-unit"] = _unit(line, sent)
    proposed = {line.variable for line in lines if line.value}
    about = place._replace(variables=[v for v in place.variables if v.name in proposed])
    form = VisitForm(typed, desk=replace(desk_of(opened, known, about), rows=()))
    form.full_clean()
    return form


def _unit(line: PastedLine, sent: QueryDict) -> str:
    """The unit of the line; of one without, that of its field as it stands."""
    own = catalogue().dictionary.variables[line.variable]
    chosen = sent.get(f"{line.variable}-unit", "")
    return line.unit or (chosen if chosen in own.accepts else own.unit or "")


def _read_line(line: PastedLine, refused: str, form: VisitForm) -> ReadLine:
    if not line.variable:
        return ReadLine(text=line.text, note=line.fault)
    name = name_of(line.variable)
    if not line.value:
        return ReadLine(text=line.text, name=name, note=line.fault or refused)
    unit = _unit(line, form.typed)
    value = f"{line.value} {unit_name(unit)}"
    if fault := refused or _wrong(line.variable, form):
        return ReadLine(text=line.text, name=name, value=value, note=fault)
    return ReadLine(
        text=line.text,
        name=name,
        value=value,
        field=line.variable,
        typed=line.value,
        unit=unit,
        note=" ".join(_notes(line, form)),
    )


def _wrong(name: str, form: VisitForm) -> str:
    """Why the form would not read it."""
    return " ".join(
        str(message)
        for field, errors in form.errors.as_data().items()
        if field == name or field.startswith(f"{name}-")
        for error in errors
        if error.code != "asked"
        for message in error.messages
    )


def _notes(line: PastedLine, form: VisitForm) -> Iterator[str]:
    if not line.unit:
        yield _("The line names no unit: that of the field is taken.")
    for question in form.questions.get(line.variable, ()):
        yield _("Asked when it is recorded: %s") % question.sentence
    if line.rest:
        yield _("Not read: %s.") % line.rest
