"""What a session's button offers the person in front of it, before anything is pressed (06a)."""

from enum import StrEnum

from kiosk_app.contract.problems import Code
from kiosk_app.domain.listing import SessionRow, Standing


class Offer(StrEnum):
    """What pressing the button of a session would do, or why it would do nothing."""

    BOOK = "book"
    REQUEST = "request"
    """Offline: the request is saved and sent later; not yet a seat."""
    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLING = "cancelling"
    FULL = "full"
    NO_TOKENS = "no_tokens"
    DAY_TAKEN = "day_taken"
    """The student has another booking of this type on this day (M4)."""
    OVERLAPS = "overlaps"
    CLOSED = "closed"


OPEN = frozenset({Offer.BOOK, Offer.REQUEST})
"""Offers that lead to the booking form."""

_STANDING: dict[Standing, Offer] = {
    Standing.CONFIRMED: Offer.BOOKED,
    Standing.COMPLETED: Offer.BOOKED,
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


def offer_of(row: SessionRow, refusal: Code | None, *, online: bool) -> Offer:
    """Return what the button of `row` offers, given what the rules say about a booking now."""
    if own := _STANDING.get(row.standing):
        return own
    if refusal is None:
        return Offer.BOOK if online else Offer.REQUEST
    if row.left <= 0 and row.is_active:
        return Offer.FULL
    return _REFUSAL.get(refusal, Offer.CLOSED)
