"""Refusals whose student has left: the server is told, and writes to the address on record (K15)."""

from kiosk_app.cache.request import Request, State
from kiosk_app.contract.bookings import RejectedRequest
from kiosk_app.gateway.outcomes import Accepted, Refused
from kiosk_app.sync.events import BookingsChanged
from kiosk_app.sync.station import Station

FEATURE = "rejections"


async def report_refusals(station: Station) -> None:
    """Report what nobody has seen yet; what does not get through is reported another time.

    A student who is at the kiosk sees the refusal on the screen and needs no mail.
    """
    if not station.offers(FEATURE):
        return
    here = station.visiting.student.student_id if station.visiting else None
    for request in station.queue.unreported():
        if request.student_ref == here or not station.link.usable:
            continue
        outcome = await station.ask(station.gateway.report_rejection(told(request)))
        if isinstance(outcome, (Accepted, Refused)):
            station.queue.report(request, station.clock.now())


def read(station: Station, request_id: str) -> None:
    """Note that a refusal was read where it was asked for: *My bookings* need not tell it again."""
    request = station.queue.get(request_id)
    if request is None or request.state is not State.REFUSED or request.seen:
        return
    station.queue.settle(request, station.clock.now())
    station.publish(BookingsChanged())


def told(request: Request) -> RejectedRequest:
    """Return what the server is told of a refused request."""
    return RejectedRequest(
        idempotency_key=request.idempotency_key or "",
        student_id=request.student_ref,
        email=request.email,
        mock_exam_id=request.subject.session_id,
        code=request.last_code or "",
    )
