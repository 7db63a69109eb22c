"""Words for sessions: what they are called, how they are held, how many seats are left.

One place, so that calendar, list, form and booking speak of a session alike.
"""

from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.i18n.problems import N_
from kiosk_app.i18n.texts import _, ngettext

_TYPE: dict[MockType, str] = {
    MockType.SITUATIONAL_JUDGMENT: N_("Situational Judgment"),
    MockType.CLINICAL_SKILLS: N_("Clinical Skills"),
    MockType.MINI_MOCK: N_("Mini-mock"),
    MockType.MOCK_DISCUSSION: N_("Mock Discussion"),
}
_FORMAT: dict[DeliveryFormat, str] = {
    DeliveryFormat.VIRTUAL: N_("Virtual"),
    DeliveryFormat.IN_PERSON: N_("In-Person"),
    DeliveryFormat.HYBRID: N_("Hybrid"),
}
_TOKENS: dict[CreditField, str] = {
    CreditField.SJ: N_("SJ Tokens"),
    CreditField.CS: N_("CS Tokens"),
    CreditField.MINI: N_("Mini-Mock Tokens"),
    CreditField.SHARED: N_("Shared Mock Tokens"),
    CreditField.DISCUSSION: N_("Mock Discussion Tokens"),
}


def type_name(mock_type: MockType) -> str:
    """Return what people call a kind of session."""
    return _(_TYPE[mock_type])


def format_name(delivery: DeliveryFormat) -> str:
    """Return how a session is held, in words."""
    return _(_FORMAT[delivery])


def token_label(field: CreditField) -> str:
    """Return the label of a balance on the token card (0.4)."""
    return _(_TOKENS[field])


def place(campus: str, room: str) -> str:
    """Write where a session is: `Downtown · Room 204`."""
    return f"{campus} · {room}" if room else campus


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
    text = ngettext("{left} of {all} seat left", "{left} of {all} seats left", capacity)
    return _with_waiting(text.format(left=left, all=capacity), waiting)


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
