"""The fields of a form as values for the templates: their words, what was typed, what is wrong."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import count
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from msgspec import Struct

from patients.entry.asking import AskingForm
from patients.entry.fields import fields_of
from riskfactors.published import catalogue

FEW: Final = 5
"""So many choices are buttons, and so are all digits; more are a list."""


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    DAY = "date"
    FEW = "few"
    LIST = "list"


class Choice(Struct, frozen=True):
    """One of the values to choose from; `short` stands for words that are too long for a button."""

    value: str
    words: str
    short: str = ""


class Control(Struct, frozen=True, kw_only=True):
    """What a field is, the same for every patient."""

    name: str
    kind: Kind
    label: str
    help: str
    choices: tuple[Choice, ...] = ()
    max_length: int = 0
    input_mode: str = "text"

    @property
    def dom_id(self) -> str:
        """What a label and a link lead to."""
        return f"id_{self.name}"


class Cell(Struct, frozen=True):
    """A field of a form that is shown."""

    control: Control
    typed: str = ""
    error: str = ""


class Answer(Struct, frozen=True):
    """A possible answer to what is asked."""

    dom_id: str
    value: str
    words: str


class Asking(Struct, frozen=True):
    """One question and its possible answers; of several one is chosen, a single one is ticked."""

    sentence: str
    answers: tuple[Answer, ...]
    choose: str


class Asked(Struct, frozen=True):
    """What is asked about a field, and the answers given before, which travel along."""

    name: str
    questions: tuple[Asking, ...] = ()
    given: tuple[str, ...] = ()


def control_of(name: str, field: forms.Field) -> Control:
    """What a field of Django is, in words."""
    choices: Iterable[tuple[Any, Any]] = getattr(field, "choices", ())
    given = tuple(_choice(str(value), str(words)) for value, words in choices if value != "")
    few = len(given) <= FEW or all(choice.value.isdigit() for choice in given)
    kind = Kind.TEXT if not given else Kind.FEW if few else Kind.LIST
    return Control(
        name=name,
        kind=Kind.DAY if isinstance(field, forms.DateField) else kind,
        label=str(field.label or ""),
        help=str(field.help_text),
        choices=given,
        max_length=getattr(field, "max_length", None) or 0,
        input_mode=str(field.widget.attrs.get("inputmode", "text")),
    )


def _choice(value: str, words: str) -> Choice:
    """An abbreviation that everybody knows is a code in capitals: CR."""
    return Choice(value, words, value if value.isupper() else "")


def controls_of(variable: str) -> dict[str, Control]:
    """The fields of a variable by their names, the same for every patient."""
    return _controls(variable, get_language())


@cache
def _controls(variable: str, _language: str) -> dict[str, Control]:
    fields = fields_of(catalogue().dictionary.variables[variable])
    return {name: control_of(name, field) for name, field in fields.items()}


def forget() -> None:
    """As if no form had been shown before: for measurements, and another dictionary."""
    _controls.cache_clear()


def cell_of(form: forms.Form, control: Control) -> Cell:
    """A field with what was typed into it, and what is wrong with that."""
    if not form.is_bound or control.name not in form.fields:
        return Cell(control, str(form.initial.get(control.name) or ""))
    error = "" if _only_asked(form, control.name) else _said(form.errors.get(control.name, ()))
    return Cell(control, str(form[control.name].value() or ""), error)


def _only_asked(form: forms.Form, name: str) -> bool:
    """What is asked about stands once, in the question."""
    return isinstance(form, AskingForm) and name in form.questions


def _said(sentences: Iterable[Any]) -> str:
    return " ".join(map(str, sentences))


def asked_about(form: AskingForm, name: str) -> Asked:
    """The questions about a field, and the answers given before."""
    answers = f"{name}-sure"
    given = tuple(form[answers].value() or ()) if form.is_bound and answers in form.fields else ()
    dom_ids = (f"id_{name}-sure-{number}" for number in count())
    return Asked(
        name,
        tuple(
            Asking(
                question.sentence,
                tuple(Answer(next(dom_ids), *answer) for answer in question.answers.items()),
                "radio" if len(question.answers) > 1 else "checkbox",
            )
            for question in form.questions.get(name, ())
        ),
        given,
    )
