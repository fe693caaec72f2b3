"""Looks at cases and lists are noted, refused ones too; what cannot be noted is logged, and noted
with the next that can.

Nobody is kept from reading a case because nothing can be written: a standby, a full disk, a
locked table. Copies are: an export that leaves no record is refused.
"""

import logging
from collections import deque
from collections.abc import Iterable
from typing import Final, TypeAlias

from django.db import DatabaseError, InterfaceError, transaction

from patients.models import Access, AccessKind, Case, Centre, ListAccess, ListKind, User
from patients.records import journal
from patients.records.away import is_away

logger: Final = logging.getLogger("patients.looks")

Look: TypeAlias = Access | ListAccess

_waiting: Final[deque[Look]] = deque()
"""Of this process; the log has them if it ends before one can be noted."""


def note_look(case: Case, *, by: User) -> None:
    """Somebody looks at a case."""
    _note(Access(case=case, kind=AccessKind.LOOKED, user=by))


def note_list(centre: Centre, kind: ListKind, cases: Iterable[int], *, by: User) -> None:
    """Somebody is shown a list with the cases of these keys."""
    _note(ListAccess(centre=centre, kind=kind, cases=sorted(cases), user=by))


def note_refusal(case: Case, *, by: User) -> None:
    """Somebody asks for a case without a right to it."""
    _note(Access(case=case, kind=AccessKind.REFUSED, user=by))


def _note(look: Look) -> None:
    try:
        with transaction.atomic():
            journal.add(look)
    except (DatabaseError, InterfaceError) as error:
        if not is_away(error):
            raise
        logger.warning("Not noted yet: %s", _said(look))
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
            journal.add(*late)
    except (DatabaseError, InterfaceError) as error:
        if is_away(error):
            _waiting.extendleft(reversed(late))
        else:  # of an account or a case that is gone: the log has said it
            logger.error("Never to be noted: %d looks.", len(late))
    else:
        logger.warning("Noted now: %d looks.", len(late))


def _said(look: Look) -> str:
    """A look in words for the log: keys, no names."""
    about = f"case {look.case_id}" if isinstance(look, Access) else f"cases {look.cases}"
    return f"at {look.at.isoformat()} account {look.user_id}, {look.kind}: {about}."
