"""How long to wait before a mail is tried again."""

from datetime import timedelta

FIRST_S = 30.0
LONGEST_S = 3600.0
AWAY_S = 300.0
"""Longest wait while the server takes nothing at all: when it is back, mail should not lag an hour."""
GIVE_UP_AFTER = timedelta(days=3)
LEAST_TRIES = 5
"""A mail that could not be sent for so long, and was tried so often, is left to a person."""


def wait_before(attempt: int, luck: float, *, longest: float = LONGEST_S) -> timedelta:
    """Return the wait after the `attempt`th failure: doubling from FIRST_S up to `longest`.

    Half of it is chance, so that many mails that failed together do not come back together.

    Args:
        attempt: from 1.
        luck: from 0 to 1.
        longest: seconds.
    """
    full: float = min(longest, FIRST_S * 2 ** min(attempt - 1, 20))
    return timedelta(seconds=full / 2 + full / 2 * luck)
