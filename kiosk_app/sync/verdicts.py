"""What an outcome means for a request in the outbox (K11), as one table.

| outcome                        | the request is                                    |
|--------------------------------|---------------------------------------------------|
| Accepted                       | confirmed                                         |
| Refused (400, 403, 404, 409 …) | refused, with the reason                          |
| Later (429, 503)               | queued; the whole replay waits as it was told     |
| Later (500, LOCK_FAILED,       | queued; this request alone backs off              |
|        SEAT_KEPT_BACK)         |                                                   |
| SignInAgain                    | queued; the device or the visit must sign in      |
| Unreachable                    | queued; *unknown* if it was sent, never *failed*   |
"""

from msgspec import Struct

from kiosk_app.contract.problems import Code
from kiosk_app.gateway.outcomes import Failed, Later, Refused, SignInAgain, Unreachable

LINE_TROUBLE = "LINK"
"""`last_code` of a request that got no verdict because of the way to the server."""
SIGN_IN = "SIGN_IN"
_OWN_LANE = frozenset({Code.INTERNAL_ERROR, Code.LOCK_FAILED, Code.SEAT_KEPT_BACK})
"""Reasons to wait that are about this request, not about the server."""


class Wait(Struct, frozen=True):
    """Not settled: how long to wait, and whether everybody waits."""

    seconds: float | None
    """None: by the back-off."""
    everyone: bool
    code: str
    unanswered: bool = False
    """It may have been done: it left, and nothing came back."""


class No(Struct, frozen=True):
    """Settled: refused for this reason."""

    code: str


def read(outcome: Failed) -> Wait | No:
    """Return what becomes of the request."""
    match outcome:
        case Refused(code):
            return No(code)
        case Later(after, reason):
            return Wait(after, reason not in _OWN_LANE, reason)
        case SignInAgain(code):
            # A lapsed visit is no hindrance: the device token replays the request (K11).
            expired = code == Code.TOKEN_EXPIRED
            return Wait(0.0 if expired else None, not expired, SIGN_IN)
        case Unreachable(sent=sent):
            return Wait(None, everyone=False, code=LINE_TROUBLE, unanswered=sent)
