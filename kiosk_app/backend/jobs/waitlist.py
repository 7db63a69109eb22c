"""Offers seats that came free, and ends offers whose time is over; late after a standstill (A78)."""

from datetime import datetime

from msgspec import Struct

from kiosk_app.backend.core.offers import see_to_lists
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.tokens import SHARED_FALLBACK


class Waitlist(Struct, frozen=True):
    """The lists of one database."""

    db: Database
    shared: frozenset[MockType] = SHARED_FALLBACK
    """What shared tokens pay for here."""

    async def run(self, now: datetime) -> Report:
        """See to every list."""
        return Report(await see_to_lists(self.db, now, self.shared))
