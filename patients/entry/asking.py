"""What the domain refuses or asks of a case with what was typed, at the fields of a form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

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


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form states: where it stands in the case, and the field of what names no other.

    `names`: the fields of the form by those of the record, where they are not the same.
    """

    of: str
    number: int
    field: str
    names: Mapping[str, str] | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the case."""
        return self.of, self.number

    def refused_at(self, field: str) -> str:
        """The field of the form where something wrong is shown."""
        return field if self.names is None else self.names.get(field, self.field)

    def asked_at(self, field: str) -> str:
        """Where something is asked: what is asked of a part is asked of its value."""
        return field.partition("-")[0] if self.names is None else self.field


Subjects: TypeAlias = Mapping[tuple[str, int], Subject]
"""What a form states, by where it stands in the case."""


class AskingForm(SavedForm):
    """A form that asks about what is unlikely. Answers travel in the fields NAME-sure."""

    def __init__(self, data: QueryDict | None = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.questions: dict[str, list[Question]] = {}

    def ask(self, name: str, question: Question) -> None:
        """Show a question at a field: what it is about is not recorded until it is answered."""
        self.questions.setdefault(name, []).append(question)
        self.add_error(name, forms.ValidationError(question.sentence, code="asked"))

    def asks_at(self, name: str) -> bool:
        """Whether something can be asked at a field."""
        return f"{name}-sure" in self.fields

    def weigh(
        self,
        outlook: Outlook,
        subject: Subject,
        *,
        also: Sequence[Subject] = (),
        asks: bool = True,
    ) -> set[str]:
        """Show what the domain refuses of the case as it would be, else what it asks about.

        `also`: what else the form states. Gives the fields that something was shown at.
        """
        shown = set()
        subjects = {one.place: one for one in (subject, *also)}
        for field, sentence in _refusals(self, outlook, subject, subjects):
            self.add_error(field, sentence)
            shown.add(field)
        if asks and not shown:
            for field, question in _questions(self, outlook, subject, subjects):
                if not set(question.answers) & set(self.cleaned_data.get(f"{field}-sure") or ()):
                    self.ask(field, question)
                    shown.add(field)
        return shown


def _refusals(
    form: forms.Form, outlook: Outlook, subject: Subject, subjects: Subjects
) -> Iterator[tuple[str, str]]:
    elsewhere = []
    for problem in outlook.problems:
        spot = spot_of(problem.place)
        one = None if spot is None else subjects.get(spot[:2])
        field = "" if spot is None or one is None else one.refused_at(spot.field)
        if field in form.fields:
            yield field, sentence_of(problem.phrase)
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
    about = [] if spot[:2] == subject.place else [_named(outlook, spot.of, spot.number)]
    if variable in catalogue().dictionary.variables:
        about.append(name_of(variable))
    return f"{', '.join(about)}: {sentence}" if about else sentence


def _questions(
    form: AskingForm, outlook: Outlook, subject: Subject, subjects: Subjects
) -> Iterator[tuple[str, Question]]:
    for concern in outlook.concerns:
        one, field = _asked_at(form, concern, subject, subjects)
        yield field, _question(concern, field, outlook, one)


def _asked_at(
    form: AskingForm, concern: Concern, subject: Subject, subjects: Subjects
) -> tuple[Subject, str]:
    """The first field that a concern names and the form asks at, and what it belongs to."""
    for spot in map(spot_of, concern.places):
        one = None if spot is None else subjects.get(spot[:2])
        if spot is not None and one is not None:
            name = one.asked_at(spot.field)
            if form.asks_at(name):
                return one, name
    return subject, subject.field


def _question(concern: Concern, field: str, outlook: Outlook, subject: Subject) -> Question:
    """The sentence without the names of the visit and of the field, which stand above it."""
    said = say(concern.phrase).removeprefix(f"{_named(outlook, *subject.place)}: ")
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
