"""Who a patient is can be corrected: the identity itself, and what the rules know of the person."""

import uuid

from django.db import transaction
from django.db.models import QuerySet

from patients.models import (
    Action,
    Case,
    Demographics,
    Entry,
    FormerIdentity,
    Patient,
    Person,
    User,
)
from patients.permissions import Right, visible_to
from patients.records import chain, journal
from patients.records.finding import make_findable
from patients.records.saving import ReasonMissing, request_of, saved_with, write
from riskfactors.domain.vocabulary import Sex


class IdentityChanged(Exception):
    """Somebody else has corrected the identity since the form was opened; nothing is recorded."""


class NothingChanged(Exception):
    """What was typed is what is recorded; nothing is recorded."""


def identity_of(case: Case) -> Person:
    """Who the patient of a case is, as recorded now."""
    recorded = _recorded(case)
    return Person(
        name=case.patient.name,
        hospital_number=case.patient.hospital_number,
        birth_date=recorded.birth_date,
        sex=Sex(recorded.sex),
    )


def seal_of(person: Person) -> str:
    """What a form holds of what it has shown, without showing it."""
    shown = [person.name, person.hospital_number, str(person.birth_date), person.sex]
    return chain.digest_of(shown, chain.current_key_id())


def correct_identity(
    case: Case, identity: Person, *, seen: str, reason: str, by: User, token: uuid.UUID
) -> Entry:
    """The identity takes the place of another; every case of the patient gets an entry.

    Names and numbers are no part of history, since they can be erased: what they were is kept
    beside the identity, and goes with it.
    Raises Case.DoesNotExist without the right, IdentityChanged, NothingChanged, ReasonMissing,
    TokenReused, ValidationError, Refused.
    """
    if not reason.strip():
        raise ReasonMissing
    asked = request_of(Action.CORRECTED, by, reason, [case.pk, seen, seal_of(identity)], [])
    with transaction.atomic():
        cases = list(_locked(case, by))
        if (earlier := saved_with(token, asked)) is not None:
            return earlier
        patient = Patient.objects.select_for_update().get(pk=case.patient_id)
        own = next(one for one in cases if one.pk == case.pk)
        own.patient = patient
        if seal_of(identity_of(own)) != seen:
            raise IdentityChanged
        if (former := identity_of(own)) == identity:
            raise NothingChanged
        patient.name, patient.hospital_number = identity.name, identity.hospital_number
        patient.birth_date = identity.birth_date
        patient.full_clean()
        patient.save()
        make_findable(patient, cases)
        entries = {}
        for one in cases:
            own_token = token if one.pk == case.pk else uuid.uuid5(token, str(one.public_id))
            entry = Entry(
                recorded_by=by,
                action=Action.CORRECTED,
                reason=reason,
                token=own_token,
                request=asked,
            )
            entries[one.pk] = write(one, entry, _revised(one, identity))
        _keep(former, patient, entries[case.pk])
        return entries[case.pk]


def _keep(former: Person, patient: Patient, until: Entry) -> None:
    kept = FormerIdentity(
        patient=patient,
        entry=until,
        name=former.name,
        hospital_number=former.hospital_number,
        birth_date=former.birth_date,
        sex=former.sex,
    )
    kept.save(force_insert=True)
    journal.note([patient, kept])


def former_identities(case: Case) -> list[FormerIdentity]:
    """Who the patient of a case was taken for, the first first."""
    kept = FormerIdentity.objects.filter(patient=case.patient_id)
    return list(kept.select_related("entry__recorded_by").order_by("pk"))


def _locked(case: Case, by: User) -> QuerySet[Case]:
    """All cases of the patient, in one order so that no two corrections wait for each other."""
    cases = visible_to(by, Right.RECORD).filter(patient__cases=case).order_by("pk")
    if not cases.filter(pk=case.pk).exists():
        raise Case.DoesNotExist
    return cases.select_for_update(no_key=True, of=("self",))


def _revised(case: Case, identity: Person) -> list[Demographics]:
    """The next statement on the person, where it says something else."""
    now = _recorded(case)
    if (now.birth_date, now.sex) == (identity.birth_date, identity.sex):
        return []
    return [
        Demographics(
            case=case,
            revision=now.revision + 1,
            birth_date=identity.birth_date,
            sex=identity.sex,
        )
    ]


def _recorded(case: Case) -> Demographics:
    return Demographics.objects.filter(case=case).order_by("-revision")[0]
