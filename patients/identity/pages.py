"""The pages that register a patient and correct who one is: their words, beside their forms."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.statement_page import Shift, shift_of
from patients.frame.faults import ASKED, WRONG, Faults, faults_of
from patients.frame.heading import Heading, heading_of
from patients.identity.forms import SEXES, IdentityForm, RegistrationForm, laid_out
from patients.identity.registering import Like, LookAlike, look_alikes
from patients.models import Case, Centre, FormerIdentity, Person
from patients.permissions import OpenedCase
from patients.records.preview import Change
from riskfactors.domain.timepoints import age_on
from riskfactors.domain.vocabulary import Sex
from riskfactors.words.facts import day_words

MOST_SHOWN = 10


class Choice(Struct, frozen=True):
    """A centre to choose."""

    name: str
    url: str
    current: bool


class Resembling(Struct, frozen=True):
    """A patient who may be the same."""

    value: str
    who: str
    about: str
    alike: str
    cases: str
    chosen: bool


class RegisterPage(Struct, frozen=True):
    """The form, the look-alikes to decide about with the keys of their cases, and the centres to
    choose from."""

    centre: str
    url: str
    form: RegistrationForm
    layout: Any
    faults: Faults | None
    centres: tuple[Choice, ...]
    resembling: tuple[Resembling, ...]
    cases: tuple[int, ...]
    known: str
    another: bool
    left_out: str


class Changed(Struct, frozen=True):
    """The verdicts of one case that a new birth date changes; `named` is the id of their title."""

    case_id: str
    named: str
    shifts: tuple[Shift, ...]


class EarlierIdentity(Struct, frozen=True):
    """Who the patient was taken for, until when, and the way back."""

    who: str
    about: str
    until: str
    url: str


class IdentityPage(Struct, frozen=True):
    """The form, what a new birth date changes, and what stood here before."""

    heading: Heading
    case_id: str
    url: str
    back: str
    form: IdentityForm
    layout: Any
    faults: Faults | None
    change: str
    changed: tuple[Changed, ...]
    confirmed: str
    earlier: tuple[EarlierIdentity, ...]
    taken_up: str


def register_page(
    form: RegistrationForm, centre: Centre, centres: Sequence[Centre]
) -> RegisterPage:
    """With everybody who may be the same patient, once somebody has been typed."""
    found = look_alikes(form.person(), centre=centre) if form.knows_the_person else []
    decided = str(form["decision"].data or "") if form.is_bound else ""
    hidden = len(found) - MOST_SHOWN
    return RegisterPage(
        centre=centre.name,
        url=_url(centre),
        form=form,
        layout=laid_out(("name", "hospital_number"), ("birth_date", "sex"), ("case_id",)),
        faults=_faults(form, asked=bool(found)),
        centres=tuple(Choice(c.name, _url(c), c == centre) for c in centres if len(centres) > 1),
        resembling=tuple(_resembling(one, decided) for one in found[:MOST_SHOWN]),
        cases=tuple(case.pk for one in found[:MOST_SHOWN] for case in one.cases),
        known=" ".join(str(one.public_id) for one in found),
        another=decided == "another",
        left_out=_("%d more are not shown.") % hidden if hidden > 0 else "",
    )


def identity_page(
    form: IdentityForm,
    opened: OpenedCase,
    changes: Iterable[tuple[Case, list[Change]]] = (),
    *,
    former: Sequence[FormerIdentity] = (),
    taken_up: FormerIdentity | None = None,
) -> IdentityPage:
    """With what follows from a new birth date, by case, before it is corrected.

    `former` identities stand below it; one of them may be `taken_up` by the form.
    """
    case = opened.case
    typed = form.person() if form.to_confirm else None
    url = reverse("patients:identity", args=[case.public_id])
    earlier = [_earlier(kept, f"{url}?former={n}") for n, kept in enumerate(former, 1)]
    return IdentityPage(
        heading=heading_of(opened, "identity"),
        case_id=case.case_id,
        url=url,
        back=reverse("patients:case", args=[case.public_id]),
        form=form,
        layout=laid_out(("name", "hospital_number"), ("birth_date", "sex"), ("reason",)),
        faults=_faults(form, asked=typed is not None),
        change=_change(form.recorded, typed, form.today) if typed else "",
        changed=tuple(
            Changed(one.case_id, f"change-{place}", tuple(map(shift_of, some)))
            for place, (one, some) in enumerate(changes)
        ),
        confirmed=str(typed.birth_date) if typed else "",
        earlier=tuple(reversed(earlier)),
        taken_up=moment(taken_up.entry.recorded_at) if taken_up else "",
    )


def _earlier(kept: FormerIdentity, url: str) -> EarlierIdentity:
    parts = (kept.hospital_number, _("born %s") % day_words(kept.birth_date), SEXES[Sex(kept.sex)])
    entry = kept.entry
    said = {"moment": moment(entry.recorded_at), "who": entry.recorded_by, "why": entry.reason}
    return EarlierIdentity(
        who=kept.name or _("Name not known here"),
        about=", ".join(filter(None, map(str, parts))),
        until=_("Until %(moment)s, corrected by %(who)s: %(why)s") % said,
        url=url,
    )


def moment(at: datetime) -> str:
    """A moment to the minute."""
    return formats.date_format(localtime(at), "j M Y, H:i")


def _url(centre: Centre) -> str:
    return reverse("patients:register", query={"centre": centre.code})


def _faults(form: forms.Form, *, asked: bool) -> Faults | None:
    """All that is wrong; what concerns no field alone is said here and not once more below."""
    faults = faults_of(form, ASKED if asked else WRONG)
    form.errors.pop("__all__", None)
    return faults


def _resembling(one: LookAlike, decided: str) -> Resembling:
    patient, value = one.patient, str(one.public_id)
    born = _("born %s") % day_words(patient.birth_date) if patient.birth_date else ""
    words = {
        Like.NUMBER: _("the same hospital number"),
        Like.BIRTH_DATE: _("the same birth date"),
        Like.NAME: _("a similar name"),
    }
    return Resembling(
        value=value,
        who=patient.name or _("Name not known here"),
        about=", ".join(filter(None, (patient.hospital_number, born))),
        alike=", ".join(words[like] for like in one.alike),
        cases=", ".join(case.case_id for case in one.cases),
        chosen=decided == value,
    )


def _change(recorded: Person, typed: Person, today: date) -> str:
    ages = [age_on(today, who.birth_date) for who in (recorded, typed)]
    return _(
        "The birth date changes from %(before)s to %(after)s, and the age today from %(old)d to"
        " %(new)d years. Every finding that rests on age is evaluated anew, at every milestone."
    ) % {
        "before": day_words(recorded.birth_date),
        "after": day_words(typed.birth_date),
        "old": ages[0],
        "new": ages[1],
    }


def new_token() -> str:
    """Marks one form, so that posted twice it is saved once."""
    return str(uuid.uuid4())
