"""Sessions of instructors: their own ones, who is booked, and whom one is assigned to (0.7).

What is somebody else's answers like what does not exist. Reading a roster leaves a row in the log.
"""

from datetime import date, timedelta
from uuid import UUID

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.inputs import invalid
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.rosters import (
    RosterRow,
    lock_assigned,
    roster_of,
    session_of,
    sessions_of,
    set_instructor,
)
from kiosk_app.backend.storage.rows import SessionRow
from kiosk_app.backend.storage.staff import user_standing
from kiosk_app.contract.problems import Code
from kiosk_app.contract.rosters import (
    InstructorAssigned,
    OwnSession,
    OwnSessions,
    Roster,
    RosterEntry,
)
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant

MOST_SESSIONS = 500
_A_DAY = timedelta(days=1)


async def own_sessions(
    core: Core, caller: Caller, date_from: date | None, date_to: date | None
) -> OwnSessions:
    """Return the caller's sessions of these days; without a first one from yesterday on.

    Yesterday, because it may still be today where the session is.
    """
    caller.require_role(Role.INSTRUCTOR)
    first = date_from or (core.clock() - _A_DAY).date()
    user = caller.require_user().id
    found = await sessions_of(core.db, user, first, date_to, MOST_SESSIONS)
    return OwnSessions([_session(row) for row in found])


async def read_roster(core: Core, caller: Caller, session: UUID) -> Roster:
    """Return who is booked for a session of the caller.

    Raises:
        Refusal: SESSION_NOT_FOUND, also for somebody else's.
    """
    caller.require_role(Role.INSTRUCTOR)
    async with core.db.transaction() as transaction:
        own = await session_of(transaction, session, caller.require_user().id)
        if own is None:
            raise Refusal(Code.SESSION_NOT_FOUND)
        booked = await roster_of(transaction, session)
        after = {"found": len(booked)}
        await audit(transaction, caller, "roster.read", ("session", session), after=after)
    return Roster(session=_session(own), students=[_entry(row) for row in booked])


async def assign_instructor(
    core: Core, caller: Caller, session: UUID, user: int | None
) -> InstructorAssigned:
    """Assign a session to an instructor, or to nobody; the name that is shown stays.

    Raises:
        Refusal: SESSION_NOT_FOUND, USER_NOT_FOUND, VALIDATION_ERROR for a user who is no instructor.
    """
    caller.require_role(Role.ADMIN)
    async with core.db.transaction() as transaction:
        assigned = await lock_assigned(transaction, session)
        if assigned is None:
            raise Refusal(Code.SESSION_NOT_FOUND)
        if user is not None:
            await _require_instructor(transaction, user)
        if user != assigned.instructor_user:
            await set_instructor(transaction, session, user)
            await audit(
                transaction,
                caller,
                "session.assigned",
                ("session", session),
                before={"user": assigned.instructor_user},
                after={"user": user},
            )
    return InstructorAssigned(
        session_id=str(session), user_id=user, instructor_name=assigned.instructor_name
    )


async def _require_instructor(transaction: Transaction, number: int) -> None:
    user = await user_standing(transaction, number)
    if user is None:
        raise Refusal(Code.USER_NOT_FOUND)
    if user.role is not Role.INSTRUCTOR:
        raise invalid("user_id", "is no instructor")


def _session(row: SessionRow) -> OwnSession:
    return OwnSession(
        session_id=str(row.id),
        mock_type=row.mock_type,
        exam_date=row.exam_date.isoformat(),
        start_time=wire_instant(row.starts_at),
        end_time=wire_instant(row.ends_at),
        time_zone=row.time_zone,
        location=row.location,
        delivery_format=row.delivery_format,
        title=row.title,
        is_active=row.is_active,
        capacity=row.capacity,
        total_bookings=row.total_bookings,
    )


def _entry(row: RosterRow) -> RosterEntry:
    return RosterEntry(
        booking_id=str(row.id),
        booking_code=row.booking_code,
        student_id=row.student_id,
        name=row.name,
        attendance=row.attendance,
        discussion_format=row.discussion_format,
        topic_preference=row.topic_preference,
        attending_location=row.attending_location,
        dominant_hand=row.dominant_hand,
    )
