"""A booking request on its way: what was asked, and what became of it so far."""

from datetime import datetime

from msgspec import Struct

from kiosk_app.desktop.opinion import Choices, Opinion
from kiosk_app.domain.listing import SessionRow
from kiosk_app.sync.events import RequestSettled


class Placed(Struct, frozen=True, kw_only=True):
    """One pressed Confirm, from the tap to the answer.

    `opinion` is what this device expected when it was pressed; `number` is the request number,
    known once the request is on disk; `settled` is the last word of the engine.
    """

    request_id: str
    row: SessionRow
    choices: Choices
    opinion: Opinion
    placed_at: datetime
    number: str = ""
    settled: RequestSettled | None = None
    moved: bool = False
    """It was booked before, and has another session now."""

    @property
    def state(self) -> str:
        """`sending`, `queued`, `unknown`, `guaranteed`, `confirmed` or `refused`."""
        return self.settled.state if self.settled else "sending"
