"""A booking as an iCalendar file: local times with their zone, and a UID that stays (A63)."""

from datetime import datetime

from kiosk_app.domain.calendar_text import without_backslashes
from kiosk_app.domain.identifiers import calendar_uid
from kiosk_app.domain.listing import BookingRow
from kiosk_app.domain.times import in_zone
from kiosk_app.i18n.texts import _

PRODUCT = "-//Campus Kiosk//booking//EN"


def calendar_file(row: BookingRow, now: datetime) -> str:
    """Return the text of a `text/calendar` file; importing it twice makes one entry.

    Args:
        row: the booking, or a request that waits.
        now: when the file is written.
    """
    # eighty modules that an engine does not need until somebody asks for a file
    from icalendar import Calendar, Event, vText  # noqa: PLC0415

    event = Event()
    event.add("uid", calendar_uid(row.ref))
    event.add("sequence", 0)
    event.add("dtstamp", now)
    event.add("dtstart", in_zone(row.starts_at, row.time_zone))
    event.add("dtend", in_zone(row.ends_at, row.time_zone))
    event.add("summary", row.mock_type.value)
    event.add("location", vText(without_backslashes(row.location)))
    event.add("description", _("Booking {code}").format(code=row.code))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text.decode()
