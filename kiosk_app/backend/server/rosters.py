"""Routes of instructors: their sessions and who is booked; and whom a session is assigned to."""

from datetime import date
from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.rosters import assign_instructor, own_sessions, read_roster
from kiosk_app.contract import routes
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.rosters import AssignInstructor, InstructorAssigned, OwnSessions, Roster
from kiosk_app.contract.staff import Role
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_OWN = (Role.INSTRUCTOR,)


@get(routes.INSTRUCTOR_SESSIONS, opt={"roles": _OWN})
async def instructor_sessions(
    core: _Core,
    caller: _Caller,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
) -> OwnSessions:
    """Sessions that are assigned to the caller, by start; from yesterday on unless asked otherwise."""
    return await own_sessions(core, caller, date_from, date_to)


@get(
    routes.INSTRUCTOR_ROSTER.replace("}", ":uuid}"),
    opt={"roles": _OWN, "limit": "lookups", "refusals": (Code.SESSION_NOT_FOUND,)},
)
async def instructor_roster(core: _Core, caller: _Caller, session: FromPath[UUID]) -> Roster:
    """Who is booked for a session of the caller."""
    return await read_roster(core, caller, session)


@put(
    routes.ADMIN_SESSION_INSTRUCTOR.replace("}", ":uuid}"),
    opt={
        "roles": (Role.ADMIN,),
        "limit": "writes",
        "refusals": (Code.SESSION_NOT_FOUND, Code.USER_NOT_FOUND, Code.LOCK_FAILED),
    },
)
async def admin_session_instructor(
    *,
    core: _Core,
    caller: _Caller,
    language: NamedDependency[SkipValidation[Language]],
    session: FromPath[UUID],
    data: JSONBody[AssignInstructor],
) -> Success[InstructorAssigned]:
    """Assign a session to an instructor, or to nobody."""
    assigned = await assign_instructor(core, caller, session, data.user_id)
    message = messages.ASSIGNED if assigned.user_id is not None else messages.ASSIGNED_TO_NOBODY
    return Success(assigned, messages.say(language, message))


HANDLERS = (instructor_sessions, instructor_roster, admin_session_instructor)
