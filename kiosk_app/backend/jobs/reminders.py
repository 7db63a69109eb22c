"""Makes a mail of each reminder whose hour has come; late after a standstill, but once."""

from datetime import datetime

from msgspec import Struct

from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.mail import queue_reminders

_AT_ONCE = 500


class Reminders(Struct, frozen=True):
    """The deadlines of one database."""

    db: Database

    async def run(self, now: datetime) -> Report:
        """Queue every reminder that is due."""
        queued = 0
        while True:
            made = await queue_reminders(self.db, now, _AT_ONCE)
            queued += made.queued
            if made.settled < _AT_ONCE:
                return Report(queued)
