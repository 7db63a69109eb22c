"""Statements by which staff make, change and call off sessions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from kiosk_app.backend.storage.audit import Actor, acting
from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import SessionRow
from kiosk_app.contract.sessions import DeliveryFormat, MockType

Reader = Database | Transaction


class Draft(Struct, frozen=True, kw_only=True):
    """What staff say about a session; everything else about it is counted or made."""

    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    capacity: int
    target_capacity: int | None = None
    location: str
    is_active: bool = True
    delivery_format: DeliveryFormat = DeliveryFormat.IN_PERSON
    title: str | None = None
    instructor_name: str | None = None
    topics: list[str] = []
    meeting_url: str | None = None


class PlannedRow(SessionRow, frozen=True, kw_only=True):
    """One session, and what only staff ask for."""

    series_id: UUID | None
    version: int
    meeting_url: str | None

    def draft(self) -> Draft:
        """Return what staff said about it."""
        return Draft(**{name: getattr(self, name) for name in Draft.__struct_fields__})


class Standing(Struct, frozen=True, kw_only=True):
    """Who is concerned when a session changes."""

    booked: int
    waiting: int


_ROW = ", ".join(PlannedRow.__struct_fields__)
_COLUMNS = Draft.__struct_fields__
_INSERT = (
    f"INSERT INTO mock_sessions (series_id, {', '.join(_COLUMNS)})"  # noqa: S608 - our own names
    f" VALUES (%(series)s, {', '.join(f'%({name})s' for name in _COLUMNS)})"
    " ON CONFLICT (exam_date, starts_at, mock_type, location) WHERE external_id IS NULL DO NOTHING"
    f" RETURNING {_ROW}"
)
_UPDATE = (
    f"UPDATE mock_sessions SET {', '.join(f'{name} = %({name})s' for name in _COLUMNS)},"  # noqa: S608 - our own names
    " updated_at = now() WHERE id = %(id)s"
)


async def planned(reader: Reader, session: UUID) -> PlannedRow | None:
    """Return one session."""
    return await reader.row(
        f"SELECT {_ROW} FROM mock_sessions WHERE id = %(id)s",  # noqa: S608 - our own names
        PlannedRow,
        {"id": session},
    )


async def lock_planned(work: Transaction, session: UUID) -> PlannedRow | None:
    """Return one session as it is now, and keep everybody else from changing it."""
    # Two statements: the second one sees what was committed before the lock was granted.
    await work.run(
        "SELECT 1 FROM mock_sessions WHERE id = %(id)s FOR NO KEY UPDATE", {"id": session}
    )
    return await planned(work, session)


async def add_session(
    work: Transaction, draft: Draft, series: UUID | None = None
) -> PlannedRow | None:
    """Add a session; None when one of its kind is there at that time and place, imported or not."""
    if await session_like(work, draft):
        return None
    values = msgspec.structs.asdict(draft) | {"series": series}
    return await work.row(_INSERT, PlannedRow, values)


async def session_like(reader: Reader, draft: Draft) -> UUID | None:
    """Return the session that is of this kind at this time and place."""
    found: UUID | None = await reader.value(
        "SELECT id FROM mock_sessions WHERE exam_date = %(exam_date)s AND starts_at = %(starts_at)s"
        " AND mock_type = %(mock_type)s AND location = %(location)s",
        msgspec.structs.asdict(draft),
    )
    return found


async def rewrite_session(work: Transaction, session: UUID, draft: Draft) -> PlannedRow:
    """Write what staff say about a locked session.

    Raises:
        ConflictError: `mock_sessions_natural_key`, or `bookings_live_type_and_date` when a student
            who is booked has another booking of this kind on the new date.
    """
    await work.run(_UPDATE, msgspec.structs.asdict(draft) | {"id": session})
    return await settled(work, session)


async def settled(work: Transaction, session: UUID) -> PlannedRow:
    """Return a locked session as the transaction leaves it, with what its end would do to the seats."""
    await work.run("SET CONSTRAINTS mock_sessions_fall, mock_sessions_hold_freed IMMEDIATE")
    await work.run("SET CONSTRAINTS mock_sessions_fall, mock_sessions_hold_freed DEFERRED")
    row = await planned(work, session)
    assert row is not None  # noqa: S101 - it is locked
    return row


async def standing(reader: Reader, session: UUID) -> Standing:
    """Count who is booked and who waits."""
    found = await reader.row(
        "SELECT (SELECT count(*) FROM bookings"
        " WHERE session_id = %(id)s AND is_active = 'Active') AS booked,"
        " (SELECT count(*) FROM waitlist_entries"
        " WHERE session_id = %(id)s AND state IN ('waiting', 'offered')) AS waiting",
        Standing,
        {"id": session},
    )
    assert found is not None  # noqa: S101 - counts are always there
    return found


async def count_clashes(work: Transaction, session: UUID, draft: Draft) -> int:
    """Count the bookings whose student has another live one at the hours of the draft."""
    found: int = await work.value(
        "SELECT count(*) FROM bookings b WHERE b.session_id = %(id)s AND b.is_active = 'Active'"
        " AND EXISTS (SELECT 1 FROM bookings o JOIN mock_sessions m ON m.id = o.session_id"
        "  WHERE o.contact_id = b.contact_id AND o.session_id <> b.session_id"
        "  AND o.is_active IN ('Active', 'Completed')"
        "  AND o.exam_date BETWEEN %(day)s - 2 AND %(day)s + 2"
        "  AND m.starts_at < %(ends)s AND %(starts)s < m.ends_at)",
        {
            "id": session,
            "day": draft.exam_date,
            "starts": draft.starts_at,
            "ends": draft.ends_at,
        },
    )
    return found


async def booked_people(reader: Reader, session: UUID) -> list[UUID]:
    """Return who has a seat that can be cancelled, in the order in which students are locked."""

    class One(Struct, frozen=True):
        contact_id: UUID

    rows = await reader.rows(
        "SELECT DISTINCT contact_id FROM bookings"
        " WHERE session_id = %(id)s AND is_active = 'Active' ORDER BY contact_id",
        One,
        {"id": session},
    )
    return [row.contact_id for row in rows]


async def lock_people(work: Transaction, people: Sequence[UUID]) -> None:
    """Let nobody else book for these students or spend their tokens meanwhile."""
    await work.run(
        "SELECT 1 FROM contacts WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE",
        {"ids": list(people)},
    )


async def cancel_all(
    work: Transaction, session: UUID, reason: str, at: datetime, actor: Actor
) -> int:
    """Cancel every booking that stands; students and session are locked. Return how many."""
    await work.value("SELECT act_as(%(actor)s, NULL)", {"actor": acting(actor)})
    cancelled: int = await work.value(
        "SELECT count(*) FILTER (WHERE done.outcome = 'cancelled') FROM ("
        " SELECT id FROM bookings WHERE session_id = %(id)s AND is_active = 'Active'"
        " ORDER BY contact_id) AS b"
        " CROSS JOIN LATERAL cancel_booking_atomic(b.id, %(reason)s, %(at)s) AS done",
        {"id": session, "reason": reason, "at": at},
    )
    return cancelled
