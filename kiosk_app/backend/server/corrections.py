"""Routes by which an administrator corrects a booking (A72, B33)."""

from litestar import patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.answers import cancelled_envelope
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refunds import cancel_by_admin, refund_token
from kiosk_app.backend.server.shared import litestar_path
from kiosk_app.contract import routes
from kiosk_app.contract.admin import ChangeBooking, Refunded, RefundToken
from kiosk_app.contract.bookings import CancelledBooking
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Language = NamedDependency[SkipValidation[Language]]
_REFUSALS = (Code.BOOKING_NOT_FOUND, Code.INVALID_STATE, Code.LOCK_FAILED)


@patch(
    litestar_path(routes.ADMIN_BOOKING),
    opt={"roles": (Role.ADMIN,), "limit": "writes", "refusals": _REFUSALS},
)
async def admin_booking_change(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    ref: FromPath[str],
    data: JSONBody[ChangeBooking],
) -> Success[CancelledBooking]:
    """Cancel a booking, also after its start; the token comes back once (A72)."""
    cancelled = await cancel_by_admin(core, caller, ref, data.reason)
    return cancelled_envelope(cancelled, language)


@post(
    litestar_path(routes.ADMIN_REFUND),
    status_code=201,
    opt={
        "roles": (Role.ADMIN,),
        "limit": "writes",
        "refusals": (*_REFUSALS, Code.ALREADY_REFUNDED, Code.OVERRIDE_REQUIRED),
    },
)
async def admin_refund(
    *,
    core: _Core,
    caller: _Caller,
    language: _Language,
    ref: FromPath[str],
    data: JSONBody[RefundToken],
) -> Success[Refunded]:
    """Give the token of a booking back that is over, once (B33)."""
    refunded = await refund_token(core, caller, ref, data)
    return Success(refunded, messages.say(language, messages.REFUNDED))


HANDLERS = (admin_booking_change, admin_refund)
