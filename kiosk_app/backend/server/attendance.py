"""Routes of attendance (A76): scans at a kiosk or a desk, marks by staff."""

from litestar import patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.attendance import mark, mark_no_shows, note_scan, undo_scan
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.server.shared import litestar_path
from kiosk_app.contract import routes
from kiosk_app.contract.attendance import (
    AttendanceNoted,
    EventKind,
    MarkAttendance,
    MarkedNoShows,
    MarkNoShows,
    Scan,
    UndoScan,
)
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import BOOKERS, MARKERS
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_BOOKING = (Code.BOOKING_NOT_FOUND, Code.INVALID_STATE, Code.LOCK_FAILED)
_SCAN = {
    "roles": BOOKERS,
    "limit": "writes",
    "refusals": (
        *_BOOKING,
        Code.CHECKIN_TOO_EARLY,
        Code.CHECKIN_CLOSED,
        Code.NOT_CHECKED_IN,
        Code.IDEMPOTENCY_KEY_REUSED,
    ),
}


@post(routes.CHECK_IN, status_code=200, opt=_SCAN)
async def check_in(core: _Core, caller: _Caller, data: JSONBody[Scan]) -> AttendanceNoted:
    """Say that somebody is here; safe to repeat, also after they left and came back."""
    return await note_scan(core, caller, EventKind.CHECK_IN, data)


@post(routes.CHECK_OUT, status_code=200, opt=_SCAN)
async def check_out(core: _Core, caller: _Caller, data: JSONBody[Scan]) -> AttendanceNoted:
    """Say that somebody leaves; safe to repeat."""
    return await note_scan(core, caller, EventKind.CHECK_OUT, data)


@post(
    routes.CHECK_IN_UNDO,
    status_code=200,
    opt={
        "roles": BOOKERS,
        "limit": "writes",
        "refusals": (*_BOOKING, Code.NOT_CHECKED_IN, Code.OVERRIDE_REASON_REQUIRED),
    },
)
async def check_in_undo(core: _Core, caller: _Caller, data: JSONBody[UndoScan]) -> AttendanceNoted:
    """Take the newest scan back: anybody within ten seconds, later staff with a reason."""
    return await undo_scan(core, caller, data)


@patch(
    litestar_path(routes.ADMIN_ATTENDANCE),
    opt={"roles": MARKERS, "limit": "writes", "refusals": _BOOKING},
)
async def admin_attendance(
    *,
    core: _Core,
    caller: _Caller,
    language: NamedDependency[SkipValidation[Language]],
    ref: FromPath[str],
    data: JSONBody[MarkAttendance],
) -> Success[AttendanceNoted]:
    """Set or clear what is known of somebody's coming, once the session has begun.

    Instructors in the sessions that are assigned to them.
    """
    noted = await mark(core, caller, ref, data)
    return Success(noted, messages.say(language, messages.ATTENDANCE_NOTED))


@post(routes.DESK_NO_SHOWS, status_code=200, opt={"roles": MARKERS, "limit": "writes"})
async def desk_no_shows(core: _Core, caller: _Caller, data: JSONBody[MarkNoShows]) -> MarkedNoShows:
    """Mark up to fifty bookings as no-shows, each for itself."""
    return MarkedNoShows(await mark_no_shows(core, caller, data))


HANDLERS = (check_in, check_out, check_in_undo, admin_attendance, desk_no_shows)
