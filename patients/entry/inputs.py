"""The inputs of one variable: value and unit by crispy-forms, what is rarely wanted by hand."""

from collections.abc import Mapping
from functools import cache

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.fields import absent_reasons, fields_of
from patients.entry.visit_forms import VisitForm
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue
from riskfactors.words import name_of
from riskfactors.words.facts import day_words, observation_words, with_unit


class Answer(Struct, frozen=True):
    """A possible answer to what is asked."""

    dom_id: str
    value: str
    words: str


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked about a field, how it is answered, and the answers given before."""

    name: str
    sentence: str = ""
    answers: tuple[Answer, ...] = ()
    choose: str = "checkbox"
    given: tuple[str, ...] = ()


class Input(Struct, frozen=True, kw_only=True):
    """The fields of one variable that is not recorded yet."""

    name: str
    label: str
    fields: SafeString
    centre: BoundField | None
    centre_limit: str
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
        centre=form[f"{name}-centre"] if limit else None,
        centre_limit=_("As usual here: %s") % with_unit(*limit) if limit else "",
        before=_("Pending.") if name in desk.pending else _before(desk.previous.get(name)),
        asked=asked_about(form, name),
        seen=form[f"{name}-seen"].value() or None,
        details=_details(form, name),
    )


def asked_about(form: VisitForm, name: str) -> Asked:
    """The question about a field, if there is one; answers given before travel along."""
    given = tuple(form[f"{name}-sure"].value() or ()) if form.is_bound else ()
    question = form.questions.get(name)
    if question is None:
        return Asked(name=name, given=given)
    answers = enumerate(question.answers.items())
    return Asked(
        name=name,
        sentence=question.sentence,
        answers=tuple(Answer(f"id_{name}-sure-{n}", value, words) for n, (value, words) in answers),
        choose="radio" if len(question.answers) > 1 else "checkbox",
        given=given,
    )


def _fields(form: forms.Form, name: str) -> SafeString:
    """Value, unit and upper limit."""
    parts = (name, f"{name}-unit", f"{name}-limit")
    return SafeString("".join(as_crispy_field(form[part]) for part in parts if part in form.fields))


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
        return _folded(name, get_language())
    typed = {part: str(form[f"{name}-{part}"].value() or "") for part in ("on", "absent", "note")}
    errors = {part: " ".join(map(str, form.errors.get(f"{name}-{part}", ()))) for part in typed}
    return _written(name, typed, errors)


@cache
def _folded(name: str, _language: str) -> SafeString:
    """The same for every patient as long as nothing is typed."""
    return _written(name, {"on": "", "absent": "", "note": ""}, {})


def _written(name: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> SafeString:
    day = format_html(
        '<input type="date" class="form-control" name="{name}-on" id="id_{name}-on" value="{day}"'
        "{wrong}>",
        name=name,
        day=typed["on"],
        wrong=_wrong(name, "on", errors),
    )
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (code, SafeString(" selected") if code == typed["absent"] else "", _(words))
            for code, words in [("", ""), *absent_reasons()]
        ),
    )
    reason = format_html(
        '<select class="form-select" name="{name}-absent" id="id_{name}-absent"{wrong}>{options}'
        "</select>",
        name=name,
        options=options,
        wrong=_wrong(name, "absent", errors),
    )
    note = format_html(
        '<input type="text" class="form-control" name="{name}-note" id="id_{name}-note"'
        ' maxlength="2000" value="{note}"{wrong}>',
        name=name,
        note=typed["note"],
        wrong=_wrong(name, "note", errors),
    )
    parts = (
        ("on", _("Sample or examination date, if another"), day),
        ("absent", _("No value because"), reason),
        ("note", _("Note"), note),
    )
    fields = format_html_join(
        "",
        '<div><label class="form-label" for="id_{}-{}">{}</label>{}{}</div>',
        ((name, part, label, field, _error(name, part, errors)) for part, label, field in parts),
    )
    return format_html(
        '<details class="more"{}><summary>{}<span class="visually-hidden"> {}</span></summary>'
        '<div class="more-fields">{}</div></details>',
        SafeString(" open") if any(typed.values()) or any(errors.values()) else "",
        _("Date, reason, note"),
        name_of(name),
        fields,
    )


def _wrong(name: str, part: str, errors: Mapping[str, str]) -> SafeString:
    if not errors.get(part):
        return SafeString("")
    return format_html(' aria-invalid="true" aria-describedby="id_{}-{}_error"', name, part)


def _error(name: str, part: str, errors: Mapping[str, str]) -> SafeString:
    if not errors.get(part):
        return SafeString("")
    return format_html(
        '<p class="field-error" id="id_{}-{}_error">{}</p>', name, part, errors[part]
    )


def forget() -> None:
    """As if no form had been shown before: for measurements, and another dictionary."""
    _blank_fields.cache_clear()
    _folded.cache_clear()
