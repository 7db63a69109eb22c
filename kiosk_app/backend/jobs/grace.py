"""Ends the grace after a restore when its time is over, or when nobody is left to be heard (§5.5)."""

from datetime import datetime

from msgspec import Struct

from kiosk_app.backend.core.restored import end_if_over
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.storage.database import Database


class Grace(Struct, frozen=True):
    """The grace of one database."""

    db: Database

    async def run(self, now: datetime) -> Report:
        """Look at the clock."""
        async with self.db.transaction() as work:
            return Report(int(await end_if_over(work, now)))
