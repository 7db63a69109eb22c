"""What the clock says of bookings: who did not come, and what is over (0.6, A76)."""

from datetime import datetime

from msgspec import Struct

from kiosk_app.backend.core.attendance import complete, note_absent
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.storage.database import Database


class Attendance(Struct, frozen=True):
    """The bookings of one database."""

    db: Database

    async def run(self, now: datetime) -> Report:
        """Mark who is absent, then complete what has ended."""
        return Report(await note_absent(self.db, now) + await complete(self.db, now))
