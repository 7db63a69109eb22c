"""Statements about the events that wait for a program of the operator's (C13, C43, CP29)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.claims import Line
from kiosk_app.backend.storage.database import Database

CLAIM_S = 60
"""Longer than one delivery may take."""


class ClaimedEvent(Struct, frozen=True, kw_only=True):
    """An event that this process is sending."""

    id: UUID
    event: str
    at: datetime
    data: dict[str, Any]
    attempts: int
    """This try included."""
    claim: UUID


EVENTS = Line("webhook_outbox", ClaimedEvent, CLAIM_S)
"""The events that wait."""


async def switch(db: Database, *, on: bool) -> bool:
    """Wake or put to sleep the triggers that write events; says whether they were otherwise."""
    return bool(await db.value("SELECT webhook_switch(%(on)s)", {"on": on}))
