"""Dates, zones and instants (A17, A88, F11); nothing else in the project builds one by hand.

An instant is always an aware `datetime` in UTC; beside it stands the IANA name of the zone people
read it in.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DEFAULT_ZONE = "America/Toronto"
FALLBACK_START = time(14)
FALLBACK_END = time(16)
"""Local hours of a session that names none (A17)."""


def known_zone(name: str) -> bool:
    """Say whether a text names a zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def local_instant(day: date, clock: time, zone: str) -> datetime:
    """Return the UTC instant at which a wall clock in `zone` shows `day` and `clock`."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def fallback_hours(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return start and end of a session that names neither: 14:00-16:00 local (A17)."""
    return local_instant(day, FALLBACK_START, zone), local_instant(day, FALLBACK_END, zone)


def in_zone(instant: datetime, zone: str) -> datetime:
    """Return the same instant as clock and calendar of `zone` show it.

    Raises:
        KeyError, ValueError: no zone has this name.
    """
    return instant.astimezone(ZoneInfo(zone))


def day_in(zone: str, instant: datetime) -> date:
    """Return the calendar day that `zone` has at `instant`."""
    return in_zone(instant, zone).date()


def date_text(day: date) -> str:
    """Write a date as ids and messages carry it: `March 4, 2027`, English, no zone shift (0.5)."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_on(day: date, months: int) -> date:
    """Return the first day of the month that is so many months on; fewer than none lead back."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def month_span(year: int, month: int, first_weekday: int = 6) -> tuple[date, date]:
    """Return the first day of the first week and the last day of the last week of a month view.

    Args:
        year: calendar year.
        month: 1 to 12.
        first_weekday: 0 is Monday, 6 is Sunday.
    """
    first = date(year, month, 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    start = first - timedelta(days=(first.weekday() - first_weekday) % 7)
    end = last + timedelta(days=(first_weekday - 1 - last.weekday()) % 7)
    return start, end


def weeks_ahead(first: date, last: date, today: date, least: int) -> date:
    """Return the last day of a grid that shows at least `least` weeks which are not over.

    Args:
        first: the first day of the grid's first week.
        last: the last day of its last week.
        today: that week counts, too; outside the grid nothing is added.
        least: how many weeks.
    """
    if not first <= today <= last:
        return last
    this_week = first + timedelta(days=(today - first).days // 7 * 7)
    return max(last, this_week + timedelta(days=7 * least - 1))


def months_between(first: str, last: str) -> list[str]:
    """Return every month, as `2027-03`, from that of one day to that of another, both included."""
    year, month = int(first[:4]), int(first[5:7])
    found = []
    while f"{year:04}-{month:02}" <= last[:7]:
        found.append(f"{year:04}-{month:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December
    return found
