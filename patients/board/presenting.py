"""Who moves the second screen of a meeting: one person, until another takes over."""

from django.db.models import Q

from patients.models import AgendaItem, Meeting, User


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
