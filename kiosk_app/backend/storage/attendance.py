"""Statements about who came (A76)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.bookings import BookingState
from kiosk_app.domain.attendance import NO_SHOW_AFTER, Event


class NotedEvent(Event, frozen=True, kw_only=True):
    """An event as it stands in the books; one that was taken back is not read."""

    id: int
    recorded_at: datetime
    device_id: UUID | None
    nonce: str | None


class Expected(Struct, frozen=True, kw_only=True):
    """A booking under its lock, with the hours of its session."""

    id: UUID
    booking_code: str
    contact_id: UUID
    is_active: BookingState
    starts_at: datetime
    ends_at: datetime


async def lock_booking(transaction: Transaction, booking: UUID) -> Expected | None:
    """Return a booking that nobody else notes anything about meanwhile."""
    return await transaction.row(
        "SELECT b.id, b.booking_code, b.contact_id, b.is_active, m.starts_at, m.ends_at"
        " FROM bookings b JOIN mock_sessions m ON m.id = b.session_id"
        " WHERE b.id = %(id)s FOR NO KEY UPDATE OF b",
        Expected,
        {"id": booking},
    )


async def events_of(transaction: Transaction, booking: UUID) -> list[NotedEvent]:
    """Return what was noted and not taken back, in order."""
    return await transaction.rows(
        "SELECT id, kind, mark, at, recorded_at, device_id, nonce FROM attendance_events"
        " WHERE booking_id = %(id)s AND undone_at IS NULL ORDER BY id",
        NotedEvent,
        {"id": booking},
    )


async def is_known_scan(transaction: Transaction, booking: UUID, device: UUID, nonce: str) -> bool:
    """Say whether this scan was noted before, also when it was taken back since."""
    found = await transaction.value(
        "SELECT 1 FROM attendance_events WHERE booking_id = %(booking)s"
        " AND device_id = %(device)s AND nonce = %(nonce)s",
        {"booking": booking, "device": device, "nonce": nonce},
    )
    return found is not None


async def add_event(
    transaction: Transaction,
    booking: UUID,
    event: Event,
    now: datetime,
    *,
    device: UUID | None = None,
    nonce: str | None = None,
) -> None:
    """Note an event.

    Raises:
        ConflictError: `attendance_events_nonce_key` when the nonce was used for another booking.
    """
    await transaction.run(
        "INSERT INTO attendance_events (booking_id, kind, mark, at, recorded_at, device_id, nonce)"
        " VALUES (%(booking)s, %(kind)s, %(mark)s, %(at)s, %(now)s, %(device)s, %(nonce)s)",
        {
            "booking": booking,
            "kind": event.kind.value,
            "mark": event.mark.value if event.mark else None,
            "at": event.at,
            "now": now,
            "device": device,
            "nonce": nonce,
        },
    )


async def take_back(transaction: Transaction, event: int, now: datetime) -> None:
    """Take an event back; it stays in the books."""
    await transaction.run(
        "UPDATE attendance_events SET undone_at = %(now)s WHERE id = %(id)s",
        {"id": event, "now": now},
    )


async def set_attendance(
    transaction: Transaction, booking: UUID, attendance: Attendance | None
) -> None:
    """Write what the events say together."""
    await transaction.run(
        "UPDATE bookings SET attendance = %(told)s, updated_at = now() WHERE id = %(id)s",
        {"id": booking, "told": attendance.value if attendance else None},
    )


async def tell_cancelled_check_in(
    transaction: Transaction, booking: UUID, device: UUID, details: dict[str, str]
) -> None:
    """Put somebody who was let in on a cancelled booking on the list of staff, once per booking."""
    await transaction.value(
        "SELECT tell_attention('cancelled_check_in', id::text, contact_id, session_id, id,"
        " %(device)s, %(details)s) FROM bookings WHERE id = %(id)s AND is_active = 'Cancelled'",
        {"id": booking, "device": device, "details": Jsonb(details)},
    )


class _Id(Struct, frozen=True):
    id: UUID


async def absent(db: Database, now: datetime, most: int) -> list[UUID]:
    """Return bookings of which nothing is known though somebody of their session was checked in."""
    found = await db.rows(
        "SELECT b.id FROM mock_sessions m JOIN bookings b ON b.session_id = m.id"
        " WHERE m.ends_at > %(now)s - interval '2 days' AND m.starts_at <= %(due)s"
        " AND b.is_active IN ('Active', 'Completed') AND b.attendance IS NULL"
        " AND EXISTS (SELECT 1 FROM bookings o JOIN attendance_events e ON e.booking_id = o.id"
        "  WHERE o.session_id = m.id AND e.kind = 'check_in' AND e.undone_at IS NULL)"
        # What staff cleared by hand is theirs to decide.
        " AND NOT EXISTS (SELECT 1 FROM attendance_events e"
        "  WHERE e.booking_id = b.id AND (e.kind = 'mark' OR e.undone_at IS NULL))"
        " ORDER BY b.id LIMIT %(most)s",
        _Id,
        {"now": now, "due": now - NO_SHOW_AFTER, "most": most},
    )
    return [one.id for one in found]


async def complete_ended(db: Database, now: datetime, most: int) -> int:
    """Complete the active bookings of sessions that have ended, at most `most`; return how many."""
    return await db.run(
        "WITH ended AS MATERIALIZED ("
        " SELECT b.id FROM mock_sessions m JOIN bookings b ON b.session_id = m.id"
        " WHERE m.ends_at <= %(now)s AND m.is_active AND b.is_active = 'Active'"
        " ORDER BY b.id LIMIT %(most)s FOR NO KEY UPDATE OF b SKIP LOCKED)"
        " UPDATE bookings AS b SET is_active = 'Completed', updated_at = now()"
        " FROM ended WHERE b.id = ended.id",
        {"now": now, "most": most},
    )
