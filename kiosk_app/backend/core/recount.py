"""Counters of seats against what they count: mended, logged, and told (A12, B22, K32).

A counter is only ever wrong after somebody wrote to the database by hand, or by a fault of ours; either
way it must not stay. What cannot be derived, tokens above all, is only told.
"""

import logging
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.books import SENTENCES
from kiosk_app.backend.storage.checks import count_faults
from kiosk_app.backend.storage.database import ConflictError, Database
from kiosk_app.backend.storage.recount import count_under_lock, mend, suspects

logger = logging.getLogger(__name__)


class Recounted(Struct, frozen=True, kw_only=True):
    """How many sessions were mended, and what is left for people, in sentences."""

    mended: int
    left: list[str]


async def recount(db: Database) -> Recounted:
    """Count every session whose counters look wrong again, each in a transaction of its own."""
    outcomes = [await _recount_one(db, session) for session in await suspects(db)]
    counts = await count_faults(db)
    left = [
        f"{count} {sentence}"
        for name, sentence in SENTENCES.items()
        if (count := getattr(counts, name))
    ]
    return Recounted(mended=outcomes.count(True), left=left)


async def _recount_one(db: Database, session: UUID) -> bool:
    """Mend one session; false when it was sound, in use, or holds more people than seats."""
    try:
        async with db.transaction() as work:
            counted = await count_under_lock(work, session)
            if counted is None or counted.sound:
                return False
            await mend(work, counted)
            await audit(
                work,
                None,
                "session.recounted",
                ("session", session),
                before={"booked": counted.total_bookings, "leased": counted.leased_seats},
                after={"booked": counted.live, "leased": counted.leased},
            )
    except ConflictError:
        logger.exception("a session holds more than its seats", extra={"session": str(session)})
        return False
    logger.warning("counters mended", extra={"session": str(session)})
    return True
