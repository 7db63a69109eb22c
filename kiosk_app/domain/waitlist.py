"""How long an offered seat is held, and when a waitlist ends (A78)."""

from datetime import datetime, timedelta

LONGEST_OFFER = timedelta(minutes=30)
OFFER_SHARE = 4
"""An offer takes at most this part (one in …) of the time that is left, so that others get their turn."""
OPEN_GRAB = timedelta(minutes=15)
"""Before the start; then there is no list and no new offer, and whoever books first has the seat."""


def list_is_open(starts_at: datetime, now: datetime) -> bool:
    """Say whether one may still wait for a seat, and be offered one."""
    return now < starts_at - OPEN_GRAB


def offer_until(starts_at: datetime, now: datetime) -> datetime | None:
    """Return when an offer made now lapses; None when none is made any more."""
    if not list_is_open(starts_at, now):
        return None
    return now + min(LONGEST_OFFER, (starts_at - now) / OFFER_SHARE)
