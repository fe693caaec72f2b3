"""The inputs of one variable; what is the same for every patient is remembered as markup."""

from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Final

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.asking import AskingForm
from patients.entry.fields import absent_reasons, fields_of
from patients.entry.visit_forms import VisitForm
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue
from riskfactors.words import name_of
from riskfactors.words.facts import day_words, observation_words, with_unit

DETAILS: Final = ("on", "absent", "note")


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


class Part(Struct, frozen=True):
    """A folded field: its name, what was typed and what is wrong with it."""

    name: str
    typed: str = ""
    error: str = ""

    @property
    def dom_id(self) -> str:
        """What its label and a link lead to."""
        return f"id_{self.name}"


class Input(Struct, frozen=True, kw_only=True):
    """The fields of one variable that is not recorded yet."""

    name: str
    label: str
    fields: SafeString
    centre_limit: str
    centre_taken: bool
    before: str
    asked: Asked
    seen: int | None
    details: SafeString


def input_of(form: VisitForm, variable: Variable) -> Input:
    """The inputs, with the value before beside them and what is asked about what was typed."""
    name, desk = variable.name, form.desk
    limit = desk.limits.get(name)
    return Input(
        name=name,
        label=name_of(name),
        fields=_fields(form, name) if form.is_bound else _blank_fields(name, get_language()),
        centre_limit=_("As usual here: %s") % with_unit(*limit) if limit else "",
        centre_taken=form.is_bound and bool(limit) and bool(form[f"{name}-centre"].value()),
        before=_("Pending.") if name in desk.pending else _before(desk.previous.get(name)),
        asked=asked_about(form, name),
        seen=form[f"{name}-seen"].value() if form.is_bound else desk.revisions.get(name),
        details=_details(form, name),
    )


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


def _fields(form: forms.Form, name: str) -> SafeString:
    """Value, unit and upper limit."""
    parts = (name, f"{name}-unit", f"{name}-limit")
    shown = {"parts": [form[part] for part in parts if part in form.fields]}
    return render_to_string("patients/entry/_value.html", shown)


@cache
def _blank_fields(name: str, _language: str) -> SafeString:
    """The same for every patient as long as nothing is typed."""
    form = forms.Form()
    form.fields = fields_of(catalogue().dictionary.variables[name])
    return _fields(form, name)


def _before(observation: Observation | None) -> str:
    if observation is None:
        return ""
    return _("Before: %(value)s (%(day)s)") % {
        "value": observation_words(observation),
        "day": day_words(observation.fact.observed_on),
    }


def _details(form: VisitForm, name: str) -> SafeString:
    """Day, reason and note: three fields that few values need, folded."""
    if not form.is_bound:
        return _blank_details(name, get_language())
    return _with_details(name, [_part(form, name, kind) for kind in DETAILS])


@cache
def _blank_details(name: str, _language: str) -> SafeString:
    """The same for every patient as long as nothing is typed."""
    return _with_details(name, [Part(f"{name}-{kind}") for kind in DETAILS])


def _part(form: VisitForm, name: str, kind: str) -> Part:
    field = f"{name}-{kind}"
    error = " ".join(map(str, form.errors.get(field, ())))
    return Part(field, str(form[field].value() or ""), error)


def _with_details(name: str, parts: Sequence[Part]) -> SafeString:
    day, absent, note = parts
    shown = {
        "label": name_of(name),
        "open": any(part.typed or part.error for part in parts),
        "day": day,
        "absent": absent,
        "note": note,
        "reasons": [(code, _(words)) for code, words in absent_reasons()],
    }
    return render_to_string("patients/entry/_details.html", shown)


def forget() -> None:
    """As if no form had been shown before: for measurements, and another dictionary."""
    _blank_fields.cache_clear()
    _blank_details.cache_clear()
