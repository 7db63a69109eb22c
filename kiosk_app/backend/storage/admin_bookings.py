"""Statements about all bookings, page by page, newest first (A76)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.contract.admin_bookings import BookingsWanted
from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.audit import ActorKind
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType


class Line(Struct, frozen=True, kw_only=True):
    """One booking with its session, its student as they are now, and who made it."""

    id: UUID
    booking_id: str
    booking_code: str
    state: BookingState
    created_at: datetime
    credit_field: CreditField
    attendance: Attendance | None
    discussion_format: DeliveryFormat | None
    topic_preference: str | None
    session_id: UUID
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    contact_id: UUID
    student_id: str
    name: str
    email: str
    enrollment_id: str | None
    locale: str | None
    payment: Literal["paid", "owed", "returned", "none"]
    actor_kind: ActorKind | None
    user_name: str | None
    device_id: UUID | None
    device_name: str | None
    total: int
    """All that match; 0 where it was not asked for."""


Last = tuple[datetime, UUID]
"""When the last booking of a page was made, and its id."""

_CONDITIONS = {
    "mock_type": "b.mock_type = %(mock_type)s",
    "status": "b.is_active = %(status)s",
    "date_from": "b.exam_date >= %(date_from)s",
    "date_to": "b.exam_date <= %(date_to)s",
    "location": "m.location = %(location)s",
    "session_id": "b.session_id = %(session_id)s",
    "attendance": "coalesce(b.attendance, 'unknown') = %(attendance)s",
    "q": "(b.booking_code = upper(%(q)s) OR b.booking_id = %(q)s"
    " OR starts_with(c.student_id, upper(%(q)s)) OR starts_with(lower(c.email), lower(%(q)s))"
    " OR position(lower(%(q)s) IN lower(c.name)) > 0)",
}
_FROM = (
    "FROM bookings b JOIN mock_sessions m ON m.id = b.session_id"
    " JOIN contacts c ON c.id = b.contact_id"
)
_PAGE = """
WITH wanted AS NOT MATERIALIZED (SELECT b.id, b.created_at {source} WHERE {conditions}),
page AS (SELECT id FROM wanted WHERE {after} ORDER BY created_at DESC, id DESC LIMIT %(size)s)
SELECT b.id, b.booking_id, b.booking_code, b.is_active AS state, b.created_at, b.credit_field,
    b.attendance, b.discussion_format, b.topic_preference, b.session_id, b.mock_type, b.exam_date,
    m.starts_at, m.ends_at, m.time_zone, m.location, b.contact_id, c.student_id, c.name, c.email,
    c.enrollment_id, c.locale,
    CASE WHEN d.id IS NULL THEN 'none'
         WHEN EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = d.id) THEN 'returned'
         WHEN d.owed THEN 'owed' ELSE 'paid' END AS payment,
    a.actor_kind, u.name AS user_name, a.device_id, v.name AS device_name, {total} AS total
{source} JOIN page ON page.id = b.id
LEFT JOIN ledger d ON d.booking_id = b.id AND d.kind = 'booking'
LEFT JOIN LATERAL (
    SELECT l.actor_kind, l.actor_id, l.device_id FROM audit_log l
    WHERE l.subject_id = b.contact_id AND l.entity_id = b.id::text AND l.action = 'booking.created'
    ORDER BY l.id LIMIT 1
) AS a ON true
LEFT JOIN users u ON a.actor_kind = 'user' AND u.id::text = a.actor_id
LEFT JOIN devices v ON v.id = a.device_id
ORDER BY b.created_at DESC, b.id DESC
"""


def conditions_of(wanted: BookingsWanted) -> str:
    """Return what a booking `b` with session `m` and student `c` must be, out of fixed texts."""
    given = [text for name, text in _CONDITIONS.items() if getattr(wanted, name) is not None]
    return " AND ".join(given) or "true"


def values_of(wanted: BookingsWanted) -> Mapping[str, object]:
    """Return the values of these conditions."""
    return {name: getattr(wanted, name) for name in _CONDITIONS}


async def bookings_page(
    transaction: Transaction,
    wanted: BookingsWanted,
    *,
    after: Last | None,
    size: int,
    counted: bool,
) -> list[Line]:
    """Return the bookings that follow `after`, newest first.

    Args:
        transaction: reads only.
        wanted: which ones.
        after: the last one of the page before.
        size: at most so many.
        counted: say how many match altogether.
    """
    conditions = conditions_of(wanted)
    text = _PAGE.format(
        source=_FROM,
        conditions=conditions,
        after="(created_at, id) < (%(at)s, %(id)s)" if after else "true",
        total="(SELECT count(*) FROM wanted)" if counted else "0",
    )
    at, identity = after or (None, None)
    values = {**values_of(wanted), "at": at, "id": identity, "size": size}
    return await transaction.rows(text, Line, values)


async def count_bookings(transaction: Transaction, wanted: BookingsWanted) -> int:
    """Count the bookings that match."""
    found: int = await transaction.value(
        f"SELECT count(*) {_FROM} WHERE {conditions_of(wanted)}",
        values_of(wanted),
    )
    return found


async def next_bookings(db: Database, wanted: BookingsWanted, after: Last, size: int) -> list[Line]:
    """Return a further page outside any transaction."""
    async with db.transaction() as transaction:
        return await bookings_page(transaction, wanted, after=after, size=size, counted=False)
