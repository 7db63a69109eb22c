"""A cancel at the window is held back for some seconds, so that it can be undone.

It is in the queue from the first moment, not to be sent before its time: whatever becomes of this
program, what a person confirmed is done, once, and what they undid is not. Whoever leaves, or asks
for something else meanwhile, does not wait: it is sent at once.
"""

from datetime import datetime, timedelta

from kiosk_app.cache.request import Request, State
from kiosk_app.domain.listing import BookingRow
from kiosk_app.sync.events import HELD, BookingsChanged, CancelSettled, SessionsChanged
from kiosk_app.sync.station import Station

HOLD = timedelta(seconds=10)


def may_hold(row: BookingRow, now: datetime) -> bool:
    """Say whether waiting costs nothing: neither the start nor the last moment in time comes first."""
    edges = [row.starts_at]
    if row.late_after is not None and not row.is_late(now):
        edges.append(row.late_after)
    return all(now + HOLD < edge for edge in edges)


def hold(station: Station, cancel: Request) -> CancelSettled:
    """Hold a fresh cancel back, and say until when it can be undone."""
    until = station.clock.now() + HOLD
    station.queue.later(cancel, station.clock.now(), until, HELD)
    return CancelSettled(ref=cancel.booking_ref or "", state="held", undo_until=until)


def held(station: Station, but: str = "") -> list[Request]:
    """Return the cancels that are held back, without one of them."""
    return [r for r in station.queue.waiting() if _is_held(r) and r.id != but]


def release(station: Station) -> list[Request]:
    """Hold nothing back any longer; return what is to be sent now."""
    released = [station.queue.revive(r, station.clock.now()) for r in held(station)]
    if released:
        station.wake()
    return released


def undo(station: Station, ref: str) -> None:
    """Take back a cancel that was not sent; one that was is answered by itself."""
    cancel = station.queue.cancel_of(ref)
    if cancel is None or not _is_held(cancel):
        return
    station.queue.discard(cancel, station.clock.now(), None)
    station.publish(SessionsChanged(frozenset({cancel.subject.session_id})))
    station.publish(BookingsChanged())
    station.publish(CancelSettled(ref=ref, state="undone"))
    station.say_link()


def _is_held(request: Request) -> bool:
    return request.state is State.QUEUED and request.last_code == HELD and request.attempts == 0
