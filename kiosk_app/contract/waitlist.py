"""Waiting for a seat of a full session (A78)."""

from enum import StrEnum

from msgspec import Struct

from kiosk_app.contract.bookings import AttendingLocation, Hand, TopicPreference
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.wire import WireInstant


class WaitState(StrEnum):
    """Life of one wait; all but the first two are ends."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    CLOSED = "closed"


class JoinWaitlist(Struct, frozen=True, kw_only=True):
    """Body of `POST /sessions/{session}/waitlist`."""

    contact_id: str | None = None
    """For whom; staff must say, a visitor is meant without."""


class Wait(Struct, frozen=True, kw_only=True):
    """One person's wait for one session."""

    id: str
    session_id: str
    state: WaitState
    joined_at: WireInstant
    position: int | None = None
    """From 1; people who hold an offer count. None once the wait has ended."""
    offered_until: WireInstant | None = None
    """Until when a seat is held for them."""
    passed_over: str | None = None
    """The code of why a free seat went to somebody behind; the place is kept."""
    booking_id: str | None = None


class WaitStanding(Struct, frozen=True, kw_only=True):
    """Answer to `GET /sessions/{session}/waitlist`."""

    waiting: int
    """How many people stand on the list."""
    own: Wait | None = None


class WaitList(Struct, frozen=True):
    """Answer to `GET /waitlist`: where the visitor waits or has an offer, oldest first."""

    waits: list[Wait]


class ClaimOffer(Struct, frozen=True, kw_only=True):
    """Body of a claim: what the form of the session's system asks for."""

    discussion_format: DeliveryFormat | None = None
    topic_preference: TopicPreference | None = None
    attending_location: AttendingLocation | None = None
    dominant_hand: Hand | None = None
