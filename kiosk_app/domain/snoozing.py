"""Items of *Needs attention* that are put off: how far, and what brings them back early (08d).

A time never passes the start of a session that lies ahead. When that start is near, the item comes
back, whatever time was chosen, unless it was put off after that; and it comes back when what it is
about is not what it was.
"""

from datetime import datetime, time, timedelta

from msgspec import Struct

from kiosk_app.contract.problems import Code
from kiosk_app.domain.hours import Hours
from kiosk_app.domain.times import day_in, local_instant

NEAR = timedelta(hours=1)
"""Before a start: from here on an item is urgent."""
LONGEST = timedelta(days=14)
SOON = timedelta(hours=1)
"""*In an hour*."""
USUAL_OPENING = time(9)
"""Of a place that tells no hours, in its own zone."""


class Asleep(Struct, frozen=True, kw_only=True):
    """How an item is put off, as it is shown."""

    until: datetime
    """When it comes back, if nothing wakes it."""
    at: datetime
    by: str
    """Empty where nobody was signed in."""
    reason: str


class PutOff(Struct, frozen=True, kw_only=True):
    """An item that was put off, as it is kept."""

    until: datetime
    """The time that was chosen."""
    at: datetime
    """When that was."""
    by: str
    """Who did it; empty where nobody was signed in."""
    reason: str
    state: str
    """What the item was then; another state wakes it."""

    def comes_back(self, starts_at: datetime | None) -> datetime:
        """Return when the item is on the list again, if its state stays."""
        if starts_at is None or starts_at <= self.at:
            return self.until
        near = starts_at - NEAR
        return min(self.until, starts_at if near <= self.at else near)

    def sleeps(self, state: str, starts_at: datetime | None, now: datetime) -> bool:
        """Say whether the item is off the list."""
        return state == self.state and now < self.comes_back(starts_at)


def refusal(until: datetime, now: datetime, starts_at: datetime | None) -> Code | None:
    """Say why an item cannot be put off until then; None when it can."""
    if starts_at is not None and now < starts_at <= until:
        return Code.SNOOZE_PAST_START
    return None if now < until <= now + LONGEST else Code.SNOOZE_TIME


def tomorrow_at_opening(hours: Hours, zone: str, now: datetime) -> datetime:
    """Return when the place opens on the first day after this one that it opens at all (UTC)."""
    today = day_in(zone, now)
    for ahead in range(1, 8):
        day = today + timedelta(days=ahead)
        if spans := hours.week[day.weekday()]:
            opens = min(time.fromisoformat(span.opens) for span in spans)
            return local_instant(day, opens, zone)
    return local_instant(today + timedelta(days=1), USUAL_OPENING, zone)
