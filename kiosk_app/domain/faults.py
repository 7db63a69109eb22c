"""Faults of a kiosk by number, and which of them mean that it cannot serve (docs/operating.md).

Keys are the values of `sync.events.Fault`, and two that no engine tells of. The number is what a
student reads to staff, and staff to whoever keeps the kiosk.
"""

from collections.abc import Collection
from typing import Final

NO_SESSIONS = "no_sessions"
"""There is no connection, and this kiosk has never had any sessions."""
CRASHED = "crashed"
"""The program has ended by itself several times within a short while."""

CODES: Final[dict[str, str]] = {
    NO_SESSIONS: "K-NET-1",
    "wrong_server": "K-NET-2",
    "queue_stuck": "K-NET-3",
    "not_enrolled": "K-DEV-1",
    "revoked": "K-DEV-2",
    "clock_off": "K-CLK-1",
    "storage_full": "K-DSK-1",
    "storage_read_only": "K-DSK-2",
    "storage_unreadable": "K-DSK-3",
    "queue_damaged": "K-DSK-4",
    "queue_locked": "K-KEY-1",
    CRASHED: "K-APP-1",
    "storage_too_new": "K-APP-2",
}
STAYS: Final = frozenset({"revoked", "storage_too_new"})
"""Faults that last until staff have done something and started the kiosk again."""
OTHER_CODE = "K-APP-9"
"""Of a fault that this version has no number for."""


def number_of(fault: str) -> str:
    """Return the number of a fault."""
    return CODES.get(fault, OTHER_CODE)


def out_of_order(
    faults: Collection[str], fatal: str | None, *, offline: bool, cached: bool
) -> str | None:
    """Return the fault for which a kiosk serves nobody, or None while it can.

    A disk that fills up, a damaged queue and the like are told in a banner: the engine works, and
    what it cannot do it says when somebody asks for it. A wrong clock matters while nobody else
    can say what time it is.

    Args:
        faults: those that were told of and are not over.
        fatal: the one that keeps the engine from working at all.
        offline: no server answers.
        cached: there are sessions to show.
    """
    if fatal is not None:
        return fatal
    if "revoked" in faults:
        return "revoked"
    if offline and not cached:
        return "wrong_server" if "wrong_server" in faults else NO_SESSIONS
    if offline and "clock_off" in faults:
        return "clock_off"
    return None
