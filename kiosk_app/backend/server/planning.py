"""Routes by which staff make, change and call off sessions (0.7, A77)."""

from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.calling_off import call_off
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.planning import change_session, create_session, read_session
from kiosk_app.backend.server.methods import methods_of
from kiosk_app.contract import routes
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.planning import (
    CallOff,
    ChangeSession,
    NewSession,
    PlannedSession,
    SessionChanged,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ON_BEHALF
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Language = NamedDependency[SkipValidation[Language]]
_ONE = routes.ADMIN_SESSION.replace("}", ":uuid}")
_WRITES = {"roles": ON_BEHALF, "limit": "writes"}


@post(
    routes.ADMIN_SESSIONS,
    status_code=201,
    opt=_WRITES | {"refusals": (Code.SESSION_IN_PAST, Code.SESSION_EXISTS)},
)
async def admin_session_create(
    *, core: _Core, caller: _Caller, language: _Language, data: JSONBody[NewSession]
) -> Success[SessionChanged]:
    """Add one session."""
    made = await create_session(core, caller, data)
    return Success(made, messages.say(language, messages.SESSION_ADDED))


@get(_ONE, opt={"roles": ON_BEHALF, "refusals": (Code.SESSION_NOT_FOUND,)})
async def admin_session(
    core: _Core, language: _Language, session: FromPath[UUID]
) -> Success[PlannedSession]:
    """One session as staff see it, with the version that a change of it names."""
    found = await read_session(core, session)
    return Success(found, messages.say(language, messages.SESSION_READ))


@patch(
    _ONE,
    opt=_WRITES
    | {
        "refusals": (
            *(Code.SESSION_NOT_FOUND, Code.SESSION_CHANGED, Code.SESSION_OVER, Code.SESSION_EXISTS),
            *(Code.SESSION_IN_PAST, Code.STUDENT_CLASH, Code.CAPACITY_TAKEN, Code.LOCK_FAILED),
        )
    },
)
async def admin_session_change(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    data: JSONBody[ChangeSession],
    preview: FromQuery[bool] = False,
) -> Success[SessionChanged]:
    """Change a session; with `preview` only say whom that would concern."""
    changed = await change_session(core, caller, session, data, preview=preview)
    message = messages.PREVIEW if preview else messages.SESSION_CHANGED
    return Success(changed, messages.say(language, message))


@post(
    routes.ADMIN_SESSION_CANCELLATION.replace("}", ":uuid}"),
    status_code=200,
    opt=_WRITES | {"refusals": (Code.SESSION_NOT_FOUND, Code.SESSION_OVER, Code.LOCK_FAILED)},
)
async def admin_session_call_off(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    session: FromPath[UUID],
    data: JSONBody[CallOff],
    preview: FromQuery[bool] = False,
) -> Success[SessionChanged]:
    """Call a session off and refund everybody; with `preview` only say whom that would concern."""
    ended = await call_off(core, caller, session, data.reason, preview=preview)
    message = messages.PREVIEW if preview else messages.SESSION_CALLED_OFF
    return Success(ended, messages.say(language, message))


HANDLERS = (
    methods_of(_ONE, "GET", "PATCH"),
    *(admin_session_create, admin_session, admin_session_change, admin_session_call_off),
)
