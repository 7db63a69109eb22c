"""What differs from system to system, as data; everything else exists once (architecture §2.1)."""

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct

from kiosk_app.contract.bookings import Association, ExamDetails, Hand
from kiosk_app.contract.leases import LeasedSeat
from kiosk_app.contract.sessions import DeliveryFormat, MockType


class Extras(Struct, frozen=True, kw_only=True):
    """What one system asks of a student and another does not (F21)."""

    discussion_format: DeliveryFormat | None = None
    topic_preference: str | None = None
    attending_location: str | None = None
    dominant_hand: Hand | None = None


class BookingRequest(Struct, frozen=True, kw_only=True):
    """A create, whichever face it came through."""

    session: str
    """UUID or CRM number."""
    contact: str
    """UUID or CRM number."""
    student_id: str
    name: str
    email: str
    exam_date: date
    mock_type: MockType
    extras: Extras
    key: str | None = None
    """What the caller sent as X-Idempotency-Key; without one the server makes its own (M13)."""
    replay: bool = False
    """The outbox tries again (A28, F69)."""
    requested_at: datetime | None = None
    lease: LeasedSeat | None = None
    """The seat was confirmed offline, against this slot of the device."""


class Policy(Struct, frozen=True, kw_only=True):
    """One booking system."""

    name: str
    mock_types: tuple[MockType, ...]
    key_prefix: str
    details: Callable[[ExamDetails, Extras], ExamDetails]
    """Adds the system's own members to the session side of an answer."""
    links: tuple[Association, ...] = ()
    """What a create answer names as linked (A25); empty where the system shows none but warnings."""
