"""Patients get cases; a case begins with its first entry."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from patients.models import (
    Access,
    AccessKind,
    Action,
    Case,
    Demographics,
    Entry,
    Patient,
    Revision,
    User,
)
from patients.models.identifiers import identifier
from patients.permissions import Right, centres_of
from patients.records import journal
from patients.records.finding import make_findable
from patients.records.saving import request_of, saved_with, write
from riskfactors.domain.vocabulary import Sex

RIGHT_TO = {Action.OPENED: Right.RECORD, Action.IMPORTED: Right.TRANSFER}


class CaseExists(Exception):
    """Another case of the centre has this pseudonym."""


def open_case(
    *,
    patient: Patient,
    case_id: str,
    birth_date: date,
    sex: Sex,
    by: User,
    token: uuid.UUID,
    action: Action = Action.OPENED,
    revisions: Sequence[Revision] = (),
) -> Entry:
    """The first entry of a new case, of a patient who may be new too (then not saved yet).

    Whoever gave the pseudonym, it is written by the rules of an identifier.
    Raises Centre.DoesNotExist without the right, CaseExists, TokenReused, ValidationError, Refused.
    """
    try:
        case_id = identifier(case_id)
    except ValidationError as invalid:
        raise ValidationError({"case_id": invalid}) from invalid
    case = Case(centre=patient.centre, case_id=case_id)
    demographics = Demographics(case=case, revision=1, birth_date=birth_date, sex=sex)
    revisions = [demographics, *revisions]
    about = [patient.centre_id, patient.pk, patient.name, patient.hospital_number, case_id]
    asked = request_of(action, by, "", about, revisions)
    with transaction.atomic():
        centres = centres_of(by, RIGHT_TO[action]).select_for_update(no_key=True)
        centre = centres.get(pk=patient.centre_id)
        if (earlier := saved_with(token, asked)) is not None:
            return earlier
        if Case.objects.filter(centre=centre, case_id=case_id).exists():
            raise CaseExists
        new = patient._state.adding
        if new:
            patient.full_clean()
            patient.save(force_insert=True)
        case.patient = patient
        case.full_clean()
        case.save(force_insert=True)
        make_findable(patient, [case])
        entry = Entry(recorded_by=by, action=action, token=token, request=asked)
        write(case, entry, revisions)
        journal.note([patient] if new else [])
        return entry


def note_access(
    case: Case, kind: AccessKind, *, by: User | None = None, account: str = ""
) -> Access:
    """Somebody looks at a case or takes a copy: a user, or an account of this machine."""
    access = Access(case=case, kind=kind, user=by, account=account)
    journal.add(access)
    return access
