"""What a session's button offers the person in front of it, before anything is pressed (06a)."""

from enum import StrEnum

from kiosk_app.contract.problems import Code
from kiosk_app.domain.listing import SessionRow, Standing
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.problems import N_
from kiosk_app.i18n.sessions import tokens_count
from kiosk_app.i18n.texts import _


class Offer(StrEnum):
    """What pressing the button of a session would do, or why it would do nothing."""

    BOOK = "book"
    GUARANTEED = "guaranteed"
    """Offline, and this kiosk was lent a seat: it is confirmed at once."""
    REQUEST = "request"
    """Offline: the request is saved and sent later; not yet a seat."""
    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLING = "cancelling"
    CLAIM = "claim"
    """A waitlist holds a seat for the student."""
    IN_LINE = "in_line"
    """The student waits for a seat."""
    WAIT = "wait"
    """Full, and one may wait for a seat (A78)."""
    FULL = "full"
    NO_TOKENS = "no_tokens"
    DAY_TAKEN = "day_taken"
    """The student has another booking of this type on this day (M4)."""
    OVERLAPS = "overlaps"
    CLOSED = "closed"


OPEN = frozenset({Offer.BOOK, Offer.GUARANTEED, Offer.REQUEST, Offer.CLAIM})
"""Offers that lead to the booking form."""

OWN = frozenset({Offer.BOOKED, Offer.WAITING, Offer.CANCELLING, Offer.IN_LINE})
"""What the student has with a session already; no refusal."""

REFUSED = frozenset({Offer.FULL, Offer.NO_TOKENS, Offer.DAY_TAKEN, Offer.OVERLAPS, Offer.CLOSED})
"""Reasons why nothing is offered; pressing one says more."""

_STANDING: dict[Standing, Offer] = {
    Standing.CONFIRMED: Offer.BOOKED,
    Standing.COMPLETED: Offer.BOOKED,
    Standing.GUARANTEED: Offer.BOOKED,
    Standing.UNKNOWN: Offer.WAITING,
    Standing.CANCELLING: Offer.CANCELLING,
    Standing.QUEUED: Offer.WAITING,
    Standing.SENDING: Offer.WAITING,
}
_REFUSAL: dict[Code, Offer] = {
    Code.DISCUSSION_FULL: Offer.FULL,
    Code.EXAM_FULL: Offer.FULL,
    Code.INSUFFICIENT_TOKENS: Offer.NO_TOKENS,
    Code.DUPLICATE_BOOKING: Offer.DAY_TAKEN,
    Code.OVERLAPPING_BOOKING: Offer.OVERLAPS,
}


_PROMISED: dict[str, Offer] = {
    "booked": Offer.BOOK,
    "guaranteed": Offer.GUARANTEED,
    "queued": Offer.REQUEST,
}


def offer_of(
    row: SessionRow, refusal: Code | None, promise: str, wait: Offer | None = None
) -> Offer:
    """Return what the button of `row` offers, given what the rules say about a booking now.

    Args:
        row: the session.
        refusal: why it cannot be booked.
        promise: what a booking would be.
        wait: CLAIM, IN_LINE or WAIT where the waitlist has something to offer.
    """
    if own := _STANDING.get(row.standing):
        return own
    if wait is not None:
        return wait
    if refusal is None:
        return _PROMISED[promise]
    if row.left <= 0 and row.is_active:
        return Offer.FULL
    return _REFUSAL.get(refusal, Offer.CLOSED)


_LABEL: dict[Offer, str] = {
    Offer.BOOK: N_("Book"),
    Offer.GUARANTEED: N_("Book"),
    Offer.REQUEST: N_("Request"),
    Offer.BOOKED: N_("Booked"),
    Offer.WAITING: N_("Waiting"),
    Offer.CANCELLING: N_("Cancelling"),
    Offer.CLAIM: N_("Claim seat"),
    Offer.IN_LINE: N_("In line"),
    Offer.WAIT: N_("Join waitlist"),
    Offer.FULL: N_("Full"),
    Offer.NO_TOKENS: N_("No tokens"),
    Offer.DAY_TAKEN: N_("Booked that day"),
    Offer.OVERLAPS: N_("Overlaps yours"),
    Offer.CLOSED: N_("Booking closed"),
}
_REASON: dict[Offer, str] = {
    Offer.BOOKED: N_("You have a seat in this session. You find it in My bookings."),
    Offer.WAITING: N_(
        "Your request is saved on this kiosk and waits to be sent. You find it in My bookings."
    ),
    Offer.CANCELLING: N_("Your cancel is saved and waits to be sent. You find it in My bookings."),
    Offer.IN_LINE: N_("You wait for a seat in this session. You find your place in My bookings."),
}
"""What to say when somebody presses a button of what they have already."""


def label(offer: Offer) -> str:
    """Return the word on the button."""
    return _(_LABEL[offer])


def why() -> str:
    """Return what stands under a reason: pressing it tells more."""
    return _("Why?")


def reason(offer: Offer) -> str:
    """Return what one has already with a session, for an offer among `OWN`."""
    return _(_REASON[offer])


def spoken(offer: Offer, row: SessionRow) -> str:
    """Return the button's full name: *Book Clinical Skills, Tue, Nov 24, 9:00 am, 1 token*."""
    parts = [
        f"{label(offer)} {type_name(row.mock_type)}"
        if offer in OPEN
        else f"{type_name(row.mock_type)}: {label(offer)}",
        formats.day_short(row.exam_date),
        formats.clock(row.starts_at, row.time_zone),
    ]
    if offer in OPEN:
        parts.append(tokens_count(1))
    if offer in REFUSED:
        parts.append(why())
    return formats.listed(*parts)
