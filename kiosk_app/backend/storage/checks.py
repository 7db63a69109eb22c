"""Counting what breaks a rule; every count is 0 in a sound database."""

from msgspec import Struct

from kiosk_app.backend.storage.database import Database


class Counts(Struct, frozen=True, kw_only=True):
    """Rows that break each rule, and how much there is."""

    seats: int
    overfull: int
    leased: int
    overdrawn: int
    unpaid: int
    unreturned: int
    fence_age_s: int
    sessions: int
    students: int


_COUNTS = """
WITH live AS (
    SELECT session_id, count(*) AS n FROM bookings
    WHERE is_active IN ('Active', 'Completed') GROUP BY session_id
), paid AS (
    SELECT b.id, b.is_active, b.cancelled_late, sum(l.amount) AS net
    FROM bookings b LEFT JOIN ledger l ON l.booking_id = b.id GROUP BY b.id
)
SELECT
    (SELECT count(*) FROM mock_sessions s LEFT JOIN live ON live.session_id = s.id
     WHERE s.total_bookings <> coalesce(live.n, 0)) AS seats,
    (SELECT count(*) FROM mock_sessions s JOIN live ON live.session_id = s.id
     WHERE live.n > s.capacity) AS overfull,
    (SELECT count(*) FROM mock_sessions s WHERE s.leased_seats <> (
        SELECT count(*) FROM lease_slots l WHERE l.session_id = s.id AND l.state = 'leased'
     )) AS leased,
    (SELECT count(*) FROM (SELECT 1 FROM ledger GROUP BY contact_id, credit_field
                           HAVING sum(amount) + count(*) FILTER (WHERE owed) < 0) AS below) AS overdrawn,
    -- Of a booking that is over, the token may have been given back by hand.
    (SELECT count(*) FROM paid WHERE (is_active = 'Active' AND net IS DISTINCT FROM -1)
     OR (is_active = 'Completed' AND coalesce(net, 1) NOT IN (-1, 0))) AS unpaid,
    (SELECT count(*) FROM paid WHERE is_active = 'Cancelled' AND net <> 0
     AND NOT (cancelled_late AND net = -1)) AS unreturned,
    (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::int FROM pg_stat_activity
     WHERE backend_xid IS NOT NULL) AS fence_age_s,
    (SELECT count(*) FROM mock_sessions WHERE is_active AND starts_at > now()) AS sessions,
    (SELECT count(*) FROM contacts) AS students
"""


async def count_faults(db: Database) -> Counts:
    """Return all counts from one snapshot."""
    counts = await db.row(_COUNTS, Counts)
    assert counts is not None  # noqa: S101 - a select without a table answers one row
    return counts


async def server_version(db: Database) -> str:
    """Return the version of the database server."""
    version: str = await db.value("SHOW server_version")
    return version
