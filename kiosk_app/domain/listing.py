"""What a person may ask of the calendar and the list, and the rows they get.

One filter serves both views (A45); the cache answers each in one indexed query.
"""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.seats import SeatState, seat_state

LONGEST_JOIN_URL = 1000
"""Characters of a meeting's address that a code for a phone can carry."""


class SessionFilter(Struct, frozen=True, kw_only=True):
    """Which sessions to show; an empty field does not narrow."""

    mock_types: frozenset[MockType] = frozenset()
    formats: frozenset[DeliveryFormat] = frozenset()
    campus: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    starts_after: datetime | None = None
    """Only sessions that start later than this instant; a started one takes no booking (A47)."""
    instructor: str | None = None
    """The name that a session shows."""
    topic: str | None = None
    search: str = ""
    with_seats: bool = False
    """Only sessions that a booking could still get a seat in, as far as is known here."""

    @property
    def by_text(self) -> bool:
        """Whether it asks for what a search finds: words, an instructor or a topic."""
        return bool(self.search or self.instructor or self.topic)


class SessionOrder(StrEnum):
    """Sortable columns of the list (A44)."""

    DATE = "date"
    TIME = "time"
    TYPE = "type"
    LOCATION = "location"
    FORMAT = "format"
    SEATS = "seats"


class Standing(StrEnum):
    """What this student has with a session or a booking, in words a screen can use."""

    NONE = "none"
    CONFIRMED = "confirmed"
    SENDING = "sending"
    """In the outbox, the backend is being asked right now."""
    GUARANTEED = "guaranteed"
    """Confirmed against a seat this device was lent; the server will hear of it."""
    UNKNOWN = "unknown"
    """Sent, and no answer came: it may be booked or not, until the server says (never *failed*)."""
    QUEUED = "queued"
    """In the outbox, waiting for a connection: saved, not yet a seat."""
    CANCELLING = "cancelling"
    """Confirmed by the backend, and a cancel waits in the outbox."""
    REFUSED = "refused"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    """Cancelled so late that its token stays spent."""
    COMPLETED = "completed"


class SessionRow(Struct, frozen=True, kw_only=True):
    """One session as a calendar cell or a list row shows it."""

    session_id: str
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    campus: str
    room: str
    delivery_format: DeliveryFormat
    capacity: int
    left: int
    """Free seats by the last answer of the server, less this device's own waiting requests (K22)."""
    waiting: int = 0
    """This device's own requests for the session that no server has answered yet."""
    is_active: bool = True
    instructor_name: str | None = None
    topics: tuple[str, ...] = ()
    standing: Standing = Standing.NONE
    guaranteed: int = 0
    """Seats lent to this device that it may confirm with no network; not among `left`."""

    @property
    def seats(self) -> SeatState:
        """How scarce its seats are; one that is guaranteed here is a seat."""
        return seat_state(self.capacity, self.left + self.guaranteed)


class DaySessions(Struct, frozen=True):
    """The sessions of one day of a month, of which a calendar shows the first few."""

    count: int
    """How many there are."""
    rows: tuple[SessionRow, ...]
    """The first by start, and all that the visiting student has to do with; none when it is over."""


class WaitRow(Struct, frozen=True, kw_only=True):
    """One session whose next free seat the visiting student waits for (A78)."""

    wait_id: str
    session_id: str
    place: int
    """In the line, from 1; people who hold an offer count."""
    offered_until: datetime | None = None
    """Until when a seat is held for them, by the clock of this device."""
    passed_over: str | None = None
    """The code of why a free seat went to somebody behind; the place is kept."""

    def is_offered(self, now: datetime) -> bool:
        """Say whether a seat is held for them now."""
        return self.offered_until is not None and now < self.offered_until


class BookingRow(Struct, frozen=True, kw_only=True):
    """One booking or waiting request of the visiting student, as *My bookings* shows it."""

    ref: str
    """Server id of a booking, or the outbox id of a request that has none yet."""
    code: str
    """Booking code, or the request number of a waiting request."""
    session_id: str
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    campus: str
    room: str
    standing: Standing
    state: BookingState | None = None
    delivery_format: DeliveryFormat | None = None
    token_used: str | None = None
    can_cancel: bool = False
    late_after: datetime | None = None
    """From then on a cancel returns no token; None: every cancel does."""
    can_move: bool = False
    problem: str | None = None
    """The code of a refusal, while the student has not seen it."""
    seat: int | None = None
    """Number of the leased seat it was confirmed against, if it was."""
    join_url: str | None = None
    """Where the meeting is; the server tells it from ten minutes before the start on (A81)."""

    def can_join(self, now: datetime) -> bool:
        """Say whether the meeting can be entered now (A60, A81)."""
        told = self.join_url is not None and len(self.join_url) <= LONGEST_JOIN_URL
        return told and self.standing is Standing.CONFIRMED and now < self.ends_at

    def is_late(self, now: datetime) -> bool:
        """Say whether a cancel would return no token now; the server has the last word."""
        return self.late_after is not None and now >= self.late_after
