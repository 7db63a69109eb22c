"""What the window asks of the engine: a closed set of frozen intents, sent through one door."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from kiosk_app.contract.bookings import Hand
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.tallies import Page


class Identify(Struct, frozen=True):
    """Begin a visit with student ID and e-mail; answered by VisitBegan or VisitRefused."""

    student_id: str
    email: str


class SignOut(Struct, frozen=True):
    """End the visit and forget the person; answered by VisitEnded."""


class Place(Struct, frozen=True, kw_only=True):
    """Book a seat for the visiting student; answered by RequestSaved, then RequestSettled.

    `request_id` and `key` are made once, when Confirm is pressed, so that a double click or a
    retry is the same request (M14, A65).
    """

    request_id: str
    key: str
    session_id: str
    name: str
    student_id: str
    email: str
    discussion_format: DeliveryFormat | None = None
    topic_preference: str = ""
    attending_location: str | None = None
    dominant_hand: Hand | None = None


class Cancel(Struct, frozen=True):
    """Cancel a booking by its ref, or withdraw a waiting request; answered by CancelSettled."""

    ref: str
    hold: bool = False
    """Hold the cancel of a booking back for a moment, so that it can be undone."""


class RefusalRead(Struct, frozen=True):
    """Note that the student has read why a request was refused; answered by BookingsChanged."""

    request_id: str


class Undo(Struct, frozen=True):
    """Take back the cancel of a booking that is held back; answered by CancelSettled.

    One that has been sent is not answered again: its own end says what became of it.
    """

    ref: str


class Move(Struct, frozen=True, kw_only=True):
    """Move a booking to another session, online only; answered by MoveSettled.

    `key` is made once, when the student confirms, so that asking again is the same request.
    """

    ref: str
    session_id: str
    key: str


WaitStep = Literal["join", "leave", "decline"]


class Wait(Struct, frozen=True, kw_only=True):
    """Join or leave a waitlist, or decline its offer; online only; answered by WaitSettled."""

    session_id: str
    step: WaitStep
    wait_id: str = ""
    """Which wait's offer is declined."""


class Claim(Struct, frozen=True, kw_only=True):
    """Book the seat that a waitlist offers, online only; answered by RequestSettled."""

    request_id: str
    session_id: str
    wait_id: str
    discussion_format: DeliveryFormat | None = None
    topic_preference: str = ""
    attending_location: str | None = None
    dominant_hand: Hand | None = None


class MailPass(Struct, frozen=True):
    """Have the confirmation of a booking mailed once more, online only; answered by PassMailed.

    `key` is made once for each press, so that asking again is the same mail.
    """

    ref: str
    key: str


class KeepFilters(Struct, frozen=True):
    """Keep how the visiting student narrows the sessions; answered by nothing (A79)."""

    filters: SavedFilters


class MakeCalendarFile(Struct, frozen=True):
    """Write a booking as an iCalendar file; answered by CalendarFileReady."""

    ref: str


class SyncNow(Struct, frozen=True):
    """Probe, replay and pull at once instead of at the next tick."""


class StaffSignIn(Struct, frozen=True):
    """Sign a staff user in at this desk; answered by AttentionListed."""

    email: str
    password: str

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return "StaffSignIn(…)"


class StaffSignOut(Struct, frozen=True):
    """Forget the staff user and what they read; answered by AttentionListed."""


class LookAtAttention(Struct, frozen=True):
    """Read what staff must settle, here and where somebody is signed in; see AttentionListed."""


class ReadLetters(Struct, frozen=True):
    """Ask what a way out would write to the student; answered by LettersRead."""

    ref: str
    way: str


class Settle(Struct, frozen=True, kw_only=True):
    """Settle one item by one of its ways; answered by ItemSettled, then AttentionListed."""

    ref: str
    way: str
    session_id: str | None = None
    """With another session: which one."""
    note: str = ""
    words: str = ""
    """Of their own, for the mail that goes."""
    used: tuple[int, ...] = ()
    """Of stranded seats: those that were used."""


class Snooze(Struct, frozen=True, kw_only=True):
    """Put one item off; answered by ItemSnoozed, then AttentionListed."""

    ref: str
    until: datetime
    reason: str


class Wake(Struct, frozen=True):
    """Put one item back on the list; answered by ItemWoken, then AttentionListed."""

    ref: str


class LookAtHelp(Struct, frozen=True):
    """Read the usual problems and whom to ask (A101); answered by HelpRead."""


class LookAtOutbox(Struct, frozen=True):
    """Read what of this device's outbox is not settled; answered by OutboxListed."""


class SendNow(Struct, frozen=True):
    """Send one request at once; answered by RequestTried, then OutboxListed."""

    ref: str


class ExportOutbox(Struct, frozen=True):
    """Write the outbox to an encrypted file in a folder; answered by OutboxExported."""

    folder: str | None = None
    """None: a folder of this device's own."""


class PageOpened(Struct, frozen=True):
    """Count an opening of a page (A100); answered by nothing."""

    page: Page


OutboxIntent = LookAtOutbox | SendNow | ExportOutbox
StaffIntent = (
    StaffSignIn
    | StaffSignOut
    | LookAtAttention
    | LookAtHelp
    | ReadLetters
    | Settle
    | Snooze
    | Wake
    | OutboxIntent
)
Intent = (
    Identify
    | SignOut
    | Place
    | RefusalRead
    | Cancel
    | Undo
    | Move
    | Wait
    | Claim
    | MailPass
    | KeepFilters
    | MakeCalendarFile
    | SyncNow
    | PageOpened
    | StaffIntent
)
