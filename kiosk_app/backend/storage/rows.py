"""Rows as they leave the database: frozen structs with the words of contract and domain."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.bookings import BookingState, ExamDetails, Hand
from kiosk_app.contract.credits import Balances, CreditField, Student
from kiosk_app.contract.devices import Profile
from kiosk_app.contract.sessions import DeliveryFormat, MockType, SessionFacts
from kiosk_app.contract.staff import Role, StaffUser
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.admission import Held, Seat
from kiosk_app.domain.seats import seats_left


class SessionRow(Struct, frozen=True, kw_only=True):
    """One session."""

    id: UUID
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    capacity: int
    total_bookings: int
    leased_seats: int = 0
    held_seats: int = 0
    grace_seats: int = 0
    location: str
    is_active: bool
    delivery_format: DeliveryFormat
    title: str | None = None
    instructor_name: str | None = None
    topics: list[str] = []
    target_capacity: int | None = None
    """Where the capacity is to fall as seats come free."""

    @property
    def reserved(self) -> int:
        """Seats that nobody has booked and that are still not for everybody.

        They are held for offers, leased, or may be promised by devices that were not heard since the
        database was restored.
        """
        return max(self.leased_seats, self.grace_seats) + self.held_seats

    @property
    def left(self) -> int:
        """Seats that anybody may book."""
        return seats_left(self.capacity, self.total_bookings + self.reserved)

    @property
    def only_kept_back(self) -> bool:
        """Nobody can book a seat, and that may change when the grace after a restore ends."""
        taken = self.total_bookings + self.leased_seats + self.held_seats
        return self.left == 0 and taken < self.capacity

    @property
    def offerable(self) -> int:
        """Seats for the waitlist, those that are held for it included."""
        goal = self.capacity if self.target_capacity is None else self.target_capacity
        return seats_left(goal, self.total_bookings + max(self.leased_seats, self.grace_seats))

    def seat(self) -> Seat:
        """Return what admission needs to know."""
        return Seat(
            mock_type=self.mock_type,
            exam_date=self.exam_date,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            time_zone=self.time_zone,
            is_active=self.is_active,
            left=self.left,
        )

    def facts(self) -> SessionFacts:
        """Return the row as the change feed carries it."""
        return SessionFacts(
            session_id=str(self.id),
            mock_type=self.mock_type,
            exam_date=self.exam_date.isoformat(),
            starts_at=wire_instant(self.starts_at),
            ends_at=wire_instant(self.ends_at),
            time_zone=self.time_zone,
            capacity=self.capacity,
            total_bookings=self.total_bookings,
            reserved=self.reserved,
            location=self.location,
            is_active=self.is_active,
            delivery_format=self.delivery_format,
            title=self.title,
            instructor_name=self.instructor_name,
            topics=self.topics,
        )


class ContactRow(Struct, frozen=True, kw_only=True):
    """One student, without balances."""

    id: UUID
    student_id: str
    email: str
    name: str
    enrollment_id: str | None = None
    locale: str | None = None

    def student(self) -> Student:
        """Return the person as a device may show them."""
        return Student(
            contact_id=str(self.id),
            student_id=self.student_id,
            name=self.name,
            email=self.email,
            enrollment_id=self.enrollment_id,
            locale=self.locale,
        )


class KnownBooking(Struct, frozen=True, kw_only=True):
    """The newest booking of a key's family: what a repeated create is answered from."""

    id: UUID
    booking_id: str
    booking_code: str
    contact_id: UUID
    session_id: UUID
    state: BookingState
    idempotency_key: str
    key_root: str
    request_hash: str
    exam_details: ExamDetails
    tokens_before: int
    credit_field: CreditField


class BookingFacts(Struct, frozen=True, kw_only=True):
    """Everything a create is decided by, read in one statement."""

    session: SessionRow | None
    contact: ContactRow | None
    balances: Balances
    held: list[Held]
    known: KnownBooking | None


class BookingRow(Struct, frozen=True, kw_only=True):
    """One booking with the session it is for."""

    id: UUID
    booking_id: str
    booking_code: str
    hubspot_id: str | None
    contact_id: UUID
    session_id: UUID
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    is_active: BookingState
    token_used: str
    credit_field: CreditField
    discussion_format: DeliveryFormat | None
    topic_preference: str | None
    attending_location: str | None
    dominant_hand: Hand | None
    created_at: datetime
    student_id: str
    attendance: Attendance | None
    cancelled_late: bool
    meeting_url: str | None


class DeviceRow(Struct, frozen=True, kw_only=True):
    """One enrolled device."""

    id: UUID
    name: str
    profile: Profile
    location: str | None = None


class StaffRow(Struct, frozen=True, kw_only=True):
    """One staff user, without what proves them."""

    id: int
    email: str
    name: str
    role: Role
    locale: str | None = None
    time_zone: str | None = None
    contact_id: UUID | None = None
    password_until: datetime | None = None
    """Of a password that somebody else gave them."""

    def user(self) -> StaffUser:
        """Return the person as a desk may show them."""
        return StaffUser(
            id=self.id,
            email=self.email,
            name=self.name,
            role=self.role,
            locale=self.locale,
            time_zone=self.time_zone,
            change_password=self.password_until is not None,
        )


_facts = msgspec.json.Decoder(BookingFacts)
_many_facts = msgspec.json.Decoder(list[BookingFacts])
_known = msgspec.json.Decoder(KnownBooking)


def read_facts(text: str) -> BookingFacts:
    """Read what `booking_facts` answers."""
    return _facts.decode(text)


def read_many_facts(text: str) -> list[BookingFacts]:
    """Read what `many_booking_facts` answers."""
    return _many_facts.decode(text)


def read_known(value: dict[str, Any]) -> KnownBooking:
    """Read what `check_idempotency_key` answers."""
    return msgspec.convert(value, KnownBooking)


def read_balances(value: dict[str, int]) -> Balances:
    """Read what `contact_balances` answers."""
    return msgspec.convert(value, Balances)
