"""Sessions of an instructor and who is booked (0.7)."""

from msgspec import Struct

from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.bookings import Hand
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import WireDate, WireInstant


class OwnSession(Struct, frozen=True, kw_only=True):
    """A session that is assigned to the caller."""

    session_id: str
    mock_type: MockType
    exam_date: WireDate
    start_time: WireInstant
    end_time: WireInstant
    time_zone: str
    location: str
    delivery_format: DeliveryFormat
    title: str | None
    is_active: bool
    capacity: int
    total_bookings: int


class OwnSessions(Struct, frozen=True):
    """Answer to `GET /instructor/sessions`, by start."""

    sessions: list[OwnSession]


class RosterEntry(Struct, frozen=True, kw_only=True):
    """A student who is booked; their address is nobody's business here."""

    booking_id: str
    """For marking attendance."""
    booking_code: str
    student_id: str
    name: str
    attendance: Attendance | None
    discussion_format: DeliveryFormat | None
    topic_preference: str | None
    attending_location: str | None
    dominant_hand: Hand | None


class Roster(Struct, frozen=True, kw_only=True):
    """Answer to `GET /instructor/sessions/{session}/roster`, by name; bookings that stand."""

    session: OwnSession
    students: list[RosterEntry]


class AssignInstructor(Struct, frozen=True):
    """Body of `PUT /admin/sessions/{session}/instructor`."""

    user_id: int | None
    """A user who is an instructor, or nobody; the name that students see is not changed."""


class InstructorAssigned(Struct, frozen=True, kw_only=True):
    """Who a session is assigned to now."""

    session_id: str
    user_id: int | None
    instructor_name: str | None
    """What students see."""
