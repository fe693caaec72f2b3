"""What would follow from the form of a visit if what is typed were recorded: nothing is written.

The form reads what is typed, as it does for a save, and the case is read with its statements.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from patients.course.known import REMEMBERED, Course, Moment, course_in, course_of, known_now
from patients.entry.asking import Subject
from patients.entry.gaps import GAP
from patients.entry.places import Place
from patients.entry.recording import new_visit
from patients.entry.visit_forms import VisitForm
from patients.entry.visit_page import desk_of
from patients.frame.problems import sentence_of
from patients.permissions import OpenedCase
from patients.records.outlook import Outlook
from patients.records.slots import Known, known_of
from patients.records.snapshots import read_together
from riskfactors.domain.timepoints import Milestone
from riskfactors.words import name_of

SAYS_NOTHING = ("unit", "seen")
"""What a form sends of a variable of which nothing is typed."""


class Doubted(NamedTuple):
    """What a form asks about a field; `counts` if its answer can only be that it is so."""

    name: str
    sentence: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A case without and with what is typed at a visit. A new visit counts with its day alone
    where what is typed is left out: what its values change is seen then.

    `unread` names what cannot be read. `stopped` says why nothing can be recorded; nothing
    follows then.
    """

    milestone: Milestone
    unread: tuple[str, ...] = ()
    asked: tuple[Doubted, ...] = ()
    stopped: str = ""
    before: Course | None = None
    after: Course | None = None


class FollowedForm(VisitForm):
    """The form of a visit; `foreseen` is the case with all of it that can be recorded, and what
    would be refused of that. What is only unlikely is in it: to answer is to record it as it is."""

    foreseen: Outlook | None = None
    unclear: frozenset[str] = frozenset()
    """What may mean two things, or lacks a part: it is not in it."""

    def weigh(self, outlook: Outlook, subject: Subject, **given: Any) -> set[str]:
        """Keep what is looked at: what is doubted is left out of the next look."""
        if self.foreseen is None:
            self.unclear = frozenset(self.questions)
        if self.foreseen is None or self.foreseen.problems:
            self.foreseen = outlook
        return super().weigh(outlook, subject, **given)


def case_now(opened: OpenedCase) -> Known:
    """A case as its last entry leaves it."""
    return _known(known_now(opened))


def following(opened: OpenedCase, place: Place, typed: QueryDict) -> Following:
    """What would follow from the form of a visit."""
    moment, at = known_now(opened), place.milestone
    known = _known(moment)
    if place.number is None and at is not Milestone.INTERIM and known.at(at) is not None:
        said = _("Somebody has recorded this visit meanwhile. Open it anew.")
        return Following(milestone=at, stopped=said)
    names = _typed(typed)
    desk = desk_of(opened, known, place if GAP in names else _about(place, names))
    desk = replace(desk, rows=[row for row in place.rows if row.name in names])
    form = FollowedForm(typed, desk=desk)
    form.full_clean()
    unread, asked = tuple(_unread(form)), tuple(_asked(form))
    stopped = _stopped(form)
    if stopped or form.foreseen is None:
        return Following(milestone=at, unread=unread, asked=asked, stopped=stopped)
    if place.number is None:
        before = _dated(moment, at, form.cleaned_data["date"])
    else:
        before = course_of(moment)
    after = course_in(moment, form.foreseen.recorded)
    return Following(milestone=at, unread=unread, asked=asked, before=before, after=after)


@lru_cache(maxsize=REMEMBERED)
def _known(moment: Moment) -> Known:
    """The case as it stands; nothing of it is changed by who reads it."""
    return known_of(moment.case, moment.head)


@lru_cache(maxsize=REMEMBERED)
def _dated(moment: Moment, milestone: Milestone, day: date) -> Course:
    """The course with a visit of which nothing but its day is known."""
    return course_in(moment, read_together(_known(moment).rows, [new_visit(milestone, day)]))


def _typed(sent: QueryDict) -> frozenset[str]:
    """What begins the names of the fields that something is typed in."""
    return frozenset(
        name
        for key, values in sent.lists()
        for name, _dash, end in [key.removeprefix("clash-").partition("-")]
        if end not in SAYS_NOTHING and any(value.strip() for value in values)
    )


def _about(place: Place, names: Container[str]) -> Place:
    """The part of a form that something is typed in: of the rest it reads nothing, unless one
    reason is given for all that is left empty."""
    return place._replace(variables=[v for v in place.variables if v.name in names])


def _unread(form: VisitForm) -> Iterator[str]:
    """The names of what is wrong or not whole yet, each once."""
    wrong = {
        _name(form, field): None
        for field, errors in form.errors.as_data().items()
        if any(error.code != "asked" for error in errors)
        and field in form.fields
        and not form[field].is_hidden
    }
    yield from wrong


def _asked(form: FollowedForm) -> Iterator[Doubted]:
    for field, questions in form.questions.items():
        for question in questions:
            name, counts = _name(form, field), field not in form.unclear
            yield Doubted(name, question.sentence, counts)


def _name(form: VisitForm, field: str) -> str:
    variables = {variable.name for variable in form.desk.variables}
    name = field.partition("-")[0]
    return name_of(name) if name in variables else str(form.fields[field].label)


def _stopped(form: FollowedForm) -> str:
    """Why nothing of the form can be recorded as it stands."""
    if form.foreseen is None:
        return " ".join(_whole(form)) or _("Give the date of the visit: what follows rests on it.")
    return " ".join(
        dict.fromkeys(sentence_of(problem.phrase) for problem in form.foreseen.problems)
    )


def _whole(form: VisitForm) -> Iterator[str]:
    """What is wrong with the form as a whole."""
    for field in ("__all__", "token"):
        yield from map(str, form.errors.get(field, ()))
