"""What keeps the database sound and small: counters counted again, and old changes forgotten (K32)."""

from datetime import datetime, timedelta

from msgspec import Struct

from kiosk_app.backend.core.recount import recount
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.feed import forget_changes

CHANGES_KEPT = timedelta(days=60)
"""The longest a kiosk may be offline before it must load everything again."""


class Recount(Struct, frozen=True):
    """The counters of one database."""

    db: Database

    async def run(self, _now: datetime) -> Report:
        """Mend what is derived, and tell what else does not agree."""
        done = await recount(self.db)
        return Report(done.mended, "; ".join(done.left))


class FeedRetention(Struct, frozen=True):
    """The change feed of one database."""

    db: Database

    async def run(self, now: datetime) -> Report:
        """Forget what no kiosk may ask for any more; a cursor that old answers 410."""
        return Report(await forget_changes(self.db, now - CHANGES_KEPT))
