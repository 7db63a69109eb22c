"""How long to wait before trying again."""

from collections.abc import Callable

LONGEST = 60.0
SHORTEST = 0.25
"""Seconds; even the luckiest draw leaves the server a moment."""


def delay(attempts: int, draw: Callable[[], float]) -> float:
    """Return seconds to wait after so many tries without a verdict.

    The ceiling doubles: 1, 2, 4 … 60 s. The wait is drawn evenly below it (full jitter), so that
    the kiosks of a campus do not all come back in the same second.

    Args:
        attempts: tries so far, from 1.
        draw: returns an even number in [0, 1).
    """
    ceiling = min(LONGEST, 2.0 ** min(max(attempts, 1) - 1, 10))
    return max(SHORTEST, draw() * ceiling)


def spread(asked: float, draw: Callable[[], float]) -> float:
    """Return seconds to add to a wait that the server asked for: up to half of it, a second at least.

    It tells every kiosk the same figure, and they heard it in the same second (F17).
    """
    return draw() * max(1.0, asked / 2)
