"""Seats left and how scarce they are (0.2, A46)."""

from enum import StrEnum

FEW_SEATS = 3
FEW_SHARE = 0.2


class SeatState(StrEnum):
    """How a screen names the seats of a session."""

    AVAILABLE = "available"
    FEW = "few"
    FULL = "full"


def seats_left(capacity: int, taken: int) -> int:
    """Return the free seats, never below zero."""
    return max(0, capacity - taken)


def seat_state(capacity: int, left: int) -> SeatState:
    """Return full, few (at most three, or at most a fifth of the capacity) or available."""
    if left <= 0:
        return SeatState.FULL
    if left <= FEW_SEATS or left <= capacity * FEW_SHARE:
        return SeatState.FEW
    return SeatState.AVAILABLE
