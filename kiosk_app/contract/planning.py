"""Sessions as staff make, change and call them off (0.7, A71, A77)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk_app.contract.desk import Reason
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import WireDate, WireInstant

MOST_SEATS = 1000
"""Of one session."""
_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""Something readable, on one line."""
Seats = Annotated[int, Meta(ge=0, le=MOST_SEATS)]
Place = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=_LINE, examples=["North Campus – Room 2"])
]
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=_LINE)]
Instructor = Annotated[str, Meta(min_length=1, max_length=100, pattern=_LINE)]
Topic = Annotated[str, Meta(min_length=1, max_length=100, pattern=_LINE)]
Topics = Annotated[list[Topic], Meta(max_length=20)]
MeetingUrl = Annotated[
    str,
    Meta(max_length=500, pattern=r"^https://[^\s]+$", examples=["https://meet.example.org/k7-q2"]),
]
Zone = Annotated[str, Meta(min_length=1, max_length=64, examples=["America/Toronto"])]
When = Literal["now", "as_seats_free"]
"""How a capacity below the taken seats comes about: not at all, or by itself as they come free."""


class NewSession(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/sessions`; its date is the day that its zone has at the start."""

    mock_type: MockType
    starts_at: WireInstant
    ends_at: WireInstant
    time_zone: Zone = "America/Toronto"
    capacity: Seats
    location: Place
    delivery_format: DeliveryFormat = DeliveryFormat.IN_PERSON
    title: Title | None = None
    instructor_name: Instructor | None = None
    topics: Topics = []
    meeting_url: MeetingUrl | None = None
    """Shown to nobody but those who are booked, shortly before the start."""


class ChangeSession(Struct, frozen=True, kw_only=True):
    """Body of `PATCH /admin/sessions/{session}`; what is left out stays."""

    version: Annotated[int, Meta(ge=1)]
    """What the session had when it was read; another one is refused."""
    starts_at: WireInstant | UnsetType = UNSET
    ends_at: WireInstant | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    capacity: Seats | UnsetType = UNSET
    when: When = "now"
    location: Place | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    """False takes it off the lists: nobody books it any more, bookings stand."""
    delivery_format: DeliveryFormat | UnsetType = UNSET
    title: Title | UnsetType | None = UNSET
    instructor_name: Instructor | UnsetType | None = UNSET
    topics: Topics | UnsetType = UNSET
    meeting_url: MeetingUrl | UnsetType | None = UNSET


class CallOff(Struct, frozen=True):
    """Body of `POST /admin/sessions/{session}/cancellation`."""

    reason: Reason


class PlannedSession(Struct, frozen=True, kw_only=True):
    """One session with everything that staff decide by."""

    session_id: str
    version: int
    series_id: str | None
    mock_type: MockType
    exam_date: WireDate
    starts_at: WireInstant
    ends_at: WireInstant
    time_zone: str
    capacity: int
    target_capacity: int | None
    """Where the capacity falls as seats come free; None when it stands where it should."""
    booked: int
    leased: int
    """Seats that devices may confirm without a network."""
    held: int
    """Seats that are offered to the waitlist."""
    location: str
    is_active: bool
    delivery_format: DeliveryFormat
    title: str | None
    instructor_name: str | None
    topics: list[str]
    meeting_url: str | None = None


class Impact(Struct, frozen=True, kw_only=True):
    """Whom a change concerns, counted in the transaction that makes it."""

    booked: int = 0
    """Bookings that stood before it."""
    leased: int = 0
    waiting: int = 0
    """People on the waitlist, with an offer or without."""
    told: int = 0
    """Students who get a mail about it."""
    cancelled: int = 0
    """Bookings that it cancels; each token goes back to where it came from."""
    clashes: int = 0
    """Bookings whose student has another one at the new time; nothing happens to either."""
    closure: str | None = None
    """Name of a closure on that day at that place."""


class SessionChanged(Struct, frozen=True, kw_only=True):
    """Answer to what makes, changes or calls off a session; with `preview` nothing was written."""

    session: PlannedSession
    impact: Impact
    preview: bool = False
