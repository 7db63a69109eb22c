"""When a kiosk is open: hours by weekday in the kiosk's own zone."""

from datetime import datetime, time, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.domain.times import day_in, local_instant

Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
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


def opens_next(hours: Hours, zone: str, now: datetime) -> datetime | None:
    """Return when a closed kiosk opens; None when it is open now (UTC)."""
    if not any(hours.week):
        return None
    today, coming = day_in(zone, now), list[datetime]()
    for ahead in range(-1, DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        for span in hours.week[day.weekday()]:
            over = timedelta(days=int(span.closes <= span.opens))
            opens = local_instant(day, time.fromisoformat(span.opens), zone)
            closes = local_instant(day + over, time.fromisoformat(span.closes), zone)
            if opens <= now < closes:
                return None
            if opens > now:
                coming.append(opens)
    return min(coming)
