"""Opens a case of another centre in an emergency: on record, with a reason, for some hours."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from patients.models import AccessKind, Case, Centre, Emergency, User
from patients.permissions import cases_in_emergency
from patients.records import journal
from patients.records.opening import note_access

LASTS: Final = timedelta(hours=4)


def open_in_emergency(*, centre: Centre, number: str, reason: str, by: User) -> Case:
    """The latest case of the patient with this hospital number, or the case of this pseudonym.

    Every case of the patient there is opened. Raises Case.DoesNotExist, also without the right or
    where the centre does not allow it.
    """
    with transaction.atomic():
        found = list(cases_in_emergency(by, centre, number).order_by("-pk"))
        if not found:
            raise Case.DoesNotExist
        until = timezone.now() + LASTS
        for case in found:
            access = note_access(case, AccessKind.EMERGENCY, by=by)
            journal.add(Emergency(access=access, reason=reason, until=until))
    return found[0]
