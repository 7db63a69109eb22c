"""Routes of administrators: staff users and the log (K26, K29)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation

from kiosk_app.backend.core.admin_users import (
    Given,
    add_user_by_admin,
    change_user_by_admin,
    reset_user_by_admin,
)
from kiosk_app.backend.core.audit_pages import read_log
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.users import all_users
from kiosk_app.backend.server.methods import methods_of
from kiosk_app.backend.storage.audit_pages import LogWanted
from kiosk_app.backend.storage.staff import UserStanding
from kiosk_app.contract import routes
from kiosk_app.contract.admin_users import (
    AddUser,
    ChangeUser,
    UserInfo,
    UserList,
    UserWithPassword,
)
from kiosk_app.contract.audit import ActorKind, LogPage
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Wanted = NamedDependency[SkipValidation[LogWanted]]
_ADMIN = (Role.ADMIN,)
_WORD = {"min_length": 1, "max_length": 64}


def _writes(*refusals: Code) -> dict[str, Any]:
    return {"roles": _ADMIN, "limit": "writes", "refusals": refusals}


@get(routes.ADMIN_USERS, opt={"roles": _ADMIN})
async def admin_users(core: _Core) -> UserList:
    """Every user there is, or was."""
    return UserList([_info(one) for one in await all_users(core)])


@post(routes.ADMIN_USERS, status_code=201, opt=_writes(Code.EMAIL_TAKEN))
async def admin_user_add(core: _Core, caller: _Caller, data: JSONBody[AddUser]) -> UserWithPassword:
    """Add a user; the answer tells the password for the first sign-in, once."""
    return _told(await add_user_by_admin(core, caller, data))


@patch(
    routes.ADMIN_USER.replace("}", ":int}"),
    opt=_writes(Code.USER_NOT_FOUND, Code.OWN_RIGHTS, Code.LAST_ADMIN, Code.LOCK_FAILED),
)
async def admin_user_change(
    core: _Core, caller: _Caller, user: FromPath[int], data: JSONBody[ChangeUser]
) -> UserInfo:
    """Change a user's name or role, or whether they may sign in; their sign-ins end with that."""
    return _info(await change_user_by_admin(core, caller, user, data))


@post(
    routes.ADMIN_USER_RESET.replace("}", ":int}"),
    status_code=200,
    opt=_writes(Code.USER_NOT_FOUND, Code.OWN_RIGHTS, Code.LOCK_FAILED),
)
async def admin_user_reset(core: _Core, caller: _Caller, user: FromPath[int]) -> UserWithPassword:
    """Give a user a new password, told once; their sign-ins end."""
    return _told(await reset_user_by_admin(core, caller, user))


def _log_wanted(
    *,
    actor_kind: FromQuery[ActorKind | None] = None,
    actor_id: Annotated[str | None, QueryParameter(**_WORD)] = None,
    subject_id: FromQuery[UUID | None] = None,
    action: Annotated[str | None, QueryParameter(**_WORD)] = None,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
) -> LogWanted:
    return LogWanted(
        actor_kind=actor_kind,
        actor_id=actor_id,
        subject_id=subject_id,
        action=action,
        date_from=date_from,
        date_to=date_to,
    )


@get(
    routes.ADMIN_AUDIT,
    opt={"roles": _ADMIN, "limit": "lookups"},
    dependencies={"wanted": Provide(_log_wanted, sync_to_thread=False)},
)
async def admin_audit(
    core: _Core,
    caller: _Caller,
    wanted: _Wanted,
    cursor: Annotated[str | None, QueryParameter(max_length=200)] = None,
    page_size: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> LogPage:
    """Who did what to whom, newest first; `action` takes a whole word or its first half."""
    return await read_log(core, caller, wanted, cursor=cursor, size=page_size)


def _info(user: UserStanding) -> UserInfo:
    return UserInfo(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        locale=user.locale,
        time_zone=user.time_zone,
        change_password=user.password_until is not None,
        created_at=wire_instant(user.created_at),
        password_set_at=wire_instant(user.password_set_at),
        disabled_at=wire_instant(user.disabled_at) if user.disabled_at else None,
    )


def _told(given: Given) -> UserWithPassword:
    return UserWithPassword(
        user=_info(given.user),
        temporary_password=given.password,
        password_until=wire_instant(given.until),
    )


HANDLERS = (
    methods_of(routes.ADMIN_USERS, "GET", "POST"),
    admin_users,
    admin_user_add,
    admin_user_change,
    admin_user_reset,
    admin_audit,
)
