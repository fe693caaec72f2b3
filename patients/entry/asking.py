"""What the domain refuses or asks of a case with what was typed, at the fields of a form."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from patients.entry.questions import Question
from patients.frame.problems import sentence_of, spot_of
from patients.frame.saving import SavedForm
from patients.records.outlook import Outlook
from riskfactors.domain.consistency import Concern
from riskfactors.domain.vocabulary import Problem
from riskfactors.published import catalogue
from riskfactors.words import begun, milestone_name, name_of, role_name, say
from riskfactors.words.facts import day_words

MOST_ELSEWHERE: Final = 3
"""Refusals that name something else than the form states; the others are counted."""


class Subject(NamedTuple):
    """What a form states: where it stands in the case, and the field of what names no other."""

    of: str
    number: int
    field: str


class AskingForm(SavedForm):
    """A form that asks about what is unlikely. Answers travel in the fields NAME-sure."""

    def __init__(self, data: QueryDict | None = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.questions: dict[str, list[Question]] = {}

    def ask(self, name: str, question: Question) -> None:
        """Show a question at a field: what it is about is not recorded until it is answered."""
        self.questions.setdefault(name, []).append(question)
        self.add_error(name, forms.ValidationError(question.sentence, code="asked"))

    def weigh(self, outlook: Outlook, subject: Subject, *, asks: bool = True) -> set[str]:
        """Show what the domain refuses of the case as it would be, else what it asks about.

        Gives the fields that something was shown at.
        """
        shown = set()
        for field, sentence in _refusals(self, outlook, subject):
            self.add_error(field, sentence)
            shown.add(field)
        if asks and not shown:
            for field, question in _questions(self, outlook, subject):
                if not set(question.answers) & set(self.cleaned_data.get(f"{field}-sure") or ()):
                    self.ask(field, question)
                    shown.add(field)
        return shown


def _refusals(form: forms.Form, outlook: Outlook, subject: Subject) -> Iterator[tuple[str, str]]:
    elsewhere = []
    for problem in outlook.problems:
        spot = spot_of(problem.place)
        if spot and spot[:2] == subject[:2] and spot.field in form.fields:
            yield spot.field, sentence_of(problem.phrase)
        else:
            elsewhere.append(_said_of(problem, outlook, subject))
    for sentence in elsewhere[:MOST_ELSEWHERE]:
        yield subject.field, sentence
    if more := elsewhere[MOST_ELSEWHERE:]:
        yield subject.field, _("%s more of this kind.") % len(more)


def _said_of(problem: Problem, outlook: Outlook, subject: Subject) -> str:
    """A refusal with what it is about, unless that is what the form states as a whole."""
    sentence, spot = sentence_of(problem.phrase), spot_of(problem.place)
    if spot is None:
        return sentence
    variable = spot.field.partition("-")[0]
    about = [] if spot[:2] == subject[:2] else [_named(outlook, spot.of, spot.number)]
    if variable in catalogue().dictionary.variables:
        about.append(name_of(variable))
    return f"{', '.join(about)}: {sentence}" if about else sentence


def _questions(
    form: forms.Form, outlook: Outlook, subject: Subject
) -> Iterator[tuple[str, Question]]:
    for concern in outlook.concerns:
        field = _field(form, concern, subject)
        yield field, _question(concern, field, outlook, subject)


def _field(form: forms.Form, concern: Concern, subject: Subject) -> str:
    """The first field that a concern names; what is asked of a part is asked of its value."""
    for spot in map(spot_of, concern.places):
        if spot and spot[:2] == subject[:2]:
            name = spot.field.partition("-")[0]
            if name in form.fields:
                return name
    return subject.field


def _question(concern: Concern, field: str, outlook: Outlook, subject: Subject) -> Question:
    """The sentence without the names of the visit and of the field, which stand above it."""
    said = say(concern.phrase).removeprefix(f"{_named(outlook, *subject[:2])}: ")
    if field in catalogue().dictionary.variables:
        said = said.removeprefix(f"{name_of(field)} ")
    key = "/".join(map(str, (concern.phrase.key, *concern.phrase.about)))
    return Question(sentence=begun(said), answers={key: _("Yes, it is so")})


def _named(outlook: Outlook, of: str, number: int) -> str:
    """A visit, a treatment or an event of the case as it would be, with its day."""
    snapshot, places = outlook.recorded.snapshot, outlook.recorded.places
    named: dict[int, tuple[str, date]] = {}
    match of:
        case "assessments":
            visits = zip(places.assessments, snapshot.assessments, strict=True)
            named = {n: (milestone_name(visit.milestone), visit.date) for n, visit in visits}
        case "treatments":
            treatments = zip(places.treatments, snapshot.treatments, strict=True)
            named = {n: (role_name(given.role), given.start) for n, given in treatments}
        case "events":
            kinds = catalogue().dictionary.events
            events = zip(places.events, snapshot.events, strict=True)
            named = {n: (_(kinds[event.kind].label), event.date) for n, event in events}
    name, day = named[number]
    return f"{name}, {day_words(day)}"
