"""The PIN that lets staff leave a locked kiosk: what one looks like, and how guessing is slowed."""

from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

SHORTEST, LONGEST = 6, 12
FREE_TRIES = 5
"""Wrong PINs in a row before the first wait."""
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_MOST_DOUBLINGS = 8


class Verdict(Struct, frozen=True):
    """What became of a try."""

    right: bool = False
    wait: int = 0
    """Seconds until the next try counts; the PIN of a try before that is not even looked at."""


def acceptable(pin: str) -> bool:
    """Say whether a PIN may be set: 6 to 12 digits, not one digit repeated, not a run of them."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return False
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return not (len(steps) == 1 and steps <= {0, 1, 9})


def wait_after(wrong: int) -> timedelta:
    """Return how long the next try must wait after so many wrong ones in a row (doubling)."""
    if wrong < FREE_TRIES:
        return timedelta()
    doublings = min(wrong - FREE_TRIES, _MOST_DOUBLINGS)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def seconds_left(wrong: int, tried_at: datetime | None, now: datetime) -> int:
    """Return the whole seconds until a try counts; a clock that was set back adds no more than one wait."""
    wait = wait_after(wrong)
    if tried_at is None or not wait:
        return 0
    left = min(wait, tried_at + wait - now)
    return max(0, -int(-left.total_seconds() // 1))
