"""Who moves the second screen of a meeting: one person, until another takes over."""

from uuid import UUID

from django.db.models import Max, Q

from patients.models import AgendaItem, Meeting, User
from riskfactors.published import catalogue


class Presented(Exception):
    """Somebody else presents: nobody but them moves the second screen."""


def show(meeting: Meeting, item: AgendaItem, by: User, *, take_over: bool = False) -> None:
    """The presenter has this item on screen; a second screen follows, also of a closed meeting.
    Whoever begins presents until somebody takes over on purpose. Raises Presented.
    """
    moved = Meeting.objects.filter(pk=meeting.pk)
    if not take_over:
        moved = moved.filter(Q(presenter=None) | Q(presenter=by))
    if not moved.update(shown=item, presenter=by):
        raise Presented


def on_screen(item: int) -> tuple[UUID, str]:
    """The case of an item, and its version: another once anything is recorded of the case, by a
    board as well, or evidence is published anew."""
    asked = AgendaItem.objects.filter(pk=item).annotate(last=Max("case__entries"))
    case, last = asked.values_list("case__public_id", "last").get()
    return case, f"{last}-{catalogue().digest}"
