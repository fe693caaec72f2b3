"""A meeting as an entry of a calendar: when and where, and nothing about patients."""

from datetime import UTC, datetime, timedelta

from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from patients.models import Meeting


def invitation_of(meeting: Meeting) -> bytes:
    """The file of one meeting (RFC 5545). Sent again after a change it moves the same entry."""
    event = Event()
    event.add("uid", f"cartapp-{meeting.centre.code}-{meeting.number}")
    event.add("dtstamp", meeting.planned_at)
    if meeting.cancelled_at is not None:
        event.add("status", "CANCELLED")
        event.add("sequence", 1)
    event.add("summary", _("Board: %s") % meeting.get_kind_display())
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.starts_at is None:
        event.add("dtstart", meeting.held_on)
    else:
        at = make_aware(datetime.combine(meeting.held_on, meeting.starts_at))
        begins = at.astimezone(UTC)  # any other zone would have to be defined in the file
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=meeting.minutes * meeting.items.count()))
    calendar = Calendar()
    calendar.add("prodid", "-//cartapp//board//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
