"""When a kiosk is open: hours by weekday in the kiosk's own zone."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated

from msgspec import Meta, Struct, structs

from kiosk_app.domain.times import day_in, local_instant

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Clock = Annotated[str, Meta(pattern=f"^{_CLOCK.pattern}$")]
"""A time of day, `08:30`."""
DAYS_AHEAD = 8
"""Far enough to find the next opening of a week with one open day."""


class Span(Struct, frozen=True):
    """Open from one time of a day to another; one that ends before it begins lasts past midnight."""

    opens: Clock
    closes: Clock


class Hours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The spans of each weekday; without any the kiosk is always open."""

    monday: tuple[Span, ...] = ()
    tuesday: tuple[Span, ...] = ()
    wednesday: tuple[Span, ...] = ()
    thursday: tuple[Span, ...] = ()
    friday: tuple[Span, ...] = ()
    saturday: tuple[Span, ...] = ()
    sunday: tuple[Span, ...] = ()

    @property
    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The spans, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


class BadHours(ValueError):  # noqa: N818 - a result, not an error of ours
    """Words that are no days or hours; the text says which."""


def set_days(hours: Hours, days: str, spans: tuple[str, ...]) -> Hours:
    """Return the hours with those of some days replaced.

    Args:
        hours: so far.
        days: `saturday`, or `monday-friday`.
        spans: `08:30-12:00` and so on; none means closed on these days.

    Raises:
        BadHours: the words make no sense.
    """
    names = Hours.__struct_fields__
    first, _dash, last = days.partition("-")
    if first not in names or (last or first) not in names:
        raise BadHours(days)
    start, end = names.index(first), names.index(last or first)
    if end < start:
        raise BadHours(days)
    made = tuple(_span(text) for text in spans)
    return structs.replace(hours, **dict.fromkeys(names[start : end + 1], made))


def _span(text: str) -> Span:
    opens, _dash, closes = text.partition("-")
    if not (_CLOCK.fullmatch(opens) and _CLOCK.fullmatch(closes)):
        raise BadHours(text)
    return Span(opens, closes)


def opens_next(hours: Hours, zone: str, now: datetime) -> datetime | None:
    """Return when a closed kiosk opens; None when it is open now (UTC)."""
    around = _around(hours, zone, now)
    if not around or any(opens <= now < closes for opens, closes in around):
        return None
    return min(opens for opens, _closes in around if opens > now)


def closes_next(hours: Hours, zone: str, now: datetime) -> datetime | None:
    """Return when an open kiosk closes; None when it is closed, or never closes (UTC)."""
    around = _around(hours, zone, now)
    return max((closes for opens, closes in around if opens <= now < closes), default=None)


def _around(hours: Hours, zone: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return opening and closing of every span from yesterday until a week ahead."""
    today, found = day_in(zone, now), list[tuple[datetime, datetime]]()
    for ahead in range(-1, DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        for span in hours.week[day.weekday()]:
            over = timedelta(days=int(span.closes <= span.opens))
            opens = local_instant(day, time.fromisoformat(span.opens), zone)
            found.append((opens, local_instant(day + over, time.fromisoformat(span.closes), zone)))
    return found
