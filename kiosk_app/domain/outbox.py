"""What of this device's outbox is not settled, as staff see it (08e, R12)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from kiosk_app.contract.sessions import MockType


class Rung(StrEnum):
    """Where a request stands on the ladder of promises."""

    GUARANTEED = "guaranteed"
    """Confirmed against a seat this device was lent; the server will hear of it."""
    QUEUED = "queued"
    """Saved, and not yet sent."""
    SENDING = "sending"
    UNKNOWN = "unknown"
    """Sent, and nobody said what became of it."""
    ASIDE = "aside"
    """This program cannot handle it; it waits for a person."""
    REFUSED = "refused"
    """The server said no, or its session began first, and nobody has settled it yet."""


ENDED = frozenset({Rung.ASIDE, Rung.REFUSED})
"""What is not tried again by itself."""


class Entry(Struct, frozen=True, kw_only=True):
    """One request that is not settled."""

    ref: str
    number: str
    """What a person may quote."""
    cancels: bool
    rung: Rung
    created_at: datetime
    mock_type: MockType
    starts_at: datetime
    time_zone: str
    location: str
    student: str | None = None
    """Student id."""
    code: str | None = None
    """Why there is no verdict yet, or why it was refused."""
    attempts: int = 0
    next_at: datetime | None = None
    """When it is tried again, as far as that is known; None: as soon as there is a connection."""
    seat: int | None = None
    origin: str | None = None
    """The device it was taken over from, empty when that is not known; None: it was made here."""
    needs: bool = False
    """It stands on *Needs attention*."""

    @property
    def may_send(self) -> bool:
        """Whether somebody may ask to send it now."""
        return self.rung not in ENDED and self.rung is not Rung.SENDING
