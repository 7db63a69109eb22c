"""Sessions on the wire: the documented listing (A8, B12) and the row the change feed carries."""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from kiosk_app.contract.wire import WireDate, WireInstant


class MockType(StrEnum):
    """The four kinds of session; the kind alone selects the token rule (M1)."""

    SITUATIONAL_JUDGMENT = "Situational Judgment"
    CLINICAL_SKILLS = "Clinical Skills"
    MINI_MOCK = "Mini-mock"
    MOCK_DISCUSSION = "Mock Discussion"


EXAM_TYPES = (MockType.SITUATIONAL_JUDGMENT, MockType.CLINICAL_SKILLS, MockType.MINI_MOCK)


class DeliveryFormat(StrEnum):
    """How a session is held; a closed list everywhere (A71)."""

    VIRTUAL = "Virtual"
    IN_PERSON = "In-Person"
    HYBRID = "Hybrid"


class AvailableSession(Struct, frozen=True, kw_only=True):
    """One entry of the documented listings; the three counts are left out on request (A9)."""

    mock_exam_id: str
    exam_date: WireDate
    start_time: WireInstant
    end_time: WireInstant
    mock_type: MockType
    capacity: int | UnsetType = UNSET
    total_bookings: int | UnsetType = UNSET
    available_slots: int | UnsetType = UNSET
    location: str
    is_active: bool
    status: str
    time_zone: str
    delivery_format: DeliveryFormat
    instructor_id: str | None = None
    """What the filter of that name takes (A74); None while nobody is assigned."""
    instructor_name: str | None = None
    topics: list[str] = []
    as_of: WireInstant


class SessionFacts(Struct, frozen=True, kw_only=True):
    """One session as the change feed and the snapshot carry it; holds nothing personal."""

    session_id: str
    mock_type: MockType
    exam_date: WireDate
    starts_at: WireInstant
    ends_at: WireInstant
    time_zone: str
    capacity: int
    total_bookings: int
    location: str
    is_active: bool
    delivery_format: DeliveryFormat = DeliveryFormat.IN_PERSON
    title: str | None = None
    instructor_name: str | None = None
    topics: list[str] = []
    reserved: int = 0
    """Seats leased to a device or held for a waitlist offer: not booked, and not free."""
