"""Drafts: what is typed is kept for its author alone until the form is saved.

Nothing else of the records reads them: no snapshot, no export, no chain.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from patients.models import Case, Draft, Entry, User
from patients.permissions import Right, locked

MOST: Final = 100_000
"""Characters of one form, with the names of its fields."""


class TooLong(Exception):
    """More is typed than a draft holds."""


class SavedMeanwhile(Exception):
    """The form has been saved: what arrives of it after that is not kept."""


def keep(
    *,
    case: Case,
    by: User,
    right: Right,
    place: str,
    token: uuid.UUID,
    typed: Mapping[str, Sequence[str]],
) -> datetime:
    """Keep a form as it is typed, in place of what was kept of it before; gives the time.

    Raises Case.DoesNotExist without the right, TooLong, SavedMeanwhile.
    """
    if sum(len(text) for name, values in typed.items() for text in (name, *values)) > MOST:
        raise TooLong
    draft = Draft(author=by, place=place, token=token, typed=typed, at=timezone.now())
    with transaction.atomic():
        draft.case = locked(case.pk, by, right)  # a save of the form comes before this or after it
        if Entry.objects.filter(token=token).exists():
            raise SavedMeanwhile
        Draft.objects.bulk_create(
            [draft],
            update_conflicts=True,
            unique_fields=["author", "place"],
            update_fields=["token", "typed", "at"],
        )
    return draft.at


def draft_at(place: str, *, of: User) -> Draft | None:
    """What somebody has typed into the form at an address and not recorded."""
    return Draft.objects.filter(author=of, place=place).first()


def discard(place: str, *, of: User) -> None:
    """Take away what somebody has typed into a form."""
    Draft.objects.filter(author=of, place=place).delete()


@contextmanager
def ended_by_saving(place: str, *, of: User) -> Iterator[None]:
    """What is recorded within takes the draft of its form with it, or neither happens."""
    with transaction.atomic():
        yield
        discard(place, of=of)
