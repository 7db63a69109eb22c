"""Which of *My bookings* stand under which tab; light, because the window counts them at any time."""

from datetime import datetime

from msgspec import Struct

from kiosk_app.domain.listing import BookingRow, Standing

_OPEN = frozenset(
    {
        Standing.SENDING,
        Standing.GUARANTEED,
        Standing.UNKNOWN,
        Standing.QUEUED,
        Standing.CANCELLING,
        Standing.REFUSED,
    }
)
_OVER = frozenset({Standing.CANCELLED, Standing.CANCELLED_LATE, Standing.COMPLETED})


class Sorted(Struct, frozen=True):
    """A student's bookings by the tab they belong to; one that waits is coming as well."""

    upcoming: list[BookingRow]
    waiting: list[BookingRow]
    past: list[BookingRow]


def sort_bookings(rows: list[BookingRow], now: datetime) -> Sorted:
    """Sort bookings into tabs: coming ones by start, past ones latest first.

    A refused request stays with what is coming, whenever its session is, until it was seen.
    """
    past = [
        r for r in rows if r.standing in _OVER or (r.standing not in _OPEN and r.ends_at <= now)
    ]
    coming = [r for r in rows if r not in past]
    coming.sort(key=lambda r: (r.standing is not Standing.REFUSED, r.starts_at))
    waiting = [r for r in coming if r.standing in _OPEN and r.standing is not Standing.GUARANTEED]
    return Sorted(coming, waiting, sorted(past, key=lambda r: r.starts_at, reverse=True))
