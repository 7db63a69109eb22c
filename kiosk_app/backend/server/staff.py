"""Routes of staff: signing in and out at a desk (K26)."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.sign_ins import change_password, refresh, sign_in, sign_out
from kiosk_app.contract import routes
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import (
    AS_DEVICE,
    STAFF,
    ChangePassword,
    PasswordChanged,
    Renew,
    SignedOut,
    SignIn,
    StaffTokens,
    StaffUser,
)

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_AT_A_DESK = {"roles": AS_DEVICE, "profiles": ("desk",), "limit": "visits"}


@post(
    routes.STAFF_SIGN_IN,
    status_code=201,
    opt={**_AT_A_DESK, "refusals": (Code.SIGN_IN_REFUSED, Code.TOO_MANY_ATTEMPTS)},
)
async def staff_sign_in(core: _Core, caller: _Caller, data: JSONBody[SignIn]) -> StaffTokens:
    """Prove e-mail and password at a desk, and get the two tokens of this sign-in."""
    return await sign_in(core, caller, data)


@post(routes.STAFF_REFRESH, status_code=201, opt=_AT_A_DESK)
async def staff_refresh(core: _Core, caller: _Caller, data: JSONBody[Renew]) -> StaffTokens:
    """Trade the newest refresh token for a fresh pair; an older one ends the sign-in."""
    return await refresh(core, caller, data.refresh_token)


@post(routes.STAFF_SIGN_OUT, status_code=200, opt=_AT_A_DESK)
async def staff_sign_out(core: _Core, caller: _Caller, data: JSONBody[Renew]) -> SignedOut:
    """End a sign-in; safe to repeat."""
    await sign_out(core, caller, data.refresh_token)
    return SignedOut()


@get(routes.STAFF_ME, opt={"roles": STAFF})
async def staff_me(caller: _Caller) -> StaffUser:
    """Who is signed in."""
    return caller.require_user().user()


@post(
    routes.STAFF_PASSWORD,
    status_code=200,
    opt={
        "roles": STAFF,
        "limit": "visits",
        "refusals": (Code.WRONG_PASSWORD, Code.TOO_MANY_ATTEMPTS),
    },
)
async def staff_password(
    request: Request[Any, Any, Any], core: _Core, caller: _Caller, data: JSONBody[ChangePassword]
) -> PasswordChanged:
    """Choose another password; the old one is asked for, and the user's other sign-ins end."""
    await change_password(core, caller, request.headers[routes.STAFF_HEADER], data)
    return PasswordChanged()


HANDLERS = (staff_sign_in, staff_refresh, staff_sign_out, staff_me, staff_password)
