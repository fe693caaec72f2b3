"""Looks at cases are noted; what cannot be noted is logged, and noted with the next that can.

Nobody is kept from reading a case because nothing can be written: a standby, a full disk, a
locked table. Copies are: an export that leaves no record is refused.
"""

import logging
from collections import deque
from typing import Final

from django.db import DatabaseError, InterfaceError, transaction

from patients.models import Access, AccessKind, Case, User
from patients.records.away import is_away

logger: Final = logging.getLogger("patients.looks")

_waiting: Final[deque[Access]] = deque()
"""Of this process; the log has them if it ends before one can be noted."""


def note_look(case: Case, *, by: User) -> None:
    """Somebody looks at a case."""
    look = Access(case=case, kind=AccessKind.LOOKED, user=by)
    try:
        with transaction.atomic():
            look.save(force_insert=True)
    except (DatabaseError, InterfaceError) as error:
        if not is_away(error):
            raise
        said = "Not noted yet: at %s account %d looked at case %d."
        logger.warning(said, look.at.isoformat(), by.pk, case.pk)
        _waiting.append(look)
    else:
        catch_up()


def catch_up() -> None:
    """Note what has waited, with the time of each look."""
    late = [_waiting.popleft() for _each in range(len(_waiting))]
    if not late:
        return
    try:
        with transaction.atomic():
            Access.objects.bulk_create(late)
    except (DatabaseError, InterfaceError) as error:
        if is_away(error):
            _waiting.extendleft(reversed(late))
        else:  # of an account or a case that is gone: the log has said it
            logger.error("Never to be noted: %d looks.", len(late))
    else:
        logger.warning("Noted now: %d looks.", len(late))
