"""A booking as an iCalendar file (RFC 5545, 5546; E41, F42).

Calendars match by UID and replace by SEQUENCE, so the UID is made from the booking's id and every
change counts one up. Times stand as wall time with the session's zone, whose rules travel along.
"""

from datetime import UTC, date, datetime

from icalendar import Calendar, Event, vCalAddress, vText

from kiosk_app.backend.outside.mail.facts import Booked, Meeting
from kiosk_app.backend.outside.mail.message import CalendarPart, Method, Sender, one_line
from kiosk_app.domain.calendar_text import without_backslashes
from kiosk_app.domain.identifiers import calendar_uid
from kiosk_app.domain.times import in_zone

_PRODUCT = "-//Campus Kiosk//kiosk-backend//EN"


def calendar_part(
    booked: Booked, method: Method, *, title: str, details: str, organizer: Sender, at: datetime
) -> CalendarPart:
    """Write one booking for one calendar.

    Args:
        booked: the booking.
        method: REQUEST adds or moves the event, CANCEL takes it out.
        title: the event's name.
        details: its longer text.
        organizer: who invites; an address nobody reads.
        at: when this was written.
    """
    event = Event()
    event.add("uid", calendar_uid(booked.booking))
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", booked.sequence)
    start, end = _times(booked.meeting)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", without_backslashes(one_line(title)))
    event.add("description", without_backslashes(details))
    event.add("location", without_backslashes(one_line(booked.meeting.location)))
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", _address(organizer.address, organizer.name), encode=False)
    attendee = _address(booked.person.address, booked.person.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("DECLINED" if method == "CANCEL" else "ACCEPTED")
    event.add("attendee", attendee, encode=False)
    return CalendarPart(method, _file(event, method, booked.meeting))


def _file(event: Event, method: Method, meeting: Meeting) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    year = meeting.starts_at.year
    calendar.add_missing_timezones(date(year - 1, 1, 1), date(year + 2, 1, 1))
    content: bytes = calendar.to_ical()
    return content


def _times(meeting: Meeting) -> tuple[datetime, datetime]:
    """Return start and end in the session's zone.

    In the hour that autumn repeats, a wall time with a zone always means the first pass (RFC 5545,
    3.3.5); a session that touches the second pass is written in UTC instead.
    """
    zone = meeting.time_zone
    times = in_zone(meeting.starts_at, zone), in_zone(meeting.ends_at, zone)
    if any(time.fold for time in times):
        return meeting.starts_at.astimezone(UTC), meeting.ends_at.astimezone(UTC)
    return times


def _address(address: str, name: str) -> vCalAddress:
    # RFC 5545 has no way to write a double quote inside a parameter.
    entry = vCalAddress(f"mailto:{address}")
    entry.params["CN"] = vText(one_line(name).replace('"', "'"))
    return entry
