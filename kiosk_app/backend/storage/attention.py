"""Statements about what staff must settle, and about devices that hold seats."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.contract.attention import AttentionKind
from kiosk_app.contract.sessions import MockType


class AttentionRow(Struct, frozen=True, kw_only=True):
    """One open item with what it is about."""

    id: UUID
    kind: AttentionKind
    at: datetime
    student_id: str | None
    session_id: UUID | None
    mock_type: MockType | None
    starts_at: datetime | None
    time_zone: str | None
    location: str | None
    booking_code: str | None
    device: str | None
    details: dict[str, Any]
    session_open: bool | None
    booking_state: str | None
    contact_id: UUID | None
    device_id: UUID | None
    request_key: str
    """Of the request that could not be kept."""
    mailed: bool
    """The student was written to about it."""


class StrandedRow(Struct, frozen=True, kw_only=True):
    """Seats of one session on one device that will not confirm them any more."""

    device_id: UUID
    device: str
    renewed_at: datetime
    session_id: UUID
    mock_type: MockType
    starts_at: datetime
    time_zone: str
    location: str
    slots: list[int]
    generations: list[int]
    """In the order of the slots."""


class HoldingDevice(Struct, frozen=True, kw_only=True):
    """A device with a slot that it holds."""

    device_id: UUID
    device: str
    last_seen_at: datetime | None
    revoked_at: datetime | None
    renewed_at: datetime
    session_id: UUID
    slot: int
    generation: int


_ITEM = """
SELECT a.id, a.kind, a.at, c.student_id, a.session_id, m.mock_type, m.starts_at, m.time_zone,
       m.location, b.booking_code, d.name AS device, a.details,
       m.is_active AS session_open, b.is_active AS booking_state, a.contact_id, a.device_id, substr(a.dedupe_key, length(a.kind) + 2) AS request_key,
       EXISTS (SELECT 1 FROM mail_outbox o
               WHERE o.dedupe_key = 'rejected:' || substr(a.dedupe_key, length(a.kind) + 2)) AS mailed
FROM attention a
LEFT JOIN contacts c ON c.id = a.contact_id
LEFT JOIN mock_sessions m ON m.id = a.session_id
LEFT JOIN bookings b ON b.id = a.booking_id
LEFT JOIN devices d ON d.id = a.device_id
"""
_OPEN = f"{_ITEM} WHERE a.settled_at IS NULL ORDER BY a.at, a.id LIMIT %(most)s"
_STRANDED = """
SELECT l.device_id, d.name AS device, max(l.renewed_at) AS renewed_at, l.session_id, m.mock_type,
       m.starts_at, m.time_zone, m.location, array_agg(l.slot ORDER BY l.slot) AS slots,
       array_agg(l.generation ORDER BY l.slot) AS generations
FROM lease_slots l
JOIN devices d ON d.id = l.device_id
JOIN mock_sessions m ON m.id = l.session_id
WHERE l.state = 'leased' AND m.starts_at > %(now)s
  AND (d.revoked_at IS NOT NULL OR l.renewed_at <= %(before)s)
GROUP BY l.device_id, d.name, l.session_id, m.mock_type, m.starts_at, m.time_zone, m.location
ORDER BY m.starts_at, d.name, l.device_id, l.session_id LIMIT %(most)s
"""


async def open_attention(db: Database, most: int) -> list[AttentionRow]:
    """Return what nobody has settled, oldest first."""
    return await db.rows(_OPEN, AttentionRow, {"most": most})


async def attention_item(db: Database | Transaction, item: UUID) -> AttentionRow | None:
    """Return one item, settled or not."""
    return await db.row(f"{_ITEM} WHERE a.id = %(item)s", AttentionRow, {"item": item})


async def stranded_seats(
    db: Database, *, before: datetime, now: datetime, most: int
) -> list[StrandedRow]:
    """Return the seats of coming sessions that a device holds and may confirm no more (§5.5).

    Args:
        db: the database.
        before: a device that was heard since then may still confirm.
        now: after the start of a session nobody needs its seats.
        most: rows.
    """
    values = {"before": before, "now": now, "most": most}
    return await db.rows(_STRANDED, StrandedRow, values)


async def write_to_student(work: Transaction, row: AttentionRow, code: str, words: str) -> bool:
    """Queue the mail about a request that could not be kept, once; say whether it was queued.

    `words` of whoever settles it go into the mail; may be empty.
    """
    about = {"session": str(row.session_id), "code": code}
    return bool(
        await work.value(
            "SELECT queue_mail('rejected', NULL, %(contact)s, 'rejected:' || %(key)s::text, 0,"
            " %(details)s)",
            {
                "contact": row.contact_id,
                "key": row.request_key,
                "details": Jsonb(about | ({"words": words} if words else {})),
            },
        )
    )


async def settle_attention(
    work: Transaction, item: UUID, *, user: int, way: str, at: datetime
) -> bool | None:
    """Settle an item; false when it was settled before, None when there is none."""
    if await work.run(
        "UPDATE attention SET settled_at = %(at)s, settled_by = %(user)s, way = %(way)s"
        " WHERE id = %(item)s AND settled_at IS NULL",
        {"item": item, "user": user, "way": way, "at": at},
    ):
        return True
    known = await work.value("SELECT true FROM attention WHERE id = %(item)s", {"item": item})
    return False if known else None


async def holding_devices(db: Database) -> list[HoldingDevice]:
    """Return every slot that a device holds, by device."""
    return await db.rows(
        "SELECT l.device_id, d.name AS device, d.last_seen_at, d.revoked_at, l.renewed_at,"
        " l.session_id, l.slot, l.generation FROM lease_slots l JOIN devices d ON d.id = l.device_id"
        " WHERE l.state = 'leased' ORDER BY d.name, d.id, l.session_id, l.slot",
        HoldingDevice,
    )
