"""What the engine tells the window: a closed set of frozen events, carried by one signal."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from kiosk_app.contract.bookings import BookingRecord
from kiosk_app.contract.credits import Balances, Student
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.moves import TokenEffect
from kiosk_app.domain.listing import WaitRow
from kiosk_app.sync.intents import WaitStep

if TYPE_CHECKING:
    from kiosk_app.contract.attention import Letter
    from kiosk_app.contract.help import StaffHelp
    from kiosk_app.domain.attention import Item
    from kiosk_app.domain.outbox import Entry


class LinkState(StrEnum):
    """The way to the backend, as calls find it (K21)."""

    CONNECTING = "connecting"
    """Nobody has been asked yet: the first moment after the start."""
    ONLINE = "online"
    DEGRADED = "degraded"
    """The backend answers, but slowly or not to everything."""
    OFFLINE = "offline"


class Fault(StrEnum):
    """A fault of this machine or its set-up that a person must know about."""

    NOT_ENROLLED = "not_enrolled"
    WRONG_SERVER = "wrong_server"
    """Something answers at the address, but it is not the booking backend."""
    REVOKED = "revoked"
    STORAGE_FULL = "storage_full"
    STORAGE_READ_ONLY = "storage_read_only"
    QUEUE_DAMAGED = "queue_damaged"
    QUEUE_LOCKED = "queue_locked"
    """The key of the queue is missing or wrong; the file is kept."""
    STORAGE_TOO_NEW = "storage_too_new"
    """A newer version of this program wrote the queue; it is left as it is."""
    STORAGE_UNREADABLE = "storage_unreadable"
    """The operating system does not let us at the files, or another process holds them."""
    QUEUE_STUCK = "queue_stuck"
    """The server answers, and yet what waits does not get through."""
    CLOCK_OFF = "clock_off"
    """This machine's clock is more than two minutes off the server's (K34)."""


class EngineReady(Struct, frozen=True):
    """The engine runs and takes intents."""


class LinkChanged(Struct, frozen=True, kw_only=True):
    """The link, or the age of the data behind it, changed."""

    state: LinkState
    synced_at: datetime | None = None
    """When the mirror last equalled the server, or None before the first sync."""
    retry_at: datetime | None = None
    waiting: int = 0
    """Requests in the outbox that no server has answered yet."""
    oldest_at: datetime | None = None
    """When the oldest of these was saved."""
    guaranteed: int = 0
    """Leased seats that this device may confirm with no network."""
    ready_until: datetime | None = None
    """Until when it may, if nothing changes."""
    features: frozenset[str] = frozenset()
    """What the server was last known to offer beyond the documented floor."""

    @property
    def allows(self) -> tuple[object, ...]:
        """What decides which bookings are possible; another try at a server changes none of it."""
        seats = (self.guaranteed, self.ready_until)
        return self.state, *seats, self.features, self.synced_at is None


class SessionsChanged(Struct, frozen=True):
    """Rows of the mirror changed; None means all of them."""

    session_ids: frozenset[str] | None = None


class VisitBegan(Struct, frozen=True, kw_only=True):
    """The student is who they say; `offline` means this was checked against the device's roster."""

    student: Student
    balances: Balances
    balances_at: datetime
    offline: bool = False
    filters: SavedFilters | None = None
    """How they last narrowed the sessions (A79)."""


class VisitRefused(Struct, frozen=True, kw_only=True):
    """No visit; `code` is of the catalogue, `OFFLINE_UNKNOWN` when nobody can be asked, or a `Fault`.

    A fault keeps this machine from asking anybody.
    """

    code: str
    retry_after: int | None = None
    """Seconds to wait before trying again."""


class VisitEnded(Struct, frozen=True):
    """Everything personal is wiped from memory and mirror."""

    expired: bool = False


class BalancesChanged(Struct, frozen=True, kw_only=True):
    """New token balances of the visiting student."""

    balances: Balances
    as_of: datetime


class BookingsChanged(Struct, frozen=True):
    """The visiting student's bookings or waiting requests changed; read them again."""


class RequestSaved(Struct, frozen=True, kw_only=True):
    """A booking request is on disk; only now may a screen speak of it (architecture §4)."""

    request_id: str
    number: str
    """What a person may quote: the request number on slip and screen."""


class RequestSettled(Struct, frozen=True, kw_only=True):
    """What became of a booking request, now or as far as anyone knows."""

    request_id: str
    state: Literal["confirmed", "guaranteed", "queued", "unknown", "refused"]
    """`unknown`: it was sent and nobody answered, so it may be booked or not."""
    number: str
    seat: int | None = None
    """The leased seat it was confirmed against."""
    booking_ref: str | None = None
    booking_code: str | None = None
    tokens_before: int | None = None
    tokens_remaining: int | None = None
    code: str | None = None
    """Why it was refused."""


class CalendarFileReady(Struct, frozen=True):
    """The booking as an iCalendar file (`text/calendar`, CRLF line ends)."""

    ref: str
    text: str


class CancelSettled(Struct, frozen=True, kw_only=True):
    """What became of a cancel; `queued` means it waits in the outbox.

    `held` can be undone until `undo_until` and is answered again; `undone` leaves the booking as it was.
    """

    ref: str
    state: Literal["cancelled", "queued", "held", "undone", "refused"]
    refunded_field: str | None = None
    new_balance: int | None = None
    token_lost: bool = False
    """The cancel came late, and its token stays spent."""
    undo_until: datetime | None = None
    """By the clock of this device."""
    code: str | None = None


class MoveSettled(Struct, frozen=True, kw_only=True):
    """What became of a move; a refused one left the booking where it was.

    `unknown`: it was sent and nobody answered. The same intent asks again and does nothing twice.
    """

    ref: str
    state: Literal["moved", "refused", "unknown"]
    booking: BookingRecord | None = None
    """The booking as it is after the move."""
    tokens: TokenEffect | None = None
    code: str | None = None


class PassMailed(Struct, frozen=True, kw_only=True):
    """What became of a confirmation that was asked for once more.

    `under_way`: one was waiting to be sent already. `unknown`: nobody answered; the same intent asks
    again and sends nothing twice.
    """

    ref: str
    state: Literal["queued", "under_way", "refused", "unknown"]
    address: str = ""
    """Where it goes, masked."""
    code: str | None = None


class WaitsChanged(Struct, frozen=True):
    """Where the visiting student waits for a seat, as the server just said; oldest first."""

    waits: tuple[WaitRow, ...]


class WaitSettled(Struct, frozen=True, kw_only=True):
    """What became of a step at a waitlist; `unknown`: it was sent and nobody answered."""

    session_id: str
    step: WaitStep
    state: Literal["done", "refused", "unknown"]
    place: int | None = None
    """In the line, after joining."""
    code: str | None = None


class AttentionListed(Struct, frozen=True, kw_only=True):
    """What staff must settle, as far as it is known."""

    own: "tuple[Item, ...]" = ()
    """In the outbox of this device."""
    server: "tuple[Item, ...] | None" = None
    """None: nobody is signed in, or the server was never heard since."""
    snoozed: "tuple[Item, ...]" = ()
    """Of both, what is put off; what comes back soonest first."""
    as_of: datetime | None = None
    """When the server said so."""
    user: str = ""
    """The name of the staff user who is signed in."""
    code: str | None = None
    """Why the server could not be asked just now, or nobody was signed in."""


class LettersRead(Struct, frozen=True, kw_only=True):
    """What a way out would write, the student's language first; empty when it writes nothing."""

    ref: str
    way: str
    letters: "tuple[Letter, ...]" = ()
    code: str | None = None
    """Why it could not be read."""


class ItemSettled(Struct, frozen=True, kw_only=True):
    """What became of a Settle; with a code the item is open as before."""

    ref: str
    code: str | None = None


class ItemSnoozed(Struct, frozen=True, kw_only=True):
    """What became of a Snooze; with a code the item is on the list as before."""

    ref: str
    until: datetime | None = None
    """When it comes back."""
    code: str | None = None


class ItemWoken(Struct, frozen=True, kw_only=True):
    """What became of a Wake; with a code the item is put off as before."""

    ref: str
    code: str | None = None


class HelpRead(Struct, frozen=True, kw_only=True):
    """What staff read when something does not work (A101); with a code, why it is not of just now."""

    help: "StaffHelp | None" = None
    """What the server said last; None: nothing since somebody signed in."""
    as_of: datetime | None = None
    code: str | None = None


class OutboxListed(Struct, frozen=True):
    """What of this device's outbox is not settled, the newest first."""

    entries: "tuple[Entry, ...]" = ()


class RequestTried(Struct, frozen=True):
    """What came of sending one request now; without a code it is done."""

    ref: str
    code: str | None = None


class OutboxExported(Struct, frozen=True, kw_only=True):
    """Where the outbox was written to and what opens it; with a code, why it was not."""

    path: str = ""
    """The file, or the folder that took none."""
    passphrase: str = ""
    requests: int = 0
    code: str | None = None

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return f"OutboxExported(requests={self.requests}, code={self.code!r})"


Answer = RequestSaved | RequestSettled | CancelSettled | MoveSettled | PassMailed | WaitSettled
"""What became of something that the visiting student asked for."""
StaffNews = AttentionListed | LettersRead | ItemSettled | ItemSnoozed | ItemWoken | HelpRead
OutboxNews = OutboxListed | RequestTried | OutboxExported


class FaultRaised(Struct, frozen=True, kw_only=True):
    """This machine needs help; `detail` is technical and holds nothing personal."""

    fault: Fault
    detail: str = ""
    fatal: bool = False
    """No engine works because of it, and none will until the program begins anew."""


class FaultCleared(Struct, frozen=True):
    """A fault told of before is over."""

    fault: Fault


Event = (
    EngineReady
    | LinkChanged
    | SessionsChanged
    | VisitBegan
    | VisitRefused
    | VisitEnded
    | BalancesChanged
    | BookingsChanged
    | Answer
    | CalendarFileReady
    | WaitsChanged
    | StaffNews
    | OutboxNews
    | FaultRaised
    | FaultCleared
)

OFFLINE_UNKNOWN = "OFFLINE_UNKNOWN"
"""Offline, and this device has not seen the student in the last 24 hours (K43)."""
MOVE_OFFLINE = "MOVE_OFFLINE"
"""A move needs the server's answer at once, and there is no way to it."""
MOVE_UNANSWERED = "MOVE_UNANSWERED"
"""A move was sent and nobody answered: the booking is where it was, or where it was to go."""
MAIL_OFFLINE = "MAIL_OFFLINE"
"""A mail is asked for at the server, and there is no way to it."""
MAIL_UNANSWERED = "MAIL_UNANSWERED"
"""A mail was asked for and nobody answered; asking again is safe."""
HELD = "HELD"
"""`last_code` of a cancel that can still be undone."""
WAIT_OFFLINE = "WAIT_OFFLINE"
"""A waitlist needs the server's answer at once, and there is no way to it."""
WAIT_UNANSWERED = "WAIT_UNANSWERED"
"""A step at a waitlist was sent and nobody answered: it was taken, or it was not."""
CLAIM_UNANSWERED = "CLAIM_UNANSWERED"
"""An offer was claimed and nobody answered: it is booked, or still held. Asking again is safe."""
ATTENTION_OFFLINE = "ATTENTION_OFFLINE"
"""What staff settle with the server needs its answer, and none came; asking again is safe."""
NOT_SENT = "NOT_SENT"
"""It waits to be sent again, and no answer came yet."""
NOT_EXPORTED = "NOT_EXPORTED"
"""The file of an export could not be written."""
NOT_SAVED = "NOT_SAVED"
"""This machine could not write the request down, so it does not exist; a `FaultRaised` says why."""
