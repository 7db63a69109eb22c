"""Rows of the mirror in the CRM, as they leave the database."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.crm_merge import LastSeen

Entity = Literal["contact", "session", "booking", "note"]


class Queued(Struct, frozen=True, kw_only=True):
    """Something the CRM has not heard of yet, in one version of it."""

    entity_id: UUID
    version: int
    unsure: bool
    """A creation went out whose answer is missing."""
    unlinked: bool


class MirroredContact(Struct, frozen=True, kw_only=True):
    """A student with what the CRM must learn and what it was last seen to hold."""

    id: UUID
    hubspot_id: str | None
    student_id: str
    email: str
    name: str
    enrollment_id: str | None
    balances: dict[str, int]
    settled: dict[str, int] | None
    sending: dict[str, int] | None

    def held(self) -> Balances:
        """Return the sums of the student's ledger."""
        return msgspec.convert(self.balances, Balances)

    def seen(self) -> LastSeen | None:
        """Return what we last knew the CRM to hold, or None before the first meeting."""
        if self.settled is None:
            return None
        sending = msgspec.convert(self.sending, Balances) if self.sending is not None else None
        return LastSeen(settled=msgspec.convert(self.settled, Balances), sending=sending)


class MirroredSession(Struct, frozen=True, kw_only=True):
    """A session as the CRM must learn it."""

    id: UUID
    hubspot_id: str | None
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    capacity: int
    total_bookings: int
    location: str
    is_active: bool


class MirroredBooking(Struct, frozen=True, kw_only=True):
    """A booking as the CRM must learn it, with the CRM numbers of student and session."""

    id: UUID
    hubspot_id: str | None
    booking_id: str
    name: str
    email: str
    token_used: str
    is_active: BookingState
    idempotency_key: str
    discussion_format: DeliveryFormat | None
    topic_preference: str | None
    contact_crm_id: str | None
    session_crm_id: str | None


class MirroredNote(Struct, frozen=True, kw_only=True):
    """A note of a booking as the CRM must learn it (A34), with the CRM number of its student."""

    id: UUID
    hubspot_id: str | None
    booking_code: str
    mock_type: MockType
    exam_date: date
    token_used: str
    tokens_before: int
    tokens_after: int
    written_at: datetime
    contact_crm_id: str | None


class Settled(Struct, frozen=True):
    """One thing that the CRM has stored, in the version that was sent."""

    entity_id: UUID
    version: int
    crm_id: str
