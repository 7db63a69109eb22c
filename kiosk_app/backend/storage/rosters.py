"""Statements about the sessions of instructors and who is booked."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import SessionRow
from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.bookings import Hand
from kiosk_app.contract.sessions import DeliveryFormat

_COLUMNS = ", ".join(f"m.{name}" for name in SessionRow.__struct_fields__)


class Assigned(Struct, frozen=True, kw_only=True):
    """Who a session is assigned to, and the name that is shown."""

    instructor_user: int | None
    instructor_name: str | None


class RosterRow(Struct, frozen=True, kw_only=True):
    """A booking that stands, with its student as they are now."""

    id: UUID
    booking_code: str
    student_id: str
    name: str
    attendance: Attendance | None
    discussion_format: DeliveryFormat | None
    topic_preference: str | None
    attending_location: str | None
    dominant_hand: Hand | None


async def sessions_of(
    db: Database, user: int, date_from: date, date_to: date | None, most: int
) -> list[SessionRow]:
    """Return the sessions of an instructor in these days, by start; at most `most` of them."""
    return await db.rows(
        f"SELECT {_COLUMNS} FROM mock_sessions m"  # noqa: S608 - our own column names
        " WHERE m.instructor_user = %(user)s AND m.exam_date >= %(from)s"
        " AND (%(to)s::date IS NULL OR m.exam_date <= %(to)s)"
        " ORDER BY m.starts_at, m.id LIMIT %(most)s",
        SessionRow,
        {"user": user, "from": date_from, "to": date_to, "most": most},
    )


async def session_of(transaction: Transaction, session: UUID, user: int) -> SessionRow | None:
    """Return a session, if it is this instructor's."""
    return await transaction.row(
        f"SELECT {_COLUMNS} FROM mock_sessions m"  # noqa: S608 - our own column names
        " WHERE m.id = %(session)s AND m.instructor_user = %(user)s",
        SessionRow,
        {"session": session, "user": user},
    )


async def is_session_of(db: Database, session: UUID, user: int) -> bool:
    """Say whether a session is this instructor's."""
    found = await db.value(
        "SELECT 1 FROM mock_sessions WHERE id = %(session)s AND instructor_user = %(user)s",
        {"session": session, "user": user},
    )
    return found is not None


async def roster_of(transaction: Transaction, session: UUID) -> list[RosterRow]:
    """Return who is booked, by name."""
    return await transaction.rows(
        "SELECT b.id, b.booking_code, c.student_id, c.name, b.attendance, b.discussion_format,"
        " b.topic_preference, b.attending_location, b.dominant_hand"
        " FROM bookings b JOIN contacts c ON c.id = b.contact_id"
        " WHERE b.session_id = %(session)s AND b.is_active IN ('Active', 'Completed')"
        " ORDER BY lower(c.name), c.student_id",
        RosterRow,
        {"session": session},
    )


async def lock_assigned(transaction: Transaction, session: UUID) -> Assigned | None:
    """Return who a session is assigned to, and let nobody else change it meanwhile."""
    return await transaction.row(
        "SELECT instructor_user, instructor_name FROM mock_sessions WHERE id = %(session)s"
        " FOR NO KEY UPDATE",
        Assigned,
        {"session": session},
    )


async def set_instructor(transaction: Transaction, session: UUID, user: int | None) -> None:
    """Assign a session to a user, or to nobody."""
    await transaction.run(
        "UPDATE mock_sessions SET instructor_user = %(user)s, updated_at = now()"
        " WHERE id = %(session)s",
        {"session": session, "user": user},
    )
