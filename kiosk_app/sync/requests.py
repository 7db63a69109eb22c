"""From what a person asks to the request that waits in the outbox, and back to the wire."""

from datetime import datetime
from typing import Literal

import msgspec

from kiosk_app.cache.request import WAITING, NewRequest, Request, State, Subject, System
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import (
    CancelBookingBody,
    CancelledBooking,
    CreatedBooking,
    CreateDiscussionBooking,
    CreateExamBooking,
)
from kiosk_app.contract.leases import LeasedSeat
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.listing import BookingRow, SessionRow
from kiosk_app.sync.events import CancelSettled, RequestSettled
from kiosk_app.sync.intents import Place

_CANCEL_PATH: dict[System, str] = {
    "discussions": routes.DISCUSSIONS_CANCEL,
    "exams": routes.BOOKING,
}
CreateBody = CreateDiscussionBooking | CreateExamBooking


def system_of(mock_type: MockType) -> System:
    """Return the booking system a session belongs to."""
    return "discussions" if mock_type is MockType.MOCK_DISCUSSION else "exams"


def create_body(
    asked: Place,
    row: SessionRow,
    contact_id: str,
    now: datetime,
    lease: LeasedSeat | None = None,
) -> CreateBody:
    """Return the wire body of a booking; with the leased seat it is confirmed against.

    Raises:
        msgspec.ValidationError: a field is not as the contract wants it; names the field.
    """
    common = {
        "mock_exam_id": row.session_id,
        "contact_id": contact_id,
        "student_id": asked.student_id,
        "name": asked.name,
        "email": asked.email,
        "exam_date": row.exam_date.isoformat(),
        "requested_at": wire_instant(now),
        "lease": lease,
    }
    if system_of(row.mock_type) == "discussions":
        return msgspec.convert(
            common
            | {
                "discussion_format": asked.discussion_format or row.delivery_format,
                "topic_preference": asked.topic_preference,
            },
            CreateDiscussionBooking,
        )
    return msgspec.convert(
        common
        | {
            "mock_type": row.mock_type.value,
            "attending_location": asked.attending_location,
            "dominant_hand": asked.dominant_hand,
        },
        CreateExamBooking,
    )


def create_request(asked: Place, row: SessionRow, body: CreateBody) -> NewRequest:
    """Return the outbox row of a booking; without a contact it is unchecked (K43)."""
    system = system_of(row.mock_type)
    return NewRequest(
        id=asked.request_id,
        kind="create",
        system=system,
        path=routes.DISCUSSIONS_CREATE if system == "discussions" else routes.BOOKINGS_CREATE,
        body=_text(body),
        subject=_subject(row),
        student_ref=asked.student_id,
        email=asked.email,
        idempotency_key=asked.key,
        unchecked=not body.contact_id,
        slot=body.lease.slot if body.lease else None,
        generation=body.lease.generation if body.lease else None,
    )


def cancel_request(request_id: str, row: BookingRow, student_id: str, email: str) -> NewRequest:
    """Return the outbox row that cancels a booking."""
    system = system_of(row.mock_type)
    return NewRequest(
        id=request_id,
        kind="cancel",
        system=system,
        path=_CANCEL_PATH[system],
        body=_text(CancelBookingBody(row.ref)),
        subject=_subject(row),
        student_ref=student_id,
        email=email,
        booking_ref=row.ref,
    )


def withdrawal(request_id: str, create: Request) -> NewRequest:
    """Return the outbox row that cancels what a create, sent without an answer, may have booked."""
    return NewRequest(
        id=request_id,
        kind="cancel",
        system=create.system,
        path=_CANCEL_PATH[create.system],
        body="{}",
        subject=create.subject,
        student_ref=create.student_ref,
        email=create.email,
        follows=create.id,
    )


def settled(request: Request) -> RequestSettled:
    """Return how a create stands, as the screen is told."""
    if request.state is State.CONFIRMED and request.result:
        answer = msgspec.json.decode(request.result, type=CreatedBooking)
        return RequestSettled(
            request_id=request.id,
            state="confirmed",
            number=request.number,
            booking_ref=answer.id,
            booking_code=answer.booking_code,
            tokens_before=answer.token_details.tokens_before,
            tokens_remaining=answer.token_details.tokens_remaining,
            seat=request.slot,
        )
    if request.state in WAITING:
        state: Literal["guaranteed", "unknown", "queued"] = "queued"
        if request.seat:
            state = "guaranteed"
        elif request.unanswered:
            state = "unknown"
        return RequestSettled(
            request_id=request.id, state=state, number=request.number, seat=request.slot
        )
    return RequestSettled(
        request_id=request.id, state="refused", number=request.number, code=request.last_code
    )


def cancelled(ref: str, request: Request) -> CancelSettled:
    """Return how a cancel ended that the server has done, or that had nothing to cancel."""
    answer = None
    if request.result:
        answer = msgspec.json.decode(request.result, type=CancelledBooking)
    refund = answer.token_refunded if answer else None
    return CancelSettled(
        ref=ref,
        state="cancelled",
        refunded_field=refund.field if refund else None,
        new_balance=refund.new_balance if refund else None,
        token_lost=answer is not None and not answer.token_returned,
    )


def readable_id(request: Request) -> str | None:
    """Return the readable booking id of a confirmed create."""
    if request.state is not State.CONFIRMED or not request.result:
        return None
    return msgspec.json.decode(request.result, type=CreatedBooking).booking_id


def body_of(request: Request) -> CreateBody:
    """Read the wire body of a create back; the same bytes at every try."""
    if request.system == "discussions":
        return msgspec.json.decode(request.body, type=CreateDiscussionBooking)
    return msgspec.json.decode(request.body, type=CreateExamBooking)


def with_contact(body: CreateBody, contact_id: str) -> str:
    """Return the body as text, now that the contact is known."""
    return _text(msgspec.structs.replace(body, contact_id=contact_id))


def _subject(row: SessionRow | BookingRow) -> Subject:
    return Subject(
        session_id=row.session_id,
        mock_type=row.mock_type.value,
        exam_date=row.exam_date.isoformat(),
        session_start=row.starts_at,
        session_end=row.ends_at,
        time_zone=row.time_zone,
        location=row.location,
        delivery_format=row.delivery_format.value if row.delivery_format else None,
    )


def _text(body: msgspec.Struct) -> str:
    return msgspec.json.encode(body).decode()
