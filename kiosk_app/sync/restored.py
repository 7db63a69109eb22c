"""A server that was restored from a backup: tell it again what it had acknowledged (R14, F30).

What was confirmed within the time that requests are kept whole goes out once more, with its old key
and in its old order. A server that still knows it answers as it did before; one that forgot does it
now. Nobody is asked to choose a side.
"""

import msgspec

from kiosk_app.cache.queue import KEEP_PERSONAL
from kiosk_app.cache.request import Request
from kiosk_app.contract.bookings import CancelBookingBody, CreateDiscussionBooking
from kiosk_app.contract.problems import Code
from kiosk_app.gateway.outcomes import Accepted, Later, Refused
from kiosk_app.sync import requests
from kiosk_app.sync.events import BookingsChanged
from kiosk_app.sync.station import Station


async def offer_again(station: Station, told: set[str]) -> bool:
    """Send the acknowledged requests of the last day anew; False when something is still to be sent.

    A seat that the server keeps back for now holds up nobody else's.

    Args:
        station: the device.
        told: ids of requests that need nothing more; grows, so that a second try goes on from there.
    """
    now = station.clock.now()
    known = station.queue.acknowledged(now - KEEP_PERSONAL)
    taken_back = {r.booking_ref for r in known if r.kind == "cancel"}
    whole = True
    for request in known:
        if request.subject.session_end <= now or request.id in told:
            continue
        if request.kind == "cancel":
            done = await _cancel(station, request)
        else:
            done = request.booking_ref in taken_back or await _create(station, request)
        if done is None:
            return False
        if done:
            told.add(request.id)
        whole = whole and done
    station.publish(BookingsChanged())
    return whole


async def _create(station: Station, request: Request) -> bool | None:
    """Ask for a seat again; False when it is kept back for now, None when nobody answered."""
    body, key = requests.body_of(request), request.idempotency_key or ""
    if isinstance(body, CreateDiscussionBooking):
        call = station.gateway.create_discussion(body, key, replay=True)
    else:
        call = station.gateway.create_exam(body, key, replay=True)
    outcome = await station.ask(call)
    now = station.clock.now()
    if isinstance(outcome, Accepted):
        text = msgspec.json.encode(outcome.value).decode()
        station.queue.confirm(request, now, text, outcome.value.id)
    elif isinstance(outcome, Refused):
        if outcome.code != "BOOKING_CANCELLED":
            station.queue.refuse(request, now, outcome.code)
    else:
        kept_back = isinstance(outcome, Later) and outcome.reason == Code.SEAT_KEPT_BACK
        return False if kept_back else None
    return True


async def _cancel(station: Station, request: Request) -> bool | None:
    """A booking that the server does not know, or has cancelled, needs nothing more."""
    ref = request.booking_ref or ""
    begun = await station.ask(station.gateway.begin_visit(request.student_ref, request.email))
    if not isinstance(begun, Accepted):
        return isinstance(begun, Refused) or None
    token = begun.value.visit_token
    if request.system == "discussions":
        call = station.gateway.cancel_discussion(CancelBookingBody(ref), visit=token)
    else:
        call = station.gateway.cancel_exam(ref, visit=token)
    return isinstance(await station.ask(call), (Accepted, Refused)) or None
