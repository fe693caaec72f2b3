"""Who a case's patient is: at least two identifiers on every page of the case."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.models import Case
from riskfactors.wording.facts import day_words


class Identity(Struct, frozen=True, kw_only=True):
    """What stands at the top of every page of a case."""

    public_id: UUID
    title: str
    identifiers: tuple[str, ...]


def identity_of(case: Case, birth_date: date) -> Identity:
    """Name and hospital number where they are known, and always case and birth date."""
    patient = case.patient
    born = _("born %s") % day_words(birth_date)
    title, others = _("Case %s") % case.case_id, [born]
    if patient.name:
        title, others = patient.name, [born, _("case %s") % case.case_id]
        if patient.hospital_number:
            others.insert(0, _("hospital number %s") % patient.hospital_number)
    return Identity(public_id=case.public_id, title=title, identifiers=tuple(others))
