"""The route that mails a confirmation once more: students their own, the front desk on behalf."""

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, SkipValidation

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.mailing import mail_booking
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.server.shared import litestar_path
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import IDEMPOTENCY_HEADER
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.mailing import MailedBooking
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import HOLDERS
from kiosk_app.i18n.texts import Language

_Key = Annotated[str, HeaderParameter(name=IDEMPOTENCY_HEADER, min_length=8, max_length=200)]


@post(
    litestar_path(routes.BOOKING_EMAIL),
    status_code=202,
    opt={
        "roles": HOLDERS,
        "limit": "mails",
        "refusals": (
            Code.BOOKING_NOT_FOUND,
            Code.INVALID_STATE,
            Code.SESSION_OVER,
            Code.LOCK_FAILED,
        ),
    },
)
async def email(
    *,
    core: NamedDependency[SkipValidation[Core]],
    caller: NamedDependency[SkipValidation[Caller]],
    language: NamedDependency[SkipValidation[Language]],
    ref: FromPath[str],
    key: _Key,
) -> Success[MailedBooking]:
    """Send the confirmation of a booking to its student's own address again. Safe to repeat."""
    mailed = await mail_booking(core, caller, ref, key)
    again = messages.MAIL_UNDER_WAY if mailed.state == "under_way" else messages.MAIL_QUEUED
    return Success(mailed, messages.say(language, again, address=mailed.address))


HANDLERS = (email,)
