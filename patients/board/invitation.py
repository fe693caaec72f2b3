"""A meeting as an entry of a calendar: when and where, and nothing about patients."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from patients.models import JournalLine, Meeting


def invitation_of(meeting: Meeting, *, at: datetime) -> bytes:
    """The file of one meeting (RFC 5545) as it is at a moment. Sent again after a change it moves
    the same entry: its sequence has risen, and its moment is a later one."""
    event = Event()
    event.add("uid", f"cartapp-{meeting.centre.code}-{meeting.number}")
    event.add("dtstamp", at)
    event.add("sequence", _changes(meeting))
    if meeting.cancelled_at is not None:
        event.add("status", "CANCELLED")
    event.add("summary", _("Board: %s") % meeting.get_kind_display())
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.starts_at is None:
        event.add("dtstart", meeting.held_on)
    else:
        begins_at = make_aware(datetime.combine(meeting.held_on, meeting.starts_at))
        begins = begins_at.astimezone(UTC)  # any other zone would have to be defined in the file
        event.add("dtstart", begins)
        if minutes := meeting.minutes * meeting.items.count():
            event.add("dtend", begins + timedelta(minutes=minutes))
    calendar = Calendar()
    calendar.add("prodid", "-//cartapp//board//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _changes(meeting: Meeting) -> int:
    """How often it was changed since it was planned. As cases make it longer, every act on an
    agenda of the centre counts: of what was taken off none says which agenda it was."""
    own = Q(table="meeting", row=meeting.pk)
    lines = JournalLine.objects.filter(centre=meeting.centre_id)
    planned = lines.filter(own).order_by("sequence").values("sequence")[:1]
    return lines.filter(own | Q(table="agendaitem"), sequence__gt=planned).count()
