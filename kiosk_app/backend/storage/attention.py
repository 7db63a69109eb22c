"""Statements about what staff must settle, and about devices that hold seats."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

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


_OPEN = """
SELECT a.id, a.kind, a.at, c.student_id, a.session_id, m.mock_type, m.starts_at, m.time_zone,
       m.location, b.booking_code, d.name AS device, a.details
FROM attention a
LEFT JOIN contacts c ON c.id = a.contact_id
LEFT JOIN mock_sessions m ON m.id = a.session_id
LEFT JOIN bookings b ON b.id = a.booking_id
LEFT JOIN devices d ON d.id = a.device_id
WHERE a.settled_at IS NULL
ORDER BY a.at, a.id LIMIT %(most)s
"""


async def open_attention(db: Database, most: int) -> list[AttentionRow]:
    """Return what nobody has settled, oldest first."""
    return await db.rows(_OPEN, AttentionRow, {"most": most})


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
