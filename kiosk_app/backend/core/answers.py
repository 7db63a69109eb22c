"""Bookings in the documented words, the same for every face (A25, A38, B13, B15)."""

from datetime import datetime

from msgspec import UNSET

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.bookings import Booked
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import Cancelled, Cutoffs, cutoffs
from kiosk_app.backend.core.moving import Moved
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Policy
from kiosk_app.backend.storage.rows import BookingRow
from kiosk_app.contract.bookings import (
    Associations,
    BookingRecord,
    CancelledBooking,
    CreatedBooking,
    TokenDetails,
)
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.moves import LeftSession, MovedBooking, TokenEffect
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.bookings import can_cancel, can_join, can_move
from kiosk_app.domain.times import date_text
from kiosk_app.i18n.texts import Language


def created_answer(policy: Policy, booked: Booked, language: Language) -> CreatedBooking:
    """Return `data` of a create answer; a repeat is the same and says so (F7)."""
    booking, details = booked.booking, booked.booking.exam_details
    warnings = [messages.say(language, one) for one in booked.warnings]
    links = Associations(results=list(policy.links), warnings=warnings)
    day = datetime.fromisoformat(details.exam_date).date()
    return CreatedBooking(
        id=str(booking.id),
        booking_id=booking.booking_id,
        booking_record_id=booking.booking_id,
        booking_code=booking.booking_code,
        confirmation_message=messages.say(
            language, messages.CONFIRMATION, type=details.mock_type.value, date=date_text(day)
        ),
        idempotency_key=booking.idempotency_key,
        exam_details=details,
        token_details=TokenDetails(
            tokens_before=booking.tokens_before,
            tokens_deducted=1,
            tokens_remaining=booking.tokens_before - 1,
            credit_field=booking.credit_field,
        ),
        associations=links if policy.links or warnings else UNSET,
        idempotent_request=booked.repeated or UNSET,
    )


def booking_record(row: BookingRow, now: datetime, until: Cutoffs) -> BookingRecord:
    """Return one booking as lists and look-ups show it.

    The address of its meeting is told in the minutes in which it is of use (A38, A81), and not to
    whoever chose to come to a place.
    """
    joins = row.discussion_format is not DeliveryFormat.IN_PERSON and can_join(
        row.is_active, row.starts_at, row.ends_at, now
    )
    return BookingRecord(
        id=str(row.id),
        booking_id=row.booking_id,
        booking_code=row.booking_code,
        mock_exam_id=str(row.session_id),
        mock_type=row.mock_type,
        exam_date=row.exam_date.isoformat(),
        start_time=wire_instant(row.starts_at),
        end_time=wire_instant(row.ends_at),
        time_zone=row.time_zone,
        location=row.location,
        is_active=row.is_active,
        token_used=row.token_used,
        discussion_format=row.discussion_format,
        topic_preference=row.topic_preference,
        attending_location=row.attending_location,
        dominant_hand=row.dominant_hand,
        can_cancel=can_cancel(row.is_active, until.cancel, now),
        late_after=wire_instant(until.late) if until.late else None,
        can_move=row.attendance is None and can_move(row.is_active, until.move, now),
        cancelled_late=row.cancelled_late,
        join_url=row.meeting_url if joins else None,
        created_at=wire_instant(row.created_at),
    )


def created_envelope(policy: Policy, booked: Booked, language: Language) -> Success[CreatedBooking]:
    """Return the whole create answer."""
    text = messages.BOOKED_BEFORE if booked.repeated else messages.BOOKED
    return Success(created_answer(policy, booked, language), messages.say(language, text))


def cancelled_envelope(cancelled: Cancelled, language: Language) -> Success[CancelledBooking]:
    """Return the whole cancel answer; a repeat says so beside `data` (F7)."""
    booking = cancelled.booking
    done = messages.CANCELLED if cancelled.returned else messages.CANCELLED_LATE
    text = messages.CANCELLED_BEFORE if cancelled.repeated else done
    return Success(
        CancelledBooking(
            booking_id=booking.booking_id,
            id=str(booking.id),
            hubspot_id=booking.hubspot_id,
            token_refunded=cancelled.refund,
            token_returned=cancelled.returned,
        ),
        messages.say(language, text),
        idempotent=cancelled.repeated or UNSET,
    )


def moved_envelope(
    core: Core, caller: Caller, moved: Moved, language: Language
) -> Success[MovedBooking]:
    """Return the whole answer to a move; a repeat says so."""
    booking, move = moved.booking, moved.move
    text = messages.MOVED_BEFORE if moved.repeated else messages.MOVED
    return Success(
        MovedBooking(
            booking=booking_record(booking, core.clock(), cutoffs(core, caller, booking)),
            left=LeftSession(
                mock_exam_id=str(move.session_id),
                mock_type=move.mock_type,
                exam_date=move.exam_date.isoformat(),
                start_time=wire_instant(move.starts_at),
                end_time=wire_instant(move.ends_at),
                time_zone=move.time_zone,
                location=move.location,
            ),
            tokens=TokenEffect(
                returned=move.returned, spent=move.spent, balances=core.purse(move.balances)
            ),
            idempotent_request=moved.repeated or UNSET,
        ),
        messages.say(language, text),
    )
