"""Answers of a server that sends the documented fields and nothing more (architecture §2.4).

Each is the contract's own answer with a value for what our backend adds, so that the rest of the
program never has to ask who answered.
"""

from datetime import UTC, datetime

from msgspec import structs

from kiosk_app.contract.bookings import BookingRecord, BookingState, CreatedBooking, TokenDetails
from kiosk_app.contract.credits import CreditAnswer, CreditBreakdown, CreditField
from kiosk_app.contract.devices import Enrolment, Health
from kiosk_app.contract.sessions import AvailableSession, DeliveryFormat, MockType
from kiosk_app.contract.wire import WireInstant, wire_instant
from kiosk_app.domain.times import DEFAULT_ZONE


class Listed(AvailableSession, frozen=True, kw_only=True):
    """An entry of the listings (A8): without zone, format and age of the numbers."""

    time_zone: str = DEFAULT_ZONE
    delivery_format: DeliveryFormat = DeliveryFormat.IN_PERSON
    as_of: WireInstant = ""


class Checked(CreditAnswer, frozen=True, kw_only=True):
    """A credit check (A19, A20): who has no token may be told nothing else."""

    credit_breakdown: CreditBreakdown = CreditBreakdown()
    contact_id: str = ""
    enrollment_id: str | None = None
    student_name: str = ""
    mock_type: MockType = MockType.MOCK_DISCUSSION


class Paid(TokenDetails, frozen=True, kw_only=True):
    """What a booking cost (A25): only the exams say which tokens paid."""

    credit_field: CreditField = CreditField.DISCUSSION


class Created(CreatedBooking, frozen=True, kw_only=True):
    """A new booking (A25): its readable id stands in for the short code."""

    booking_code: str = ""
    token_details: Paid


class Recorded(BookingRecord, frozen=True, kw_only=True):
    """One booking of a list (A38): without its session, and nobody says what can be cancelled."""

    mock_exam_id: str = ""
    booking_code: str = ""
    time_zone: str = DEFAULT_ZONE
    can_cancel: bool = True


ENROLMENT = Enrolment(device_id="", device_token="", name="Kiosk", profile="kiosk")
"""What a device is where nobody tells devices apart."""


def created(answer: Created) -> CreatedBooking:
    """Return the booking with a code that a person can quote."""
    return structs.replace(answer, booking_code=answer.booking_code or answer.booking_id)


def recorded(record: Recorded) -> BookingRecord:
    """Return the booking with a code, cancellable only while it is active."""
    return structs.replace(
        record,
        booking_code=record.booking_code or record.booking_id,
        can_cancel=record.can_cancel and record.is_active is BookingState.ACTIVE,
    )


def health(listed: list[Listed]) -> Health:
    """Return a sign of life from a listing; who does not tell the time has ours."""
    told = next((one.as_of for one in listed if one.as_of), wire_instant(datetime.now(UTC)))
    return Health(status="ok", now=told, version="")
