"""What a mail is about: plain values, read by whoever sends it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.i18n.texts import Language


class MailKind(StrEnum):
    """The mails there are; the names are stored."""

    CONFIRM = "confirm"
    CHANGE = "change"
    CANCEL = "cancel"
    REMINDER = "reminder"
    REJECTED = "rejected"
    OFFER = "offer"
    PASSED = "passed"
    ANNOUNCEMENT = "announcement"


class Person(Struct, frozen=True, kw_only=True):
    """Whom a mail goes to, and in which language."""

    name: str
    address: str
    language: Language


class Meeting(Struct, frozen=True, kw_only=True):
    """When and where a session is."""

    mock_type: MockType
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    delivery_format: DeliveryFormat | None = None


class Booked(Struct, frozen=True, kw_only=True):
    """A booking as its mails tell it.

    `sequence` counts the changes a calendar was told of; `before` is the session as it was, in a
    mail about a change, and `paid_before` the token that paid for it when the booking moved to
    another one.
    """

    booking: str
    code: str
    person: Person
    meeting: Meeting
    token_used: str
    topic: str | None = None
    sequence: int = 0
    before: Meeting | None = None
    paid_before: str | None = None
    cancel_until: datetime | None = None
    late_after: datetime | None = None
    token_returned: bool = True
    """Of a cancelled booking: whether its token is back."""


class Rejected(Struct, frozen=True, kw_only=True):
    """A request that was made without a connection and could not be booked (K15)."""

    person: Person
    reason: str
    """The code of the refusal."""
    wanted: Meeting | None
    alternatives: tuple[Meeting, ...] = ()
    words: str = ""
    """What staff add of their own, as they wrote it."""


class Offered(Struct, frozen=True, kw_only=True):
    """A seat of a full session that came free: offered until a moment, or gone to somebody behind (A78)."""

    person: Person
    meeting: Meeting
    until: datetime | None = None
    reason: str = ""
    """The code of why this person could not have it; without one it is theirs until `until`."""


class Announcement(Struct, frozen=True):
    """What staff tell many students at once (A76); plain text with empty lines between paragraphs."""

    person: Person
    subject: str
    body: str
