"""What the backend says to a CRM and hears from it, in our own words.

Calls that fail as a whole raise; items of a batch fail one by one and are answered as `Kept`,
`Turned` or `Unclear`, so that one bad record never holds up the others.

    CrmError
    ├── NotConfigured     there is no CRM
    ├── Later             quota, outage or silence: try again after so many seconds
    └── Refused           trying again changes nothing
        └── PropertyMissing   the CRM lacks a property that we need (A68)
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType

BATCH = 100
"""Most records in one batch call (A13, B29); the vendor refuses more."""


class CrmError(Exception):
    """The CRM did not do what was asked; the text names nobody."""


class NotConfigured(CrmError):  # noqa: N818 - an answer, not a fault
    """There is no CRM; nothing was asked of anybody."""


class Later(CrmError):  # noqa: N818 - the same
    """Quota used up, an outage, or no answer at all; whether a write took place is open.

    Args:
        why: technical, holds nothing personal.
        after: seconds to wait before the next try.
    """

    def __init__(self, why: str, after: float) -> None:
        super().__init__(why)
        self.after = after


class Refused(CrmError):  # noqa: N818 - the same
    """A permanent no: credentials, rights, or a request the CRM does not understand."""


class PropertyMissing(Refused):
    """The CRM lacks a property; `doctor` offers to make it (A68)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"property {name} does not exist in the CRM")
        self.name = name


class Contact(Struct, frozen=True, kw_only=True):
    """A student as the CRM holds them."""

    student_id: str
    email: str
    name: str
    enrollment_id: str | None = None
    balances: Balances = Balances()


class Session(Struct, frozen=True, kw_only=True):
    """A session as the CRM holds it (A66)."""

    mock_type: MockType
    exam_date: date
    starts_at: datetime | None
    ends_at: datetime | None
    capacity: int
    total_bookings: int
    location: str
    is_active: bool


class Booking(Struct, frozen=True, kw_only=True):
    """A booking as the CRM holds it; type, date and place are look-ups the CRM fills itself."""

    booking_id: str
    name: str
    email: str
    token_used: str
    state: BookingState
    idempotency_key: str
    discussion_format: DeliveryFormat | None = None
    topic_preference: str | None = None


class Note(Struct, frozen=True, kw_only=True):
    """A line on a contact's timeline (A34)."""

    at: datetime
    text: str
    code: str = ""
    """The code of the booking, which no other booking ever has and the text names; not told when a
    note is read."""
    contact: str = ""
    """The CRM number of the contact; not told when a note is read."""


Record = TypeVar("Record", Contact, Session, Booking, Note)


class Found(Struct, Generic[Record], frozen=True):
    """A record and the CRM's number for it (digits only)."""

    crm_id: str
    record: Record


class Outgoing(Struct, Generic[Record], frozen=True):
    """A record to store: new while it has no CRM number, else a change; `key` is ours."""

    key: str
    record: Record
    crm_id: str | None = None


class Kept(Struct, frozen=True):
    """Stored, under this CRM number."""

    key: str
    crm_id: str


class Turned(Struct, frozen=True):
    """Not stored and never will be as it is; `why` is the vendor's category, nothing personal."""

    key: str
    why: str


class Unclear(Struct, frozen=True):
    """The CRM answered without a word about this one: look it up before sending it again."""

    key: str


Outcome = Kept | Turned | Unclear


class Link(Struct, frozen=True):
    """A booking and what it belongs to, all by CRM number."""

    booking: str
    other: str


class Quota(Struct, frozen=True):
    """Calls that a CRM allows in a day, and how many of them are left."""

    whole: int
    left: int


class Crm(Protocol):
    """What the backend asks of a CRM; every method may raise any `CrmError`.

    Reads take any number of ids and ask in batches. Writes yield one answer per batch, so that the
    caller keeps what is done when a later batch fails.
    """

    @property
    def quota(self) -> Quota | None:
        """What the last answer told of the quota; None before the first one."""
        ...

    @property
    def calls(self) -> int:
        """How many calls this process has made (A91)."""
        ...

    async def find_contacts(self, student_id: str, email: str) -> list[Found[Contact]]:
        """Return the contacts that have this student id or this e-mail, in one search (B24)."""
        ...

    async def match_contacts(self, wanted: Sequence[Contact]) -> list[Found[Contact]]:
        """Return the contacts that share a student id or an e-mail with one of these."""
        ...

    async def match_sessions(self, wanted: Sequence[Session]) -> list[Found[Session]]:
        """Return the sessions of the same type, day and place as one of these."""
        ...

    async def match_bookings(self, keys: Sequence[str]) -> list[Found[Booking]]:
        """Return the bookings with these idempotency keys."""
        ...

    async def match_notes(self, wanted: Sequence[Note]) -> list[Found[Note]]:
        """Return the notes of the same moment and text as one of these."""
        ...

    async def read_contacts(self, crm_ids: Sequence[str]) -> list[Found[Contact]]:
        """Return the contacts with these numbers; the missing ones are left out."""
        ...

    def save_contacts(self, items: Sequence[Outgoing[Contact]]) -> AsyncIterator[list[Outcome]]:
        """Store contacts: a new one whole, of a known one only the balances (B29)."""
        ...

    def save_sessions(self, items: Sequence[Outgoing[Session]]) -> AsyncIterator[list[Outcome]]:
        """Store sessions with their counters."""
        ...

    def save_bookings(self, items: Sequence[Outgoing[Booking]]) -> AsyncIterator[list[Outcome]]:
        """Store bookings."""
        ...

    def save_notes(self, items: Sequence[Outgoing[Note]]) -> AsyncIterator[list[Outcome]]:
        """Put notes on the timelines of their contacts (A34)."""
        ...

    async def link_to_contacts(self, links: Sequence[Link]) -> set[Link]:
        """Associate bookings with their students; returns the links that exist now."""
        ...

    async def link_to_sessions(self, links: Sequence[Link]) -> set[Link]:
        """Associate bookings with their sessions; returns the links that exist now."""
        ...

    async def bookings_of_contacts(self, crm_ids: Sequence[str]) -> dict[str, list[Found[Booking]]]:
        """Return the bookings of these contacts without archived ones (A40)."""
        ...

    async def bookings_of_sessions(self, crm_ids: Sequence[str]) -> dict[str, list[Found[Booking]]]:
        """Return the bookings of these sessions without archived ones (A13, A40)."""
        ...

    async def unreadable(self) -> list[str]:
        """Return the kinds of records that the token may not read (A98)."""
        ...

    async def has_token_property(self, field: CreditField) -> bool:
        """Say whether contacts have this token property (A68)."""
        ...

    async def add_token_property(self, field: CreditField) -> None:
        """Make a token property that is missing (A68)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
