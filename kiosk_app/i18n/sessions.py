"""Words for a session's place, seats and cost, so that calendar, list, form and booking agree."""

from kiosk_app.i18n import bidi
from kiosk_app.i18n.texts import _, ngettext


def place(campus: str, room: str) -> str:
    """Write where a session is: `Downtown · Room 204`."""
    return f"{bidi.apart(campus)} · {bidi.apart(room)}" if room else campus


def seats_short(left: int, waiting: int = 0) -> str:
    """Write the seats of a session in a few letters: `8 left`, `4 left (1 waiting)`, `Full`.

    `waiting` counts this device's requests that no server has answered yet (K22).
    """
    if left <= 0 and not waiting:
        return _("Full")
    text = ngettext("{n} left", "{n} left", left).format(n=left)
    return _with_waiting(text, waiting)


def seats_of(left: int, capacity: int, waiting: int = 0) -> str:
    """Write the seats of a list row: `5 of 8 left`."""
    if left <= 0 and not waiting:
        return _("No seats left")
    return _with_waiting(_("{left} of {all} left").format(left=left, all=capacity), waiting)


def seats_long(left: int, capacity: int, waiting: int = 0) -> str:
    """Write the seats of a session card: `8 of 12 seats left`."""
    if left <= 0 and not waiting:
        return _("No seats left")
    text = ngettext("{left} of {all} seats left", "{left} of {all} seats left", left)
    return _with_waiting(text.format(left=left, all=capacity), waiting)


def seats_held(count: int) -> str:
    """Write how many seats this kiosk can guarantee with no network."""
    return ngettext("{n} held here, guaranteed", "{n} held here, guaranteed", count).format(n=count)


def guaranteed_count(count: int) -> str:
    """Write the same in a few letters."""
    return ngettext("{n} guaranteed", "{n} guaranteed", count).format(n=count)


def sessions_count(count: int) -> str:
    """Write a number of sessions."""
    return ngettext("{n} session", "{n} sessions", count).format(n=count)


def tokens_count(count: int) -> str:
    """Write a number of tokens."""
    return ngettext("{n} token", "{n} tokens", count).format(n=count)


def _with_waiting(text: str, waiting: int) -> str:
    if not waiting:
        return text
    return _("{seats} ({n} waiting)").format(seats=text, n=waiting)
