"""States of a booking and the ways between them, as data (0.6, M15)."""

from datetime import datetime, timedelta

from kiosk_app.contract.bookings import BookingState

TRANSITIONS: dict[tuple[BookingState, str], BookingState] = {
    (BookingState.ACTIVE, "cancel"): BookingState.CANCELLED,
    (BookingState.ACTIVE, "complete"): BookingState.COMPLETED,
}

LIVE = frozenset({BookingState.ACTIVE, BookingState.COMPLETED})
"""States that hold a seat and a token (M3)."""


JOIN_BEFORE = timedelta(minutes=10)
"""How long before the start a meeting can be joined (A81)."""


def next_state(state: BookingState, event: str) -> BookingState | None:
    """Return where `event` leads, or None when the table does not allow it."""
    return TRANSITIONS.get((state, event))


def can_cancel(state: BookingState, starts_at: datetime, now: datetime) -> bool:
    """Say whether the student may still cancel: active and not started (F46)."""
    return state is BookingState.ACTIVE and now < starts_at


def can_move(state: BookingState, until: datetime, now: datetime) -> bool:
    """Say whether a booking may still go to another session: active, and its cut-off ahead."""
    return state is BookingState.ACTIVE and now < until


def can_join(state: BookingState, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether whoever is booked may enter the meeting: from ten minutes before until the end (A81)."""
    return state is BookingState.ACTIVE and starts_at - JOIN_BEFORE <= now < ends_at
