"""Statements that count the seats of a session again from what they are derived from (A12, B22)."""

from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction

_TRUTH = """
SELECT s.id, s.total_bookings, s.leased_seats,
       (SELECT count(*) FROM bookings b
        WHERE b.session_id = s.id AND b.is_active IN ('Active', 'Completed'))::int AS live,
       (SELECT count(*) FROM lease_slots l
        WHERE l.session_id = s.id AND l.state = 'leased')::int AS leased
FROM mock_sessions s
"""


class Counted(Struct, frozen=True, kw_only=True):
    """A session's counters, and what they should be."""

    id: UUID
    total_bookings: int
    leased_seats: int
    live: int
    leased: int

    @property
    def sound(self) -> bool:
        """Both counters say the truth."""
        return (self.total_bookings, self.leased_seats) == (self.live, self.leased)


async def suspects(db: Database) -> list[UUID]:
    """Return the sessions whose counters looked wrong a moment ago, without a lock."""
    rows = await db.rows(f"{_TRUTH} ORDER BY s.id", Counted)
    return [row.id for row in rows if not row.sound]


async def count_under_lock(work: Transaction, session: UUID) -> Counted | None:
    """Return the truth of a session that nobody changes meanwhile; None while somebody is at it."""
    locked = await work.value(
        "SELECT 1 FROM mock_sessions WHERE id = %(id)s FOR NO KEY UPDATE SKIP LOCKED",
        {"id": session},
    )
    if locked is None:
        return None
    # A statement of its own, so that it sees what was committed before the lock was granted.
    return await work.row(f"{_TRUTH} WHERE s.id = %(id)s", Counted, {"id": session})


async def mend(work: Transaction, counted: Counted) -> None:
    """Write the truth.

    Raises:
        ConflictError: `mock_sessions_seats_check` when the session has fewer seats than that.
    """
    await work.run(
        "UPDATE mock_sessions SET total_bookings = %(live)s, leased_seats = %(leased)s"
        " WHERE id = %(id)s",
        {"id": counted.id, "live": counted.live, "leased": counted.leased},
    )
