"""Reading what a request says into values of the domain."""

from datetime import date, datetime

from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.contract.bookings import CreateBooking
from kiosk_app.contract.problems import Code, FieldProblem
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.wire import read_instant


def read_create(
    data: CreateBooking, mock_type: MockType, extras: Extras, *, key: str | None, replay: str | None
) -> BookingRequest:
    """Return the create that a body and its two headers ask for, whichever system it is of.

    An empty key is none (B8).

    Raises:
        Refusal: VALIDATION_ERROR, naming the date or the instant that is none.
    """
    return BookingRequest(
        session=data.mock_exam_id,
        contact=data.contact_id,
        student_id=data.student_id,
        name=data.name,
        email=data.email,
        exam_date=read_date(data.exam_date, "exam_date"),
        mock_type=mock_type,
        extras=extras,
        key=key or None,
        replay=replay == "1",
        requested_at=read_moment(data.requested_at, "requested_at"),
        lease=data.lease,
    )


def read_date(text: str, field: str) -> date:
    """Return a calendar date; 2027-02-30 has the right form and is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise invalid(field, "is not a date") from fault


def read_moment(text: str | None, field: str) -> datetime | None:
    """Return an optional instant."""
    if text is None:
        return None
    try:
        return read_instant(text)
    except ValueError as fault:
        raise invalid(field, "is not an instant") from fault


def invalid(field: str, message: str) -> Refusal:
    """Return the refusal that names one field."""
    return Refusal(Code.VALIDATION_ERROR, fields=[FieldProblem(field, message)])
