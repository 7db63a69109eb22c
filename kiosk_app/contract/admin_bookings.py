"""All bookings as staff list, filter and export them (A76)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.audit import ActorKind
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import CreditField, Student
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.wire import WireDate, WireInstant

Words = Annotated[str, Meta(min_length=2, max_length=100, pattern=r"\S\S")]
Place = Annotated[str, Meta(min_length=1, max_length=100)]
AttendanceWanted = Literal["attended", "late", "no_show", "unknown"]


class BookingsWanted(Struct, frozen=True, kw_only=True):
    """Which bookings are meant; what is left out does not narrow, the rest combines with *and*."""

    mock_type: MockType | None = None
    status: BookingState | None = None
    date_from: date | None = None
    """Of the session, in its own zone; both ends count."""
    date_to: date | None = None
    location: Place | None = None
    session_id: UUID | None = None
    attendance: AttendanceWanted | None = None
    q: Words | None = None
    """A booking's code or id, the start of a student id or e-mail, or part of a name."""


class BookedSession(Struct, frozen=True, kw_only=True):
    """The session of a booking in a list."""

    session_id: str
    mock_type: MockType
    exam_date: WireDate
    start_time: WireInstant
    end_time: WireInstant
    time_zone: str
    location: str


class MadeBy(Struct, frozen=True, kw_only=True):
    """In whose name a booking was made, and where; a user and a device also by their names."""

    kind: ActorKind
    user: str | None = None
    device_id: str | None = None
    device: str | None = None


class ListedBooking(Struct, frozen=True, kw_only=True):
    """One booking as staff see it."""

    id: str
    booking_id: str
    booking_code: str
    state: BookingState
    created_at: WireInstant
    session: BookedSession
    student: Student
    attendance: Attendance | None
    credit_field: CreditField
    payment: Literal["paid", "owed", "returned", "none"]
    """What became of the token: taken, owed (the seat was guaranteed offline), given back, never asked."""
    made_by: MadeBy | None
    """None for a booking that is older than the log."""


class BookingsPage(Struct, frozen=True, kw_only=True):
    """Answer to `GET /admin/bookings`: newest first."""

    bookings: list[ListedBooking]
    total: int
    """All that match, not only from here on."""
    cursor: str | None
    """Where the next page begins; None on the last one."""
