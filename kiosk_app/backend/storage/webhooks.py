"""Statements about the events that wait for a program of the operator's (C13, C43, CP29).

Events of one booking go out in the order in which they happened; one that was given up holds nobody
up. A claim that was not settled in time, because its process died, falls to the next who asks.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

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


_CLAIM = f"""
UPDATE webhook_outbox AS o
SET attempts = o.attempts + 1, claim = gen_random_uuid(),
    claimed_until = clock_timestamp() + interval '{CLAIM_S} seconds'
FROM (
    SELECT w.id FROM webhook_outbox AS w
    WHERE w.state = 'waiting' AND w.next_at <= %(now)s
      AND (w.claimed_until IS NULL OR w.claimed_until < clock_timestamp())
      AND NOT EXISTS (
          SELECT 1 FROM webhook_outbox AS earlier
          WHERE earlier.booking_id = w.booking_id AND earlier.state = 'waiting'
            AND earlier.seq < w.seq)
    ORDER BY w.next_at, w.seq LIMIT 1 FOR UPDATE SKIP LOCKED
) AS due
WHERE o.id = due.id
RETURNING o.id, o.event, o.at, o.data, o.attempts, o.claim
"""  # noqa: S608 - a constant


async def switch(db: Database, *, on: bool) -> bool:
    """Wake or put to sleep the triggers that write events; says whether they were otherwise."""
    return bool(await db.value("SELECT webhook_switch(%(on)s)", {"on": on}))


async def claim_event(db: Database, now: datetime) -> ClaimedEvent | None:
    """Take the event that is due longest and nobody is sending; None when there is none."""
    return await db.row(_CLAIM, ClaimedEvent, {"now": now})


async def event_sent(db: Database, event: ClaimedEvent, now: datetime) -> None:
    """Settle an event that was taken."""
    await db.run(
        "UPDATE webhook_outbox SET state = 'sent', sent_at = %(now)s, last_error = NULL,"
        " claim = NULL, claimed_until = NULL WHERE id = %(id)s AND claim = %(claim)s",
        {"now": now, "id": event.id, "claim": event.claim},
    )


async def event_failed(
    db: Database, event: ClaimedEvent, error: str, next_at: datetime | None
) -> None:
    """Put an event off until `next_at`, or aside for a person when there is no further try."""
    await db.run(
        "UPDATE webhook_outbox SET last_error = %(error)s, claim = NULL, claimed_until = NULL,"
        " state = CASE WHEN %(next)s::timestamptz IS NULL THEN 'dead' ELSE state END,"
        " next_at = coalesce(%(next)s, next_at) WHERE id = %(id)s AND claim = %(claim)s",
        {"error": error, "next": next_at, "id": event.id, "claim": event.claim},
    )


async def revive_dead_events(db: Database, now: datetime) -> int:
    """Try everything again that was given up; return how many there were."""
    return await db.run(
        "UPDATE webhook_outbox SET state = 'waiting', next_at = %(now)s, attempts = 0"
        " WHERE state = 'dead'",
        {"now": now},
    )
